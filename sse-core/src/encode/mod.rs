//! Writing: an event goes straight into one reused buffer.

mod data;
mod error;
mod event;
mod field;
mod json;
mod line;

use alloc::vec::Vec;

pub use self::{
    data::DataWriter,
    error::EncodeError,
    event::{EventWriter, Fields, Written},
    json::Json,
};
use crate::{Comment, Envelope, Retry, SendError, SseEvent, StreamItem, wire::LF};

/// Turns events into the bytes of an event stream.
///
/// An event that fails to encode leaves nothing behind: the encoder goes back to where the event began, and what was
/// there before is whole.
///
/// ```
/// use sse_core::{Encoder, Envelope, RawEventBuf, EventName};
///
/// let mut encoder = Encoder::new();
/// encoder.event(&RawEventBuf::new(EventName::from_static("greeting"), "hello\nworld"))?;
/// assert_eq!(encoder.as_bytes(), b"event: greeting\ndata: hello\ndata: world\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// An encoder with an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self { out: Vec::new() }
    }

    /// An encoder that writes behind what `buffer` holds, to use an allocation again.
    #[must_use]
    pub const fn with_buffer(buffer: Vec<u8>) -> Self {
        Self { out: buffer }
    }

    /// Writes an event.
    ///
    /// # Errors
    ///
    /// When the event cannot be encoded; nothing of it is written.
    pub fn event<E: SseEvent + ?Sized>(&mut self, event: &E) -> Result<(), EncodeError> {
        self.or_roll_back(|out| event.encode(EventWriter::new(out)).map(drop))
    }

    /// Writes an envelope: comment, event type, ID, reconnection time, data. An envelope without an event is closed by an
    /// empty line too, and one with nothing in it writes nothing.
    ///
    /// # Errors
    ///
    /// When the event cannot be encoded; nothing of the envelope is written.
    pub fn envelope<E: SseEvent>(&mut self, envelope: &Envelope<E>) -> Result<(), EncodeError> {
        self.or_roll_back(|out| {
            let start = out.len();
            if let Some(comment) = &envelope.comment {
                field::comment(out, comment);
            }
            if let Some(event) = &envelope.event {
                let writer = EventWriter::in_envelope(out, envelope.id.as_ref(), envelope.retry);
                return event.encode(writer).map(drop);
            }
            if let Some(id) = &envelope.id {
                field::id(out, id);
            }
            if let Some(retry) = envelope.retry {
                field::retry(out, retry);
            }
            if out.len() > start {
                out.push(LF);
            }
            Ok(())
        })
    }

    /// Writes whatever a stream may yield, and says whether the stream goes on after it.
    ///
    /// # Errors
    ///
    /// When the item is the stream's own error, or its event cannot be encoded.
    pub fn item<O: StreamItem>(&mut self, item: O) -> Result<core::ops::ControlFlow<()>, SendError<O::Error>> {
        item.write(self)
    }

    /// Writes a comment and an empty line: a keep-alive that also readers that split at empty lines see.
    pub fn comment(&mut self, comment: &Comment) {
        field::comment(&mut self.out, comment);
        self.out.push(LF);
    }

    /// Writes a block of only a reconnection time.
    pub fn retry(&mut self, retry: Retry) {
        field::retry(&mut self.out, retry);
        self.out.push(LF);
    }

    /// Appends bytes that are whole blocks already.
    pub(crate) fn blocks(&mut self, blocks: &[u8]) {
        self.out.extend_from_slice(blocks);
    }

    /// The bytes written so far.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// How many bytes are written.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing is written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Forgets what is written, and keeps the buffer.
    pub fn clear(&mut self) {
        self.out.clear();
    }

    /// The buffer itself.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// A failed event ends where it began.
    fn or_roll_back(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>) -> Result<(), EncodeError> {
        let start = self.out.len();
        let written = write(&mut self.out);
        if written.is_err() {
            self.out.truncate(start);
        }
        written
    }
}
