//! An event together with the other fields of its block.

use crate::{Comment, EventId, IntoEventId, Retry};

/// An event with an event ID, a reconnection time or a comment: everything that one block of a stream can hold.
///
/// ```
/// use std::time::Duration;
///
/// use sse_core::{Encoder, Envelope, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.envelope(&Envelope::new(Count::Tick(1)).with_id(7).with_retry(Duration::from_secs(3)))?;
/// assert_eq!(encoder.as_bytes(), b"event: tick\nid: 7\nretry: 3000\ndata: 1\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
///
/// The event is optional. An envelope without one can set the last event ID or the reconnection time, or keep the
/// connection alive with a comment.
///
/// An envelope does not implement [`SseEvent`](crate::SseEvent), so it cannot be nested in another envelope or in an
/// event. A stream can yield both events and envelopes: see [`StreamItem`](crate::StreamItem).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope<E> {
    /// The event, or `None` if the block does not dispatch one.
    pub event: Option<E>,
    /// The event ID that the block sets. Readers keep it for the events that follow.
    pub id: Option<EventId>,
    /// The reconnection time that the block sets.
    pub retry: Option<Retry>,
    /// The comment, which precedes the event.
    pub comment: Option<Comment>,
}

impl<E> Envelope<E> {
    /// Creates an empty envelope. Nothing is written for it.
    #[must_use]
    pub const fn empty() -> Self {
        Self { event: None, id: None, retry: None, comment: None }
    }

    /// Creates an envelope that holds an event.
    #[must_use]
    pub const fn new(event: E) -> Self {
        Self { event: Some(event), id: None, retry: None, comment: None }
    }

    /// Creates an envelope that holds only a comment.
    #[must_use]
    pub const fn comment(comment: Comment) -> Self {
        Self { event: None, id: None, retry: None, comment: Some(comment) }
    }

    /// Sets the event ID. It takes precedence over an ID among the fields of the event.
    ///
    /// The ID is an integer or an [`EventId`]. Text must be converted into an `EventId` first, because not every text
    /// is a valid ID.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Envelope, EventId};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Count { Tick(u32) }
    ///
    /// let numbered = Envelope::new(Count::Tick(1)).with_id(42);
    /// let named = Envelope::new(Count::Tick(1)).with_id(EventId::new(format!("orders:{}", 42))?);
    /// # assert_eq!((numbered.id.unwrap().as_str(), named.id.unwrap().as_str()), ("42", "orders:42"));
    /// # Ok::<(), sse_core::InvalidValue>(())
    /// ```
    #[must_use]
    pub fn with_id(mut self, id: impl IntoEventId) -> Self {
        self.id = Some(id.into_event_id());
        self
    }

    /// Sets the reconnection time. It takes precedence over one among the fields of the event.
    ///
    /// The time is a `Duration` or a [`Retry`]. A plain number is not accepted, because its unit would be unclear.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use sse_core::{Envelope, Retry};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Count { Tick(u32) }
    ///
    /// let seconds = Envelope::new(Count::Tick(1)).with_retry(Duration::from_secs(5));
    /// let millis = Envelope::new(Count::Tick(1)).with_retry(Retry::from_millis(5000));
    /// assert_eq!(seconds, millis);
    /// ```
    #[must_use]
    pub fn with_retry(mut self, retry: impl Into<Retry>) -> Self {
        self.retry = Some(retry.into());
        self
    }

    /// Sets the comment, which is written before the event.
    #[must_use]
    pub fn with_comment(mut self, comment: Comment) -> Self {
        self.comment = Some(comment);
        self
    }

    /// Maps the event with `f`, and keeps the other fields.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::Envelope;
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Count { Tick(u32) }
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Feed { #[sse(flatten)] Count(Count) }
    ///
    /// let count = Envelope::new(Count::Tick(1)).with_id(5);
    /// assert_eq!(count.map(Feed::Count), Envelope::new(Feed::Count(Count::Tick(1))).with_id(5));
    /// ```
    #[must_use]
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Envelope<F> {
        Envelope { event: self.event.map(f), id: self.id, retry: self.retry, comment: self.comment }
    }
}

impl<E> Default for Envelope<E> {
    fn default() -> Self {
        Self::empty()
    }
}

impl<E> From<E> for Envelope<E> {
    fn from(event: E) -> Self {
        Self::new(event)
    }
}
