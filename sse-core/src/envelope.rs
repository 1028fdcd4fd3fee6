//! An event together with what else stands in its block.

use crate::{Comment, EventId, IntoEventId, Retry};

/// An event with an ID, a reconnection time or a comment: all that one block of a stream can hold. An envelope may also
/// hold no event, and only move the cursor, set the time or show a sign of life.
///
/// An envelope is not an event: the two cannot be confused, and both are accepted wherever a stream is served.
///
/// ```
/// use std::time::Duration;
/// use sse_core::{Encoder, Envelope, RawEventBuf, EventName};
///
/// let event = RawEventBuf::new(EventName::from_static("tick"), "1");
/// let mut encoder = Encoder::new();
/// encoder.envelope(&Envelope::new(event).with_id(7).with_retry(Duration::from_secs(3)))?;
/// assert_eq!(encoder.as_bytes(), b"event: tick\nid: 7\nretry: 3000\ndata: 1\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Envelope<E> {
    /// The event, if the block dispatches one.
    pub event: Option<E>,
    /// The event ID that this block sets. Readers keep it for the events that follow.
    pub id: Option<EventId>,
    /// The reconnection time that this block sets.
    pub retry: Option<Retry>,
    /// A comment before the event.
    pub comment: Option<Comment>,
}

impl<E> Envelope<E> {
    /// An envelope with nothing in it, which is written as nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self { event: None, id: None, retry: None, comment: None }
    }

    /// An envelope around an event.
    #[must_use]
    pub const fn new(event: E) -> Self {
        Self { event: Some(event), id: None, retry: None, comment: None }
    }

    /// An envelope of only a comment.
    #[must_use]
    pub const fn comment(comment: Comment) -> Self {
        Self { event: None, id: None, retry: None, comment: Some(comment) }
    }

    /// With this event ID, which wins over an ID among the event's own fields: a `u64`, or an [`EventId`], which text
    /// has to be made into, as not every text can be one.
    ///
    /// ```
    /// use sse_core::{EventId, Envelope};
    ///
    /// let numbered = Envelope::new("an event").with_id(42);
    /// let named = Envelope::new("an event").with_id(EventId::new(format!("orders:{}", 42))?);
    /// # assert_eq!((numbered.id.unwrap().as_str(), named.id.unwrap().as_str()), ("42", "orders:42"));
    /// # Ok::<(), sse_core::InvalidValue>(())
    /// ```
    #[must_use]
    pub fn with_id(mut self, id: impl IntoEventId) -> Self {
        self.id = Some(id.into_event_id());
        self
    }

    /// With this reconnection time, which wins over one of the event's own: a `Duration`, or a [`Retry`]. A bare number
    /// is neither, as nobody would see its unit.
    ///
    /// ```
    /// use std::time::Duration;
    /// use sse_core::{Envelope, Retry};
    ///
    /// let seconds = Envelope::new("an event").with_retry(Duration::from_secs(5));
    /// let millis = Envelope::new("an event").with_retry(Retry::from_millis(5000));
    /// assert_eq!(seconds, millis);
    /// ```
    #[must_use]
    pub fn with_retry(mut self, retry: impl Into<Retry>) -> Self {
        self.retry = Some(retry.into());
        self
    }

    /// With this comment, written before the event.
    #[must_use]
    pub fn with_comment(mut self, comment: Comment) -> Self {
        self.comment = Some(comment);
        self
    }

    /// The same envelope around another event.
    ///
    /// ```
    /// use sse_core::Envelope;
    ///
    /// assert_eq!(Envelope::new(1).with_id(5).map(|n| n + 1), Envelope::new(2).with_id(5));
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
