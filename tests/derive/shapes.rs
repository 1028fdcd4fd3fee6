//! The data of each shape of variant.

use sse_core::{Decoded, Decoder, EventSpec, SseDecode, SseEvent, TypedEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Shape {
    EmptyUnit,
    Newtype(Tick),
    Pair(u8, String),
    EmptyTuple(),
    EmptyStruct {},
    Fields {
        a: u32,
        r#type: Option<String>,
    },
    Null(()),
    Optional(Option<Tick>),
    #[expect(unused_qualifications, reason = "an `Option` is recognized by its full path too")]
    Qualified(std::option::Option<u8>),
}

#[test]
fn a_unit_is_an_empty_data_line_and_accepts_any_data() {
    round_trip(Shape::EmptyUnit, "event: empty_unit\ndata: \n\n");
    assert_eq!(decode("event: empty_unit\ndata: undefined\n\n"), Decoded::Event(Shape::EmptyUnit));
}

#[test]
fn a_newtype_is_its_value() {
    round_trip(Shape::Newtype(Tick { price: 3 }), "event: newtype\ndata: {\"price\":3}\n\n");
}

#[test]
fn a_tuple_is_an_array() {
    round_trip(Shape::Pair(1, "a\nb".into()), "event: pair\ndata: [1,\"a\\nb\"]\n\n");
    round_trip(Shape::EmptyTuple(), "event: empty_tuple\ndata: []\n\n");
}

#[test]
fn a_struct_is_an_object() {
    let event = Shape::Fields { a: 1, r#type: Some("x".into()) };
    round_trip(event, "event: fields\ndata: {\"a\":1,\"type\":\"x\"}\n\n");
    round_trip(Shape::EmptyStruct {}, "event: empty_struct\ndata: {}\n\n");
}

#[test]
fn an_absent_optional_field_is_none() {
    let event = Shape::Fields { a: 1, r#type: None };
    assert_eq!(encode(&event), "event: fields\ndata: {\"a\":1,\"type\":null}\n\n");
    assert_eq!(decode("event: fields\ndata: {\"a\":1}\n\n"), Decoded::Event(event));
}

#[test]
fn the_unit_type_is_null() {
    round_trip(Shape::Null(()), "event: null\ndata: null\n\n");
}

#[test]
fn an_optional_payload_may_be_empty_data() {
    round_trip(Shape::Optional(None), "event: optional\ndata: \n\n");
    round_trip(Shape::Optional(Some(Tick { price: 1 })), "event: optional\ndata: {\"price\":1}\n\n");
    round_trip(Shape::Qualified(Some(1)), "event: qualified\ndata: 1\n\n");
    assert_eq!(decode("event: optional\ndata: null\n\n"), Decoded::Event(Shape::Optional(None)));
}

#[derive(Debug, PartialEq, SseEvent)]
enum Bare {
    Object {},
    Array(),
    Finished {
        #[sse(id)]
        id: u64,
    },
    Cached {
        #[serde(skip)]
        cache: Vec<u8>,
    },
    Counted {
        count: u8,
    },
}

#[test]
fn data_without_fields_may_be_empty() {
    round_trip(Bare::Finished { id: 17 }, "event: Finished\nid: 17\ndata: {}\n\n");
    round_trip(Bare::Cached { cache: Vec::new() }, "event: Cached\ndata: {}\n\n");
    for (bytes, event) in [
        ("event: Object\ndata\n\n", Bare::Object {}),
        ("event: Array\ndata: \n\n", Bare::Array()),
        ("event: Finished\nid: 17\ndata: \n\n", Bare::Finished { id: 17 }),
        ("event: Cached\ndata: \n\n", Bare::Cached { cache: Vec::new() }),
    ] {
        assert_eq!(decode(bytes), Decoded::Event(event), "{bytes}");
    }
}

#[test]
fn data_of_another_shape_is_an_error() {
    for bytes in ["event: Object\ndata: 1\n\n", "event: Array\ndata: {}\n\n", "event: Counted\ndata: \n\n"] {
        let mut decoder = Decoder::new();
        let mut events = decoder.feed(bytes.as_bytes());
        let raw = events.next_event().unwrap().unwrap();
        assert!(Bare::decode(raw).is_err(), "{bytes}");
    }
}

#[test]
fn an_unknown_name_is_not_an_error() {
    assert_eq!(decode::<Shape>("event: Newtype\ndata: {\n\n"), Decoded::Unknown);
    assert_eq!(decode::<Shape>("data: {}\n\n"), Decoded::Unknown);
}

#[test]
fn the_events_are_described_in_order() {
    let names: Vec<_> = Shape::EVENTS
        .iter()
        .map(|spec| match spec {
            EventSpec::Event(info) => info.name().unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        names,
        ["empty_unit", "newtype", "pair", "empty_tuple", "empty_struct", "fields", "null", "optional", "qualified"]
    );
}
