//! Typed events out of chunks: what every way of receiving shares.

use core::{error::Error, fmt, marker::PhantomData};

use crate::{
    Comment, DecodeError, Decoded, Decoder, EventId, Frame, LimitError, Part, RawEvent, SseDecodeOwned, decode::Chunk,
};

/// Why an event could not be received.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<Err> {
    /// The source of the bytes failed. The stream ends.
    Source(Err),
    /// An event was too large, and is skipped. The stream goes on.
    Limit(LimitError),
    /// An event is not what its type expects. The stream goes on.
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

/// The two errors of this crate speak for themselves; only a failed source is a cause of its own.
impl<Err: Error + 'static> Error for ReceiveError<Err> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Limit(error) => error.source(),
            Self::Decode(error) => error.source(),
        }
    }
}

/// A decoder, and what became of the events it lent. The owner has the bytes.
pub(crate) struct Receiver<E> {
    pub(crate) decoder: Decoder,
    /// How many events were skipped because the type does not know them.
    pub(crate) unknown: u64,
    /// Whether the last event has come, or the source has failed or ended.
    pub(crate) ended: bool,
    /// Whether comments are frames too.
    pub(crate) shows_comments: bool,
    event: PhantomData<fn() -> E>,
}

impl<E> Receiver<E> {
    pub(crate) const fn new(decoder: Decoder) -> Self {
        Self { decoder, unknown: 0, ended: false, shows_comments: false, event: PhantomData }
    }

    /// The source failed.
    pub(crate) const fn fail<Err>(&mut self, error: Err) -> ReceiveError<Err> {
        self.ended = true;
        ReceiveError::Source(error)
    }
}

impl<E: SseDecodeOwned> Receiver<E> {
    /// The next event in `bytes`, behind `position`; `None` when the bytes are read.
    pub(crate) fn next_in<Err>(
        &mut self,
        bytes: &[u8],
        position: &mut usize,
    ) -> Option<Result<Frame<E>, ReceiveError<Err>>> {
        let mut chunk = Chunk::each_value(bytes, *position);
        let item = self.next_of(&mut chunk);
        *position = chunk.lines.position;
        // The chunk may go, also where all of its events were skipped.
        self.decoder.settle(&chunk);
        self.ended = matches!(&item, Some(Ok(frame)) if is_terminal(frame));
        item
    }

    fn next_of<Err>(&mut self, chunk: &mut Chunk<'_>) -> Option<Result<Frame<E>, ReceiveError<Err>>> {
        loop {
            let step = if self.shows_comments {
                self.decoder.next_part(chunk)?
            } else {
                self.decoder.next_event(chunk)?.map(Part::Event)
            };
            let received = match step {
                Ok(Part::Event(raw)) => receive(raw, &mut self.unknown),
                Ok(Part::Comment(text)) => Some(Ok(Frame::comment(Comment::read(text)))),
                Err(error) => Some(Err(ReceiveError::Limit(error))),
            };
            if received.is_some() {
                return received;
            }
        }
    }
}

/// Decodes an event, unless it is one to be skipped.
fn receive<E: SseDecodeOwned, Err>(
    raw: RawEvent<'_>,
    unknown: &mut u64,
) -> Option<Result<Frame<E>, ReceiveError<Err>>> {
    match E::decode(raw) {
        Ok(Decoded::Event(event)) => {
            Some(Ok(Frame { event: Some(event), id: raw.id().map(EventId::read), retry: raw.retry(), comment: None }))
        }
        Ok(Decoded::Ignored) => None,
        Ok(Decoded::Unknown) => {
            *unknown += 1;
            #[cfg(feature = "tracing")]
            tracing::debug!(event = raw.event(), "skipped an unknown event");
            None
        }
        Err(error) => Some(Err(ReceiveError::Decode(error))),
    }
}

fn is_terminal<E: SseDecodeOwned>(frame: &Frame<E>) -> bool {
    frame.event.as_ref().is_some_and(E::is_terminal)
}

impl<E> fmt::Debug for Receiver<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("decoder", &self.decoder)
            .field("unknown", &self.unknown)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
