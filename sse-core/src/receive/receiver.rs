//! The receiving loop that `EventStream` and `EventReader` share.

use core::{fmt, marker::PhantomData};

use super::{
    end::{ReceiveError, StreamEnd},
    item::ReceivedItem,
    text::ChunkText,
};
use crate::{
    Decoded, Decoder, RawEvent, RawPart, Retry, SseDecode as _, TypedEvent as _,
    decode::{Chunk, Shown},
};

/// A decoder and the state of a typed stream. Its owner holds the bytes.
pub(crate) struct Receiver<T> {
    pub(crate) decoder: Decoder,
    text: ChunkText,
    /// The number of unknown events that were skipped.
    pub(crate) unknown: u64,
    /// The number of bytes in the chunks of the source so far.
    pub(crate) bytes_read: u64,
    /// How the stream has ended, or `None` if it has not. [`last_item`](Self::last_item) may still return items.
    pub(crate) end: Option<StreamEnd>,
    /// The parts that are yielded in addition to events.
    pub(crate) shown: Shown,
    /// Whether the error for an end without a terminal event is still to be yielded.
    pub(crate) requires_terminal: bool,
    item: PhantomData<fn() -> T>,
}

impl<T> Receiver<T> {
    pub(crate) fn new(mut decoder: Decoder) -> Self {
        // The decoder may have been taken from a stream that had not read its last chunk.
        decoder.begin_chunk();
        Self {
            decoder,
            text: ChunkText::default(),
            unknown: 0,
            bytes_read: 0,
            end: None,
            shown: Shown::NONE,
            requires_terminal: false,
            item: PhantomData,
        }
    }

    /// Changes the type of the items.
    pub(crate) fn into_items<U>(self) -> Receiver<U> {
        let Self { decoder, text, unknown, bytes_read, end, shown, requires_terminal, item: _ } = self;
        Receiver { decoder, text, unknown, bytes_read, end, shown, requires_terminal, item: PhantomData }
    }

    /// Begins a chunk of the source.
    pub(crate) fn begin_chunk(&mut self, bytes: &[u8]) {
        self.decoder.begin_chunk();
        self.text.begin(bytes);
        self.bytes_read = self.bytes_read.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }

    /// Ends the stream at the end of its source.
    #[cold]
    pub(crate) fn finish(&mut self) {
        let is_between_events = self.decoder.is_between_events();
        self.end = Some(if is_between_events { StreamEnd::BetweenEvents } else { StreamEnd::WithinEvent });
    }

    /// Ends the stream with an error of its source.
    pub(crate) const fn fail<Err>(&mut self, error: Err) -> ReceiveError<Err> {
        self.end = Some(StreamEnd::Failed);
        ReceiveError::Source(error)
    }

    /// Returns whether the stream has ended and all its items are yielded.
    #[cfg(feature = "stream")]
    pub(crate) fn is_done(&self) -> bool {
        self.end.is_some_and(|_| self.last().is_none())
    }

    /// Returns what is still to be yielded after the end of the source.
    fn last(&self) -> Option<Last> {
        let within_event = match self.end? {
            StreamEnd::Terminal | StreamEnd::Failed => return None,
            StreamEnd::BetweenEvents => false,
            StreamEnd::WithinEvent => true,
        };
        match self.decoder.pending_retry() {
            Some(retry) if self.shown.blocks => Some(Last::Retry(retry)),
            _ => self.requires_terminal.then_some(Last::Unterminated { within_event }),
        }
    }
}

/// An item after the end of the source.
enum Last {
    /// The reconnection time of `retry` lines that no empty line follows.
    Retry(Retry),
    /// The error for an end without a terminal event.
    Unterminated { within_event: bool },
}

impl<T: ReceivedItem> Receiver<T> {
    /// Passes the next item in the present chunk, or the error in place of one, to `put`. `bytes` are the bytes of the
    /// chunk. Returns whether it passed anything; `false` means that all of them are read.
    ///
    /// An item is too large for registers. Each function that returned it would move it, and the load would wait for
    /// several smaller stores. So `put` writes it where the caller of the stream finds it, and this function and those
    /// below are inlined up to there.
    #[expect(clippy::inline_always, reason = "a call would move the item once more, see above")]
    #[inline(always)]
    pub(crate) fn next_in<Err>(&mut self, bytes: &[u8], put: &mut impl FnMut(Received<T, Err>)) -> bool {
        let Self { decoder, text, unknown, end, shown, .. } = self;
        let mut chunk = text.chunk(bytes);
        let is_put = if *shown == Shown::NONE {
            next_event(decoder, &mut chunk, unknown, end, put)
        } else {
            next_part(decoder, &mut chunk, *shown, unknown, end, put)
        };
        // The caller may drop the chunk now, even if no event of it was passed.
        decoder.detach(&chunk);
        if is_put {
            text.count();
        }
        is_put
    }

