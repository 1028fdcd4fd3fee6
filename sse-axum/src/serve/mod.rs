//! Serving event streams in about one kilobyte per connection, and ending them at a shutdown.
//!
//! [`serve`](crate::serve()) is `axum::serve` with two additions:
//!
//! - **Memory.** hyper keeps a read buffer and a write buffer for the life of a connection, together about 15 kB. Once hyper
//!   has written the head of an event stream, its connection is taken over by a small task, and both buffers are freed.
//! - **Shutdown.** `axum::serve` waits for open streams forever. Here every event stream ends at the signal: by itself if
//!   it has its own [`shutdown`](crate::Sse::shutdown), otherwise between two events, after half a second.
//!
//! [`TakeOver`] and [`MakeTakeOver`] are its two parts, for programs that call `axum::serve` themselves.
//!
//! # Which responses are taken over
//!
//! A response is taken over if it is an event stream of any origin: status 200, the type `text/event-stream`, and a body of
//! unknown length, in response to a `GET` request over HTTP/1.1 without a body. All other responses, HTTP/1.0, HTTP/2 and
//! upgrades stay with hyper. All layers of the router apply. A layer that wraps the body moves with it.
//!
//! # Differences from `axum::serve`
//!
//! - The connection closes after an event stream and is not reused. The head contains `Connection: close`.
//! - Bytes that the client sends during the stream are discarded. After 64 kB the connection is closed.
//! - A client that does not read is cut after a [write timeout](Serve::write_timeout).
//! - Requests have the extension `ConnectInfo` with the address of the client. `into_make_service_with_connect_info`
//!   cannot be used with the address types of axum, and is not needed.
//!
//! As with `axum::serve`, there is no limit on the time in which a client sends the head of its request, and a client that
//! does not read a response other than an event stream delays the shutdown. The runtime needs its time driver, which
//! `#[tokio::main]` enables.

mod blocks;
mod chunk;
mod decision;
mod driver;
mod graceful;
mod io;
mod listener;
mod server;
mod service;
mod slot;
mod streams;
mod stub;

pub use self::{
    io::TakeOverIo,
    listener::TakeOver,
    server::{Serve, serve},
    service::{MakeTakeOver, MakeTakeOverFuture, TakeOverFuture, TakeOverService},
    streams::Streams,
};
