//! The parts that the example programs share.
//!
//! - [`market`]: the market feed that `ticker` serves and `watch` reads.
//! - [`page`]: the files that all pages use.
//! - [`server`]: the port and the shutdown of an example that is a server.

pub mod market;
pub mod page;
pub mod server;
