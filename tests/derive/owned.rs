//! `Cow<'static, str>`, which owns the text that it is read from, and optional text.

use std::{borrow::Cow, error::Error, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sse_core::{DataKind, Decoded, Decoder, EventInfo, EventReader, EventSpec, SseDecode, SseDecodeOwned, SseEvent};

use super::{decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
enum Owned {
    #[sse(text)]
    Text(Cow<'static, str>),
    #[sse(text)]
    Maybe(Option<Cow<'static, str>>),
    #[sse(text)]
    Data {
        #[sse(id)]
        at: Cow<'static, str>,
        #[sse(data)]
        text: Cow<'static, str>,
    },
    Id {
        #[sse(id)]
        at: Option<Cow<'static, str>>,
        json: Cow<'static, str>,
    },
    #[sse(other)]
    Other { event: Cow<'static, str>, data: Cow<'static, str> },
}

fn all() -> [(Owned, &'static str); 7] {
    [
        (Owned::Text("a\nb".into()), "event: Text\ndata: a\ndata: b\n\n"),
        (Owned::Maybe(Some("a".into())), "event: Maybe\ndata: a\n\n"),
        (Owned::Maybe(None), "event: Maybe\ndata: \n\n"),
        (Owned::Id { at: None, json: "j".into() }, "event: Id\ndata: {\"json\":\"j\"}\n\n"),
        (Owned::Data { at: "7".into(), text: "a".into() }, "event: Data\nid: 7\ndata: a\n\n"),
        (Owned::Id { at: Some("8".into()), json: "j".into() }, "event: Id\nid: 8\ndata: {\"json\":\"j\"}\n\n"),
        (Owned::Other { event: "later".into(), data: "x".into() }, "event: later\ndata: x\n\n"),
    ]
}

/// Asserts that a type can be read by a stream, which yields only events that own their data.
fn read<E: SseDecodeOwned>(bytes: &str) -> Vec<E> {
    EventReader::new(bytes.as_bytes()).collect::<Result<_, _>>().unwrap()
}

#[test]
fn static_text_is_read_by_streams_wherever_text_is() {
    let (events, bytes): (Vec<_>, Vec<_>) = all().into_iter().unzip();
    for (event, bytes) in events.iter().zip(&bytes) {
        assert_eq!(encode(event), **bytes);
    }
    assert_eq!(read::<Owned>(&bytes.concat()), events);
}

#[test]
fn static_text_is_owned() {
    for (_, bytes) in all() {
        let texts = match decode(bytes).into_event().unwrap() {
            Owned::Text(text) => vec![text],
            Owned::Maybe(text) => text.into_iter().collect(),
            Owned::Data { at, text } => vec![at, text],
            Owned::Id { at, json } => at.into_iter().chain([json]).collect(),
            Owned::Other { event, data } => vec![event, data],
        };
        assert!(texts.iter().all(|text| matches!(text, Cow::Owned(_))), "{bytes}");
    }
}

/// Without an import of `Cow`.
mod qualified {
    use sse_core::SseEvent;

    #[derive(Debug, PartialEq, SseEvent)]
    #[sse(event = "text", text)]
    pub(super) struct Text(pub(super) std::borrow::Cow<'static, str>);
}

#[test]
fn static_text_is_recognized_by_its_full_path_too() {
    assert_eq!(read::<qualified::Text>("event: text\ndata: a\n\n"), [qualified::Text("a".into())]);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum Tagged {
    Named {
        #[sse(id)]
        #[serde(skip)]
        at: Cow<'static, str>,
        name: Cow<'static, str>,
    },
}

#[test]
fn a_skipped_id_of_a_tagged_enum_can_be_static_text() {
    let event = Tagged::Named { at: "7".into(), name: "n".into() };
    round_trip(event, "event: Named\nid: 7\ndata: {\"type\":\"Named\",\"name\":\"n\"}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Constant {
    #[sse(text)]
    Text(&'static str),
}

#[test]
fn a_static_reference_borrows_from_static_input_as_before() {
    let decoder: &'static mut Decoder = Box::leak(Box::new(Decoder::new()));
    let events = Box::leak(Box::new(decoder.feed(b"event: Text\ndata: a\n\n")));
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(Constant::decode(raw).unwrap(), Decoded::Event(Constant::Text("a")));
}

#[derive(Debug, PartialEq, SseEvent)]
enum Optional<'a, T> {
    #[sse(text)]
    Owned(Option<String>),
    #[sse(text)]
    Parsed(Option<u32>),
    #[sse(text)]
    Generic(Option<T>),
    #[sse(text)]
    Lent(Option<&'a str>),
    #[sse(text)]
    LentCow(Option<Cow<'a, str>>),
    #[sse(text)]
    Data {
        #[sse(id)]
        id: u64,
        #[sse(data)]
        line: Option<String>,
    },
}

/// Reads an event and passes it to `check`.
fn read_lent(bytes: &str, check: impl FnOnce(Optional<'_, char>)) {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    check(Optional::decode(events.next_event().unwrap().unwrap()).unwrap().into_event().unwrap());
}

#[test]
fn optional_text_may_be_empty_data() {
    for (event, bytes) in [
        (Optional::Owned(Some("a\nb".into())), "event: Owned\ndata: a\ndata: b\n\n"),
        (Optional::Owned(None), "event: Owned\ndata: \n\n"),
        (Optional::Parsed(Some(7)), "event: Parsed\ndata: 7\n\n"),
        (Optional::Parsed(None), "event: Parsed\ndata: \n\n"),
        (Optional::Generic(Some('x')), "event: Generic\ndata: x\n\n"),
        (Optional::Generic(None), "event: Generic\ndata: \n\n"),
        (Optional::Lent(Some("a")), "event: Lent\ndata: a\n\n"),
        (Optional::Lent(None), "event: Lent\ndata: \n\n"),
        (Optional::LentCow(Some("a".into())), "event: LentCow\ndata: a\n\n"),
        (Optional::LentCow(None), "event: LentCow\ndata: \n\n"),
        (Optional::Data { id: 1, line: Some("a".into()) }, "event: Data\nid: 1\ndata: a\n\n"),
        (Optional::Data { id: 1, line: None }, "event: Data\nid: 1\ndata: \n\n"),
    ] {
        assert_eq!(encode(&event), bytes);
        read_lent(bytes, |read| assert_eq!(read, event));
    }
}

#[test]
fn optional_text_is_borrowed_if_the_text_is() {
    read_lent("event: LentCow\ndata: a\n\n", |read| {
        assert!(matches!(read, Optional::LentCow(Some(Cow::Borrowed("a")))), "{read:?}");
    });
}

#[test]
fn empty_text_is_read_back_as_none_and_null_is_text() {
    let bytes = encode(&Optional::<char>::Owned(Some(String::new())));
    assert_eq!(bytes, "event: Owned\ndata: \n\n");
    read_lent(&bytes, |read| assert_eq!(read, Optional::Owned(None)));
    read_lent("event: Owned\ndata: null\n\n", |read| assert_eq!(read, Optional::Owned(Some("null".into()))));
}

#[test]
fn optional_text_that_cannot_be_parsed_is_an_error() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Parsed\ndata: x\n\n");
    let error = Optional::<char>::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "invalid digit found in string");
}

struct OnlyDisplay;

impl fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("shown")
    }
}

#[derive(Debug, PartialEq)]
struct OnlyParsed;

impl FromStr for OnlyParsed {
    type Err = fmt::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "shown" { Ok(Self) } else { Err(fmt::Error) }
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Half<T> {
    #[sse(text)]
    Text(Option<T>),
}

#[test]
fn each_direction_of_optional_text_requires_only_its_own_trait() {
    let bytes = "event: Text\ndata: shown\n\n";
    assert_eq!(encode(&Half::Text(Some(OnlyDisplay))), bytes);
    assert_eq!(decode(bytes), Decoded::Event(Half::Text(Some(OnlyParsed))));
}

#[test]
fn optional_text_is_described_as_text() {
    use sse_core::TypedEvent as _;

    let text = EventInfo::new("Text").with_data(DataKind::Text);
    assert_eq!(Half::<u8>::EVENTS, [EventSpec::Event(text)]);
}
