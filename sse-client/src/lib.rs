//! A typed `EventSource` over `reqwest` that reconnects, and resumes after the last event ID.
//!
//! ```no_run
//! use futures_util::StreamExt;
//! use sse_client::EventSource;
//! use sse_core::SseEvent;
//!
//! #[derive(Debug, SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Job {
//!     Progress { #[sse(id)] step: u64, percent: f32 },
//!     #[sse(terminal)]
//!     Done,
//! }
//!
//! # async fn watch() -> Result<(), sse_client::Error> {
//! let mut jobs = EventSource::<Job>::new(reqwest::Client::new().get("http://127.0.0.1:3000/events"));
//! while let Some(job) = jobs.next().await {
//!     println!("{:?}", job?); // ends after `Done`, over any number of connections
//! }
//! # Ok(())
//! # }
//! ```
//!
//! ```text
//! request --sent--> response --checked--> chunks --sse_core::EventStream--> events of type E
//!    ^                  |                    |
//!    '------ wait ------'--- state machine --'   retry, Retry-After, backoff, last event ID
//! ```
//!
//! - [`EventSource`]: the stream of events, and its settings.
//! - [`Updates`]: a stream that also yields connections, waits, comments and unknown events.
//! - [`Policy`]: the waits between connections, and the number of attempts.
//! - [`Attempt`]: an attempt to connect, for requests that are made anew each time; [`Permanent`]: an error of such a
//!   request that ends the source.
//! - [`Error`]: one bad event, or the end; [`Head`]: the head of a response.
//! - [`guide`]: from three lines to all settings, what is retried, and what each failure looks like.
//!
//! # Features
//!
//! - `tracing`: a warning for each connection that is lost, and debug-level events for connections that open, unknown
//!   events and sources that end.
//!
//! TLS, proxies, compression and HTTP/2 are features and settings of the caller's own `reqwest::Client`.

mod body;
mod clock;
mod connection;
mod engine;
mod error;
mod excerpt;
mod exclusive;
#[doc = include_str!("../guide.md")]
pub mod guide {}
mod head;
mod idle;
mod item;
mod options;
mod phase;
mod policy;
mod reason;
mod request;
mod source;
mod state;
mod trace;
mod updates;

pub use self::{
    error::{BoxError, Error, Permanent},
    head::Head,
    policy::{Policy, Tries},
    reason::{CloseReason, WaitReason},
    request::Attempt,
    source::EventSource,
    updates::{Update, Updates},
};
