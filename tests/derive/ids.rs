//! `#[sse(id)]` on a field.

use std::{borrow::Cow, error::Error};

use sse_core::{Decoded, Decoder, Encoder, Envelope, EventId, SseDecode, SseEvent};

use super::{decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
enum Feed {
    Tick {
        #[sse(id)]
        at: u64,
        price: u32,
    },
    Maybe {
        price: u32,
        #[sse(id)]
        at: Option<String>,
    },
    Cursor {
        #[sse(id)]
        at: char,
    },
}

#[test]
fn the_id_is_on_the_id_line_and_not_in_the_data() {
    round_trip(Feed::Tick { at: 7, price: 1 }, "event: Tick\nid: 7\ndata: {\"price\":1}\n\n");
    round_trip(Feed::Cursor { at: 'é' }, "event: Cursor\nid: é\ndata: {}\n\n");
}

#[test]
fn an_optional_id_can_be_absent() {
    round_trip(Feed::Maybe { price: 1, at: None }, "event: Maybe\ndata: {\"price\":1}\n\n");
    round_trip(Feed::Maybe { price: 1, at: Some("a b".into()) }, "event: Maybe\nid: a b\ndata: {\"price\":1}\n\n");
    let read = decode("event: Maybe\nid\ndata: {\"price\":1}\n\n");
    assert_eq!(read, Decoded::Event(Feed::Maybe { price: 1, at: None }));
}

#[derive(Debug, PartialEq, SseEvent)]
struct Lent<'a> {
    #[sse(id)]
    at: &'a str,
}

#[derive(Debug, PartialEq, SseEvent)]
struct MaybeLent<'a> {
    #[sse(id)]
    at: Option<Cow<'a, str>>,
}

#[test]
fn a_text_id_can_be_borrowed() {
    let bytes = ["event: Lent\nid: a b\ndata: {}\n\n", "event: MaybeLent\ndata: {}\n\n"];
    assert_eq!([encode(&Lent { at: "a b" }), encode(&MaybeLent { at: None })], bytes);
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes[0].as_bytes());
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Lent::decode(raw).unwrap(), Decoded::Event(Lent { at: "a b" }));
    let mut fresh = Decoder::new();
    let mut events = fresh.feed(b"event: MaybeLent\ndata: {}\n\nevent: MaybeLent\nid: x\ndata: {}\n\n");
    for at in [None, Some(Cow::Borrowed("x"))] {
        let raw = events.next_event().unwrap().unwrap();
        assert_eq!(MaybeLent::decode(raw).unwrap(), Decoded::Event(MaybeLent { at }));
    }
}

#[test]
fn the_id_of_an_earlier_block_is_inherited() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"id: 9\n\nevent: Tick\ndata: {\"price\":1}\n\n");
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Feed::decode(raw).unwrap(), Decoded::Event(Feed::Tick { at: 9, price: 1 }));
}

#[test]
fn an_id_that_cannot_be_parsed_is_an_error_with_the_id() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Tick\nid: x\ndata: {\"price\":1}\n\n");
    let error = Feed::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `Tick` cannot be decoded: invalid last event ID \"x\"");
    assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
}

#[test]
fn an_event_without_a_required_id_is_an_error() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Tick\ndata: {\"price\":1}\n\n");
    let error = Feed::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `Tick` cannot be decoded: missing event ID");
}

#[test]
fn a_line_ending_in_an_id_is_an_error_and_nothing_is_written() {
    let mut encoder = Encoder::new();
    let error = encoder.event(&Feed::Cursor { at: '\n' }).unwrap_err();
    assert_eq!(error.name(), Some("Cursor"));
    assert!(encoder.is_empty());
}

#[test]
fn the_id_of_an_envelope_overrides_the_field() {
    let mut encoder = Encoder::new();
    let envelope = Envelope::new(Feed::Tick { at: 7, price: 1 }).with_id(EventId::from_static("envelope"));
    encoder.envelope(&envelope).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: Tick\nid: envelope\ndata: {\"price\":1}\n\n");
}
