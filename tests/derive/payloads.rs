//! Payloads that are not JSON, and attributes of variants: `prefix`, `ignore`, `retry`, `error`.

use std::{borrow::Cow, error::Error, fmt, str::FromStr};

use serde_json::value::RawValue;
use sse_core::{Decoded, Decoder, Encoder, Envelope, EventInfo, EventSpec, Retry, SseDecode, SseEvent, TypedEvent};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, PartialEq)]
struct Point(i32, i32);

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\r", self.0)?;
        write!(f, "\n{}", self.1)
    }
}

impl FromStr for Point {
    type Err = Box<dyn Error>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (x, y) = text.split_once('\n').ok_or("expected a second line")?;
        Ok(Self(x.parse()?, y.parse()?))
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Text {
    #[sse(text)]
    Log(String),
    #[sse(text)]
    Number(f64),
    #[sse(text)]
    Point(Point),
}

#[test]
fn text_is_not_json() {
    round_trip(Text::Log("say \"hi\"".into()), "event: Log\ndata: say \"hi\"\n\n");
    round_trip(Text::Log(String::new()), "event: Log\ndata: \n\n");
    round_trip(Text::Log(" a\nb\n".into()), "event: Log\ndata:  a\ndata: b\ndata: \n\n");
    round_trip(Text::Number(1.5), "event: Number\ndata: 1.5\n\n");
}

#[test]
fn a_cr_and_its_lf_may_be_written_separately() {
    round_trip(Text::Point(Point(1, -2)), "event: Point\ndata: 1\ndata: -2\n\n");
}

#[test]
fn text_that_cannot_be_parsed_is_an_error_with_its_cause() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Point\ndata: 1\n\n");
    let error = Text::decode(events.next_event().unwrap().unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "event `Point` cannot be decoded");
    assert_eq!(error.source().unwrap().to_string(), "expected a second line");
}

