//! Typed server-sent events: the traits, the value types and a wire codec that does no I/O.
//!
//! The server and the client share one enum:
//!
//! ```
//! use sse_core::{Encoder, Envelope, EventReader, SseEvent};
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
//! # Overview
//!
//! ```text
//! encoding  E  --SseEvent::encode-->  EventWriter  --lines-->  bytes
//! decoding  bytes  -->  lines  -->  fields  -->  RawEvent<'_>  --SseDecode::decode-->  E
//! ```
//!
//! - [`SseEvent`] encodes an event, [`SseDecode`] decodes one, and [`TypedEvent`] describes the events of a type.
//!   `#[derive(SseEvent)]` implements all three.
//! - [`Encoder`] writes events to a buffer. An [`Envelope`] adds an ID, a reconnection time or a comment to an event.
//! - [`Decoder`] turns chunks of bytes into [`RawEvent`]s, which borrow from the chunk, or into owned [`RawEventBuf`]s.
//!   [`EventStream`] reads typed events from an async stream of chunks, and [`EventReader`] from a blocking reader.
//! - [`EventName`], [`EventId`], [`Retry`] and [`Comment`] are checked on construction. Only an ID that was received
//!   may still be invalid for writing; see [`EventId`].
//!
#![cfg_attr(not(feature = "stream"), doc = "[`EventStream`]: #features")]
#![cfg_attr(not(feature = "std"), doc = "[`EventReader`]: #features")]
//!
#![cfg_attr(
    feature = "derive",
    doc = "The derive has a [manual](macro@SseEvent). The [cookbook] has recipes for common event streams."
)]
//!
//! # Features
//!
//! - `derive` (default): `#[derive(SseEvent)]`.
//! - `std` (default): `EventReader`, and JSON that is serialized without an intermediate buffer. Without this feature
//!   the crate needs only `alloc`.
//! - `stream`: `EventStream`.
//! - `tracing`: a debug-level `tracing` event for each unknown event that a typed stream or reader skips.
#![no_std]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;
// Derived code and doc examples refer to this crate by its name, also from inside it.
extern crate self as sse_core;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
mod decode;
mod draft;
mod encode;
mod encoded;
mod envelope;
mod event;
mod gap;
#[cfg(any(feature = "std", feature = "stream"))]
mod receive;
mod report;
mod spec;
mod stage;
mod stream_item;
mod value;
mod wire;

#[cfg(feature = "std")]
pub use self::receive::EventReader;
#[cfg(feature = "stream")]
pub use self::receive::{ByteStream, EventStream};
#[cfg(any(feature = "std", feature = "stream"))]
pub use self::receive::{ReceiveError, ReceivedItem, StreamEnd};
#[doc(hidden)]
pub use self::stream_item::Item;
pub use self::{
    decode::{DecodeError, Decoder, Events, LimitError, Limits, RawEvent, RawEventBuf, RawPart},
    draft::{Draft, InvalidDraft},
    encode::{DataWriter, EncodeError, Encoder, EventWriter, Fields, Written},
    encoded::Encoded,
    envelope::Envelope,
    event::{Decoded, SseDecode, SseDecodeOwned, SseEvent, TypedEvent},
    gap::{Gap, GapReason},
    report::Report,
    spec::{BrowserEventName, DataKind, EventInfo, EventSpec, EventTag, Terminal, WireEvent, WireEvents},
    stream_item::{SendError, StreamItem},
    value::{Comment, EventId, EventName, IntoEventId, InvalidValue, Retry},
};
#[cfg(feature = "derive")]
pub use sse_derive::SseEvent;

#[cfg(all(doc, feature = "derive"))]
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}
