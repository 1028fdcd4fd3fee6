//! Types of payloads: with only one of serde's traits, borrowed, generic, recursive.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use serde::{Deserialize, Serialize};
use sse_core::{Decoded, Decoder, EventInfo, EventSpec, SseDecode, SseDecodeOwned, SseEvent, TypedEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Serialize)]
struct Written(u8);

#[derive(Debug, Deserialize, PartialEq)]
struct Read(u8);

#[derive(SseEvent)]
enum Out {
    Newtype(Written),
    Optional(Option<Written>),
    Pair(Written, Vec<Written>),
    Object { one: Written, maybe: Option<Written>, many: HashMap<u8, Written> },
}

#[test]
fn payloads_that_only_serialize_can_be_written() {
    assert_eq!(encode(&Out::Newtype(Written(1))), "event: Newtype\ndata: 1\n\n");
    assert_eq!(encode(&Out::Optional(Some(Written(1)))), "event: Optional\ndata: 1\n\n");
    assert_eq!(encode(&Out::Pair(Written(1), vec![Written(2)])), "event: Pair\ndata: [1,[2]]\n\n");
    let object = Out::Object { one: Written(1), maybe: None, many: HashMap::new() };
    assert_eq!(encode(&object), "event: Object\ndata: {\"one\":1,\"maybe\":null,\"many\":{}}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum In {
    Newtype(Read),
    Optional(Option<Read>),
    Pair(Read, Vec<Read>),
    Object {
        one: Read,
        maybe: Option<Read>,
        #[serde(default)]
        many: Vec<Read>,
    },
}

#[test]
fn payloads_that_only_deserialize_can_be_read() {
    assert_eq!(decode("event: Newtype\ndata: 1\n\n"), Decoded::Event(In::Newtype(Read(1))));
    assert_eq!(decode("event: Optional\ndata\n\n"), Decoded::Event(In::Optional(None)));
    assert_eq!(decode("event: Pair\ndata: [1,[2]]\n\n"), Decoded::Event(In::Pair(Read(1), vec![Read(2)])));
    let object = In::Object { one: Read(1), maybe: None, many: Vec::new() };
    assert_eq!(decode("event: Object\ndata: {\"one\":1}\n\n"), Decoded::Event(object));
}

/// A type whose payload implements neither of serde's traits, which the description does not need.
#[derive(SseEvent)]
enum Described {
    Odd(std::sync::mpsc::Sender<u8>),
}

#[test]
fn a_payload_without_serde_can_be_described() {
    assert_eq!(Described::EVENTS, [EventSpec::Event(EventInfo::new("Odd"))]);
}

#[derive(Debug, PartialEq, SseEvent)]
enum Lent<'a> {
    Text(&'a str),
    Pair(&'a str, u8),
    Object {
        text: &'a str,
        #[serde(borrow)]
        cow: Cow<'a, str>,
        owned: Cow<'a, str>,
    },
    Borrowed(#[serde(borrow)] Cow<'a, str>),
}

#[track_caller]
fn assert_borrows(event: &Lent<'_>, bytes: &str) {
    assert_eq!(encode(event), bytes);
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    let Decoded::Event(read) = Lent::decode(raw).unwrap() else { panic!("unknown") };
    assert_eq!(read, *event);
    let data = raw.data().as_bytes().as_ptr_range();
    let is_borrowed = |text: &str| data.contains(&text.as_ptr());
    match read {
        Lent::Text(text) | Lent::Pair(text, _) => assert!(is_borrowed(text)),
        Lent::Borrowed(cow) => assert!(is_borrowed(&cow)),
        Lent::Object { text, cow, owned } => {
            assert_eq!([is_borrowed(text), is_borrowed(&cow), is_borrowed(&owned)], [true, true, false]);
        }
    }
}

#[test]
fn text_is_borrowed_if_serde_borrows_it() {
    assert_borrows(&Lent::Text("a"), "event: Text\ndata: \"a\"\n\n");
    assert_borrows(&Lent::Pair("a", 1), "event: Pair\ndata: [\"a\",1]\n\n");
    assert_borrows(&Lent::Borrowed("a".into()), "event: Borrowed\ndata: \"a\"\n\n");
    assert_borrows(
        &Lent::Object { text: "a", cow: "b".into(), owned: "c".into() },
        "event: Object\ndata: {\"text\":\"a\",\"cow\":\"b\",\"owned\":\"c\"}\n\n",
    );
}

#[derive(Debug, PartialEq, SseEvent)]
enum Generic<T, U = u8>
where
    U: Copy,
{
    One(T),
    Many(Vec<T>),
    Object {
        t: T,
        #[serde(default)]
        u: U,
    },
    #[sse(event = "pair")]
    Pair(T, U),
}

fn encode_and_decode<E: SseEvent + SseDecodeOwned>(event: &E) -> E {
    decode(&encode(event)).into_event().unwrap()
}

#[test]
fn type_parameters_can_be_payloads() {
    round_trip(Generic::<Tick>::One(Tick { price: 1 }), "event: One\ndata: {\"price\":1}\n\n");
    round_trip(Generic::<u8, char>::Many(vec![1, 2]), "event: Many\ndata: [1,2]\n\n");
    round_trip(Generic::<u8, char>::Object { t: 1, u: 'x' }, "event: Object\ndata: {\"t\":1,\"u\":\"x\"}\n\n");
    let event = Generic::<Option<u8>, bool>::Pair(None, true);
    assert_eq!(encode_and_decode(&event), event);
}

#[test]
fn each_direction_of_a_generic_enum_requires_only_its_own_trait() {
    assert_eq!(encode(&Generic::<Written>::One(Written(1))), "event: One\ndata: 1\n\n");
    assert_eq!(decode::<Generic<Read>>("event: One\ndata: 1\n\n"), Decoded::Event(Generic::One(Read(1))));
}

#[derive(Debug, PartialEq, SseEvent)]
enum Outer<T> {
    #[sse(event = "own")]
    Own(T),
    #[sse(other)]
    Middle(Middle<Generic<T>>),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Middle<E> {
    #[sse(event = "middle", terminal)]
    Middle,
    #[sse(other)]
    Inner(E),
}

#[test]
fn enums_can_be_nested_three_deep() {
    type Nested = Outer<Tick>;
    round_trip(Nested::Own(Tick { price: 1 }), "event: own\ndata: {\"price\":1}\n\n");
    round_trip(Nested::Middle(Middle::Middle), "event: middle\ndata: \n\n");
    round_trip(Nested::Middle(Middle::Inner(Generic::Many(Vec::new()))), "event: Many\ndata: []\n\n");
    assert!(Nested::Middle(Middle::Middle).is_terminal());
    assert_eq!(decode::<Nested>("event: none\ndata: 1\n\n"), Decoded::Unknown);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
enum Recursive {
    Leaf(u8),
    Node(Box<Self>),
    Nodes { left: Box<Self>, right: Box<Self> },
}

#[test]
fn a_payload_can_be_the_enum_itself() {
    let leaf = || Recursive::Leaf(1);
    let nodes = Recursive::Nodes { left: Box::new(leaf()), right: Box::new(leaf()) };
    round_trip(nodes, "event: Nodes\ndata: {\"left\":{\"Leaf\":1},\"right\":{\"Leaf\":1}}\n\n");
    round_trip(Recursive::Node(Box::new(leaf())), "event: Node\ndata: {\"Leaf\":1}\n\n");
}

#[test]
fn boxes_and_references_of_events_are_events() {
    assert_eq!(encode(&&Arc::new(Box::new(Recursive::Leaf(1)))), "event: Leaf\ndata: 1\n\n");
    assert_eq!(decode::<Box<Recursive>>("event: Leaf\ndata: 1\n\n"), Decoded::Event(Box::new(Recursive::Leaf(1))));
}
