//! The exact bytes that types with `#[derive(SseEvent)]` write, and the events that they read.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, Encoder, SseDecodeOwned, SseEvent};

mod alone;
mod bounds;
mod catch_all;
mod codecs;
mod errors;
mod fields;
mod flatten;
mod hygiene;
mod ids;
mod large;
mod lines;
mod many;
mod missing;
mod names;
mod owned;
mod payloads;
mod shapes;
mod skips;
mod structs;
mod tagged;
mod tags;
mod terminal;
mod types;
mod widen;

/// Encodes one event.
pub(crate) fn encode(event: &impl SseEvent) -> String {
    let mut encoder = Encoder::new();
    encoder.event(event).unwrap();
    String::from_utf8(encoder.into_bytes()).unwrap()
}

/// Decodes the first event of `bytes`.
pub(crate) fn decode<E: SseDecodeOwned>(bytes: &str) -> Decoded<E> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    E::decode(events.next_event().unwrap().unwrap()).unwrap()
}

/// Asserts that the event is encoded as these bytes, and that they are decoded as the event.
#[track_caller]
pub(crate) fn round_trip<E: SseEvent + SseDecodeOwned + Debug + PartialEq>(event: E, bytes: &str) {
    assert_eq!(encode(&event), bytes);
    assert_eq!(decode::<E>(bytes), Decoded::Event(event));
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct Tick {
    pub(crate) price: u32,
}
