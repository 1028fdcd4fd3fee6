//! Typed server-sent events: the traits, the value types and the wire codec, without I/O.
//!
//! One enum is what a server writes and what a client reads:
//!
//! ```
//! use sse_core::{Encoder, EventReader, Envelope, SseEvent};
//!
//! #[derive(Debug, PartialEq, SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Job {
//!     Progress { percent: u8 },
//!     Log(String),
//!     #[sse(terminal)]
//!     Done,
//! }
//!
//! let mut encoder = Encoder::new();
//! encoder.envelope(&Envelope::new(Job::Progress { percent: 50 }).with_id(1))?;
//! encoder.event(&Job::Done)?;
//! assert_eq!(encoder.as_bytes(), b"event: progress\nid: 1\ndata: {\"percent\":50}\n\nevent: done\ndata: \n\n");
//!
//! let jobs: Result<Vec<Job>, _> = EventReader::new(encoder.as_bytes()).collect();
//! assert_eq!(jobs?, [Job::Progress { percent: 50 }, Job::Done]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What goes where:
//!
//! ```text
//! writing   E  --SseEvent::encode-->  EventWriter  --lines-->  bytes
//! reading   bytes  -->  lines  -->  fields  -->  RawEvent<'_>  --SseDecode::decode-->  E
//! ```
//!
//! - [`SseEvent`] writes an event, [`SseDecode`] reads one, [`TypedEvent`] describes them; `#[derive(SseEvent)]` implements
//!   all three.
//! - [`Encoder`] makes bytes of events and of [`Envelope`]s, which add an ID, a reconnection time or a comment.
//! - [`Decoder`] lends [`RawEvent`]s out of chunks, or yields them to be kept; `EventStream` and `EventReader` make typed
//!   events of an async stream of chunks, or of a blocking reader.
//! - [`EventName`], [`EventId`], [`Retry`] and [`Comment`] are checked when they are made, so that an envelope is sound.
//!
#![cfg_attr(
    feature = "derive",
    doc = "The derive has a [manual](macro@SseEvent) of its attributes, and a [cookbook] with a recipe for each kind of stream."
)]
//!
//! # Features
//!
//! - `derive` (default): `#[derive(SseEvent)]`.
//! - `std` (default): `EventReader`, and JSON written without a buffer in between. Without it the crate needs `alloc` alone.
//! - `stream`: `EventStream`.
//! - `tracing`: a debug event for every event that is skipped because its type does not know it.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
// Derived code and doc examples name this crate absolutely, also inside it.
extern crate self as sse_core;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
#[cfg(feature = "stream")]
mod byte_stream;
mod comment;
mod decode;
mod encode;
mod envelope;
mod event;
mod id;
mod name;
#[cfg(feature = "std")]
mod read;
#[cfg(any(feature = "std", feature = "stream"))]
mod receive;
mod retry;
mod spec;
mod stage;
#[cfg(feature = "stream")]
mod stream;
mod stream_item;
mod value;
mod wire;

#[cfg(feature = "std")]
pub use self::read::EventReader;
#[cfg(any(feature = "std", feature = "stream"))]
pub use self::receive::{ReceiveError, ReceivedItem};
#[cfg(feature = "stream")]
pub use self::{byte_stream::ByteStream, stream::EventStream};
pub use self::{
    comment::Comment,
    decode::{DecodeError, Decoder, Events, LimitError, Limits, RawEvent, RawEventBuf, RawPart},
    encode::{DataWriter, EncodeError, Encoder, EventWriter, Fields, Written},
    envelope::Envelope,
    event::{Decoded, SseDecode, SseDecodeOwned, SseEvent, TypedEvent},
    id::{EventId, IntoEventId},
    name::EventName,
    retry::Retry,
    spec::{BrowserName, DataKind, EventInfo, EventSpec, WireEvent, WireEvents},
    stream_item::{Encoded, SendError, StreamItem},
    value::InvalidValue,
};
#[cfg(feature = "derive")]
pub use sse_derive::SseEvent;

#[cfg(all(doc, feature = "derive"))]
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}
