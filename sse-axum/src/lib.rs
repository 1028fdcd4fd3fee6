//! Typed server-sent events as axum responses.
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
//!     Done, // event: done, and the body ends
//! }
//!
//! async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Counter>> {
//!     let next = last.map_or(0, |last| last.saturating_add(1));
//!     let counts = (next..10).map(|number| Counter::Count { number, even: number % 2 == 0 });
//!     Sse::new(stream::iter(counts.chain([Counter::Done])))
//! }
//!
//! let app: Router = Router::new().route("/events", get(counter));
//! // axum::serve(listener, app.into_make_service()).await
//! ```
//!
//! A handler returns an [`Sse`] around a stream; what the stream yields is typed, and goes out like this:
//!
//! ```text
//! stream of E, Envelope<E>, Encoded<E> or Result --Sse--> body: events joined in frames --axum--> HTTP
//! Last-Event-ID of the request --LastEventId<T>--> where the handler's stream begins
//! ```
//!
//! - [`Sse`]: the response; its headers, its end, its failures.
//! - [`ErrorAction`]: what happens when the stream fails, or an event cannot be encoded.
//! - [`KeepAlive`]: the comment or the event that idle streams send.
//! - [`LastEventId`]: where a client that reconnects goes on.
//! - [`StopReconnecting`]: the answer that tells a client to stop.
//! - [`StreamClosed`]: how a stream ended, for metrics.
//! - [`production`]: what to know about proxies, browsers, deploys and limits.
//!
//! Two features, both off by default: `test` has the module `test`, which reads a response back as typed events;
//! `tracing` has spans and events for streams that open, resume, close or are cut.
//!
//! Serve with `axum::serve(listener, router.into_make_service())`: a bare `router` is copied for every connection,
//! which long-lived streams pay for with 2 kB each, and 30 kB with fifty routes.

mod age;
mod batch;
mod body;
mod close;
mod end;
mod error_action;
mod keep_alive;
mod last_event_id;
mod options;
mod peek;
#[doc = include_str!("../production.md")]
pub mod production {}
mod sse;
mod stop_reconnecting;
#[cfg(feature = "test")]
pub mod test;
mod trace;

pub use sse_core;

pub use self::{
    close::{CloseReason, StreamClosed},
    error_action::ErrorAction,
    keep_alive::KeepAlive,
    last_event_id::{LastEventId, LastEventIdRejection},
    sse::Sse,
    stop_reconnecting::StopReconnecting,
};
