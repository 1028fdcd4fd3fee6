//! Encoding: events are written directly to one reused buffer.

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
use self::{error::Kind, field::IdError};
use crate::{Comment, Envelope, Retry, SseEvent, wire::LF};

/// Writes an event without an ID, for a [`Draft`](crate::Draft).
pub(crate) fn without_id<E: SseEvent + ?Sized>(out: &mut Vec<u8>, event: &E) -> Result<(), EncodeError> {
    event.encode(EventWriter::without_id(out)).map(drop)
}

/// Writes an `id:` line, and checks the ID.
pub(crate) fn id_line(out: &mut Vec<u8>, id: &(impl core::fmt::Display + ?Sized)) -> Result<(), EncodeError> {
    field::dynamic_id(out, id).map_err(|error| match error {
        IdError::Display => EncodeError::new(None, Kind::Display),
        IdError::Json(cause) => EncodeError::new(None, Kind::JsonId(cause)),
        IdError::Invalid(invalid) => invalid.into(),
    })
}

/// Encodes events into a buffer, as the bytes of an event stream.
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

    /// Creates an encoder that appends to `buffer`, for example to reuse its allocation.
    #[must_use]
    pub const fn with_buffer(buffer: Vec<u8>) -> Self {
        Self { out: buffer }
    }

    /// Encodes an event.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded. Nothing is written in that case.
    pub fn event<E: SseEvent + ?Sized>(&mut self, event: &E) -> Result<(), EncodeError> {
        self.or_roll_back(|out| event.encode(EventWriter::new(out)).map(drop))
    }

    /// Encodes an envelope: its comment, event name, ID, reconnection time and data, in this order.
    ///
    /// An empty line follows if the envelope has an event or an ID. No empty line follows a comment, or a reconnection
    /// time without an event or ID, because several clients take that line for an event without data. Readers therefore
    /// attribute such a reconnection time to the next block. Nothing is written for an empty envelope.
    ///
    /// # Errors
    ///
    /// Returns an error if the event cannot be encoded, or if the ID does not [fit a
    /// header](crate::EventId::fits_header). Nothing is written in that case.
    pub fn envelope<E: SseEvent>(&mut self, envelope: &Envelope<E>) -> Result<(), EncodeError> {
        self.or_roll_back(|out| {
            let Envelope { event, id, retry, comment } = envelope;
            if let Some(id) = id {
                id.check_sendable()?;
            }
            if let Some(comment) = comment {
                field::comment(out, comment);
            }
            if let Some(event) = event {
                return event.encode(EventWriter::in_envelope(out, id.as_ref(), *retry)).map(drop);
            }
            if let Some(id) = id {
                field::id(out, id);
            }
            if let Some(retry) = retry {
                field::retry(out, *retry);
            }
            if id.is_some() {
                out.push(LF);
            }
            Ok(())
        })
    }

    /// Writes a comment line. No empty line follows.
    pub fn comment(&mut self, comment: &Comment) {
        field::comment(&mut self.out, comment);
    }

    /// Writes a `retry` line. No empty line follows: the reconnection time takes effect at its line, and readers also
    /// attribute it to the next block.
    pub fn retry(&mut self, retry: Retry) {
        field::retry(&mut self.out, retry);
    }

    /// Appends the bytes of an encoded event.
    pub(crate) fn append(&mut self, encoded: &[u8]) {
        self.out.extend_from_slice(encoded);
    }

    /// Returns the contents of the buffer.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// Returns the length of the buffer in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.out.len()
    }

    /// Returns whether the buffer is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Clears the buffer, and keeps its allocation.
    pub fn clear(&mut self) {
        self.out.clear();
    }

    /// Consumes the encoder and returns the buffer.
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
