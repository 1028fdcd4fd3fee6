//! Replayable topics for typed server-sent events: publish to topics, subscribe from any event ID, and never a silent
//! gap.
//!
//! A [`Hub`] is one ordered log that holds the latest events, encoded once for all readers. A client that reconnects
//! with its last event ID receives what it has missed, or is told that it cannot.
//!
//! ```
//! use axum::{
//!     Router,
//!     extract::State,
//!     http::StatusCode,
//!     response::{IntoResponse, Response},
//!     routing::get,
//! };
//! use sse_axum::{LastEventId, Sse, StopReconnecting};
//! use sse_core::{Gap, SseEvent};
//! use sse_hub::{Hub, Options};
//!
//! #[derive(SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Score {
//!     Goal { team: String, minute: u8 },
//!     #[sse(terminal)]
//!     FullTime { home: u8, away: u8 },
//!     /// Events are missing: the client loads the score again.
//!     Resync(Gap),
//!     /// Only its ID matters.
//!     Here,
//! }
//!
//! async fn follow(State(hub): State<Hub<Score>>, LastEventId(last): LastEventId) -> Result<Response, StatusCode> {
//!     let subscription = hub.topic("match/17").subscribe(last).map_err(|error| {
//!         StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
//!     })?;
//!     if subscription.is_over() {
//!         return Ok(StopReconnecting.into_response()); // the client has the last event
//!     }
//!     Ok(Sse::new(subscription.on_bookmark(&Score::Here).on_gap(Score::Resync)).into_response())
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! let hub: Hub<Score> = Hub::memory(Options::new().epoch(7));
//! let app: Router = Router::new().route("/match", get(follow)).with_state(hub.clone());
//!
//! hub.topic("match/17").publish(&Score::Goal { team: "home".into(), minute: 12 }).await?;
//! hub.topic("match/17").publish(&Score::FullTime { home: 1, away: 0 }).await?;
//!
//! # let request = || axum::http::Request::get("/match").header("last-event-id", "7-0");
//! # let response = tower_service::Service::call(&mut app.clone(), request().body(axum::body::Body::empty())?).await?;
//! // A client that was told the ID `7-0` reconnects:
//! let body = axum::body::to_bytes(response.into_body(), 1000).await?;
//! assert_eq!(body, "event: goal\nid: 7-1\ndata: {\"team\":\"home\",\"minute\":12}\n\n\
//!                   event: full-time\nid: 7-2\ndata: {\"home\":1,\"away\":0}\n\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Overview
//!
//! - [`Hub::memory`] is a hub of one process. [`Hub::open`] is one node of several, which share a [`Store`].
//! - [`Hub::topic`], [`topics`](Hub::topics) and [`all`](Hub::all) name events. [`Topics::publish`] encodes an event and
//!   appends it; [`Topics::subscribe`] makes a [`Subscribe`], from the ID of a client or another [`Start`].
//! - [`Subscribe::on_gap`] turns it into a stream, for `sse_axum::Sse`. Before that it is not a stream, so that gaps are
//!   not forgotten.
//! - [`Options`] has the [`Window`] of what is held, and the limits.
//! - [`Hub::drain`] ends all subscriptions evenly before a deploy. [`Hub::stats`] and [`Hub::health`] are for operators.
//!
//! The page on [semantics] describes order, gaps, the end of topics and slow readers.
//!
//! # `tracing`
//!
//! With the feature `tracing`, events with the target `sse_hub`. Their messages and fields are stable:
//!
//! | level | message | fields |
//! |---|---|---|
//! | debug | `subscribed` | `topics`, `gap`, `missed` |
//! | debug | `gap told` | `reason`, `missed`, `id` |
//! | debug | `subscription cut` | `error` |
//! | info | `hub draining` | `subscriptions` |
//! | info | `hub closed` | |
//! | info | `epoch began` | `start`, `kind` |
//! | warn | `record unreadable` | `cursor`, `error` |
//! | warn | `store failed` | `action`, `error` |
//!
//! # Features
//!
//! - `test`: the module `test`, with the contract of stores and a store that fails.
//! - `tracing`: the events above.

mod cursor;
mod decoded;
mod drain;
mod epochs;
mod error;
mod filter;
mod hub;
mod index;
mod judge;
mod log;
mod names;
mod options;
mod own_id;
mod publish;
mod reader;
mod records;
mod shared;
mod slab;
mod start;
mod state;
mod stats;
mod store;
mod subscribe;
mod subscription;
#[cfg(feature = "test")]
pub mod test;
mod trace;
mod waiters;
mod window;

#[cfg(any(doc, doctest))]
#[doc = include_str!("semantics.md")]
pub mod semantics {}

pub use self::{
    cursor::{Cursor, InvalidCursor},
    decoded::{Decoded, ReadError},
    epochs::{Epoch, EpochKind},
    error::{Cut, NameError, PublishError, Sent, SubscribeError},
    hub::{All, Hub, Topics},
    options::Options,
    publish::Publish,
    start::Start,
    stats::{Gaps, Stats},
    store::{
        AppendError, Health, MemoryStore, MemoryTail, OpenError, Opened, Opening, Origin, Record, RecordKind, Step,
        Store, StoreError, Stored,
    },
    subscribe::{GapsNamed, Subscribe},
    subscription::Subscription,
    window::Window,
};
