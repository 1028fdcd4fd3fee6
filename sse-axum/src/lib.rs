//! Typed server-sent events as axum responses.
//!
//! ```
//! use std::convert::Infallible;
//!
//! use axum::{Router, routing::get};
//! use futures_util::{Stream, stream};
//! use sse_axum::{LastEventId, Sse, sse_core::{EventName, Frame, RawEventBuf}};
//!
//! async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Frame<RawEventBuf>>> {
//!     let next = last.map_or(0, |last| last + 1);
//!     Sse::new(stream::iter(next..next + 3).map(|n| {
//!         Frame::new(RawEventBuf::new(EventName::from_static("count"), n.to_string())).with_id(n)
//!     }))
//! }
//! # use futures_util::StreamExt;
//!
//! let app: Router = Router::new().route("/events", get(counter));
//! // axum::serve(listener, app.into_make_service()).await
//! ```
//!
//! A handler returns an [`Sse`] around a stream; what the stream yields is typed, and goes out like this:
//!
//! ```text
//! stream of E, Frame<E>, Encoded<E> or Result --Sse--> body: events joined in frames --axum--> HTTP
//! Last-Event-ID of the request --LastEventId<T>--> where the handler's stream begins
//! ```
//!
//! - [`Sse`]: the response; its headers, its end, its failures.
//! - [`Action`]: what happens when the stream fails, or an event cannot be encoded.
//! - [`KeepAlive`]: the comment that idle streams send.
//! - [`LastEventId`]: where a client that reconnects goes on.
//! - [`no_content`]: the answer that tells a client to stop.
//!
//! Serve with `axum::serve(listener, router.into_make_service())`: a bare `router` is copied for every connection,
//! which long-lived streams pay for with 2.5 kB each, and more with many routes.

mod action;
mod age;
mod batch;
mod body;
mod first;
mod keep_alive;
mod last_event_id;
mod over;
mod sse;

pub use sse_core;

pub use self::{
    action::Action,
    first::First,
    keep_alive::KeepAlive,
    last_event_id::{LastEventId, LastEventIdRejection},
    over::no_content,
    sse::Sse,
};
