//! Serde's attributes on the fields of variants.

use std::{borrow::Cow, collections::BTreeMap, marker::PhantomData};

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, SseDecode, SseEvent};

use super::{Tick, decode, encode, round_trip};

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn seven() -> u32 {
    7
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde requires this signature")]
    pub(super) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{value:x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
        u32::from_str_radix(<&str>::deserialize(deserializer)?, 16).map_err(serde::de::Error::custom)
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Plain {
    #[serde(rename_all = "camelCase")]
    Renamed {
        the_price: u32,
        #[serde(rename = "sym", alias = "symbol")]
        the_symbol: String,
    },
    Defaulted {
        #[serde(default)]
        count: u32,
        #[serde(default = "seven")]
        lucky: u32,
    },
    Flattened {
        id: u32,
        #[serde(flatten)]
        rest: BTreeMap<String, u32>,
    },
    Skipped {
        kept: u32,
        #[serde(skip)]
        cache: Vec<u8>,
    },
    SkippedInTuple(u32, #[serde(skip)] u8),
}

#[test]
fn rename_and_rename_all_set_the_keys() {
    let event = Plain::Renamed { the_price: 1, the_symbol: "A".into() };
    assert_eq!(
        decode("event: Renamed\ndata: {\"thePrice\":1,\"symbol\":\"A\"}\n\n"),
        Decoded::Event(Plain::Renamed { the_price: 1, the_symbol: "A".into() })
    );
    round_trip(event, "event: Renamed\ndata: {\"thePrice\":1,\"sym\":\"A\"}\n\n");
}

#[test]
fn default_replaces_absent_fields() {
    assert_eq!(decode("event: Defaulted\ndata: {}\n\n"), Decoded::Event(Plain::Defaulted { count: 0, lucky: 7 }));
    round_trip(Plain::Defaulted { count: 1, lucky: 2 }, "event: Defaulted\ndata: {\"count\":1,\"lucky\":2}\n\n");
}

#[test]
fn flatten_adds_keys_next_to_the_others() {
    let event = Plain::Flattened { id: 1, rest: BTreeMap::from([("a".into(), 2), ("b".into(), 3)]) };
    round_trip(event, "event: Flattened\ndata: {\"id\":1,\"a\":2,\"b\":3}\n\n");
}

#[test]
fn a_skipped_field_is_not_on_the_wire() {
    assert_eq!(encode(&Plain::Skipped { kept: 1, cache: vec![1] }), "event: Skipped\ndata: {\"kept\":1}\n\n");
    round_trip(Plain::Skipped { kept: 1, cache: Vec::new() }, "event: Skipped\ndata: {\"kept\":1}\n\n");
    round_trip(Plain::SkippedInTuple(1, 0), "event: SkippedInTuple\ndata: [1]\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Functions<'a, T, const N: usize> {
    Object {
        #[serde(skip_serializing_if = "is_default", default)]
        count: u32,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<T>,
        #[serde(with = "hex")]
        color: u32,
        #[serde(borrow)]
        text: Cow<'a, str>,
        #[serde(skip)]
        cache: PhantomData<[T; N]>,
        other: T,
    },
    Array(#[serde(with = "hex")] u32, #[serde(skip)] u8, T),
    One(#[serde(with = "hex")] u32),
    #[serde(rename_all = "UPPERCASE")]
    Sides {
        #[serde(serialize_with = "hex::serialize")]
        written: u32,
        #[serde(deserialize_with = "hex::deserialize")]
        read: u32,
    },
}

type Functional<'a> = Functions<'a, Tick, 3>;

#[test]
fn functions_in_attributes_receive_the_types_of_the_fields() {
    let object = |count, value| Functional::Object {
        count,
        value,
        color: 255,
        text: "x".into(),
        cache: PhantomData,
        other: Tick { price: 2 },
    };
    let short = "event: Object\ndata: {\"color\":\"ff\",\"text\":\"x\",\"other\":{\"price\":2}}\n\n";
    let long = "event: Object\ndata: {\"count\":5,\"value\":{\"price\":1},\"color\":\"ff\",\"text\":\"x\",\
                \"other\":{\"price\":2}}\n\n";
    assert_eq!(encode(&object(0, None)), short);
    assert_eq!(encode(&object(5, Some(Tick { price: 1 }))), long);
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(short.as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Functional::decode(raw).unwrap(), Decoded::Event(object(0, None)));
}

#[test]
fn functions_in_attributes_work_on_tuple_fields_too() {
    assert_eq!(encode(&Functional::Array(255, 9, Tick { price: 1 })), "event: Array\ndata: [\"ff\",{\"price\":1}]\n\n");
    assert_eq!(encode(&Functional::One(255)), "event: One\ndata: \"ff\"\n\n");
    assert_eq!(
        encode(&Functional::Sides { written: 255, read: 1 }),
        "event: Sides\ndata: {\"WRITTEN\":\"ff\",\"READ\":1}\n\n"
    );
}

#[derive(Debug, PartialEq, SseEvent)]
#[serde(rename_all_fields = "camelCase", deny_unknown_fields)]
enum Strict {
    One {
        the_field: u8,
    },
    #[serde(rename_all = "UPPERCASE")]
    Two {
        the_field: u8,
    },
}

#[test]
fn attributes_for_all_fields_of_an_enum_apply_to_each_variant() {
    round_trip(Strict::One { the_field: 1 }, "event: One\ndata: {\"theField\":1}\n\n");
    round_trip(Strict::Two { the_field: 1 }, "event: Two\ndata: {\"THE_FIELD\":1}\n\n");
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: One\ndata: {\"theField\":1,\"more\":2}\n\n");
    let error = Strict::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.position(), Some((1, 20)));
}

#[test]
fn errors_of_serde_contain_the_name_of_the_variant() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: One\ndata: 4\n\n");
    let error = Strict::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "invalid type: integer `4`, expected the fields of `One` as an object at line 1 column 1");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, SseEvent)]
#[serde(rename_all = "snake_case")]
enum AlsoSerdes {
    ByName {
        a: u8,
    },
    #[serde(skip)]
    #[sse(event = "local")]
    Local(u8),
}

#[test]
fn the_enum_may_derive_serdes_traits_too() {
    round_trip(AlsoSerdes::ByName { a: 1 }, "event: by_name\ndata: {\"a\":1}\n\n");
    round_trip(AlsoSerdes::Local(1), "event: local\ndata: 1\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Absent<T> {
    Beside {
        #[sse(id)]
        at: u64,
        #[sse(data)]
        price: u32,
        #[serde(skip)]
        cache: Vec<u8>,
        #[serde(skip, default = "seven")]
        lucky: u32,
        of: PhantomData<T>,
    },
    #[sse(literal = "a")]
    Literal {
        #[serde(skip)]
        cache: Option<u8>,
        of: PhantomData<T>,
    },
    #[sse(other)]
    Rest {
        event: String,
        data: String,
        #[serde(skip)]
        seen: bool,
    },
}

#[test]
fn skipped_fields_next_to_the_data_are_decoded_as_their_default() {
    struct WithoutTraits;

    let beside = |cache, lucky| Absent::<WithoutTraits>::Beside { at: 7, price: 1, cache, lucky, of: PhantomData };
    let bytes = "event: Beside\nid: 7\ndata: 1\n\n";
    assert_eq!(encode(&beside(vec![1], 2)), bytes);
    assert!(matches!(
        decode(bytes),
        Decoded::Event(Absent::<WithoutTraits>::Beside { at: 7, price: 1, cache, lucky: 7, .. }) if cache.is_empty()
    ));
    let literal = Absent::<u8>::Literal { cache: None, of: PhantomData };
    round_trip(literal, "event: Literal\ndata: a\n\n");
    let rest = Absent::<u8>::Rest { event: "b".into(), data: "c".into(), seen: false };
    round_trip(rest, "event: b\ndata: c\n\n");
}
