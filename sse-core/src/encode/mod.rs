//! Writing: events are encoded directly into one reused buffer.

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

/// An encoder that turns events into the bytes of an event stream.
///
/// ```
/// use sse_core::{Encoder, Envelope, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Count::Tick(1))?;
/// encoder.envelope(&Envelope::new(Count::Tick(2)).with_id(2))?;
/// assert_eq!(encoder.as_bytes(), b"event: tick\ndata: 1\n\nevent: tick\nid: 2\ndata: 2\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
///
/// If an event cannot be encoded, the encoder removes what was written of it, and keeps everything before it.
#[derive(Clone, Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// Creates an encoder with an empty buffer.
    #[must_use]
    pub const fn new() -> Self {
        Self { out: Vec::new() }
    }

    /// Creates an encoder that appends to `buffer`, for instance to reuse its allocation.
    #[must_use]
    pub const fn with_buffer(buffer: Vec<u8>) -> Self {
        Self { out: buffer }
    }

    /// Writes an event.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded. Nothing is written in that case.
    pub fn event<E: SseEvent + ?Sized>(&mut self, event: &E) -> Result<(), EncodeError> {
        self.or_roll_back(|out| event.encode(EventWriter::new(out)).map(drop))
    }

    /// Writes an envelope: its comment, event name, ID, reconnection time and data, in this order.
    ///
    /// An envelope without an event also ends with an empty line. Nothing is written for an empty envelope.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded. Nothing is written in that case.
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

    /// Writes an item of a stream. Returns `Break` if its event is terminal.
    ///
    /// # Errors
    ///
    /// Returns an error if the item is the stream's own error, or if its event cannot be encoded.
    pub fn item<O: StreamItem>(&mut self, item: O) -> Result<core::ops::ControlFlow<()>, SendError<O::Error>> {
        item.write(self)
    }

    /// Writes a comment and an empty line, so that readers that split the stream at empty lines see it at once.
    pub fn comment(&mut self, comment: &Comment) {
        field::comment(&mut self.out, comment);
        self.out.push(LF);
    }

    /// Writes a block that only sets the reconnection time.
    pub fn retry(&mut self, retry: Retry) {
        field::retry(&mut self.out, retry);
        self.out.push(LF);
    }

    /// Appends bytes that are complete blocks.
    pub(crate) fn blocks(&mut self, blocks: &[u8]) {
        self.out.extend_from_slice(blocks);
    }

    /// Returns the bytes written so far.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// Returns the number of bytes written so far.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.out.len()
    }

    /// Returns whether nothing has been written.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Clears the written bytes and keeps the allocation.
    pub fn clear(&mut self) {
        self.out.clear();
    }

    /// Consumes the encoder and returns the written bytes.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Runs `write`, and truncates the output to its previous length on an error.
    fn or_roll_back(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), EncodeError>) -> Result<(), EncodeError> {
        let start = self.out.len();
        let written = write(&mut self.out);
        if written.is_err() {
            self.out.truncate(start);
        }
        written
    }
}
