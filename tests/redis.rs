//! The store on Redis, on real servers: its contract, each fault, and several nodes as processes.

mod checker;
mod cluster;
mod commands;
mod proxy;
mod reader;
mod refusals;
mod rows;
mod script;
mod sentinel;
mod server;
mod store;
mod suite;
