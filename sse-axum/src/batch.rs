//! Joining the events that are ready together.

use std::{mem, ops::ControlFlow};

use bytes::Bytes;
use sse_core::{EncodeError, Encoder, Item, SendError, SseEvent, StreamItem, TypedEvent};

/// The bytes of one frame of the body while it is gathered.
///
/// It allocates when the first event is written. An event that is already encoded and the only one of its frame is sent
/// without a copy.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The first event, if it was already encoded and nothing has followed yet.
    shared: Bytes,
    encoder: Encoder,
    /// The capacity for the encoder's first allocation; zero after it.
    capacity: usize,
    events: u64,
}

impl Batch {
    /// Creates an empty batch. Its first allocation has at least this capacity in bytes.
    pub(crate) const fn new(capacity: usize) -> Self {
        Self { shared: Bytes::new(), encoder: Encoder::new(), capacity, events: 0 }
    }

    /// Encodes an item. Returns `Break` if its event is terminal.
    pub(crate) fn push<O: StreamItem>(&mut self, item: O) -> Result<ControlFlow<()>, SendError<O::Error>> {
        match item.into_item() {
            Item::Event(event) => Ok(self.event(&event)?),
            Item::Envelope(envelope) => {
                self.encoder().envelope(&envelope)?;
                let event = envelope.event.as_ref();
                Ok(self.count(event.is_some(), event.is_some_and(TypedEvent::is_terminal)))
            }
            Item::Encoded(encoded) => {
                let flow = self.count(encoded.has_event(), encoded.is_terminal());
                if self.is_empty() {
                    self.shared = encoded.into_bytes();
                } else {
                    self.encoder().encoded(&encoded);
                }
                Ok(flow)
            }
            Item::Failed(error) => Err(SendError::Source(error)),
        }
    }

    /// Encodes an event that is not an item of the stream. Returns `Break` if it is terminal.
    pub(crate) fn event<E: SseEvent>(&mut self, event: &E) -> Result<ControlFlow<()>, EncodeError> {
        self.encoder().event(event)?;
        Ok(self.count(true, event.is_terminal()))
    }

    /// Counts the event of an item, if it has one.
    fn count(&mut self, has_event: bool, is_terminal: bool) -> ControlFlow<()> {
        self.events += u64::from(has_event);
        if is_terminal { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Returns an encoder that appends to the batch.
    pub(crate) fn encoder(&mut self) -> &mut Encoder {
        let shared = mem::take(&mut self.shared);
        let capacity = mem::take(&mut self.capacity).max(shared.len());
        if capacity > 0 {
            let mut buffer = Vec::with_capacity(capacity);
            buffer.extend_from_slice(&shared);
            self.encoder = Encoder::with_buffer(buffer);
        }
        &mut self.encoder
    }

    pub(crate) const fn len(&self) -> usize {
        self.shared.len() + self.encoder.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) const fn events(&self) -> u64 {
        self.events
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        if self.shared.is_empty() { self.encoder.into_bytes().into() } else { self.shared }
    }
}

/// An event with its type erased.
pub(crate) trait WriteEvent {
    fn write_event(&self, batch: &mut Batch) -> Result<ControlFlow<()>, EncodeError>;
}

impl<E: SseEvent> WriteEvent for E {
    fn write_event(&self, batch: &mut Batch) -> Result<ControlFlow<()>, EncodeError> {
        batch.event(self)
    }
}
