//! `other`: catch-all variants and their shapes.

use sse_core::{
    Decoded, Decoder, EncodeError, Encoder, EventInfo, EventName, EventSpec, RawEventBuf, SseDecode, SseEvent,
    TypedEvent,
};

use super::{decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
enum Unit {
    Known(u8),
    #[sse(other)]
    New,
}

#[test]
fn a_unit_catches_any_event_and_cannot_be_encoded() {
    assert_eq!(decode("event: later\ndata: {\n\n"), Decoded::Event(Unit::New));
    assert_eq!(decode("event: Known\ndata: 1\n\n"), Decoded::Event(Unit::Known(1)));
    let mut encoder = Encoder::new();
    let error = encoder.event(&Unit::New).unwrap_err();
    assert_eq!(error.to_string(), "event cannot be encoded: variant `New` is never encoded");
    assert!(encoder.is_empty());
}

#[derive(Debug, PartialEq, SseEvent)]
enum Raw {
    Known(u8),
    #[sse(other)]
    New(RawEventBuf),
}

#[test]
fn a_raw_event_is_encoded_as_it_was_read() {
    let event = Raw::New(RawEventBuf::new(EventName::from_static("later"), "a\nb"));
    round_trip(event, "event: later\ndata: a\ndata: b\n\n");
    let bytes = "event: later\nid: 7\nretry: 10\ndata: {}\n\n";
    let Decoded::Event(event) = decode::<Raw>(bytes) else { panic!("the event is not caught") };
    assert_eq!(encode(&event), bytes);
}

#[derive(Debug, PartialEq, SseEvent)]
enum Over<E> {
    Known(u8),
    #[sse(other)]
    New(E),
}

#[test]
fn any_type_of_events_can_be_a_catch_all() {
    round_trip(Over::<Raw>::Known(1), "event: Known\ndata: 1\n\n");
    let event: Over<Unit> = Over::New(Unit::New);
    assert_eq!(decode("event: later\ndata: 1\n\n"), Decoded::Event(event));
}

#[derive(Debug, PartialEq, SseEvent)]
enum Text {
    Known(u8),
    #[sse(other)]
    New {
        #[sse(id)]
        at: Option<u32>,
        event: String,
        data: String,
    },
}

#[test]
fn a_catch_all_with_text_fields_has_its_name_at_run_time() {
    let event = |at| Text::New { at, event: "later".into(), data: "a\nb".into() };
    round_trip(event(None), "event: later\ndata: a\ndata: b\n\n");
    round_trip(event(Some(3)), "event: later\nid: 3\ndata: a\ndata: b\n\n");
}

#[test]
fn an_invalid_name_is_an_error_and_nothing_is_written() {
    let mut encoder = Encoder::new();
    for name in ["", "a\nb", "a\rb"] {
        let event = Text::New { at: None, event: name.into(), data: String::new() };
        let error: EncodeError = encoder.event(&event).unwrap_err();
        assert!(std::error::Error::source(&error).is_some(), "{name:?}");
        assert!(encoder.is_empty(), "{name:?}");
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Lent<'a> {
    #[sse(other)]
    New { event: &'a str, data: &'a str },
}

#[test]
fn text_fields_can_be_borrowed() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: later\ndata: x\n\n");
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Lent::decode(raw).unwrap(), Decoded::Event(Lent::New { event: "later", data: "x" }));
    assert_eq!(encode(&Lent::New { event: "later", data: "x" }), "event: later\ndata: x\n\n");
}

#[test]
fn a_catch_all_is_described() {
    let known = EventSpec::Event(EventInfo::new("Known"));
    assert_eq!(Unit::EVENTS, [known, EventSpec::CatchAll]);
    assert_eq!(Raw::EVENTS, [known, EventSpec::CatchAll]);
    assert_eq!(Text::EVENTS, [known, EventSpec::CatchAll]);
}

/// Two catch-alls, one with a prefix that begins the other's, beside one without a prefix.
#[derive(Debug, PartialEq, SseEvent)]
enum Prefixed {
    #[sse(other)]
    Own(RawEventBuf),
    #[sse(event = "a.known")]
    Known,
    #[sse(flatten(prefix = "a."))]
    Short(Raw),
    #[sse(flatten(prefix = "a.b."))]
    Long(Raw),
    #[sse(flatten(prefix = "c|"))]
    Apart(Box<RawEventBuf>),
}

