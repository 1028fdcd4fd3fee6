//! The items of a connection: bare events, or everything that a stream contains.

use sse_core::{
    DecodeError, Decoded, Decoder, Envelope, EventSpec, EventStream, RawEvent, RawEventBuf, ReceivedItem, SseDecode,
    SseDecodeOwned, TypedEvent,
};

use crate::body::Chunks;

/// An item of a connection.
pub(crate) trait Item: ReceivedItem {
    fn stream(chunks: Chunks, decoder: Decoder) -> EventStream<Chunks, Self>;

    /// Returns whether the item is an event, known or not.
    fn is_event(&self) -> bool;
}

/// An event that never ends its stream, because the source decides what ends it.
pub(crate) struct Known<E>(pub(crate) E);

impl<E: TypedEvent> TypedEvent for Known<E> {
    const EVENTS: &'static [EventSpec] = E::EVENTS;
}

impl<'de, E: SseDecode<'de>> SseDecode<'de> for Known<E> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        E::decode(raw).map(|decoded| decoded.map(Self))
    }
}

impl<E: SseDecodeOwned> Item for Known<E> {
    fn stream(chunks: Chunks, decoder: Decoder) -> EventStream<Chunks, Self> {
        EventStream::with_decoder(chunks, decoder)
    }

    fn is_event(&self) -> bool {
        true
    }
}

/// An event that may be unknown, and that never ends its stream.
pub(crate) enum Any<E> {
    Known(E),
    Unknown(RawEventBuf),
}

impl<E: TypedEvent> TypedEvent for Any<E> {
    const EVENTS: &'static [EventSpec] = E::EVENTS;
}

impl<'de, E: SseDecode<'de>> SseDecode<'de> for Any<E> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Ok(match E::decode(raw)? {
            Decoded::Unknown => Decoded::Event(Self::Unknown(raw.into_owned())),
            decoded => decoded.map(Self::Known),
        })
    }
}

impl<E: SseDecodeOwned> Item for Envelope<Any<E>> {
    fn stream(chunks: Chunks, decoder: Decoder) -> EventStream<Chunks, Self> {
        EventStream::<_, Any<E>>::with_decoder(chunks, decoder).envelopes().comments().blocks()
    }

    fn is_event(&self) -> bool {
        self.event.is_some()
    }
}
