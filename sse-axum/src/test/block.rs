//! Splitting a body into blocks, so that blocks without an event are read too.

use sse_core::{Comment, Decoded, Decoder, Envelope, EventId, RawPart, Retry, SseDecodeOwned};

use super::ReadError;

/// The blocks of a body. Each ends with an empty line, as [`Sse`](crate::Sse) writes them.
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

    /// Checks that the body ended after a whole block.
    pub(super) fn end(&self) -> Result<(), ReadError> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        Err(ReadError::Unfinished { bytes: String::from_utf8_lossy(&self.bytes).into_owned() })
    }

    /// Returns the next envelope, or `None` if another chunk is needed. Blocks that are empty or ignored are skipped.
    pub(super) fn next<E: SseDecodeOwned>(&mut self) -> Result<Option<Envelope<E>>, ReadError> {
        while let Some(end) = self.bytes.windows(2).position(|pair| pair == b"\n\n") {
            let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
            if let Some(envelope) = self.envelope(&block)? {
                return Ok(Some(envelope));
            }
        }
        Ok(None)
    }

    /// Decodes a block. Returns `None` if the block is empty or the type ignores its event.
    fn envelope<E: SseDecodeOwned>(&mut self, block: &[u8]) -> Result<Option<Envelope<E>>, ReadError> {
        let comment = comment(block);
        if let Some(raw) = self.decoder.feed(block).next_event() {
            let raw = raw.map_err(ReadError::Limit)?;
            let (id, retry) = (raw.id().and_then(|id| EventId::new(id.to_owned()).ok()), raw.retry());
            return match E::decode(raw).map_err(ReadError::Decode)? {
                Decoded::Event(event) => Ok(Some(envelope(Some(event), id, retry, comment))),
                Decoded::Ignored => Ok(None),
                Decoded::Unknown => {
                    Err(ReadError::Unknown { name: raw.name().to_owned(), data: raw.data().to_owned() })
                }
            };
        }
        let (id, retry) = set(block);
        let is_empty = id.is_none() && retry.is_none() && comment.is_none();
        Ok((!is_empty).then(|| envelope(None, id, retry, comment)))
    }
}

/// Returns the ID and the reconnection time that a block without an event sets.
fn set(block: &[u8]) -> (Option<EventId>, Option<Retry>) {
    // A decoder does not report whether a block has set the last event ID. So the block is decoded twice, with a
    // different ID before it each time: an ID that the block sets differs from at least one of the two.
    let ids = [EventId::RESET, EventId::from_static("0")].map(|before| {
        let mut alone = Decoder::new().with_last_event_id(&before);
        let _none = alone.feed(block).next_event();
        let id = EventId::new(alone.last_event_id().to_owned()).ok();
        (id.filter(|id| *id != before), alone.reconnection_time())
    });
    let [(first, retry), (second, _)] = ids;
    (first.or(second), retry)
}

fn envelope<E>(event: Option<E>, id: Option<EventId>, retry: Option<Retry>, comment: Option<Comment>) -> Envelope<E> {
    let mut envelope = event.map_or_else(Envelope::empty, Envelope::new);
    (envelope.id, envelope.retry, envelope.comment) = (id, retry, comment);
    envelope
}

/// Returns the first comment of a block.
fn comment(block: &[u8]) -> Option<Comment> {
    let mut alone = Decoder::new();
    let mut parts = alone.feed(block);
    while let Some(part) = parts.next_part() {
        if let Ok(RawPart::Comment(text)) = part {
            return Comment::new(text.to_owned()).ok();
        }
    }
    None
}
