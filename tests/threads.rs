//! What may go to another thread, and be looked at from several: every public type, whatever the events are.

use std::{cell::Cell, convert::Infallible, rc::Rc};

use futures_util::stream::Empty;
use sse_core::{
    Comment, DataKind, DataWriter, DecodeError, Decoded, Decoder, EncodeError, Encoded, Encoder, Envelope, EventId,
    EventInfo, EventName, EventReader, EventSpec, EventStream, EventWriter, Events, Fields, InvalidValue, LimitError,
    Limits, RawEvent, RawEventBuf, RawPart, ReceiveError, Retry, SendError, WireEvent, WireEvents, Written,
};

/// An event that stays in its thread: the readers hold none between two calls.
type Confined = Rc<Cell<u8>>;

type Chunks = Empty<Result<Vec<u8>, std::io::Error>>;

fn is_sendable<T: Send + Sync + Unpin>() {}

/// Errors go where `Box<dyn Error + Send + Sync>` and `anyhow` take them.
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

fn is_cloneable<T: Clone>() {}

#[test]
fn readers_and_what_they_lend_go_to_other_threads() {
    is_sendable::<Decoder>();
    is_sendable::<Events<'_>>();
    is_sendable::<RawEvent<'_>>();
    is_sendable::<RawPart<'_>>();
    is_sendable::<RawEventBuf>();
    is_sendable::<Limits>();
    is_sendable::<Decoded<u8>>();
    is_sendable::<EventReader<&[u8], Confined>>();
    is_sendable::<EventReader<&[u8], Envelope<Confined>>>();
    is_sendable::<EventStream<Chunks, Confined>>();
    is_sendable::<EventStream<Chunks, Envelope<Confined>>>();
}

#[test]
fn writers_and_what_they_write_go_to_other_threads() {
    is_sendable::<Encoder>();
    is_sendable::<Encoded<Confined>>();
    is_sendable::<EventWriter<'_>>();
    is_sendable::<Fields<'_>>();
    is_sendable::<DataWriter<'_>>();
    is_sendable::<Written>();
    is_sendable::<Envelope<u8>>();
    is_sendable::<Comment>();
    is_sendable::<EventId>();
    is_sendable::<EventName>();
    is_sendable::<Retry>();
}

#[test]
fn descriptions_go_to_other_threads() {
    is_sendable::<EventSpec>();
    is_sendable::<EventInfo>();
    is_sendable::<DataKind>();
    is_sendable::<WireEvent>();
    is_sendable::<WireEvents>();
}

#[test]
fn errors_go_into_a_box_of_any_error() {
    is_error::<DecodeError>();
    is_error::<EncodeError>();
    is_error::<InvalidValue>();
    is_error::<LimitError>();
    is_error::<ReceiveError<std::io::Error>>();
    is_error::<SendError<Infallible>>();
}

#[test]
fn what_is_cheap_to_copy_or_of_use_twice_is_cloneable() {
    is_cloneable::<Decoder>();
    is_cloneable::<Encoder>();
    is_cloneable::<Encoded<Confined>>();
    is_cloneable::<RawEvent<'_>>();
    is_cloneable::<RawEventBuf>();
    is_cloneable::<Envelope<RawEventBuf>>();
    is_cloneable::<Limits>();
    is_cloneable::<LimitError>();
    is_cloneable::<InvalidValue>();
}
