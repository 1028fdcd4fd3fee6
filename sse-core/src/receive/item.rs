//! The items of typed streams and readers: events or envelopes.

use crate::{Comment, Envelope, EventId, Retry, SseDecodeOwned};

/// An item of an `EventStream` or an `EventReader`: an event `E`, or an [`Envelope<E>`] with the other fields of its
/// block. The type parameter of the stream or reader selects one of the two.
///
/// This trait is sealed: it cannot be implemented outside of `sse_core`.
///
/// ```
/// use sse_core::{Envelope, EventReader, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let source: &[u8] = b"event: tick\nid: 7\ndata: 1\n\n";
/// let counts: Result<Vec<_>, _> = EventReader::<_, Count>::new(source).collect();
/// assert_eq!(counts?, [Count::Tick(1)]);
/// let envelopes: Result<Vec<_>, _> = EventReader::<_, Envelope<Count>>::new(source).collect();
/// assert_eq!(envelopes?, [Envelope::new(Count::Tick(1)).with_id(7)]);
/// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as an event",
    label = "does not implement `SseDecode`",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; plain data, such as a `String`, has to be the \
            payload of a variant"
)]
pub trait ReceivedItem: sealed::Sealed + Sized {
    /// The type of the events.
    type Event: SseDecodeOwned;

    /// Creates an item from an event and the other fields of its block.
    #[doc(hidden)]
    fn from_event(event: Self::Event, id: Option<&str>, retry: Option<Retry>) -> Self;

    /// Creates an item from a comment, or returns `None` if the item cannot hold one.
    #[doc(hidden)]
    fn from_comment(comment: &str) -> Option<Self>;

    /// Creates an item from a block without an event, or returns `None` if the item cannot hold one.
    #[doc(hidden)]
    fn from_block(id: Option<&str>, retry: Option<Retry>) -> Option<Self>;
}

mod sealed {
    pub trait Sealed {}
}

impl<E: SseDecodeOwned> sealed::Sealed for E {}
impl<E: SseDecodeOwned> sealed::Sealed for Envelope<E> {}

impl<E: SseDecodeOwned> ReceivedItem for E {
    type Event = E;

    fn from_event(event: E, _: Option<&str>, _: Option<Retry>) -> Self {
        event
    }

    fn from_comment(_: &str) -> Option<Self> {
        None
    }

    fn from_block(_: Option<&str>, _: Option<Retry>) -> Option<Self> {
        None
    }
}

impl<E: SseDecodeOwned> ReceivedItem for Envelope<E> {
    type Event = E;

    fn from_event(event: E, id: Option<&str>, retry: Option<Retry>) -> Self {
        Self { event: Some(event), id: id.map(EventId::read), retry, comment: None }
    }

    fn from_comment(comment: &str) -> Option<Self> {
        Some(Self::comment(Comment::read(comment)))
    }

    fn from_block(id: Option<&str>, retry: Option<Retry>) -> Option<Self> {
        Some(Self { event: None, id: id.map(EventId::read), retry, comment: None })
    }
}
