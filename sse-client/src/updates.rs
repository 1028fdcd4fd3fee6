//! `Updates`: everything that happens to a source.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::{FusedStream, Stream};
use sse_core::{Comment, Envelope, EventId, RawEventBuf, Retry, SseDecodeOwned};

use crate::{
    CloseReason, Error, Head, WaitReason,
    engine::{Engine, Step},
    item::Any,
    state::Input,
};

/// A stream of everything that happens to a source, returned by [`EventSource::updates`](crate::EventSource::updates).
///
/// An `Err` means the same as in [`EventSource`](crate::EventSource): one event that is skipped, or a final error. The
/// last item is always [`Update::Closed`].
///
/// ```no_run
/// use futures_util::StreamExt;
/// use sse_client::{EventSource, Update};
/// # use sse_core::RawEventBuf;
/// # async fn follow(client: reqwest::Client) {
///
/// let mut updates = EventSource::<RawEventBuf>::new(client.get("https://example.com/events")).updates();
/// while let Some(update) = updates.next().await {
///     match update {
///         Ok(Update::Event { event, .. }) => println!("{event:?}"),
///         Ok(Update::Waiting { delay, reason }) => eprintln!("{reason:#}; connecting again in {delay:?}"),
///         Ok(_) => {}
///         Err(error) => eprintln!("{error:#}"),
///     }
/// }
/// # }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct Updates<E> {
    engine: Engine<E, Envelope<Any<E>>>,
    unknown: u64,
}

/// Something that happened to a source.
#[derive(Debug)]
#[non_exhaustive]
pub enum Update<E> {
    /// A request is being made and sent.
    Connecting {
        /// The number of the attempt, counted from 1.
        attempt: u64,
    },
    /// The response is an event stream.
    Open(Head),
    /// An event.
    Event {
        /// The event.
        event: E,
        /// The ID that its block sets, or `None` if it sets none. An empty one resets the last event ID.
        id: Option<EventId>,
        /// The reconnection time that its block sets, or `None` if it sets none.
        retry: Option<Retry>,
    },
    /// An event that the type does not know.
    Unknown(RawEventBuf),
    /// A block without an event that sets an ID or a reconnection time.
    Block {
        /// The ID, or `None` if the block sets none. An empty one resets the last event ID.
        id: Option<EventId>,
        /// The reconnection time, or `None` if the block sets none.
        retry: Option<Retry>,
    },
    /// A comment, such as a keep-alive.
    Comment(Comment),
    /// No connection is open; the next attempt follows after a wait.
    Waiting {
        /// The time until the next attempt.
        delay: Duration,
        /// The reason for the wait.
        reason: WaitReason,
    },
    /// The source has ended.
    Closed(CloseReason),
}

impl<E: SseDecodeOwned> Updates<E> {
    pub(crate) const fn new(engine: Engine<E, Envelope<Any<E>>>) -> Self {
        Self { engine, unknown: 0 }
    }

    /// Returns the last event ID as of the last update. See
    /// [`EventSource::last_event_id`](crate::EventSource::last_event_id).
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.engine.decoder().last_event_id()
    }

    /// Returns the number of unknown events, over all connections.
    #[must_use]
    pub fn unknown_events(&self) -> u64 {
        self.unknown + self.engine.unknown_events()
    }

    /// Returns whether a connection is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.engine.is_open()
    }

    /// Returns how the source ended, or `None` if it has not ended.
    #[must_use]
    pub const fn close_reason(&self) -> Option<CloseReason> {
        self.engine.close_reason()
    }

    /// Closes the connection. The stream ends with [`Update::Closed`].
    pub fn close(&mut self) {
        self.engine.demand(Input::Close);
    }

    /// Replaces the connection. See [`EventSource::reconnect`](crate::EventSource::reconnect).
    pub fn reconnect(&mut self) {
        self.engine.demand(Input::Reconnect);
    }

    /// Sorts an item: an event with the fields of its block, a block without an event, or a comment.
    fn update(Envelope { event, id, retry, comment, .. }: Envelope<Any<E>>, unknown: &mut u64) -> Update<E> {
        match (event, comment) {
            (Some(Any::Known(event)), _) => Update::Event { event, id, retry },
            (Some(Any::Unknown(event)), _) => {
                *unknown += 1;
                Update::Unknown(event)
            }
            (None, Some(comment)) => Update::Comment(comment),
            (None, None) => Update::Block { id, retry },
        }
    }
}

impl<E: SseDecodeOwned> Stream for Updates<E> {
    type Item = Result<Update<E>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { engine, unknown } = &mut *self;
        let mut next = None;
        let step = ready!(engine.poll_put(cx, |item| next = Some(Ok(Self::update(item, unknown)))));
        if let Some(Ok(Update::Event { event, .. })) = &next {
            engine.yielded(event);
        }
        Poll::Ready(next.or_else(|| {
            Some(match step? {
                Step::Connecting(attempt) => Ok(Update::Connecting { attempt }),
                Step::Open(head) => Ok(Update::Open(head)),
                Step::Skipped(error) | Step::Failed(error) => Err(error),
                Step::Waiting(delay, reason) => Ok(Update::Waiting { delay, reason }),
                Step::Closed(reason) => Ok(Update::Closed(reason)),
            })
        }))
    }
}

impl<E: SseDecodeOwned> FusedStream for Updates<E> {
    fn is_terminated(&self) -> bool {
        self.engine.is_done()
    }
}

impl<E> fmt::Debug for Updates<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Updates").field(&self.engine).finish()
    }
}