#[derive(Debug, PartialEq, SseEvent)]
enum LentText<'a> {
    #[sse(text)]
    Str(&'a str),
    #[sse(text)]
    Cow(Cow<'a, str>),
}

#[test]
fn text_is_borrowed() {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(b"event: Str\ndata: a\n\nevent: Cow\ndata: b\n\n");
    let raw = events.next_event().unwrap().unwrap();
    assert_eq!(LentText::decode(raw).unwrap(), Decoded::Event(LentText::Str("a")));
    let raw = events.next_event().unwrap().unwrap();
    let event = LentText::decode(raw).unwrap();
    assert!(matches!(event, Decoded::Event(LentText::Cow(Cow::Borrowed("b")))), "{event:?}");
    assert_eq!(encode(&LentText::Cow("b\nc".into())), "event: Cow\ndata: b\ndata: c\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Chat {
    #[sse(unnamed)]
    Chunk(Tick),
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[sse(unnamed, literal = "")]
    Priming,
    #[sse(event = "ping", literal = "{\"type\": \"ping\"}")]
    Ping,
    #[sse(event = "state", literal = "up")]
    Up,
    #[sse(event = "state", literal = "down\nnow")]
    Down,
    #[sse(event = "mixed", literal = "null")]
    Nothing,
    #[sse(event = "mixed")]
    Something(u8),
}

#[test]
fn a_literal_is_exactly_the_data() {
    round_trip(Chat::Done, "data: [DONE]\n\n");
    round_trip(Chat::Priming, "data: \n\n");
    round_trip(Chat::Ping, "event: ping\ndata: {\"type\": \"ping\"}\n\n");
    round_trip(Chat::Up, "event: state\ndata: up\n\n");
    round_trip(Chat::Down, "event: state\ndata: down\ndata: now\n\n");
}

#[test]
fn a_literal_and_a_payload_can_share_a_name() {
    round_trip(Chat::Chunk(Tick { price: 1 }), "data: {\"price\":1}\n\n");
    round_trip(Chat::Nothing, "event: mixed\ndata: null\n\n");
    round_trip(Chat::Something(1), "event: mixed\ndata: 1\n\n");
}

#[test]
fn a_literal_with_a_unique_name_is_recognized_by_the_name() {
    assert_eq!(decode("event: ping\ndata: {}\n\n"), Decoded::Event(Chat::Ping));
    assert_eq!(decode::<Chat>("event: state\ndata: sideways\n\n"), Decoded::Unknown);
}

#[derive(Debug, PartialEq, SseEvent)]
enum OnlyDone {
    #[sse(unnamed, literal = "[DONE]")]
    Done,
    #[sse(other)]
    Rest { event: String, data: String },
}

#[test]
fn an_unnamed_literal_must_match_exactly() {
    round_trip(OnlyDone::Done, "data: [DONE]\n\n");
    let rest = OnlyDone::Rest { event: "message".into(), data: "[DONE] ".into() };
    assert_eq!(decode("data: [DONE] \n\n"), Decoded::Event(rest));
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case", prefix = "response.", ignore("ping", "keep\u{2d}alive"))]
enum Response {
    OutputDelta(u8),
    #[sse(event = "error", error, terminal, retry = 5000)]
    Failed {
        code: u8,
    },
    #[serde(rename = "plain")]
    Plain,
}

#[test]
fn a_prefix_applies_to_computed_names_only() {
    round_trip(Response::OutputDelta(1), "event: response.output_delta\ndata: 1\n\n");
    round_trip(Response::Plain, "event: plain\ndata: \n\n");
}

#[test]
fn ignored_names_are_distinct_from_unknown_ones() {
    for name in ["ping", "keep-alive"] {
        assert_eq!(decode::<Response>(&format!("event: {name}\ndata: {{\n\n")), Decoded::Ignored, "{name}");
    }
    assert_eq!(decode::<Response>("event: pong\ndata: {\n\n"), Decoded::Unknown);
}

#[test]
fn a_variant_sets_the_reconnection_time() {
    let failed = || Response::Failed { code: 1 };
    round_trip(failed(), "event: error\nretry: 5000\ndata: {\"code\":1}\n\n");
    let mut encoder = Encoder::new();
    encoder.envelope(&Envelope::new(failed()).with_retry(Retry::from_millis(1))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: error\nretry: 1\ndata: {\"code\":1}\n\n");
}

#[test]
fn only_events_marked_error_are_errors() {
    assert!(Response::Failed { code: 1 }.is_error());
    assert!(Response::Failed { code: 1 }.is_terminal());
    assert!(!Response::Plain.is_error());
    let info = EventInfo::new("error").with_retry(Retry::from_millis(5000)).with_terminal().with_error();
    assert_eq!(Response::EVENTS[1], EventSpec::Event(info));
    assert_eq!(Response::EVENTS[3..], [EventSpec::Ignored(&["ping", "keep-alive"])]);
}

/// A `RawValue` may contain line endings. They are only between tokens, where LF is equivalent.
#[test]
fn raw_json_is_split_at_each_of_its_line_endings() {
    #[derive(SseEvent)]
    enum Passed {
        Raw(Box<RawValue>),
        Within { id: u8, value: Box<RawValue> },
    }

    let value = || RawValue::from_string("{\"a\":\r\n\r[1,\n2]}".into()).unwrap();
    assert_eq!(encode(&Passed::Raw(value())), "event: Raw\ndata: {\"a\":\ndata: \ndata: [1,\ndata: 2]}\n\n");
    let text = "event: Within\ndata: {\"id\":7,\"value\":{\"a\":\ndata: \ndata: [1,\ndata: 2]}}\n\n";
    assert_eq!(encode(&Passed::Within { id: 7, value: value() }), text);
    let Decoded::Event(Passed::Within { id, value }) = decode(text) else { panic!("expected `Within`") };
    assert_eq!((id, value.get()), (7, "{\"a\":\n\n[1,\n2]}"));
}