    /// Returns the next item in input that the decoder had when the stream was created, or `None` once it is read.
    #[cfg(feature = "stream")]
    #[cold]
    pub(crate) fn next_unread<Err>(&mut self) -> Option<Received<T, Err>> {
        let Self { decoder, unknown, end, shown, .. } = self;
        let mut next = None;
        next_part(decoder, &mut Chunk::each_value(&[]), *shown, unknown, end, &mut |item| next = Some(item));
        next
    }

    /// Returns the next item after the end of the source, or `None` if none is left.
    #[cold]
    pub(crate) fn last_item<Err>(&mut self) -> Option<Received<T, Err>> {
        loop {
            match self.last()? {
                Last::Retry(retry) => {
                    self.decoder.take_pending_retry();
                    if let Some(item) = T::from_block(None, Some(retry)) {
                        return Some(Ok(item));
                    }
                }
                Last::Unterminated { within_event } => {
                    self.requires_terminal = false;
                    return Some(Err(ReceiveError::Unterminated { within_event }));
                }
            }
        }
    }
}

/// An item, or the error in place of one.
pub(crate) type Received<T, Err> = Result<T, ReceiveError<Err>>;

/// Passes the next item that is an event to `put`. Returns `false` if the chunk has no further one.
#[expect(clippy::inline_always, reason = "a call would move the item once more")]
#[inline(always)]
fn next_event<T: ReceivedItem, Err>(
    decoder: &mut Decoder,
    chunk: &mut Chunk<'_>,
    unknown: &mut u64,
    end: &mut Option<StreamEnd>,
    put: &mut impl FnMut(Received<T, Err>),
) -> bool {
    loop {
        let is_put = if let Some(raw) = decoder.next_lone(chunk) {
            receive(raw, unknown, end, put)
        } else {
            // With `?`, the event would be copied out of the `Option`.
            match decoder.next_other(chunk) {
                Some(Ok(raw)) => receive(raw, unknown, end, put),
                Some(Err(error)) => {
                    put(Err(ReceiveError::Limit(error)));
                    true
                }
                None => return false,
            }
        };
        if is_put {
            return true;
        }
    }
}

/// Like [`next_event`], but also passes other parts that are `shown`. Out of line, so that a stream of events does not
/// pay for it.
#[inline(never)]
fn next_part<T: ReceivedItem, Err>(
    decoder: &mut Decoder,
    chunk: &mut Chunk<'_>,
    shown: Shown,
    unknown: &mut u64,
    end: &mut Option<StreamEnd>,
    put: &mut impl FnMut(Received<T, Err>),
) -> bool {
    loop {
        let item = match decoder.next_part(chunk, shown) {
            Some(Ok(RawPart::Event(raw))) => {
                if receive(raw, unknown, end, put) {
                    return true;
                }
                continue;
            }
            Some(Ok(RawPart::Comment(text))) => T::from_comment(text).map(Ok),
            Some(Ok(RawPart::Block { id, retry })) => T::from_block(id, retry).map(Ok),
            Some(Err(error)) => Some(Err(ReceiveError::Limit(error))),
            None => return false,
        };
        if let Some(item) = item {
            put(item);
            return true;
        }
    }
}

/// Decodes an event and passes it to `put`, or the error. Returns `false` if it is ignored or unknown, counts it if it is
/// unknown, and ends the stream if it is terminal.
#[expect(clippy::inline_always, reason = "a call would move the item once more")]
#[inline(always)]
fn receive<T: ReceivedItem, Err>(
    raw: RawEvent<'_>,
    unknown: &mut u64,
    end: &mut Option<StreamEnd>,
    put: &mut impl FnMut(Received<T, Err>),
) -> bool {
    // If the event were used after the call, the call would take a copy of it.
    let (id, retry) = (raw.id(), raw.retry());
    #[cfg(feature = "tracing")]
    let name = raw.name();
    match T::Event::decode(raw) {
        Ok(Decoded::Event(event)) => {
            if event.is_terminal() {
                *end = Some(StreamEnd::Terminal);
            }
            put(Ok(T::from_event(event, id, retry)));
        }
        Ok(Decoded::Ignored) => return false,
        Ok(Decoded::Unknown) => {
            *unknown += 1;
            #[cfg(feature = "tracing")]
            tracing::debug!(event = name, "skipped an unknown event");
            return false;
        }
        Err(error) => put(Err(ReceiveError::Decode(error))),
    }
    true
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("decoder", &self.decoder)
            .field("unknown", &self.unknown)
            .field("bytes_read", &self.bytes_read)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
