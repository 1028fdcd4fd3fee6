//! Typed server-sent events as axum responses.
//!
//! A handler returns an [`Sse`] around a stream of events. The events are the variants of an enum with
//! `#[derive(SseEvent)]`:
//!
//! ```
//! use axum::{Router, routing::get};
//! use futures_util::{Stream, stream};
//! use sse_axum::{LastEventId, Sse};
//! use sse_core::SseEvent;
//!
//! #[derive(SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Counter {
//!     Count { #[sse(id)] number: u64, even: bool }, // event: count, id: 3, data: {"even":false}
//!     #[sse(terminal)]
//!     Done, // event: done; the body ends after it
//! }
//!
//! async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Counter>> {
//!     let next = last.map_or(0, |last| last.saturating_add(1));
//!     let counts = (next..10).map(|number| Counter::Count { number, even: number % 2 == 0 });
//!     Sse::new(stream::iter(counts.chain([Counter::Done])))
//! }
//!
//! let app: Router = Router::new().route("/events", get(counter));
//! // sse_axum::serve(listener, app.into_make_service()).await
//! ```
//!
//! Data flows through the crate as follows:
//!
//! ```text
//! Last-Event-ID of the request --LastEventId<T>--> handler, which starts its stream after that event
//! stream of E, Envelope<E>, Encoded<E> or Result --Sse--> body: events joined into frames --axum--> HTTP
//! ```
//!
//! - [`Sse`]: the response, with its headers, keep-alive, shutdown and error handling.
//! - [`KeepAlive`]: the comment or event that an idle stream sends.
//! - [`ErrorAction`]: the reaction to a stream that fails or an event that cannot be encoded.
//! - [`LastEventId`]: the extractor for the event ID from which a client resumes; [`LastEventIdRejection`] is its
//!   rejection.
//! - [`StopReconnecting`]: the response that stops a client from reconnecting.
//! - [`StreamClosed`] and [`CloseReason`]: a report of how a stream ended, for logs and metrics.
//! - [`OpenStreams`]: a count of open streams, for a gauge.
//! - [`production`]: a guide to proxies, browsers, deploys and limits.
//!
//! # Features
//!
//! All features are off by default.
//!
//! - `serve`: adds the function and the module `serve`, which serve idle streams in a fraction of the memory, and end all
//!   streams at a graceful shutdown.
//! - `test`: adds the module `test`, which decodes a response back into typed events.
//! - `tracing`: adds a span for each stream, and events when a stream opens, resumes, closes or is cut.
//!
//! # Serving
//!
//! Serve the router with `sse_axum::serve(listener, router.into_make_service())`, or with `axum::serve` and the same
//! arguments. A bare `router` is cloned for every connection, which adds 2 kB to each long-lived stream of `axum::serve`, and
//! 30 kB if the router has fifty routes. [`production`] compares the two.

mod age;
mod batch;
mod body;
mod close;
mod closer;
mod ending;
mod error_action;
mod item;
mod item_stream;
mod keep_alive;
mod last_event_id;
mod next;
mod open_streams;
mod options;
#[doc = include_str!("../production.md")]
pub mod production {}
#[cfg(feature = "serve")]
pub mod serve;
mod sse;
mod stop_reconnecting;
#[cfg(feature = "test")]
pub mod test;
mod trace;

pub use sse_core;

#[cfg(feature = "serve")]
pub use self::serve::serve;
pub use self::{
    close::{CloseReason, StreamClosed},
    error_action::ErrorAction,
    item_stream::ItemStream,
    keep_alive::KeepAlive,
    last_event_id::{LastEventId, LastEventIdRejection},
    open_streams::OpenStreams,
    sse::Sse,
    stop_reconnecting::StopReconnecting,
};
