//! The servers: one route each, which streams what is published.

use axum::{
    BoxError, Router,
    body::{Body, Bytes},
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, sse},
    routing::get,
};
use clap::ValueEnum;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use sse_core::{Encoded, SseEvent};
use tokio::sync::broadcast::{self, Sender};
use tokio_stream::wrappers::BroadcastStream;

use crate::Error;

/// What is published: 155 bytes on the wire.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "snake_case")]
pub(super) enum Feed {
    Tick(Tick),
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Tick {
    /// Nanoseconds of the machine's monotonic clock, always of 19 digits.
    sent: u64,
    text: String,
}

/// The bytes of one event.
pub(super) const EVENT_BYTES: usize = 155;

/// What stands before the digits of `sent`.
pub(super) const BEFORE_SENT: &str = "event: tick\ndata: {\"sent\":";

/// What brings an event to its size.
const TEXT_BYTES: usize = 97;

/// Makes 19 digits of any reading of the clock.
pub(super) const EPOCH: u64 = 1_000_000_000_000_000_000;

impl Feed {
    pub(super) fn new(sent: u64) -> Self {
        Self::Tick(Tick { sent: EPOCH + sent, text: "x".repeat(TEXT_BYTES) })
    }

    /// As everyone must write it.
    pub(super) fn wire(&self) -> Result<Vec<u8>, Error> {
        let Self::Tick(tick) = self;
        Ok(format!("event: tick\ndata: {}\n\n", serde_json::to_string(tick)?).into())
    }
}

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
pub enum Contender {
    /// axum's own `Sse`: each connection makes its own JSON.
    Axum,
    /// A hand-written body of events that were encoded once.
    Bytes,
    /// Our `Sse` of plain events: each connection encodes for itself.
    Plain,
    /// Our `Sse` of events that were encoded once.
    Shared,
}

/// How the router is handed to `axum::serve`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
pub enum Routing {
    /// `router.into_make_service()`, with one route.
    MakeService,
    /// `router`, with one route.
    Bare,
    /// `router`, with 50 routes.
    BareOf50,
}

impl Routing {
    /// As in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MakeService => "`into_make_service()`",
            Self::Bare => "a bare router",
            Self::BareOf50 => "a bare router of 50 routes",
        }
    }
}

/// Publishes to all connections.
pub(super) type Publish = Box<dyn Fn(Feed) -> Result<(), Error> + Send>;

/// How far a connection may stay behind.
const CAPACITY: usize = 1024;

impl Contender {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Axum, Self::Bytes, Self::Plain, Self::Shared];

    /// As in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Axum => "axum's own `Sse`",
            Self::Bytes => "hand-written, encoded once",
            Self::Plain => "ours, plain events",
            Self::Shared => "ours, encoded once",
        }
    }

    /// The route, and what publishes on it.
    pub(super) fn app(self) -> (Router, Publish) {
        match self {
            Self::Axum => {
                let (sender, router) = topic(axum_own);
                (router, Box::new(move |feed| publish(&sender, feed)))
            }
            Self::Bytes => {
                let (sender, router) = topic(hand_written);
                (router, Box::new(move |feed| publish(&sender, feed.wire()?.into())))
            }
            Self::Plain => {
                let (sender, router) = topic(ours::<Feed>);
                (router, Box::new(move |feed| publish(&sender, feed)))
            }
            Self::Shared => {
                let (sender, router) = topic(ours::<Encoded<Feed>>);
                (router, Box::new(move |feed| publish(&sender, Encoded::new(&feed)?)))
            }
        }
    }
}

fn topic<T, R>(respond: fn(BroadcastStream<T>) -> R) -> (Sender<T>, Router)
where
    T: Clone + Send + 'static,
    R: IntoResponse + 'static,
{
    let (sender, _) = broadcast::channel(CAPACITY);
    let handler =
        move |State(sender): State<Sender<T>>| async move { respond(BroadcastStream::new(sender.subscribe())) };
    (sender.clone(), Router::new().route("/", get(handler)).with_state(sender))
}

fn publish<T>(sender: &Sender<T>, item: T) -> Result<(), Error> {
    sender.send(item).map(drop).map_err(|_| "nobody is connected".into())
}

/// As people write it today.
fn axum_own(feeds: BroadcastStream<Feed>) -> impl IntoResponse {
    let events = feeds.map(|feed| {
        let Feed::Tick(tick) = feed?;
        Ok::<_, BoxError>(sse::Event::default().event("tick").json_data(tick)?)
    });
    sse::Sse::new(events).keep_alive(sse::KeepAlive::default())
}

/// The least that one can write by hand; it has no keep-alive.
fn hand_written(events: BroadcastStream<Bytes>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events))
}

/// Ours, with its keep-alive, for whatever it takes.
fn ours<T>(items: BroadcastStream<T>) -> impl IntoResponse
where
    T: sse_core::StreamItem<Error = std::convert::Infallible> + Clone + Send + 'static,
{
    sse_axum::Sse::new(items.map_err(BoxError::from))
}
