//! Servers to compare, each with one route that streams the published events.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    BoxError, Router,
    body::{Body, Bytes},
    extract::State,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, sse},
    routing::get,
};
use clap::ValueEnum;
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use serde::{Deserialize, Serialize};
use sse_core::{Draft, Encoded, Gap, SseEvent};
use sse_hub::{Cursor, Hub, Options, Subscribe, SubscribeError, Window};
use tokio::sync::broadcast::{self, Sender};
use tokio_stream::wrappers::BroadcastStream;

use crate::Error;

/// The published event, 155 bytes on the wire.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "snake_case")]
pub(super) enum Feed {
    Tick(Tick),
    /// Sent by a hub to a reader that has missed events.
    Resync(Gap),
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Tick {
    /// The time of publishing, in nanoseconds of the monotonic clock plus [`EPOCH`].
    sent: u64,
    text: String,
}

/// The size of an event on the wire, in bytes.
pub(super) const EVENT_BYTES: usize = 155;

/// The start of the data on the wire, up to the digits of `sent`.
pub(super) const BEFORE_SENT: &str = "data: {\"sent\":";

/// The length of `text` that makes an event [`EVENT_BYTES`] long.
pub(super) const TEXT_BYTES: usize = 97;

/// An offset that gives every clock reading 19 digits.
pub(super) const EPOCH: u64 = 1_000_000_000_000_000_000;

impl Feed {
    pub(super) fn new(sent: u64, text_bytes: usize) -> Self {
        Self::Tick(Tick { sent: EPOCH + sent, text: "x".repeat(text_bytes) })
    }

    /// Encodes the event by hand. The other servers send the same bytes.
    pub(super) fn wire(&self) -> Result<Vec<u8>, Error> {
        let Self::Tick(tick) = self else { return Err(NOT_PUBLISHED.into()) };
        Ok(format!("event: tick\ndata: {}\n\n", serde_json::to_string(tick)?).into())
    }
}

const NOT_PUBLISHED: &str = "a gap is not published";

/// A server to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
pub enum Contender {
    /// axum's `Sse`. Each connection serializes the JSON.
    Axum,
    /// A hand-written body of events that are encoded once.
    Bytes,
    /// `sse_axum::Sse` of plain events. Each connection encodes them.
    Plain,
    /// `sse_axum::Sse` of events that are encoded once.
    Shared,
    /// As `Shared`, served by `sse_axum::serve`.
    TakenOver,
    /// As `HubAll`, served by `sse_axum::serve`.
    HubTakenOver,
    /// As `Shared`, with event IDs.
    Numbered,
    /// `sse_axum::Sse` of a subscription to all events of a hub.
    HubAll,
    /// `sse_axum::Sse` of a subscription to two topics of a hub.
    HubTopics,
}

/// The way to pass the router to `axum::serve`.
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
    /// Returns the name used in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MakeService => "`router.into_make_service()`",
            Self::Bare => "`router`",
            Self::BareOf50 => "`router` with 50 routes",
        }
    }
}

/// A function that publishes an event to all connections.
pub(super) type Publish = Box<dyn Fn(Feed) -> Result<(), Error> + Send>;

/// The number of events by which a connection can lag.
pub(super) const CAPACITY: usize = 1024;

impl Contender {
    /// The servers of one topic, in the order of the tables.
    pub const SERVING: &[Self] =
        &[Self::Axum, Self::Bytes, Self::Plain, Self::Shared, Self::TakenOver, Self::HubTakenOver];

    /// The servers that a hub is compared with, and those with a hub.
    pub const HUB: &[Self] = &[Self::Numbered, Self::HubAll, Self::HubTopics];

    /// Returns the name used in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Axum => "axum's `Sse`",
            Self::Bytes => "hand-written (encoded once)",
            Self::Plain => "ours (plain events)",
            Self::Shared => "ours (encoded once)",
            Self::TakenOver => "ours (encoded once), `sse_axum::serve`",
            Self::HubTakenOver => "ours (hub), `sse_axum::serve`",
            Self::Numbered => "`broadcast`",
            Self::HubAll => "hub, `all()`",
            Self::HubTopics => "hub, two topics",
        }
    }

    /// Returns whether the server is `sse_axum::serve`.
    pub(super) const fn is_taken_over(self) -> bool {
        matches!(self, Self::TakenOver | Self::HubTakenOver)
    }

    /// Returns the router of the server, and the function that publishes on its route.
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
            Self::Shared | Self::TakenOver => {
                let (sender, router) = topic(ours::<Encoded<Feed>>);
                (router, Box::new(move |feed| publish(&sender, Encoded::new(&feed)?)))
            }
            Self::Numbered => {
                let (sender, router) = topic(ours::<Encoded<Feed>>);
                let last = AtomicU64::new(0);
                let publish = move |feed| {
                    let id = Cursor::new(EPOCH, last.fetch_add(1, Ordering::Relaxed) + 1);
                    publish(&sender, Draft::new(&feed)?.with_id(&id)?)
                };
                (router, Box::new(publish))
            }
            Self::HubAll | Self::HubTakenOver => hub(|hub| hub.all().subscribe(hub.cursor().to_string())),
            Self::HubTopics => hub(|hub| hub.topics(["match/17", "league/1"]).subscribe(hub.cursor().to_string())),
        }
    }
}

fn hub(subscribe: fn(&Hub<Feed>) -> Result<Subscribe<Feed>, SubscribeError>) -> (Router, Publish) {
    let hub = Hub::memory(Options::new().epoch(EPOCH).window(Window::new().events(CAPACITY)));
    let handler = move |State(hub): State<Hub<Feed>>| async move {
        subscribe(&hub).map(|feeds| sse_axum::Sse::new(feeds.on_gap(Feed::Resync))).map_err(|error| error.to_string())
    };
    let router = Router::new().route("/", get(handler)).with_state(hub.clone());
    let publish = move |feed| match hub.topic("match/17").publish(&feed).now_or_never() {
        Some(published) => Ok(published.map(drop)?),
        None => Err("a hub in memory publishes at once".into()),
    };
    (router, Box::new(publish))
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
    sender.send(item).map(drop).map_err(|_| "no connection is subscribed".into())
}

/// Responds with axum's `Sse`, as it is commonly used.
fn axum_own(feeds: BroadcastStream<Feed>) -> impl IntoResponse {
    let events = feeds.map(|feed| {
        let Feed::Tick(tick) = feed? else { return Err(NOT_PUBLISHED.into()) };
        Ok::<_, BoxError>(sse::Event::default().event("tick").json_data(tick)?)
    });
    sse::Sse::new(events).keep_alive(sse::KeepAlive::default())
}

/// Responds with a minimal hand-written body, without a keep-alive.
fn hand_written(events: BroadcastStream<Bytes>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(events))
}

/// Responds with `sse_axum::Sse` and its default keep-alive, for any type of stream item.
fn ours<T>(items: BroadcastStream<T>) -> impl IntoResponse
where
    T: sse_core::StreamItem<Error = std::convert::Infallible> + Clone + Send + 'static,
{
    sse_axum::Sse::new(items.map_err(BoxError::from))
}
