//! Empty data for events whose fields may be missing.

use std::{borrow::Cow, collections::BTreeMap, error::Error, marker::PhantomData};

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, SseDecode, SseDecodeOwned, SseEvent};

use super::{Tick, decode, encode, round_trip};

fn seven() -> u32 {
    7
}

mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde requires this signature")]
    pub(super) fn serialize<S: Serializer>(value: &Option<u32>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{:x}", value.unwrap_or_default()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
        u32::from_str_radix(<&str>::deserialize(deserializer)?, 16).map(Some).map_err(serde::de::Error::custom)
    }
}

mod before {
    use super::*;

    #[derive(Debug, PartialEq, SseEvent)]
    pub(super) enum Job {
        Done,
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Job {
    Done {
        reason: Option<String>,
        #[serde(default)]
        retries: u32,
        #[serde(default = "seven")]
        lucky: u32,
    },
}

#[test]
fn a_unit_may_gain_fields_that_may_be_missing() {
    let old = encode(&before::Job::Done);
    assert_eq!(old, "event: Done\ndata: \n\n");
    assert_eq!(decode(&old), Decoded::Event(Job::Done { reason: None, retries: 0, lucky: 7 }));
    let new = encode(&Job::Done { reason: None, retries: 1, lucky: 2 });
    assert_eq!(new, "event: Done\ndata: {\"reason\":null,\"retries\":1,\"lucky\":2}\n\n");
    assert_eq!(decode(&new), Decoded::Event(before::Job::Done));
}

type Maybe<T> = Option<T>;

#[derive(Debug, PartialEq, SseEvent)]
enum Field<T> {
    Generic {
        value: T,
    },
    Alias {
        value: Maybe<u8>,
    },
    Skipped {
        #[serde(skip)]
        cache: Vec<u8>,
        value: Option<u8>,
    },
    OnLines {
        #[sse(id)]
        id: u64,
        #[sse(retry)]
        wait: Option<u64>,
        value: Option<u8>,
    },
    Flattened {
        #[serde(flatten)]
        rest: BTreeMap<String, u8>,
        #[serde(flatten)]
        more: More,
    },
    #[serde(rename_all = "UPPERCASE")]
    Defaulted {
        #[serde(default, with = "hex")]
        color: Option<u32>,
        #[serde(rename = "v", alias = "value")]
        value: Option<u8>,
    },
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct More {
    note: Option<String>,
}

#[test]
fn serde_decides_which_fields_may_be_missing() {
    type Optional = Field<Option<Tick>>;
    for (bytes, event) in [
        ("event: Generic\ndata: \n\n", Optional::Generic { value: None }),
        ("event: Alias\ndata: \n\n", Field::Alias { value: None }),
        ("event: Skipped\ndata\n\n", Field::Skipped { cache: Vec::new(), value: None }),
        ("event: OnLines\nid: 7\ndata:\n\n", Field::OnLines { id: 7, wait: None, value: None }),
        ("event: Flattened\ndata: \n\n", Field::Flattened { rest: BTreeMap::new(), more: More { note: None } }),
        ("event: Defaulted\ndata: \n\n", Field::Defaulted { color: None, value: None }),
    ] {
        assert_eq!(decode(bytes), Decoded::Event(event), "{bytes}");
    }
}

/// Reads an event whose data is empty, and returns the cause of the error.
#[track_caller]
fn cause<E: SseDecodeOwned + std::fmt::Debug>(name: &str) -> String {
    let mut decoder = Decoder::new();
    let bytes = format!("event: {name}\ndata: \n\n");
    let mut events = decoder.feed(bytes.as_bytes());
    let error = E::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.name(), name);
    error.source().unwrap().to_string()
}

#[derive(Debug, PartialEq, SseEvent)]
enum Required {
    Field {
        required: u8,
        optional: Option<u8>,
    },
    With {
        #[serde(with = "hex")]
        color: Option<u32>,
    },
    DeserializeWith {
        #[serde(deserialize_with = "hex::deserialize")]
        color: Option<u32>,
    },
    Flattened {
        #[serde(flatten)]
        tick: Tick,
    },
}

#[test]
fn empty_data_without_a_required_field_is_an_error_as_it_is_without_fields() {
    for name in ["Field", "With", "DeserializeWith", "Flattened"] {
        assert!(cause::<Required>(name).starts_with("EOF while parsing a value"), "{name}");
    }
}

#[test]
fn other_data_of_the_wrong_form_is_still_an_error() {
    for data in [" ", "null", "[", "{\"reason\":1}", "\"\""] {
        let mut decoder = Decoder::new();
        let bytes = format!("event: Done\ndata: {data}\n\n");
        let mut events = decoder.feed(bytes.as_bytes());
        let error = Job::decode(events.next_event().unwrap().unwrap()).unwrap_err();
        assert!(!error.source().unwrap().to_string().contains("missing field"), "{data}");
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Tuple {
    Defaults(#[serde(default)] u32, #[serde(default = "seven")] u32),
    Options(Option<u8>, Option<u8>),
    Half(Option<u8>, #[serde(default)] u8),
    Skipped(#[serde(skip)] u8, #[serde(default)] u8),
}

#[test]
fn a_tuple_reads_empty_data_if_every_element_has_a_default() {
    assert_eq!(decode("event: Defaults\ndata: \n\n"), Decoded::Event(Tuple::Defaults(0, 7)));
    assert_eq!(decode("event: Defaults\ndata: [1]\n\n"), Decoded::Event(Tuple::Defaults(1, 7)));
    assert_eq!(decode("event: Skipped\ndata: \n\n"), Decoded::Event(Tuple::Skipped(0, 0)));
    for name in ["Options", "Half"] {
        assert!(cause::<Tuple>(name).starts_with("EOF while parsing a value"), "{name}");
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Alone<T> {
    Default(#[serde(default)] T),
    Function(#[serde(default = "seven")] u32),
    With(#[serde(default, with = "hex")] Option<u32>),
    Data {
        #[sse(id)]
        id: Option<u64>,
        #[sse(data)]
        #[serde(default = "seven", deserialize_with = "number")]
        value: u32,
    },
    Plain(u32),
}

fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    u32::deserialize(deserializer)
}

#[test]
fn a_single_value_with_a_default_may_be_missing() {
    type Numbers = Alone<u8>;
    for (bytes, event) in [
        ("event: Default\ndata: \n\n", Numbers::Default(0)),
        ("event: Default\ndata: 3\n\n", Alone::Default(3)),
        ("event: Function\ndata: \n\n", Alone::Function(7)),
        ("event: Function\ndata: 3\n\n", Alone::Function(3)),
        ("event: With\ndata: \n\n", Alone::With(None)),
        ("event: With\ndata: \"ff\"\n\n", Alone::With(Some(255))),
        ("event: Data\nid: 1\ndata: \n\n", Alone::Data { id: Some(1), value: 7 }),
        ("event: Data\ndata: 3\n\n", Alone::Data { id: None, value: 3 }),
    ] {
        assert_eq!(decode(bytes), Decoded::Event(event), "{bytes}");
    }
    round_trip(Numbers::Default(3), "event: Default\ndata: 3\n\n");
    assert!(cause::<Numbers>("Plain").starts_with("EOF while parsing a value"));
}

#[derive(Debug, PartialEq, SseEvent)]
struct Stopped {
    reason: Option<String>,
}

#[derive(Debug, PartialEq, SseEvent)]
#[serde(default, rename_all = "camelCase")]
struct Settings {
    #[sse(id)]
    id: Option<u64>,
    the_limit: u32,
    theme: String,
    #[serde(skip)]
    cache: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { id: Some(99), the_limit: 10, theme: "dark".into(), cache: 1 }
    }
}

#[derive(Debug, PartialEq, SseEvent)]
#[serde(default = "origin")]
struct Point(#[serde(deserialize_with = "number")] u32, u32);

fn origin() -> Point {
    Point(1, 2)
}

#[derive(Debug, Default, PartialEq, SseEvent)]
#[serde(default)]
#[sse(bound(decode = "T: Deserialize<'de>"))]
struct Page<'a, T> {
    #[serde(borrow)]
    title: Cow<'a, str>,
    items: Vec<T>,
    of: u8,
}

#[test]
fn a_struct_that_is_an_event_reads_empty_data_like_a_variant() {
    assert_eq!(decode("event: Stopped\ndata: \n\n"), Decoded::Event(Stopped { reason: None }));
}

#[test]
fn the_default_of_a_struct_replaces_its_missing_fields() {
    let settings = |id, the_limit| Settings { id, the_limit, theme: "dark".into(), cache: 1 };
    assert_eq!(decode("event: Settings\ndata: \n\n"), Decoded::Event(settings(None, 10)));
    assert_eq!(decode("event: Settings\nid: 7\ndata: {\"theLimit\":5}\n\n"), Decoded::Event(settings(Some(7), 5)));
    assert_eq!(encode(&settings(None, 5)), "event: Settings\ndata: {\"theLimit\":5,\"theme\":\"dark\"}\n\n");
    assert_eq!(decode("event: Point\ndata: \n\n"), Decoded::Event(Point(1, 2)));
    assert_eq!(decode("event: Point\ndata: [7]\n\n"), Decoded::Event(Point(7, 2)));
}

#[test]
fn a_generic_struct_that_borrows_can_have_a_default() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Page\ndata: {\"title\":\"T\"}\n\n");
    let raw = events.next_event().unwrap().unwrap();
    let Decoded::Event(page) = Page::<u8>::decode(raw).unwrap() else { panic!("unknown") };
    assert_eq!(page, Page { title: "T".into(), items: Vec::new(), of: 0 });
    assert!(matches!(page.title, Cow::Borrowed(_)));
}

/// A payload without `Default`, which the default of its container does not need.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct WithoutDefault(u8);

#[derive(Debug, PartialEq, SseEvent)]
#[serde(default)]
struct Container<T> {
    value: WithoutDefault,
    of: PhantomData<T>,
}

impl<T> Default for Container<T> {
    fn default() -> Self {
        Self { value: WithoutDefault(3), of: PhantomData }
    }
}

#[test]
fn fields_need_no_default_if_their_struct_has_one() {
    let event = Container { value: WithoutDefault(3), of: PhantomData::<u8> };
    assert_eq!(decode("event: Container\ndata: \n\n"), Decoded::Event(event));
}
