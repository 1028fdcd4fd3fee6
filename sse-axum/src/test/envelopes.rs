//! The envelopes of a body, as a client reads them.

use std::mem;

use bytes::Bytes;
use sse_core::{Comment, Decoded, Decoder, Envelope, EventId, Limits, RawEvent, RawPart, Retry, SseDecodeOwned};

use super::ReadError;

/// The envelopes of a body: its events, its comments, and its blocks without an event.
///
/// The decoder is fed line by line, so that the bytes of an unfinished event are known when the body ends.
#[derive(Debug, Default)]
pub(super) struct Envelopes {
    decoder: Decoder,
    /// The next line, or the part of it that the present chunk contains.
    line: Bytes,
    /// The rest of the present chunk, after that line.
    chunk: Bytes,
    /// All bytes since the end of the last event.
    unfinished: Vec<u8>,
}

impl Envelopes {
    pub(super) fn set_limits(&mut self, limits: Limits) {
        self.decoder = mem::take(&mut self.decoder).with_limits(limits);
    }

    pub(super) fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    pub(super) fn reconnection_time(&self) -> Option<Retry> {
        self.decoder.reconnection_time()
    }

    /// Adds a chunk, after [`next`](Self::next) has returned `None`.
    pub(super) fn push(&mut self, chunk: Bytes) {
        self.chunk = chunk;
    }

    /// Returns the next envelope, or `None` if another chunk is needed. Events that the type ignores are skipped.
    pub(super) fn next<E: SseDecodeOwned>(&mut self) -> Result<Option<Envelope<E>>, ReadError> {
        loop {
            // If the decoder has not read all of a line, it keeps the rest, which the next call reads with an empty
            // chunk.
            let line = mem::take(&mut self.line);
            if let Some(part) = self.decoder.feed(&line).next_part() {
                match envelope(part.map_err(ReadError::Limit)?)? {
                    Some(envelope) => return Ok(Some(envelope)),
                    None => continue,
                }
            }
            if self.decoder.is_between_events() {
                self.unfinished.clear();
            }
            if self.chunk.is_empty() {
                return Ok(None);
            }
            let end = self.chunk.iter().position(|byte| *byte == b'\n').map_or(self.chunk.len(), |at| at + 1);
            self.line = self.chunk.split_to(end);
            self.unfinished.extend_from_slice(&self.line);
        }
    }

    /// Checks that the body ended between two events. Returns a reconnection time that no block followed, but only in
    /// the first call.
    pub(super) fn end<E>(&mut self) -> Result<Option<Envelope<E>>, ReadError> {
        if !self.decoder.is_between_events() {
            return Err(ReadError::Unfinished { bytes: String::from_utf8_lossy(&self.unfinished).into_owned() });
        }
        let retry = self.decoder.pending_retry();
        self.decoder.restart();
        Ok(retry.map(|retry| Envelope::empty().with_retry(retry)))
    }
}

/// Returns the envelope of a part, or `None` if the type ignores the event.
fn envelope<E: SseDecodeOwned>(part: RawPart<'_>) -> Result<Option<Envelope<E>>, ReadError> {
    match part {
        RawPart::Event(raw) => Ok(event(raw)?.map(|event| with_fields(Envelope::new(event), raw.id(), raw.retry()))),
        RawPart::Comment(text) => Ok(Comment::new(text.to_owned()).ok().map(Envelope::comment)),
        RawPart::Block { id, retry } => Ok(Some(with_fields(Envelope::empty(), id, retry))),
        _ => Ok(None),
    }
}

fn event<E: SseDecodeOwned>(raw: RawEvent<'_>) -> Result<Option<E>, ReadError> {
    match E::decode(raw).map_err(ReadError::Decode)? {
        Decoded::Event(event) => Ok(Some(event)),
        Decoded::Ignored => Ok(None),
        Decoded::Unknown => Err(ReadError::Unknown { name: raw.name().to_owned(), data: raw.data().to_owned() }),
    }
}

fn with_fields<E>(mut envelope: Envelope<E>, id: Option<&str>, retry: Option<Retry>) -> Envelope<E> {
    envelope.id = id.and_then(|id| EventId::from_received(id.to_owned()).ok());
    envelope.retry = retry;
    envelope
}
