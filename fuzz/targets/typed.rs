//! Arbitrary bytes decoded as events of a type: nothing panics, every way of receiving yields the same items, and each
//! event survives encoding and decoding.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of the module")]
mod shared;

use std::{
    borrow::Cow,
    error::Error as _,
    fmt::Debug,
    io::{self, Read},
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use sse_core::{
    Decoded, Decoder, Encoder, Envelope, EventReader, EventStream, InvalidValue, RawEventBuf, SseDecodeOwned, SseEvent,
};

use self::shared::cut;

/// An enum with every kind of variant.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case", ignore("ping"))]
enum Named {
    #[sse(event = "e", alias = "add")]
    Newtype(u64),
    #[sse(event = "tick")]
    Struct {
        #[sse(id)]
        id: Option<String>,
        a: Option<i64>,
        #[serde(default)]
        b: Vec<String>,
    },
    Tuple(u8, Option<bool>),
    Unit,
    #[sse(retry = 5000)]
    Maybe(Option<String>),
    #[sse(text)]
    Text(String),
    #[sse(text)]
    Parsed(i16),
    #[sse(text)]
    MaybeText(Option<Cow<'static, str>>),
    #[sse(terminal = "Vec::is_empty")]
    Defaults(#[serde(default)] Vec<u8>),
    Keyed {
        #[sse(id)]
        key: u32,
    },
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[sse(unnamed)]
    Message(Vec<u8>),
    #[sse(other)]
    Other(RawEventBuf),
}

/// An enum without event names: a tag in the data selects the variant.
#[derive(Debug, PartialEq, Serialize, Deserialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged, unnamed)]
enum Tagged {
    Delta {
        text: String,
    },
    Usage {
        tokens: Option<u32>,
    },
    #[sse(terminal)]
    Stop,
}

/// An enum whose names repeat the tags in the data.
#[derive(Debug, PartialEq, Serialize, Deserialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Repeated {
    #[serde(alias = "d")]
    Delta { text: String },
    #[sse(terminal)]
    Stop,
}

/// An enum with a catch-all, which reads unnamed events only if they are a literal.
#[derive(Debug, PartialEq, SseEvent)]
enum Open {
    #[sse(event = "e")]
    Newtype(u64),
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[sse(other)]
    Other(RawEventBuf),
}

/// Nested types, with catch-alls of which several can take an event.
#[derive(Debug, PartialEq, SseEvent)]
enum Nested {
    #[sse(flatten(prefix = "d"))]
    Repeated(Repeated),
    #[sse(flatten(prefix = "t"))]
    Open(Open),
    #[sse(flatten(prefix = "ti"))]
    Raw(RawEventBuf),
    #[sse(other)]
    Other(RawEventBuf),
}

fuzz_target!(|input: &[u8]| {
    let (_, chunks) = cut(input);
    receive::<Named>(&chunks);
    receive::<Tagged>(&chunks);
    receive::<Repeated>(&chunks);
    receive::<Nested>(&chunks);
});

/// The received envelopes and errors, the errors as text; and the final last event ID.
type Received<E> = (Vec<Result<Envelope<E>, String>>, String);

fn receive<E: SseEvent + SseDecodeOwned + PartialEq + Debug>(chunks: &[&[u8]]) {
    let lent = lent::<E>(chunks);
    assert_eq!(read::<E>(chunks), lent);
    assert_eq!(streamed::<E>(chunks), lent);
    for envelope in lent.0.iter().flatten() {
        assert_survives_encoding(envelope.event.as_ref().expect("a received envelope has an event"));
    }
}

/// Decodes the events that the decoder lends, without `EventReader` or `EventStream`.
fn lent<E: SseEvent + SseDecodeOwned>(chunks: &[&[u8]]) -> Received<E> {
    let mut decoder = Decoder::new();
    let mut items = Vec::new();
    'stream: for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(raw) = events.next_event() {
            let raw = raw.expect("no fuzzer input reaches a limit");
            match E::decode(raw) {
                Ok(Decoded::Event(event)) => {
                    let is_last = event.is_terminal();
                    let buffer = raw.into_owned();
                    let mut envelope = Envelope::new(event);
                    (envelope.id, envelope.retry) = (buffer.id().cloned(), buffer.retry());
                    items.push(Ok(envelope));
                    if is_last {
                        break 'stream;
                    }
                }
                Ok(_) => {}
                Err(error) => items.push(Err(error.to_string())),
            }
        }
    }
    (items, decoder.last_event_id().to_owned())
}

fn read<E: SseDecodeOwned>(chunks: &[&[u8]]) -> Received<E> {
    let reader = Chunks(chunks.iter());
    let mut envelopes = EventReader::<_, E>::new(reader).envelopes();
    let items = envelopes.by_ref().map(|item| item.map_err(|error| error.to_string())).collect();
    (items, envelopes.decoder().last_event_id().to_owned())
}

fn streamed<E: SseDecodeOwned>(chunks: &[&[u8]]) -> Received<E> {
    let source = stream::iter(chunks.iter().map(Ok::<_, io::Error>));
    let mut envelopes = EventStream::<_, E>::new(source).envelopes();
    let items = envelopes.by_ref().map(|item| item.map_err(|error| error.to_string())).collect();
    let items = items.now_or_never().expect("the source is always ready");
    (items, envelopes.decoder().last_event_id().to_owned())
}

/// A blocking reader that returns one chunk per call. Every chunk must be shorter than the buffer.
struct Chunks<'a>(std::slice::Iter<'a, &'a [u8]>);

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk = self.0.next().copied().unwrap_or_default();
        buffer[..chunk.len()].copy_from_slice(chunk);
        Ok(chunk.len())
    }
}

/// Asserts that an event that was read can be encoded, and decodes to the same event. An ID that no header can carry is
/// read, but not written.
fn assert_survives_encoding<E: SseEvent + SseDecodeOwned + PartialEq + Debug>(event: &E) {
    let mut encoder = Encoder::new();
    if let Err(error) = encoder.event(event) {
        assert!(error.source().is_some_and(|source| source.is::<InvalidValue>()), "{error}: {event:?}");
        return;
    }
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(encoder.as_bytes());
    let raw = events.next_event().expect("one event").expect("within the limits");
    match E::decode(raw) {
        Ok(Decoded::Event(read)) => assert_eq!(&read, event),
        other => panic!("{other:?} instead of {event:?}"),
    }
    assert!(events.next_event().is_none());
}
