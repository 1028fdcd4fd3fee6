//! Typed server-sent events: the traits, the value types and the wire codec, without I/O.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
// Derived code and doc examples name this crate absolutely, also inside it.
extern crate self as sse_core;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod comment;
mod decode;
mod encode;
mod event;
mod frame;
mod id;
mod name;
mod outgoing;
#[cfg(feature = "std")]
mod read;
#[cfg(any(feature = "std", feature = "stream"))]
mod receive;
mod retry;
mod spec;
#[cfg(feature = "stream")]
mod stream;
mod value;
mod wire;

#[cfg(feature = "std")]
pub use self::read::{EventReader, FrameReader};
#[cfg(any(feature = "std", feature = "stream"))]
pub use self::receive::ReceiveError;
#[cfg(feature = "stream")]
pub use self::stream::{EventStream, FrameStream};
pub use self::{
    comment::Comment,
    decode::{DecodeError, Decoder, Events, LimitError, Limits, RawEvent, RawEventBuf},
    encode::{DataWriter, EncodeError, Encoder, EventWriter, Fields, Written},
    event::{Decoded, EventSet, SseDecode, SseDecodeOwned, SseEvent},
    frame::Frame,
    id::EventId,
    name::EventName,
    outgoing::{Encoded, Outgoing, SendError},
    retry::Retry,
    spec::{EventInfo, EventSpec},
    value::InvalidValue,
};
#[cfg(feature = "derive")]
pub use sse_derive::SseEvent;
