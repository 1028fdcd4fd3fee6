//! Auto traits: every public type is `Send`, `Sync` and `Unpin`, even if the events are not.

use std::{cell::Cell, convert::Infallible, rc::Rc};

use futures_util::stream::Empty;
use sse_client::{Attempt, CloseReason, Error, EventSource, Head, Policy, Tries, Update, Updates, WaitReason};
use sse_core::{
    Comment, DataKind, DataWriter, DecodeError, Decoded, Decoder, Draft, EncodeError, Encoded, Encoder, Envelope,
    EventId, EventInfo, EventName, EventReader, EventSpec, EventStream, EventWriter, Events, Fields, InvalidDraft,
    InvalidValue, LimitError, Limits, RawEvent, RawEventBuf, RawPart, ReceiveError, Retry, SendError, StreamEnd,
    WireEvent, WireEvents, Written,
};

use sse_hub::{
    Cut, Hub, InvalidCursor, OpenError, PublishError, ReadError, StoreError, Subscribe, SubscribeError, Subscription,
};

/// An event that is neither `Send` nor `Sync`. The readers do not store events, so they are `Send` and `Sync` anyway.
type Confined = Rc<Cell<u8>>;

type Chunks = Empty<Result<Vec<u8>, std::io::Error>>;

fn is_thread_safe<T: Send + Sync + Unpin>() {}

/// Checks that `Box<dyn Error + Send + Sync>` and `anyhow` accept the error.
fn is_error<T: std::error::Error + Send + Sync + 'static>() {}

fn is_cloneable<T: Clone>() {}

#[test]
fn readers_and_the_values_they_lend_are_thread_safe() {
    is_thread_safe::<Decoder>();
    is_thread_safe::<Events<'_>>();
    is_thread_safe::<RawEvent<'_>>();
    is_thread_safe::<RawPart<'_>>();
    is_thread_safe::<RawEventBuf>();
    is_thread_safe::<Limits>();
    is_thread_safe::<StreamEnd>();
    is_thread_safe::<Decoded<u8>>();
    is_thread_safe::<EventReader<&[u8], Confined>>();
    is_thread_safe::<EventReader<&[u8], Envelope<Confined>>>();
    is_thread_safe::<EventStream<Chunks, Confined>>();
    is_thread_safe::<EventStream<Chunks, Envelope<Confined>>>();
}

#[test]
fn clients_are_thread_safe() {
    is_thread_safe::<EventSource<Confined>>();
    is_thread_safe::<Updates<Confined>>();
    is_thread_safe::<Update<u8>>();
    is_thread_safe::<Attempt>();
    is_thread_safe::<CloseReason>();
    is_thread_safe::<Head>();
    is_thread_safe::<Policy>();
    is_thread_safe::<Tries>();
    is_thread_safe::<WaitReason>();
}

#[test]
fn writers_and_the_values_they_write_are_thread_safe() {
    is_thread_safe::<Encoder>();
    is_thread_safe::<Encoded<Confined>>();
    is_thread_safe::<Draft<Confined>>();
    is_thread_safe::<Hub<Confined>>();
    is_thread_safe::<Subscribe<Confined>>();
    is_thread_safe::<Subscription<Confined>>();
    is_thread_safe::<EventWriter<'_>>();
    is_thread_safe::<Fields<'_>>();
    is_thread_safe::<DataWriter<'_>>();
    is_thread_safe::<Written>();
    is_thread_safe::<Envelope<u8>>();
    is_thread_safe::<Comment>();
    is_thread_safe::<EventId>();
    is_thread_safe::<EventName>();
    is_thread_safe::<Retry>();
}

#[test]
fn descriptions_are_thread_safe() {
    is_thread_safe::<EventSpec>();
    is_thread_safe::<EventInfo>();
    is_thread_safe::<DataKind>();
    is_thread_safe::<WireEvent>();
    is_thread_safe::<WireEvents>();
}

#[test]
fn errors_convert_to_a_boxed_error() {
    is_error::<Error>();
    is_error::<DecodeError>();
    is_error::<EncodeError>();
    is_error::<Cut>();
    is_error::<InvalidCursor>();
    is_error::<InvalidDraft>();
    is_error::<OpenError>();
    is_error::<PublishError>();
    is_error::<ReadError>();
    is_error::<StoreError>();
    is_error::<SubscribeError>();
    is_error::<InvalidValue>();
    is_error::<LimitError>();
    is_error::<ReceiveError<std::io::Error>>();
    is_error::<SendError<Infallible>>();
}

#[test]
fn reusable_values_are_cloneable() {
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
