//! The event type of these tests, and a stream that can be observed.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use futures_util::Stream;
use sse_core::{
    DecodeError, Decoded, EncodeError, EventInfo, EventName, EventSpec, EventWriter, RawEvent, SseDecode, SseEvent,
    TypedEvent, Written,
};
use tokio::sync::oneshot;

static TICK: EventName = EventName::from_static("tick");
static NOTE: EventName = EventName::from_static("note");
static CLOSED: EventName = EventName::from_static("closed");

/// An event type implemented by hand, so that some events fail to encode as late as possible.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feed {
    Tick(u64),
    /// Text that is not JSON.
    Note(String),
    /// The terminal event.
    Closed,
    /// An event whose encoding fails after its first data.
    Broken,
    /// An event with a name from a user.
    Named(String),
    /// An event with an ID from a user.
    Numbered(String),
}

impl TypedEvent for Feed {
    const EVENTS: &'static [EventSpec] = &[
        EventSpec::Event(EventInfo::new("tick")),
        EventSpec::Event(EventInfo::new("note")),
        EventSpec::Event(EventInfo::new("closed")),
    ];

    fn is_terminal(&self) -> bool {
        *self == Self::Closed
    }
}

impl SseEvent for Feed {
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
        match self {
            Self::Tick(number) => writer.name(&TICK).json(number),
            Self::Note(text) => writer.name(&NOTE).text(text),
            Self::Closed => writer.name(&CLOSED).empty(),
            Self::Broken => writer.name(&NOTE).data(|data| {
                data.push("half\nwritten");
                Err(EncodeError::other("the encoding fails"))
            }),
            Self::Named(name) => writer.try_name(name)?.empty(),
            Self::Numbered(id) => writer.name(&NOTE).id(id)?.empty(),
        }
    }
}

impl<'de> SseDecode<'de> for Feed {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Ok(match raw.name() {
            "tick" => Decoded::Event(Self::Tick(raw.data().parse().unwrap())),
            "note" => Decoded::Event(Self::Note(raw.data().to_owned())),
            "closed" => Decoded::Event(Self::Closed),
            _ => Decoded::Unknown,
        })
    }
}

/// A stream that counts its polls and reports when it is dropped.
pub(super) struct Watched<S> {
    stream: S,
    polls: Arc<AtomicUsize>,
    _dropped: oneshot::Sender<Infallible>,
}

/// An observer of a [`Watched`] stream.
pub(super) struct Watch {
    polls: Arc<AtomicUsize>,
    dropped: oneshot::Receiver<Infallible>,
}

pub(super) fn watched<S>(stream: S) -> (Watched<S>, Watch) {
    let (sender, dropped) = oneshot::channel();
    let polls = Arc::<AtomicUsize>::default();
    (Watched { stream, polls: polls.clone(), _dropped: sender }, Watch { polls, dropped })
}

impl Watch {
    pub(super) fn polls(&self) -> usize {
        self.polls.load(Ordering::Relaxed)
    }

    pub(super) fn is_alive(&mut self) -> bool {
        self.dropped.try_recv() == Err(oneshot::error::TryRecvError::Empty)
    }

    pub(super) async fn dropped(self) {
        assert!(self.dropped.await.is_err());
    }
}

impl<S: Stream + Unpin> Stream for Watched<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        Pin::new(&mut self.stream).poll_next(cx)
    }
}
