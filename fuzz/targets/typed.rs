//! Any bytes as the events of a type: nothing panics, each way of receiving yields the same, and what was read is
//! written and read again as the same event.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of it")]
mod shared;

use std::{
    fmt::Debug,
    io::{self, Read},
};

use futures_util::{FutureExt as _, StreamExt as _, stream};
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, Encoder, EventReader, EventStream, Envelope, RawEventBuf, SseDecodeOwned, SseEvent};

use self::shared::cut;

/// A variant of every kind.
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

/// The same without names: a tag tells the variants apart.
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

fuzz_target!(|input: &[u8]| {
    let (_, chunks) = cut(input);
    receive::<Named>(&chunks);
    receive::<Tagged>(&chunks);
});

/// Envelopes, and errors as text; the last event ID at the end.
type Received<E> = (Vec<Result<Envelope<E>, String>>, String);

fn receive<E: SseEvent + SseDecodeOwned + PartialEq + Debug>(chunks: &[&[u8]]) {
    let lent = lent::<E>(chunks);
    assert_eq!(read::<E>(chunks), lent);
    assert_eq!(streamed::<E>(chunks), lent);
    for envelope in lent.0.iter().flatten() {
        again(envelope.event.as_ref().expect("a reader yields no envelope without an event"));
    }
}

/// By hand, out of what the decoder lends.
fn lent<E: SseEvent + SseDecodeOwned>(chunks: &[&[u8]]) -> Received<E> {
    let mut decoder = Decoder::new();
    let mut items = Vec::new();
    'stream: for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(raw) = events.next_event() {
            let raw = raw.expect("no input of a fuzzer comes near a limit");
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
    (items, envelopes.last_event_id().to_owned())
}

fn streamed<E: SseDecodeOwned>(chunks: &[&[u8]]) -> Received<E> {
    let source = stream::iter(chunks.iter().map(Ok::<_, io::Error>));
    let mut envelopes = EventStream::<_, E>::new(source).envelopes();
    let items = envelopes.by_ref().map(|item| item.map_err(|error| error.to_string())).collect();
    let items = items.now_or_never().expect("the source is always ready");
    (items, envelopes.last_event_id().to_owned())
}

/// A blocking reader that yields these chunks, all of which are shorter than its buffer.
struct Chunks<'a>(std::slice::Iter<'a, &'a [u8]>);

impl Read for Chunks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk = self.0.next().copied().unwrap_or_default();
        buffer[..chunk.len()].copy_from_slice(chunk);
        Ok(chunk.len())
    }
}

/// An event that was read can be written, and reads as itself.
fn again<E: SseEvent + SseDecodeOwned + PartialEq + Debug>(event: &E) {
    let mut encoder = Encoder::new();
    encoder.event(event).expect("it was read, so it can be written");
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(encoder.as_bytes());
    let raw = events.next_event().expect("one event").expect("within the limits");
    match E::decode(raw) {
        Ok(Decoded::Event(read)) => assert_eq!(&read, event),
        other => panic!("{other:?} instead of {event:?}"),
    }
    assert!(events.next_event().is_none());
}
