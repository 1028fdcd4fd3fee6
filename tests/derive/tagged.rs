//! `tagged`: the data is the whole enum, encoded by its serde implementation.

use std::error::Error;

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, SseDecode, SseEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[sse(tagged)]
enum Feed {
    Opened,
    Moved(Tick),
    #[serde(rename = "closed.early", alias = "closed")]
    Closed {
        reason: String,
    },
    #[serde(skip)]
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[serde(skip)]
    #[sse(text)]
    Log(String),
    #[serde(skip)]
    #[sse(other)]
    Other,
}

#[test]
fn the_data_contains_the_tag() {
    round_trip(Feed::Opened, "event: opened\ndata: {\"kind\":\"opened\"}\n\n");
    round_trip(Feed::Moved(Tick { price: 1 }), "event: moved\ndata: {\"kind\":\"moved\",\"price\":1}\n\n");
    let closed = || Feed::Closed { reason: "r".into() };
    round_trip(closed(), "event: closed.early\ndata: {\"kind\":\"closed.early\",\"reason\":\"r\"}\n\n");
    let old = "event: closed\ndata: {\"kind\":\"closed\",\"reason\":\"r\"}\n\n";
    assert_eq!(decode(old), Decoded::Event(closed()));
}

#[test]
fn literals_text_and_catch_alls_have_no_tag() {
    round_trip(Feed::Done, "data: [DONE]\n\n");
    round_trip(Feed::Log("a".into()), "event: log\ndata: a\n\n");
    assert_eq!(decode("event: later\ndata: {}\n\n"), Decoded::Event(Feed::Other));
}

#[track_caller]
fn assert_error(bytes: &str, message: &str) {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let error = Feed::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert!(error.source().is_none());
}

#[test]
fn a_tag_that_differs_from_the_name_is_an_error_with_both() {
    assert_error(
        "event: moved\ndata: {\"kind\":\"opened\"}\n\n",
        "event `moved` cannot be decoded: its data is that of event `opened`",
    );
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged, unnamed)]
enum Unnamed {
    A {
        a: u8,
    },
    B(Tick),
    #[serde(skip)]
    #[sse(literal = "bye", terminal)]
    Bye,
}

#[test]
fn the_tag_selects_the_variant_of_unnamed_events() {
    round_trip(Unnamed::A { a: 1 }, "data: {\"type\":\"A\",\"a\":1}\n\n");
    round_trip(Unnamed::B(Tick { price: 1 }), "data: {\"type\":\"B\",\"price\":1}\n\n");
    round_trip(Unnamed::Bye, "data: bye\n\n");
    assert_eq!(decode("event: A\ndata: {\"type\":\"A\",\"a\":1}\n\n"), Decoded::Event(Unnamed::A { a: 1 }));
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged, unnamed)]
enum Growing {
    A {
        a: u8,
    },
    #[serde(other)]
    Later,
}

#[test]
fn an_unknown_tag_can_be_read_as_a_catch_all() {
    round_trip(Growing::A { a: 1 }, "data: {\"type\":\"A\",\"a\":1}\n\n");
    assert_eq!(decode("data: {\"type\":\"B\",\"b\":1}\n\n"), Decoded::Event(Growing::Later));
}

/// A type without serde's derive, whose attributes set the names nevertheless.
#[derive(Debug, PartialEq, SseEvent)]
enum Renamed {
    #[serde(rename = "new", alias = "old", alias = "older")]
    Event(u8),
}

#[test]
fn serdes_aliases_are_read() {
    round_trip(Renamed::Event(1), "event: new\ndata: 1\n\n");
    for name in ["old", "older"] {
        assert_eq!(decode(&format!("event: {name}\ndata: 1\n\n")), Decoded::Event(Renamed::Event(1)));
    }
    assert_eq!(decode::<Renamed>("event: Event\ndata: 1\n\n"), Decoded::Unknown);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(untagged)]
#[sse(tagged, rename_all = "snake_case")]
enum Untagged<T> {
    ByName { name: T },
    ByNumber { number: T },
}

#[test]
fn the_fields_select_the_variant_of_an_untagged_enum() {
    round_trip(Untagged::ByName { name: 1 }, "event: by_name\ndata: {\"name\":1}\n\n");
    round_trip(Untagged::ByNumber { number: 1 }, "event: by_number\ndata: {\"number\":1}\n\n");
    assert_eq!(encode(&Untagged::ByName { name: 'x' }), "event: by_name\ndata: {\"name\":\"x\"}\n\n");
}
