//! A subscription as a stream of encoded events.

use std::{
    fmt,
    marker::PhantomData,
    ops::ControlFlow,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use sse_core::{Draft, EncodeError, Encoded, Envelope, EventId, Gap, SseEvent};

use crate::{Cursor, Cut, Decoded, reader::Step, subscribe::Seat, trace};

/// A stream of encoded events, created by [`Subscribe::on_gap`](crate::Subscribe::on_gap) or
/// [`Subscribe::ignore_gaps`](crate::Subscribe::ignore_gaps).
///
/// The items are encoded events with their IDs, which `sse_axum::Sse` sends unchanged, and blocks that contain only an
/// ID. If the stream is cut, it yields a [`Cut`] and ends. It also ends when its topic ends, or when the hub is drained
/// or closed.
#[must_use = "streams do nothing unless polled"]
pub struct Subscription<E, F = fn(Gap) -> E> {
    seat: Seat,
    on_gap: Option<F>,
    bookmark: Option<Box<Draft<E>>>,
    bookmark_error: Option<EncodeError>,
    /// Whether the stream itself has ended: it was cut, or `on_gap` or `on_bookmark` returned a terminal event.
    ended: bool,
    event: PhantomData<fn(E) -> E>,
}

/// The next item to send.
pub(crate) enum Sending<E> {
    /// An event of the log.
    Event(Encoded<E>),
    /// A gap, with the ID from which the stream continues.
    Gap(Gap, Cursor),
    /// An ID without an event.
    Id(Cursor),
}

impl<E: SseEvent, F: FnMut(Gap) -> E> Subscription<E, F> {
    pub(crate) const fn new(
        seat: Seat,
        on_gap: Option<F>,
        bookmark: Option<Box<Draft<E>>>,
        bookmark_error: Option<EncodeError>,
    ) -> Self {
        Self { seat, on_gap, bookmark, bookmark_error, ended: false, event: PhantomData }
    }

    /// Turns the subscription into a stream of typed events for a reader in this process.
    ///
    /// ```
    /// use futures_util::StreamExt;
    /// use sse_core::{Gap, SseEvent};
    /// use sse_hub::{Hub, Options};
    ///
    /// #[derive(Debug, PartialEq, SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Score {
    ///     Goal { minute: u8 },
    ///     Resync(Gap),
    /// }
    ///
    /// # futures_util::FutureExt::now_or_never(async {
    /// let hub: Hub<Score> = Hub::memory(Options::new());
    /// let mut scores = hub.topic("match/17").subscribe(hub.cursor())?.on_gap(Score::Resync).decoded();
    /// hub.topic("match/17").publish(&Score::Goal { minute: 12 }).await?;
    /// assert_eq!(scores.next().await.unwrap()?, Score::Goal { minute: 12 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn decoded(self) -> Decoded<E, F> {
        Decoded::new(self)
    }

    /// Polls for the next item, before it is encoded.
    pub(crate) fn poll_sending(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Sending<E>, Cut>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            return Poll::Ready(match self.seat.step(cx.waker()) {
                Step::Wait => return Poll::Pending,
                // The lock is free between two steps, so that other tasks can take it.
                Step::Again => continue,
                Step::Over => None,
                Step::Cut => Some(Err(self.cut(Cut::Behind))),
                Step::Id(id) => Some(Ok(Sending::Id(id))),
                Step::Gap { gap, id } => {
                    trace::gap(gap, id);
                    Some(Ok(Sending::Gap(gap, id)))
                }
                Step::Event { block, ends } => {
                    let flow = if ends { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
                    Some(Ok(Sending::Event(Encoded::from_bytes(block, flow))))
                }
            });
        }
    }

    /// Returns the event for a gap, or `None` if gaps are ignored.
    pub(crate) fn gap_event(&mut self, gap: Gap) -> Option<E> {
        self.on_gap.as_mut().map(|event| event(gap))
    }

    pub(crate) const fn end(&mut self) {
        self.ended = true;
    }

    fn cut(&mut self, cut: Cut) -> Cut {
        self.ended = true;
        trace::cut(&cut);
        cut
    }

    fn encode(&mut self, sending: Sending<E>) -> Result<Encoded<E>, Cut> {
        let encoded = match sending {
            Sending::Event(event) => return Ok(event),
            Sending::Gap(gap, id) => match self.gap_event(gap) {
                Some(event) => Draft::new(&event).and_then(|draft| draft.with_id(&id)),
                None => self.bookmark(id),
            },
            Sending::Id(id) => self.bookmark(id),
        };
        let encoded = encoded.map_err(|error| self.cut(Cut::Encode(error)))?;
        self.ended |= encoded.is_terminal();
        Ok(encoded)
    }

    fn bookmark(&mut self, id: Cursor) -> Result<Encoded<E>, EncodeError> {
        if let Some(error) = self.bookmark_error.take() {
            return Err(error);
        }
        if let Some(draft) = &self.bookmark {
            return draft.with_id(&id);
        }
        let id = EventId::new(id.to_string())?;
        Encoded::envelope(&Envelope::empty().with_id(id))
    }
}

impl<E: SseEvent, F: FnMut(Gap) -> E> Stream for Subscription<E, F> {
    type Item = Result<Encoded<E>, Cut>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        this.poll_sending(cx).map(|sending| Some(sending?.and_then(|sending| this.encode(sending))))
    }
}

/// No field is pinned structurally.
impl<E, F> Unpin for Subscription<E, F> {}

impl<E, F> fmt::Debug for Subscription<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").field("ended", &self.ended).finish_non_exhaustive()
    }
}
