//! Replayable topics for typed server-sent events. Publish to topics, subscribe from any event ID, and receive an
//! explicit event for every gap.
//!
//! A [`Hub`] is an ordered log that holds the latest events, each encoded once for all readers. A client that
//! reconnects with its last event ID receives the events that it missed, or a gap event if some of them are no longer
//! available.
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
//!     /// Events are missing; the client reloads the score.
//!     Resync(Gap),
//!     /// Carries only an ID.
//!     Here,
//! }
//!
//! async fn follow(State(hub): State<Hub<Score>>, LastEventId(last): LastEventId) -> Result<Response, StatusCode> {
//!     let subscription = hub.topic("match/17").subscribe(last).map_err(|error| {
//!         StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
//!     })?;
//!     if subscription.is_over() {
//!         return Ok(StopReconnecting.into_response()); // the client already has the last event
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
//! // A client whose last event ID is `7-0` reconnects:
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
//! - [`Hub::memory`] creates a hub for a single process. [`Hub::open`] creates one of several nodes that share a
//!   [`Store`].
//! - [`Hub::topic`], [`topics`](Hub::topics) and [`all`](Hub::all) select events. [`Topics::publish`] encodes an event
//!   and appends it to the log. [`Topics::subscribe`] returns a [`Subscribe`] that starts after a client's last event
//!   ID or at another [`Start`].
//! - [`Subscribe::on_gap`] turns it into a stream for `sse_axum::Sse`. A [`Subscribe`] itself is not a stream, so that
//!   gaps cannot be ignored by accident.
//! - [`Options`] sets the [`Window`] of events that the hub holds, and the limits.
//! - [`Hub::drain`] ends all subscriptions gradually before a shutdown. [`Hub::stats`] and [`Hub::health`] are for
//!   monitoring.
//!
//! See [semantics] for the guarantees on order, gaps, the end of topics, and slow readers, and [recipes] for common
//! handlers.
//!
//! # `tracing`
//!
//! If the feature `tracing` is enabled, the crate emits events with the target `sse_hub`. Their messages and fields are
//! stable:
//!
//! | level | message | fields |
//! |---|---|---|
//! | debug | `subscribed` | `topics`, `gap`, `missed` |
//! | debug | `gap told` | `reason`, `missed`, `id` |
//! | debug | `subscription cut` | `error` |
//! | info | `hub draining` | `subscriptions` |
//! | info | `hub closed` | |
//! | info | `epoch began` | `start`, `kind` |
//! | warn | `keys may be evicted` | `policy` |
//! | warn | `record unreadable` | `cursor`, `error` |
//! | warn | `store failed` | `action`, `error` |
//!
//! # Features
//!
//! - `redis`: enables `Redis`, a store that hubs on several nodes share, and its pages `on_redis` (operation) and `scale`
//!   (the arithmetic to a million subscribers).
//! - `test`: enables the module `test`, which contains a contract test for stores and a store that injects faults.
//! - `tracing`: emits the events listed above.

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
mod losses;
mod names;
mod options;
mod over;
mod own_id;
mod publish;
mod quiet;
mod reader;
mod records;
#[cfg(feature = "redis")]
mod redis;
mod shared;
mod slab;
mod start;
mod state;
mod stats;
mod store;
mod subscribe;
mod subscription;
mod taken;
#[cfg(feature = "test")]
pub mod test;
mod topic;
mod trace;
mod waiters;
mod window;

#[cfg(any(doc, doctest))]
#[doc = include_str!("semantics.md")]
pub mod semantics {}
#[cfg(any(doc, doctest))]
#[doc = include_str!("recipes.md")]
pub mod recipes {}

#[cfg(all(feature = "redis", any(doc, doctest)))]
#[doc = include_str!("redis.md")]
pub mod on_redis {}

#[cfg(all(feature = "redis", any(doc, doctest)))]
#[doc = include_str!("scale.md")]
pub mod scale {}

#[cfg(feature = "redis")]
pub use self::redis::{Redis, RedisTail};
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
