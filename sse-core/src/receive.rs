//! The receiving loop that `EventStream` and `EventReader` share.

use core::{error::Error, fmt, marker::PhantomData};

use crate::{
    Comment, DecodeError, Decoded, Decoder, Envelope, EventId, LimitError, RawEvent, RawPart, Retry, SseDecode as _,
    SseDecodeOwned, TypedEvent, decode::Chunk,
};

/// An item of an `EventStream` or an `EventReader`: an event `E`, or an [`Envelope<E>`] with the other fields of its
/// block. The type parameter of the stream or reader selects one of the two.
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
    message = "`{Self}` cannot be read as an event that owns its data",
    label = "does not implement `SseDecode` for all lifetimes",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; an event that borrows can only be decoded from a \
            `RawEvent`"
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

    /// Returns the event of the item, or `None` if it has none.
    #[doc(hidden)]
    fn event(&self) -> Option<&Self::Event>;
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

    fn event(&self) -> Option<&E> {
        Some(self)
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

    fn event(&self) -> Option<&E> {
        self.event.as_ref()
    }
}

/// The error that a typed stream or reader yields in place of an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<Err> {
    /// The source of the bytes failed. The stream ends.
    Source(Err),
    /// An event exceeds a limit and is skipped. The stream continues.
    Limit(LimitError),
    /// An event cannot be decoded and is skipped. The stream continues.
    Decode(DecodeError),
}

impl<Err> fmt::Display for ReceiveError<Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(_) => f.write_str("the connection failed"),
            Self::Limit(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

/// A [`LimitError`] or [`DecodeError`] is displayed in place of this error, so `source` returns its source.
impl<Err: Error + 'static> Error for ReceiveError<Err> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Limit(error) => error.source(),
            Self::Decode(error) => error.source(),
        }
    }
}

/// A decoder and the state of a typed stream. Its owner holds the bytes.
pub(crate) struct Receiver<T> {
    pub(crate) decoder: Decoder,
    /// The number of unknown events that were skipped.
    pub(crate) unknown: u64,
    /// Whether a terminal event was yielded, or the source has failed or ended.
    pub(crate) ended: bool,
    /// Whether comments are yielded too.
    pub(crate) shows_comments: bool,
    item: PhantomData<fn() -> T>,
}

impl<T> Receiver<T> {
    pub(crate) const fn new(decoder: Decoder) -> Self {
        Self { decoder, unknown: 0, ended: false, shows_comments: false, item: PhantomData }
    }

    /// Changes the type of the items.
    pub(crate) fn into_items<U>(self) -> Receiver<U> {
        let Self { decoder, unknown, ended, shows_comments, item: _ } = self;
        Receiver { decoder, unknown, ended, shows_comments, item: PhantomData }
    }

    /// Ends the stream with an error of its source.
    pub(crate) const fn fail<Err>(&mut self, error: Err) -> ReceiveError<Err> {
        self.ended = true;
        ReceiveError::Source(error)
    }
}

impl<T: ReceivedItem> Receiver<T> {
    /// Returns the next item in `bytes` from `position` on, or `None` once all bytes are read.
    pub(crate) fn next_in<Err>(&mut self, bytes: &[u8], position: &mut usize) -> Option<Result<T, ReceiveError<Err>>> {
        let mut chunk = Chunk::each_value(bytes, *position);
        let item = self.next_of(&mut chunk);
        *position = chunk.lines.position;
        // The caller may drop the chunk now, even if no event of it was returned.
        self.decoder.detach(&chunk);
        self.ended = matches!(&item, Some(Ok(item)) if item.event().is_some_and(TypedEvent::is_terminal));
        item
    }

    fn next_of<Err>(&mut self, chunk: &mut Chunk<'_>) -> Option<Result<T, ReceiveError<Err>>> {
        loop {
            let step = if self.shows_comments {
                self.decoder.next_part(chunk)?
            } else {
                self.decoder.next_event(chunk)?.map(RawPart::Event)
            };
            let received = match step {
                Ok(RawPart::Event(raw)) => receive(raw, &mut self.unknown),
                Ok(RawPart::Comment(text)) => T::from_comment(text).map(Ok),
                Err(error) => Some(Err(ReceiveError::Limit(error))),
            };
            if received.is_some() {
                return received;
            }
        }
    }
}

/// Decodes an event. Returns `None` if the event is skipped.
fn receive<T: ReceivedItem, Err>(raw: RawEvent<'_>, unknown: &mut u64) -> Option<Result<T, ReceiveError<Err>>> {
    match T::Event::decode(raw) {
        Ok(Decoded::Event(event)) => Some(Ok(T::from_event(event, raw.id(), raw.retry()))),
        Ok(Decoded::Ignored) => None,
        Ok(Decoded::Unknown) => {
            *unknown += 1;
            #[cfg(feature = "tracing")]
            tracing::debug!(event = raw.name(), "skipped an unknown event");
            None
        }
        Err(error) => Some(Err(ReceiveError::Decode(error))),
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("decoder", &self.decoder)
            .field("unknown", &self.unknown)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
