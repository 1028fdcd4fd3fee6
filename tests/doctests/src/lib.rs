//! Helpers of the examples in the documentation, which they import in hidden lines.
#![expect(clippy::unwrap_used, reason = "an error is a failure of the example")]

use std::fmt::Debug;

use sse_core::{Decoder, Encoder, SseDecodeOwned, SseEvent};

/// Encodes an event.
///
/// # Panics
///
/// Panics if the event cannot be encoded.
pub fn wire(event: &impl SseEvent) -> String {
    let mut encoder = Encoder::new();
    encoder.event(event).unwrap();
    String::from_utf8(encoder.into_bytes()).unwrap()
}

/// Decodes the first event of a stream, or returns `None` if there is none or if it does not belong to the type.
///
/// # Panics
///
/// Panics if the event cannot be decoded.
#[must_use]
pub fn read<E: SseDecodeOwned>(wire: &str) -> Option<E> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(wire.as_bytes());
    E::decode(events.next_event()?.unwrap()).unwrap().into_event()
}

/// Checks that an event is encoded as exactly these bytes, and that the bytes are decoded as the event.
///
/// # Panics
///
/// Panics if the bytes or the event differ, or if the event cannot be encoded or decoded.
pub fn on_the_wire<E: SseEvent + SseDecodeOwned + Debug + PartialEq>(event: E, bytes: &str) {
    assert_eq!(wire(&event), bytes);
    assert_eq!(read(bytes), Some(event));
}
