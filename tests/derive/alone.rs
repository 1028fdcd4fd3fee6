//! `json` on a variant, and `text` and `with` on an enum.

use std::{borrow::Cow, error::Error};

use serde::{Deserialize, Serialize};
use sse_core::{DataKind, Decoded, Decoder, Encoder, EventSpec, SseDecode, SseEvent, TypedEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "kind", content = "fields", rename_all = "snake_case")]
#[sse(tagged)]
enum Feed<'a> {
    Opened {
        at: u32,
    },
    #[serde(skip)]
    #[sse(json)]
    Tick(Tick),
    #[serde(skip)]
    #[sse(json, unnamed)]
    List(Vec<u8>),
    #[serde(skip)]
    #[sse(json)]
    Total(Option<u8>),
    #[serde(skip)]
    #[sse(json)]
    Pair(u8, bool),
    #[serde(skip)]
    #[sse(json, event = "moved")]
    Moved {
        #[sse(id)]
        id: u64,
        #[serde(rename = "p")]
        price: u32,
    },
    #[serde(skip)]
    #[sse(json)]
    Marked {
        #[sse(id)]
        id: u64,
        #[sse(data)]
        price: u32,
    },
    #[serde(skip)]
    #[sse(json, borrow)]
    Said(Cow<'a, str>),
}

#[track_caller]
fn assert_both(event: &Feed<'_>, bytes: &str) {
    assert_eq!(encode(event), bytes);
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    assert_eq!(Feed::decode(events.next_event().unwrap().unwrap()).unwrap(), Decoded::Event(event.clone()));
}

#[test]
fn a_payload_can_be_json_outside_the_tag() {
    assert_both(&Feed::Opened { at: 1 }, "event: opened\ndata: {\"kind\":\"opened\",\"fields\":{\"at\":1}}\n\n");
    assert_both(&Feed::Tick(Tick { price: 1 }), "event: tick\ndata: {\"price\":1}\n\n");
    assert_both(&Feed::List(vec![1, 2]), "data: [1,2]\n\n");
    assert_both(&Feed::Total(Some(3)), "event: total\ndata: 3\n\n");
    assert_both(&Feed::Total(None), "event: total\ndata: \n\n");
    assert_both(&Feed::Pair(1, true), "event: pair\ndata: [1,true]\n\n");
    assert_both(&Feed::Moved { id: 7, price: 1 }, "event: moved\nid: 7\ndata: {\"p\":1}\n\n");
    assert_both(&Feed::Marked { id: 7, price: 1 }, "event: marked\nid: 7\ndata: 1\n\n");
}

#[test]
fn json_outside_the_tag_can_borrow() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: said\ndata: \"a\"\n\n");
    let read = Feed::decode(events.next_event().unwrap().unwrap()).unwrap();
    assert!(matches!(read, Decoded::Event(Feed::Said(Cow::Borrowed("a")))), "{read:?}");
}

#[test]
fn a_tag_of_a_variant_outside_the_tag_is_an_error() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: opened\ndata: {\"kind\":\"tick\",\"price\":1}\n\n");
    assert!(Feed::decode(events.next_event().unwrap().unwrap()).is_err());
}

/// The data of variants without keys, by the key of the enum.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(text, rename_all = "lowercase")]
enum Lines {
    Line(String),
    Count(u32),
    Maybe(Option<u32>),
    Numbered {
        #[sse(id)]
        id: u64,
        #[sse(data)]
        line: String,
    },
    #[sse(json)]
    Object(Tick),
    #[sse(with = "tenths")]
    Tenths(u32),
    Pair(u8, u8),
    Fields {
        a: u8,
    },
    #[sse(literal = "bye", terminal)]
    Bye,
    Unit,
    #[sse(skip)]
    Local(u8),
}

mod tenths {
    use std::fmt::Write as _;

    use sse_core::{DataWriter, DecodeError, EncodeError};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive requires this signature")]
    pub(super) fn encode(tenths: &u32, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        write!(data, "{}.{}", tenths / 10, tenths % 10).map_err(EncodeError::other)
    }

    pub(super) fn decode(data: &str) -> Result<u32, DecodeError> {
        data.replace('.', "").parse().map_err(DecodeError::data)
    }
}

