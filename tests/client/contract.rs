//! The contract tests' scenarios, played against `contract-service` as a program: the harness is both the event source
//! and the receiver of the callbacks.

mod comments;
mod harness;
mod http;
mod line_feeds;
mod parsing;
mod reconnection;
