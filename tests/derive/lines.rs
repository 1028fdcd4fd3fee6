//! `#[sse(retry)]`, `#[sse(id(..))]`, `#[sse(data)]` and `#[sse(event)]` on fields.

use std::{collections::BTreeMap, error::Error, time::Duration};

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, Encoder, Envelope, EventId, Retry, SseDecode, SseEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Position {
    topic: String,
    offset: i64,
}

#[derive(Debug, PartialEq, SseEvent)]
enum Ids {
    Json {
        #[sse(id(json))]
        at: Vec<Position>,
        n: u8,
    },
    JsonText {
        #[sse(id(json))]
        at: String,
    },
    MaybeJson {
        #[sse(id(json))]
        at: Option<u8>,
    },
    Kept {
        #[sse(id(keep))]
        id: u64,
        n: u8,
    },
    KeptJson {
        n: u8,
        #[sse(id(json, keep))]
        #[serde(rename = "cursor")]
        at: Option<Position>,
    },
}

fn position(offset: i64) -> Position {
    Position { topic: "a\nb".into(), offset }
}

#[test]
fn an_id_can_be_json() {
    round_trip(
        Ids::Json { at: vec![position(1), position(-1)], n: 2 },
        "event: Json\nid: [{\"topic\":\"a\\nb\",\"offset\":1},{\"topic\":\"a\\nb\",\"offset\":-1}]\ndata: {\"n\":2}\n\n",
    );
    round_trip(Ids::JsonText { at: "a\0\r".into() }, "event: JsonText\nid: \"a\\u0000\\r\"\ndata: {}\n\n");
    round_trip(Ids::MaybeJson { at: Some(7) }, "event: MaybeJson\nid: 7\ndata: {}\n\n");
    round_trip(Ids::MaybeJson { at: None }, "event: MaybeJson\ndata: {}\n\n");
    assert_eq!(decode("event: MaybeJson\nid\ndata: {}\n\n"), Decoded::Event(Ids::MaybeJson { at: None }));
}

#[test]
fn a_kept_id_is_in_the_id_and_the_data_and_read_from_the_data() {
    round_trip(Ids::Kept { id: 7, n: 1 }, "event: Kept\nid: 7\ndata: {\"id\":7,\"n\":1}\n\n");
    let other_id = decode("event: Kept\nid: 9\ndata: {\"id\":7,\"n\":1}\n\n");
    assert_eq!(other_id, Decoded::Event(Ids::Kept { id: 7, n: 1 }));
    round_trip(
        Ids::KeptJson { n: 1, at: Some(position(2)) },
        "event: KeptJson\nid: {\"topic\":\"a\\nb\",\"offset\":2}\n\
         data: {\"n\":1,\"cursor\":{\"topic\":\"a\\nb\",\"offset\":2}}\n\n",
    );
    round_trip(Ids::KeptJson { n: 1, at: None }, "event: KeptJson\ndata: {\"n\":1,\"cursor\":null}\n\n");
}

#[test]
fn an_id_that_is_not_json_of_its_type_is_an_error_with_the_id() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: JsonText\nid: 7\ndata: {}\n\n");
    let error = Ids::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `JsonText` cannot be decoded: invalid last event ID \"7\"");
    let cause = error.source().unwrap().to_string();
    assert_eq!(cause, "invalid type: integer `7`, expected a string at line 1 column 1");
}

#[derive(Debug, SseEvent)]
struct Unserializable {
    #[sse(id(json))]
    at: BTreeMap<(u8, u8), u8>,
}

