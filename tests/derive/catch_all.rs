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