fn raw(name: &'static str) -> RawEventBuf {
    RawEventBuf::new(EventName::from_static(name), "1")
}

#[test]
fn the_catch_all_with_the_longest_prefix_takes_an_event() {
    for (name, event) in [
        ("x", Prefixed::Own(raw("x"))),
        ("a", Prefixed::Own(raw("a"))),
        ("a.", Prefixed::Own(raw("a."))),
        ("c.x", Prefixed::Own(raw("c.x"))),
        ("a.x", Prefixed::Short(Raw::New(raw("x")))),
        ("a.b", Prefixed::Short(Raw::New(raw("b")))),
        ("a.b.", Prefixed::Short(Raw::New(raw("b.")))),
        ("a.Known", Prefixed::Short(Raw::Known(1))),
        ("a.b.x", Prefixed::Long(Raw::New(raw("x")))),
        ("a.b.Known", Prefixed::Long(Raw::Known(1))),
        ("a.b.a.b.x", Prefixed::Long(Raw::New(raw("a.b.x")))),
        ("c|a.x", Prefixed::Apart(Box::new(raw("a.x")))),
    ] {
        round_trip(event, &format!("event: {name}\ndata: 1\n\n"));
    }
    assert_eq!(decode("event: a.known\ndata\n\n"), Decoded::Event(Prefixed::Known));
    round_trip(Prefixed::Own(raw("message")), "data: 1\n\n");
    round_trip(Prefixed::Short(Raw::New(raw("message"))), "event: a.message\ndata: 1\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Pair<A, B> {
    #[sse(flatten(prefix = "a."))]
    A(A),
    #[sse(flatten(prefix = "a.b."))]
    B(B),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Inner {
    #[sse(event = "known")]
    Known,
    #[sse(flatten(prefix = "b.c."))]
    Deep(RawEventBuf),
    #[sse(other)]
    Rest(RawEventBuf),
}

#[test]
fn nested_prefixes_count_as_one() {
    type Nested = Pair<Inner, Raw>;
    for (name, event) in [
        ("a.known", Nested::A(Inner::Known)),
        ("a.x", Nested::A(Inner::Rest(raw("x")))),
        ("a.b.x", Nested::B(Raw::New(raw("x")))),
        ("a.b.c", Nested::B(Raw::New(raw("c")))),
        ("a.b.c.x", Nested::A(Inner::Deep(raw("x")))),
    ] {
        let data = if name == "a.known" { "" } else { "1" };
        round_trip(event, &format!("event: {name}\ndata: {data}\n\n"));
    }
    // Without a catch-all of its own, the outer type takes no other names.
    for bytes in ["event: b.c.x\ndata: 1\n\n", "data: 1\n\n", "event: a\ndata: 1\n\n"] {
        assert_eq!(decode::<Nested>(bytes), Decoded::Unknown, "{bytes}");
    }
    // A longer prefix counts only if there is a catch-all after it.
    assert_eq!(decode("event: a.b.x\ndata: 1\n\n"), Decoded::Event(Pair::<Raw, Tick>::A(Raw::New(raw("b.x")))));
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(event = "tick")]
struct Tick(u8);

/// A type with an unnamed event, which reads the name `message` as none.
#[derive(Debug, PartialEq, SseEvent)]
enum Chunks {
    #[sse(unnamed)]
    Chunk(u8),
    #[sse(other)]
    Rest(RawEventBuf),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Falls {
    #[sse(flatten(prefix = "a."))]
    A(Chunks),
    #[sse(flatten(prefix = "b."), skip_decode)]
    B(RawEventBuf),
    #[sse(other)]
    Own(RawEventBuf),
}

#[test]
fn a_catch_all_that_does_not_take_an_event_leaves_it_to_the_next_one() {
    assert_eq!(decode("event: a.x\ndata: 1\n\n"), Decoded::Event(Falls::A(Chunks::Rest(raw("x")))));
    assert_eq!(decode("event: a.message\ndata: 1\n\n"), Decoded::Event(Falls::Own(raw("a.message"))));
    assert_eq!(decode("event: b.x\ndata: 1\n\n"), Decoded::Event(Falls::Own(raw("b.x"))));
    assert_eq!(encode(&Falls::B(raw("x"))), "event: b.x\ndata: 1\n\n");
    assert_eq!(decode("data: 1\n\n"), Decoded::Event(Falls::A(Chunks::Chunk(1))));
}
