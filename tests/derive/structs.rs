//! Structs, which are types with one event.

use std::borrow::Cow;

use sse_core::{Decoded, Decoder, EventInfo, EventSpec, Retry, SseDecode, SseEvent, TypedEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(event = "price.moved", alias = "moved", terminal, error, retry = 10)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Moved<'a, T> {
    #[sse(id)]
    at: Option<u64>,
    best_price: T,
    #[serde(borrow, skip_serializing_if = "str::is_empty")]
    the_note: Cow<'a, str>,
}

#[test]
fn a_struct_is_a_named_event_with_an_object_as_data() {
    let moved = Moved { at: Some(1), best_price: Tick { price: 2 }, the_note: "n".into() };
    let bytes = "event: price.moved\nid: 1\nretry: 10\ndata: {\"bestPrice\":{\"price\":2},\"theNote\":\"n\"}\n\n";
    assert_eq!(encode(&moved), bytes);
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Moved::decode(raw).unwrap(), Decoded::Event(moved));
    assert!(Moved { at: None, best_price: 1, the_note: "".into() }.is_terminal());
    assert!(Moved { at: None, best_price: 1, the_note: "".into() }.is_error());
    let info = EventInfo::new("price.moved").with_aliases(&["moved"]).with_retry(Retry::from_millis(10)).with_id();
    let info = info.with_terminal().with_error();
    assert_eq!(Moved::<u8>::EVENTS, [EventSpec::Event(info)]);
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(unnamed)]
struct Newtype(Option<Tick>);

#[derive(Debug, PartialEq, SseEvent)]
struct Pair(u8, char);

#[derive(Debug, PartialEq, SseEvent)]
#[serde(rename = "ping")]
struct Unit;

#[derive(Debug, PartialEq, SseEvent)]
#[sse(text, event = "log")]
struct Text(String);

#[derive(Debug, PartialEq, SseEvent)]
#[sse(unnamed, literal = "[DONE]")]
struct Done;

#[test]
fn a_struct_has_the_same_shapes_as_a_variant() {
    round_trip(Newtype(Some(Tick { price: 1 })), "data: {\"price\":1}\n\n");
    round_trip(Newtype(None), "data: \n\n");
    round_trip(Pair(1, 'x'), "event: Pair\ndata: [1,\"x\"]\n\n");
    round_trip(Unit, "event: ping\ndata: \n\n");
    round_trip(Text("a\nb".into()), "event: log\ndata: a\ndata: b\n\n");
    round_trip(Done, "data: [DONE]\n\n");
}

#[test]
fn other_events_are_unknown() {
    assert_eq!(decode::<Unit>("event: pong\ndata\n\n"), Decoded::Unknown);
    assert_eq!(decode::<Done>("data: DONE\n\n"), Decoded::Unknown);
}
