//! A subscription that is not yet a stream.

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
    taken::Taken,
    trace,
    waiters::SeatKey,
};

/// A subscription that becomes a stream once the handling of gaps is chosen.
///
/// Events may be missing at any point of a subscription: because they left the window, because the reader was too slow,
/// or because the store lost them. [`on_gap`](Self::on_gap) turns each gap into an event of type `E`;
/// [`ignore_gaps`](Self::ignore_gaps) discards the reports.
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
/// The settings below apply from the next event on. Dropping the subscription unsubscribes immediately.
#[must_use = "a subscription does nothing unless it becomes a stream"]
pub struct Subscribe<E> {
    seat: Seat,
    gap: Option<Gap>,
    bookmark: Option<Box<Draft<E>>>,
    bookmark_error: Option<sse_core::EncodeError>,
    event: PhantomData<fn(E) -> E>,
}

/// A reader that is registered at a hub. Dropping it removes the reader.
pub(crate) struct Seat {
    shared: Arc<Shared>,
    reader: Reader,
    taken: Taken,
}

impl Seat {
    pub(crate) fn step(&mut self, waker: &Waker) -> Step {
        match self.taken.next() {
            Some((block, ends)) => Step::Event { block, ends },
            None => self.shared.step(&mut self.reader, &mut self.taken, waker),
        }
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
        // Returned if there are more subscriptions or topics than slab keys.
        let out_of_keys = SubscribeError::TooManySubscriptions { max: u32::MAX as usize };
        let mut reader = self.shared.reader(state, start, filter).ok_or(out_of_keys)?;
        let gap = reader.first_gap(state);
        locked.finish();
        trace::subscribed(names, gap);
        let seat = Seat { shared: self.shared.clone(), reader, taken: Taken::default() };
        Ok(Subscribe { seat, gap, bookmark: None, bookmark_error: None, event: PhantomData })
    }
}

impl<E: SseEvent> Subscribe<E> {
    /// Returns the gap between the requested start and the first event of the subscription, or `None` if nothing is
    /// missing.
    ///
    /// The stream reports this gap as well. Use the getter to choose a response before the stream starts.
    #[must_use]
    pub const fn gap(&self) -> Option<Gap> {
        self.gap
    }

    /// Returns whether the client has already received the last event of the topic. The stream of such a subscription
    /// ends immediately, so the response should stop the client from reconnecting.
    ///
    /// A topic is over after a terminal event or [`end`](crate::Topics::end), until the next event. Terminal events do
    /// not end a subscription to several topics, so it is over only if all of its topics were ended with `end`.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.seat.is_over()
    }

    /// Skips events that are not the newest of any of their topics if the reader lags. Events without topics are not
    /// skipped.
    ///
    /// Conflation applies to events that wait in the hub, not to those that are already in the socket buffers of a
    /// client that does not read.
    pub fn conflate(mut self) -> Self {
        self.seat.reader.conflate();
        self
    }

    /// Cuts the stream with [`Cut::Behind`](crate::Cut::Behind) if its next event is more than `records` records before
    /// the end of the log. The client reconnects with its last event ID.
    ///
    /// The backlog of a client that resumes is tolerated: the client is cut only if its distance from the end of the
    /// log exceeds the smallest distance so far by more than `records`.
    pub fn cut_when_behind(mut self, records: u64) -> Self {
        self.seat.reader.cut_when_behind(records);
        self
    }

    /// Sends `event` in place of each block that contains only an ID, including the first one, for clients that do not
    /// take the ID from a block without an event. [The page on semantics](crate::semantics) lists them.
    pub fn on_bookmark(mut self, event: &E) -> Self {
        match Draft::new(event) {
            Ok(draft) => self.bookmark = Some(Box::new(draft)),
            Err(error) => self.bookmark_error = Some(error),
        }
        self
    }

    /// Turns the subscription into a stream that reports each gap as an event, which is created by calling `event`. A
    /// variant that holds a [`Gap`] can be passed as the function.
    ///
    /// The event is sent before the events that follow the gap, and its ID is the one from which the stream continues.
    /// If the event is terminal, the stream ends after it.
    pub fn on_gap<F: FnMut(Gap) -> E>(self, event: F) -> Subscription<E, F> {
        Subscription::new(self.seat, Some(event), self.bookmark, self.bookmark_error)
    }

    /// Turns the subscription into a stream that does not report gaps: events may be missing without notice. In place
    /// of a gap the stream sends the ID from which it continues.
    pub fn ignore_gaps(self) -> Subscription<E> {
        Subscription::new(self.seat, None, self.bookmark, self.bookmark_error)
    }
}

impl<E> fmt::Debug for Subscribe<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe").field("gap", &self.gap).field("reader", &self.seat.reader).finish_non_exhaustive()
    }
}

/// Marker for subscriptions whose handling of gaps is chosen. It has no implementations and exists for its diagnostic.
#[diagnostic::on_unimplemented(
    message = "this subscription is not a stream yet",
    label = "choose how gaps are reported",
    note = "call `.on_gap(E::Variant)`, where the variant of the event enum holds an `sse_core::Gap`, or `.ignore_gaps()`"
)]
pub trait GapsNamed: sealed::Sealed {}

mod sealed {
    pub trait Sealed {}
}

/// Never applies; it exists for the diagnostic of [`GapsNamed`].
impl<E: SseEvent> Stream for Subscribe<E>
where
    Self: GapsNamed,
{
    type Item = Result<Encoded<E>, Infallible>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