#[test]
fn text_on_an_enum_applies_to_single_values_without_a_key_of_their_own() {
    round_trip(Lines::Line("say \"hi\"".into()), "event: line\ndata: say \"hi\"\n\n");
    round_trip(Lines::Count(7), "event: count\ndata: 7\n\n");
    round_trip(Lines::Maybe(None), "event: maybe\ndata: \n\n");
    round_trip(Lines::Numbered { id: 7, line: "a".into() }, "event: numbered\nid: 7\ndata: a\n\n");
    round_trip(Lines::Object(Tick { price: 1 }), "event: object\ndata: {\"price\":1}\n\n");
    round_trip(Lines::Tenths(15), "event: tenths\ndata: 1.5\n\n");
}

#[test]
fn text_on_an_enum_does_not_apply_to_other_variants() {
    round_trip(Lines::Pair(1, 2), "event: pair\ndata: [1,2]\n\n");
    round_trip(Lines::Fields { a: 1 }, "event: fields\ndata: {\"a\":1}\n\n");
    round_trip(Lines::Bye, "event: bye\ndata: bye\n\n");
    round_trip(Lines::Unit, "event: unit\ndata: \n\n");
    assert!(Encoder::new().event(&Lines::Local(1)).is_err());
}

#[test]
fn the_description_has_the_kind_of_data_that_applies() {
    let data = Lines::EVENTS.iter().map(|spec| match spec {
        EventSpec::Event(info) => info.data(),
        other => panic!("{other:?}"),
    });
    let (text, json) = (DataKind::Text, DataKind::Json);
    let expected =
        [text, text, text, text, json, DataKind::Custom, json, json, DataKind::Literal("bye"), DataKind::Empty];
    assert_eq!(data.collect::<Vec<_>>(), expected);
}

/// A codec for any value: JSON in brackets.
mod bracketed {
    use std::fmt::Write as _;

    use serde::{Serialize, de::DeserializeOwned};
    use sse_core::{DataWriter, DecodeError, EncodeError};

    pub(super) fn encode<T: Serialize>(value: &T, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        let json = serde_json::to_string(value).map_err(EncodeError::other)?;
        write!(data, "<{json}>").map_err(EncodeError::other)
    }

    pub(super) fn decode<T: DeserializeOwned>(data: &str) -> Result<T, DecodeError> {
        let json = data.strip_prefix('<').and_then(|data| data.strip_suffix('>'));
        serde_json::from_str(json.ok_or_else(|| DecodeError::data("expected brackets"))?).map_err(DecodeError::data)
    }
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged, with = "bracketed")]
enum Bracketed {
    #[serde(skip)]
    Tick(Tick),
    #[serde(skip)]
    Maybe(Option<u8>),
    #[serde(skip)]
    #[sse(json)]
    Json(Tick),
    #[serde(skip)]
    #[sse(text)]
    Text(String),
    Tagged {
        a: u8,
    },
    Unit,
}

#[test]
fn with_on_a_tagged_enum_puts_single_values_outside_the_tag() {
    round_trip(Bracketed::Tick(Tick { price: 1 }), "event: Tick\ndata: <{\"price\":1}>\n\n");
    round_trip(Bracketed::Maybe(None), "event: Maybe\ndata: <null>\n\n");
    round_trip(Bracketed::Json(Tick { price: 1 }), "event: Json\ndata: {\"price\":1}\n\n");
    round_trip(Bracketed::Text("a".into()), "event: Text\ndata: a\n\n");
    round_trip(Bracketed::Tagged { a: 1 }, "event: Tagged\ndata: {\"type\":\"Tagged\",\"a\":1}\n\n");
    round_trip(Bracketed::Unit, "event: Unit\ndata: {\"type\":\"Unit\"}\n\n");
}

#[test]
fn errors_of_the_module_of_an_enum_have_the_event_name() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Tick\ndata: {}\n\n");
    let error = Bracketed::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.name(), "Tick");
    assert_eq!(error.source().unwrap().to_string(), "expected brackets");
}

/// A nested type and a catch-all, which have data of their own.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(text)]
enum Outer {
    Line(String),
    #[sse(flatten(prefix = "inner."))]
    Inner(Inner),
    #[sse(other)]
    Other(sse_core::RawEventBuf),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Inner {
    Line(String),
}

#[test]
fn text_on_an_enum_does_not_reach_into_nested_types() {
    round_trip(Outer::Line("a".into()), "event: Line\ndata: a\n\n");
    round_trip(Outer::Inner(Inner::Line("a".into())), "event: inner.Line\ndata: \"a\"\n\n");
    assert!(matches!(decode("event: later\ndata: a\n\n"), Decoded::Event(Outer::Other(_))));
}
