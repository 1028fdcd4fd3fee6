//! Splitting a body into blocks, so that blocks without an event are read too.

use std::mem;

use sse_core::{Comment, Decoded, Decoder, Envelope, EventId, RawPart, Retry, SseDecodeOwned};

use super::ReadError;

/// The blocks and comments of a body, as [`Sse`](crate::Sse) writes them.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    bytes: Vec<u8>,
    decoder: Decoder,
}

impl Blocks {
    pub(super) fn push(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
    }

    pub(super) fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// Checks that the body ended between two blocks, and returns a reconnection time that no block followed.
    pub(super) fn end<E>(&mut self) -> Result<Option<Envelope<E>>, ReadError> {
        let rest = mem::take(&mut self.bytes);
        if rest.is_empty() {
            return Ok(None);
        }
        let is_complete = rest.ends_with(b"\n") && rest.split_inclusive(|byte| *byte == b'\n').all(is_retry);
        match set(&rest) {
            (None, Some(retry)) if is_complete => Ok(Some(Envelope::empty().with_retry(retry))),
            _ => Err(ReadError::Unfinished { bytes: String::from_utf8_lossy(&rest).into_owned() }),
        }
    }

    /// Returns the next envelope, or `None` if another chunk is needed. Blocks that are empty or ignored are skipped.
    pub(super) fn next<E: SseDecodeOwned>(&mut self) -> Result<Option<Envelope<E>>, ReadError> {
        loop {
            if let Some(comment) = self.comment() {
                return Ok(Some(Envelope::comment(comment)));
            }
            let Some(end) = self.bytes.windows(2).position(|pair| pair == b"\n\n") else { return Ok(None) };
            let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
            if let Some(envelope) = self.envelope(&block)? {
                return Ok(Some(envelope));
            }
        }
    }

    /// Returns the next comment, if it is a whole line at the start of a block, after `retry` lines.
    fn comment(&mut self) -> Option<Comment> {
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        let start: usize = lines.take_while(|line| is_retry(line)).map(<[u8]>::len).sum();
        let rest = self.bytes.get(start..)?;
        let len = rest.iter().position(|byte| *byte == b'\n')?;
        let comment = comment(rest.get(..=len)?)?;
        self.bytes.drain(start..=start + len);
        Some(comment)
    }

    /// Decodes a block. Returns `None` if the block is empty or the type ignores its event.
    fn envelope<E: SseDecodeOwned>(&mut self, block: &[u8]) -> Result<Option<Envelope<E>>, ReadError> {
        if let Some(raw) = self.decoder.feed(block).next_event() {
            let raw = raw.map_err(ReadError::Limit)?;
            let (id, retry) = (raw.id().and_then(|id| EventId::from_received(id.to_owned()).ok()), raw.retry());
            return match E::decode(raw).map_err(ReadError::Decode)? {
                Decoded::Event(event) => Ok(Some(envelope(Some(event), id, retry))),
                Decoded::Ignored => Ok(None),
                Decoded::Unknown => {
                    Err(ReadError::Unknown { name: raw.name().to_owned(), data: raw.data().to_owned() })
                }
            };
        }
        let (id, retry) = set(block);
        let is_empty = id.is_none() && retry.is_none();
        Ok((!is_empty).then(|| envelope(None, id, retry)))
    }
}

fn is_retry(line: &[u8]) -> bool {
    line.starts_with(b"retry")
}

/// Returns the ID and the reconnection time that a block without an event sets.
fn set(block: &[u8]) -> (Option<EventId>, Option<Retry>) {
    // A decoder does not report whether a block has set the last event ID. So the block is decoded twice, with a
    // different ID before it each time: an ID that the block sets differs from at least one of the two.
    let ids = [EventId::RESET, EventId::from_static("0")].map(|before| {
        let mut alone = Decoder::new().with_last_event_id(&before);
        let _none = alone.feed(block).next_event();
        let id = EventId::from_received(alone.last_event_id().to_owned()).ok();
        (id.filter(|id| *id != before), alone.reconnection_time())
    });
    let [(first, retry), (second, _)] = ids;
    (first.or(second), retry)
}

fn envelope<E>(event: Option<E>, id: Option<EventId>, retry: Option<Retry>) -> Envelope<E> {
    let mut envelope = event.map_or_else(Envelope::empty, Envelope::new);
    (envelope.id, envelope.retry) = (id, retry);
    envelope
}

/// Returns the comment of a line, if it is one.
fn comment(line: &[u8]) -> Option<Comment> {
    let mut alone = Decoder::new();
    let mut parts = alone.feed(line);
    while let Some(part) = parts.next_part() {
        if let Ok(RawPart::Comment(text)) = part {
            return Comment::new(text.to_owned()).ok();
        }
    }
    None
}
