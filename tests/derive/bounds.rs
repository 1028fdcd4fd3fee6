//! `bound` and `borrow`, for generic and borrowing types.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sse_core::{Decoded, Decoder, SseDecode, SseEvent};

use super::{decode, encode, round_trip};

/// A key whose type parameter is not part of the data.
#[derive(Debug, PartialEq)]
struct Key<T> {
    text: String,
    of: PhantomData<T>,
}

impl<T> Key<T> {
    fn new(text: &str) -> Self {
        Self { text: text.into(), of: PhantomData }
    }
}

impl<T> Serialize for Key<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Key<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self { text, of: PhantomData })
    }
}

#[derive(Debug, PartialEq)]
struct WithoutSerde;

#[derive(Debug, PartialEq, SseEvent)]
#[sse(bound = "")]
enum Table<T> {
    Removed(Key<T>),
    Moved {
        #[serde(default = "origin")]
        from: Key<T>,
        to: Key<T>,
    },
    Kept {
        #[serde(skip_serializing_if = "is_empty")]
        #[serde(default)]
        at: Key<T>,
        #[serde(default)]
        count: u32,
        list: Vec<Key<T>>,
    },
    Counted(u32),
}

impl<T> Default for Key<T> {
    fn default() -> Self {
        Self::new("")
    }
}

fn is_empty<T>(key: &Key<T>) -> bool {
    key.text.is_empty()
}

fn origin<T>() -> Key<T> {
    Key::new("origin")
}

#[test]
fn a_bound_replaces_the_inferred_bounds() {
    type Rows = Table<WithoutSerde>;
    round_trip(Rows::Removed(Key::new("a")), "event: Removed\ndata: \"a\"\n\n");
    round_trip(
        Rows::Moved { from: Key::new("a"), to: Key::new("b") },
        "event: Moved\ndata: {\"from\":\"a\",\"to\":\"b\"}\n\n",
    );
    let moved = Rows::Moved { from: Key::new("origin"), to: Key::new("b") };
    assert_eq!(decode("event: Moved\ndata: {\"to\":\"b\"}\n\n"), Decoded::Event(moved));
    let kept = Rows::Kept { at: Key::default(), count: 1, list: vec![Key::new("a")] };
    round_trip(kept, "event: Kept\ndata: {\"count\":1,\"list\":[\"a\"]}\n\n");
    round_trip(Rows::Counted(1), "event: Counted\ndata: 1\n\n");
}

/// A type with a separate bound for each direction.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(bound(encode = "T: fmt::Display + Serialize", decode = "T: Deserialize<'de> + Copy"))]
struct Halves<T>(T);

/// A type with a bound for encoding, and inferred bounds for decoding.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(bound(encode = "T: Serialize"))]
enum Written<T> {
    One(T),
}

#[test]
fn each_direction_can_have_its_own_bound() {
    round_trip(Halves(1), "event: Halves\ndata: 1\n\n");
    round_trip(Written::One('x'), "event: One\ndata: \"x\"\n\n");
}

/// A type whose lifetime has the name that serde uses.
#[derive(Debug, PartialEq, SseEvent)]
#[sse(bound(decode = "T: Deserialize<'__de>"))]
enum Named<'de, T> {
    Both(&'de str, T),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Lent<'a> {
    #[sse(borrow)]
    Ours(Cow<'a, str>),
    #[serde(borrow)]
    Serdes(Cow<'a, str>),
    Owned(Cow<'a, str>),
    #[sse(borrow)]
    Bytes(Pair<'a>),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Pair<'a>(&'a str, #[serde(borrow)] Cow<'a, str>);

#[derive(Debug, PartialEq, SseEvent)]
#[sse(borrow, event = "word")]
struct Word<'a>(Cow<'a, str>);

/// Returns whether the decoded text is borrowed from the chunk.
#[track_caller]
fn is_borrowed(bytes: &str) -> bool {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    let Decoded::Event(event) = Lent::decode(raw).unwrap() else { panic!("{raw:?}") };
    assert_eq!(encode(&event), bytes);
    match event {
        Lent::Ours(text) | Lent::Serdes(text) | Lent::Owned(text) | Lent::Bytes(Pair(_, text)) => {
            matches!(text, Cow::Borrowed(_))
        }
    }
}

#[test]
fn a_cow_is_borrowed_if_it_has_borrow() {
    assert!(is_borrowed("event: Ours\ndata: \"a\"\n\n"));
    assert!(is_borrowed("event: Serdes\ndata: \"a\"\n\n"));
    assert!(is_borrowed("event: Bytes\ndata: [\"a\",\"b\"]\n\n"));
    assert!(!is_borrowed("event: Owned\ndata: \"a\"\n\n"));
    assert!(!is_borrowed("event: Ours\ndata: \"a\\n\"\n\n"));
}

#[test]
fn a_struct_can_borrow_too() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: word\ndata: \"a\"\n\nevent: Both\ndata: [\"a\",1]\n\n");
    let raw = events.next_event().unwrap().unwrap();
    assert!(matches!(Word::decode(raw).unwrap(), Decoded::Event(Word(Cow::Borrowed("a")))));
    let raw = events.next_event().unwrap().unwrap();
    assert!(matches!(Named::<u8>::decode(raw).unwrap(), Decoded::Event(Named::Both("a", 1))));
}

/// A type with two lifetimes, in an ID and in data, which must not be confused.
#[derive(Debug, PartialEq, SseEvent)]
enum Times<'a, 'b, T> {
    Json(&'a str, &'b str, T),
    #[sse(text)]
    Text {
        #[sse(id)]
        id: &'a str,
        #[sse(data)]
        text: &'b str,
    },
    #[sse(other)]
    Other {
        event: Cow<'a, str>,
        data: Cow<'b, str>,
    },
}

#[test]
fn borrowed_fields_can_have_several_lifetimes() {
    let bytes = "event: Json\ndata: [\"a\",\"b\",1]\n\nevent: Text\nid: i\ndata: a\n\nevent: other\ndata: {}\n\n";
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let mut written = String::new();
    while let Some(raw) = events.next_event() {
        let Decoded::Event(event) = Times::<u8>::decode(raw.unwrap()).unwrap() else { panic!("{written}") };
        written += &encode(&event);
    }
    assert_eq!(written, bytes);
}
