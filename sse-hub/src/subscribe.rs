//! A subscription before it is a stream.

use std::{
    convert::Infallible,
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use futures_core::Stream;
use sse_core::{Draft, Encoded, Gap, SseEvent};

use crate::{
    Hub, Start, SubscribeError, Subscription,
    filter::Filter,
    reader::{Reader, Step},
    shared::Shared,
    state::{Phase, State},
    trace,
    waiters::SeatKey,
};

/// A subscription that becomes a stream when it is known what a gap becomes.
///
/// Events may be missing at any point of a subscription: because they left the window, because the reader was too slow,
/// or because a server lost them. [`on_gap`](Self::on_gap) turns each such report into an event of the user's;
/// [`ignore_gaps`](Self::ignore_gaps) drops them.
///
/// ```
/// use sse_core::{Gap, SseEvent};
/// use sse_hub::{Hub, Options};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Score {
///     Goal { minute: u8 },
///     Resync(Gap),
/// }
///
/// let hub: Hub<Score> = Hub::memory(Options::new());
/// let subscription = hub.topic("match/17").subscribe("not an ID")?;
/// assert_eq!(subscription.gap().map(|gap| gap.reason.as_str()), Some("unknown"));
/// let stream = subscription.on_gap(Score::Resync);
/// # let _ = stream;
/// # Ok::<(), sse_hub::SubscribeError>(())
/// ```
///
/// The settings below apply from the next event on. Dropping a subscription removes it from all counts at once.
#[must_use = "a subscription does nothing unless it becomes a stream"]
pub struct Subscribe<E> {
    seat: Seat,
    gap: Option<Gap>,
    bookmark: Option<Box<Draft<E>>>,
    bookmark_error: Option<sse_core::EncodeError>,
    event: PhantomData<fn(E) -> E>,
}

/// A reader at its hub, which it leaves when it is dropped.
pub(crate) struct Seat {
    shared: Arc<Shared>,
    reader: Reader,
}

impl Seat {
    pub(crate) fn step(&mut self, waker: &Waker) -> Step {
        self.shared.step(&mut self.reader, waker)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.reader.is_over()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.shared.leave(&self.reader);
    }
}

impl<E: SseEvent> Hub<E> {
    pub(crate) fn subscribe(
        &self,
        start: &Start,
        names: &[&str],
        filter: impl FnOnce(&mut State, SeatKey) -> Option<Filter>,
    ) -> Result<Subscribe<E>, SubscribeError> {
        let options = &self.shared.options;
        let mut locked = self.shared.lock();
        let state = &mut *locked.state;
        if state.phase != Phase::Open {
            return Err(SubscribeError::Closed);
        }
        if state.waiters.readers() >= options.max_subscriptions {
            return Err(SubscribeError::TooManySubscriptions { max: options.max_subscriptions });
        }
        let new = names.iter().filter(|name| state.index.find(name).is_none()).count();
        if new > 0 && state.index.len() + new > options.max_live_topics {
            return Err(SubscribeError::TooManyTopics { max: options.max_live_topics });
        }
        // More subscriptions or topics than keys.
        let out_of_keys = SubscribeError::TooManySubscriptions { max: u32::MAX as usize };
        let mut reader = self.shared.reader(state, start, filter).ok_or(out_of_keys)?;
        let gap = reader.first_gap(state);
        locked.finish();
        trace::subscribed(names, gap);
        let seat = Seat { shared: self.shared.clone(), reader };
        Ok(Subscribe { seat, gap, bookmark: None, bookmark_error: None, event: PhantomData })
    }
}

impl<E: SseEvent> Subscribe<E> {
    /// Returns the gap between the start that was asked for and what the subscription delivers first, or `None` if
    /// nothing is missing. It is also told to the client, so this is for a response that depends on it.
    #[must_use]
    pub const fn gap(&self) -> Option<Gap> {
        self.gap
    }

    /// Returns whether the client has received the last event of the topic, so that the response can be one after which
    /// it does not reconnect. The stream of such a subscription ends at once.
    ///
    /// A topic is over after a terminal event or [`end`](crate::Topics::end), until the next event. For a subscription to
    /// several topics a terminal event is an event like others, so it is over only if all of them were ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.seat.is_over()
    }

    /// Skips each event that is not the newest of one of its topics, if the reader is behind. An event without topics
    /// is not skipped.
    ///
    /// It helps only as far as events wait here and not in the socket of a client that does not read.
    pub fn conflate(mut self) -> Self {
        self.seat.reader.conflate();
        self
    }

    /// Cuts the stream when its next event is more than `records` records before the end of the log, with
    /// [`Cut::Behind`](crate::Cut::Behind). The client reconnects with its last ID.
    ///
    /// A client that resumes may have a backlog: it is cut if the distance grows by `records`, and the part of the
    /// distance that it has caught up with does not count again.
    pub fn cut_when_behind(mut self, records: u64) -> Self {
        self.seat.reader.cut_when_behind(records);
        self
    }

    /// Sends this event in place of each `id:`-only block, the first one too, for clients that do not take an ID from a
    /// block without an event. [The page on semantics](crate::semantics) names them.
    pub fn on_bookmark(mut self, event: &E) -> Self {
        match Draft::new(event) {
            Ok(draft) => self.bookmark = Some(Box::new(draft)),
            Err(error) => self.bookmark_error = Some(error),
        }
        self
    }

    /// Turns the subscription into a stream that reports each gap as an event, which `event` makes. A variant of the enum
    /// with a [`Gap`] is such a function.
    ///
    /// The event comes before those that follow the gap, and it carries the ID from which the stream continues. If it is
    /// terminal, the stream ends after it.
    pub fn on_gap<F: FnMut(Gap) -> E>(self, event: F) -> Subscription<E, F> {
        Subscription::new(self.seat, Some(event), self.bookmark, self.bookmark_error)
    }

    /// Turns the subscription into a stream that does not report gaps: events may be missing without a sign of it. In
    /// place of a gap it sends the ID from which it continues.
    pub fn ignore_gaps(self) -> Subscription<E> {
        Subscription::new(self.seat, None, self.bookmark, self.bookmark_error)
    }
}

impl<E> fmt::Debug for Subscribe<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe").field("gap", &self.gap).field("reader", &self.seat.reader).finish_non_exhaustive()
    }
}

/// Marks a subscription for which it is known what a gap becomes. Nothing implements it: it is here for its message.
#[diagnostic::on_unimplemented(
    message = "this subscription is not a stream yet",
    label = "say what a gap becomes",
    note = "call `.on_gap(E::Variant)`, where the variant of the event enum holds an `sse_core::Gap`, or `.ignore_gaps()`"
)]
pub trait GapsNamed: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

/// Only for the message of the compiler: see [`GapsNamed`].
impl<E: SseEvent> Stream for Subscribe<E>
where
    Self: GapsNamed,
{
    type Item = Result<Encoded<E>, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