#[test]
fn an_id_that_cannot_be_serialized_is_an_error_and_nothing_is_written() {
    let mut encoder = Encoder::new();
    let error = encoder.event(&Unserializable { at: BTreeMap::from([((1, 2), 3)]) }).unwrap_err();
    assert_eq!(error.to_string(), "event `Unserializable` cannot be encoded: its ID does not serialize to JSON");
    assert_eq!(error.source().unwrap().to_string(), "key must be a string");
    assert!(encoder.is_empty());
    encoder
        .envelope(&Envelope::new(Unserializable { at: BTreeMap::new() }).with_id(EventId::from_static("x")))
        .unwrap();
    assert_eq!(encoder.as_bytes(), b"event: Unserializable\nid: x\ndata: {}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Times {
    Millis {
        #[sse(retry)]
        wait: u64,
        n: u8,
    },
    Short {
        #[sse(retry)]
        wait: u32,
    },
    Time {
        #[sse(retry)]
        wait: Duration,
    },
    #[sse(retry = 5000)]
    Maybe {
        #[sse(retry)]
        wait: Option<Retry>,
    },
    #[sse(unnamed, literal = "")]
    Primed {
        #[sse(id)]
        at: String,
        #[sse(retry)]
        wait: Duration,
    },
}

#[test]
fn the_reconnection_time_is_on_the_retry_line_and_not_in_the_data() {
    round_trip(Times::Millis { wait: 10, n: 1 }, "event: millis\nretry: 10\ndata: {\"n\":1}\n\n");
    round_trip(Times::Short { wait: 10 }, "event: short\nretry: 10\ndata: {}\n\n");
    round_trip(Times::Time { wait: Duration::from_millis(1500) }, "event: time\nretry: 1500\ndata: {}\n\n");
    let primed = Times::Primed { at: "s1_0".into(), wait: Duration::from_secs(3) };
    round_trip(primed, "id: s1_0\nretry: 3000\ndata: \n\n");
}

#[test]
fn the_retry_of_a_field_overrides_the_variant_and_that_of_an_envelope_overrides_both() {
    let maybe = |wait: Option<u64>| Times::Maybe { wait: wait.map(Retry::from_millis) };
    round_trip(maybe(Some(7)), "event: maybe\nretry: 7\ndata: {}\n\n");
    assert_eq!(encode(&maybe(None)), "event: maybe\nretry: 5000\ndata: {}\n\n");
    assert_eq!(decode("event: maybe\ndata: {}\n\n"), Decoded::Event(maybe(None)));
    let mut encoder = Encoder::new();
    encoder.envelope(&Envelope::new(maybe(Some(7))).with_retry(Retry::from_millis(1))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: maybe\nretry: 1\ndata: {}\n\n");
}

#[test]
fn a_retry_too_large_for_its_type_saturates_and_an_absent_one_is_an_error() {
    let big = decode("event: short\nretry: 99999999999999999999999\ndata: {}\n\n");
    assert_eq!(big, Decoded::Event(Times::Short { wait: u32::MAX }));
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: short\nretry: +5\ndata: {}\n\n");
    let error = Times::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `short` cannot be decoded: missing `retry` line");
    assert!(error.source().is_none());
}

mod hex {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde requires this signature")]
    pub(super) fn serialize<S: serde::Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:x}"))
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Alone<'a> {
    Value {
        #[sse(id)]
        at: u64,
        #[sse(data)]
        tick: Tick,
    },
    Optional {
        #[sse(data)]
        tick: Option<Tick>,
        #[sse(retry)]
        wait: Option<u64>,
    },
    #[sse(text)]
    Line {
        #[sse(id)]
        at: Option<u64>,
        #[sse(data)]
        line: &'a str,
    },
    #[sse(skip_decode)]
    Hex {
        #[sse(data)]
        #[serde(serialize_with = "hex::serialize")]
        color: u32,
    },
}

#[test]
fn one_field_can_be_the_whole_data() {
    for (event, bytes) in [
        (Alone::Value { at: 7, tick: Tick { price: 1 } }, "event: Value\nid: 7\ndata: {\"price\":1}\n\n"),
        (Alone::Optional { tick: None, wait: Some(5) }, "event: Optional\nretry: 5\ndata: \n\n"),
        (Alone::Optional { tick: Some(Tick { price: 1 }), wait: None }, "event: Optional\ndata: {\"price\":1}\n\n"),
        (Alone::Line { at: Some(7), line: "a\nb" }, "event: Line\nid: 7\ndata: a\ndata: b\n\n"),
    ] {
        assert_eq!(encode(&event), bytes);
        let mut decoder = Decoder::new();
        let mut events = decoder.feed(bytes.as_bytes());
        assert_eq!(Alone::decode(events.next_event().unwrap().unwrap()).unwrap(), Decoded::Event(event));
    }
    assert_eq!(encode(&Alone::Hex { color: 255 }), "event: Hex\ndata: \"ff\"\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(event = "tick", retry = 100)]
struct Moved<T> {
    #[sse(id)]
    at: u64,
    #[sse(retry)]
    wait: Option<Duration>,
    #[sse(data)]
    of: T,
}

#[test]
fn the_fields_of_a_struct_have_the_same_attributes() {
    let moved = |wait| Moved { at: 7, wait, of: Tick { price: 1 } };
    round_trip(moved(Some(Duration::from_millis(3))), "event: tick\nid: 7\nretry: 3\ndata: {\"price\":1}\n\n");
    assert_eq!(encode(&moved(None)), "event: tick\nid: 7\nretry: 100\ndata: {\"price\":1}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Marked {
    Known(u8),
    #[sse(other)]
    New {
        #[sse(data)]
        event: String,
        #[sse(event)]
        kind: String,
        #[sse(id(json))]
        at: Option<u8>,
        #[sse(retry)]
        wait: Option<u64>,
    },
}

#[test]
fn the_name_and_the_data_of_a_catch_all_are_in_the_marked_fields() {
    let new = |at, wait| Marked::New { event: "a\nb".into(), kind: "later".into(), at, wait };
    round_trip(new(None, None), "event: later\ndata: a\ndata: b\n\n");
    round_trip(new(Some(3), Some(10)), "event: later\nid: 3\nretry: 10\ndata: a\ndata: b\n\n");
    round_trip(Marked::Known(1), "event: Known\ndata: 1\n\n");
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Tagged {
    Kept {
        #[sse(id(keep))]
        id: u64,
        n: u8,
    },
    Skipped {
        #[sse(id)]
        #[serde(skip)]
        at: Option<u64>,
        #[sse(retry)]
        #[serde(skip)]
        wait: Option<u32>,
        n: u8,
    },
    Plain(Tick),
}

#[test]
fn a_tagged_event_can_have_an_id_and_a_retry() {
    round_trip(Tagged::Kept { id: 7, n: 1 }, "event: kept\nid: 7\ndata: {\"type\":\"kept\",\"id\":7,\"n\":1}\n\n");
    round_trip(
        Tagged::Skipped { at: Some(7), wait: Some(10), n: 1 },
        "event: skipped\nid: 7\nretry: 10\ndata: {\"type\":\"skipped\",\"n\":1}\n\n",
    );
    round_trip(
        Tagged::Skipped { at: None, wait: None, n: 1 },
        "event: skipped\ndata: {\"type\":\"skipped\",\"n\":1}\n\n",
    );
    round_trip(Tagged::Plain(Tick { price: 1 }), "event: plain\ndata: {\"type\":\"plain\",\"price\":1}\n\n");
}
