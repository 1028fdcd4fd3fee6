//! Events of tagged enums that are identified by the tag in their data, because their names do not identify them.

use std::{borrow::Cow, cell::Cell};

use serde::{Deserialize, Serialize};
use sse_core::{
    DecodeError, Decoded, Decoder, Encoder, EventInfo, EventReader, EventSpec, EventTag, RawEvent, RawEventBuf,
    SseDecode, SseDecodeOwned, SseEvent, TypedEvent,
};

use super::{Tick, decode, encode, round_trip};

#[track_caller]
fn decode_error<E: SseDecodeOwned + std::fmt::Debug>(bytes: &str) -> String {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    E::decode(events.next_event().unwrap().unwrap()).unwrap_err().to_string()
}

#[track_caller]
fn assert_unknown<E: SseDecodeOwned + std::fmt::Debug + PartialEq>(blocks: &[&str]) {
    for block in blocks {
        assert_eq!(decode::<E>(&format!("{block}\n\n")), Decoded::Unknown, "{block}");
    }
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "kind")]
#[sse(tagged)]
enum Feed {
    Added {
        n: u8,
    },
    #[sse(terminal)]
    Closed,
}

#[test]
fn a_stream_without_event_names_is_read_by_the_tags() {
    let source: &[u8] =
        b"data: {\"kind\":\"Added\",\"n\":1}\n\ndata: {\"kind\":\"Later\"}\n\ndata: {\"n\":1}\n\ndata: text\n\n\
        data: {\"kind\":\"Closed\"}\n\ndata: {\"kind\":\"Added\",\"n\":2}\n\n";
    let mut reader = EventReader::new(source);
    let feed: Vec<Feed> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(feed, [Feed::Added { n: 1 }, Feed::Closed]);
    assert_eq!(reader.unknown_events(), 3);
}

#[test]
fn an_event_line_that_is_empty_or_says_message_does_not_matter() {
    for line in ["event: message\n", "event:\n", ""] {
        let bytes = format!("{line}data: {{\"kind\":\"Added\",\"n\":1}}\n\n");
        assert_eq!(decode(&bytes), Decoded::Event(Feed::Added { n: 1 }), "{line:?}");
    }
}

#[test]
fn an_event_without_a_known_tag_is_unknown() {
    assert_unknown::<Feed>(&[
        r#"data: {"kind":"Later","n":1}"#,
        r#"data: {"kind":"added","n":1}"#,
        r#"data: {"n":1}"#,
        r#"data: {"kind":1}"#,
        r#"data: {"kind":null,"n":1}"#,
        r#"data: {"kind":["Added"],"n":1}"#,
        r#"data: {"inner":{"kind":"Added"},"n":1}"#,
        r#"data: ["Added",{"n":1}]"#,
        r#"data: "Added""#,
        "data: Added",
        "data: {\"n\":?,\"kind\":\"Added\"}",
        "data: ",
        "event: later\ndata: {\"kind\":\"Added\",\"n\":1}",
    ]);
}

#[test]
fn bad_data_with_a_known_tag_is_an_error() {
    for data in [r#"{"kind":"Added"}"#, r#"{"kind":"Added","n":300}"#, r#"{"n":1,"kind":"Added","n":2}"#] {
        let error = decode_error::<Feed>(&format!("data: {data}\n\n"));
        assert!(error.starts_with("event `message` cannot be decoded: invalid data"), "{error}");
    }
    assert_eq!(
        decode_error::<Feed>("data: {\"kind\":\"Added\",\"n\":1\n\n"),
        "event `message` cannot be decoded: invalid data"
    );
}

#[test]
fn a_name_that_contradicts_the_tag_is_an_error() {
    assert_eq!(
        decode_error::<Feed>("event: Added\ndata: {\"kind\":\"Closed\"}\n\n"),
        "event `Added` cannot be decoded: its data is that of event `Closed`"
    );
}

thread_local! {
    static READ: Cell<u32> = const { Cell::new(0) };
}

/// A payload that counts how often it is read.
#[derive(Debug, PartialEq)]
struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        READ.set(READ.get() + 1);
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

#[derive(Debug, Deserialize, PartialEq, SseEvent)]
#[serde(tag = "type", content = "body")]
#[sse(tagged)]
enum Heavy {
    Known(Counted),
}

#[test]
fn the_payload_is_read_only_if_the_tag_is_known() {
    assert_unknown::<Heavy>(&[r#"data: {"body":{},"type":"New"}"#, r#"data: {"type":"New","body":{}}"#]);
    assert_eq!(READ.get(), 0);
    assert_eq!(decode("data: {\"body\":[1,2],\"type\":\"Known\"}\n\n"), Decoded::Event(Heavy::Known(Counted)));
    assert_eq!(READ.get(), 1);
}

#[test]
fn a_tag_is_borrowed_and_nothing_after_it_is_read() {
    let tag = EventTag::new("kind", &[]);
    let read = |data: &'static str| tag.read(data);
    assert!(matches!(read(r#"{"a":[{"kind":1}],"kind" : "x" ,}"#), Some(Cow::Borrowed("x"))));
    assert!(matches!(read("{\"kind\":\"x\"\u{0}"), Some(Cow::Borrowed("x"))));
    assert_eq!(read(r#"{"\u006bind":"a\/\u0062"}"#).as_deref(), Some("a/b"));
    assert_eq!(read(r#"{"kind":"x"#), None);
    let external = EventTag::external(&[]);
    assert!(matches!(external.read(r#"{"x":{"#), Some(Cow::Borrowed("x"))));
    assert!(matches!(external.read(r#""x""#), Some(Cow::Borrowed("x"))));
    assert_eq!(external.read(r#""\u0078""#).as_deref(), Some("x"));
    assert_eq!(external.read("{}"), None);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[sse(tagged, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
enum External {
    Moved { to: String },
    Pair(u8, u8),
    Gone,
}

#[test]
fn the_tag_of_an_externally_tagged_enum_is_its_key() {
    let moved = || External::Moved { to: "a".into() };
    round_trip(moved(), "event: moved\ndata: {\"moved\":{\"to\":\"a\"}}\n\n");
    assert_eq!(decode("data: {\"moved\":{\"to\":\"a\"}}\n\n"), Decoded::Event(moved()));
    assert_eq!(decode("data: {\"pair\":[1,2]}\n\n"), Decoded::Event(External::Pair(1, 2)));
    assert_eq!(decode("data: \"gone\"\n\n"), Decoded::Event(External::Gone));
    assert_unknown::<External>(&[r#"data: {"later":{}}"#, r#"data: "later""#, "data: {}", "data: gone", "data: 1"]);
    decode_error::<External>("data: {\"moved\":{}}\n\n");
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "t", content = "c", rename_all(serialize = "camelCase", deserialize = "UPPERCASE"))]
#[sse(tagged)]
enum Renamed {
    FirstOne(Tick),
    #[serde(rename = "a/b", alias = "old", alias = "older")]
    Second {
        n: u8,
    },
    #[serde(rename(serialize = "w", deserialize = "r"))]
    Third,
    #[sse(alias = "only a name")]
    Fourth,
}

#[test]
fn the_tags_are_those_that_serde_reads() {
    let first = || Decoded::Event(Renamed::FirstOne(Tick { price: 1 }));
    assert_eq!(decode("data: {\"c\":{\"price\":1},\"t\":\"FIRSTONE\"}\n\n"), first());
    for tag in ["a/b", "a\\/b", "old", "older"] {
        let bytes = format!("data: {{\"t\":\"{tag}\",\"c\":{{\"n\":1}}}}\n\n");
        assert_eq!(decode(&bytes), Decoded::Event(Renamed::Second { n: 1 }), "{tag}");
    }
    assert_eq!(decode("data: {\"t\":\"r\"}\n\n"), Decoded::Event(Renamed::Third));
    assert_unknown::<Renamed>(&[
        r#"data: {"t":"firstOne","c":{"price":1}}"#,
        r#"data: {"t":"Second","c":{"n":1}}"#,
        r#"data: {"t":"w"}"#,
        r#"data: {"t":"only a name"}"#,
    ]);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged, unnamed)]
enum Chunk {
    Text {
        text: String,
    },
    #[serde(alias = "end")]
    Stop,
    #[serde(skip)]
    #[sse(literal = "[DONE]", terminal)]
    Done,
}

#[test]
fn an_unnamed_event_that_was_named_by_its_tag_is_read() {
    let text = || Chunk::Text { text: "a".into() };
    round_trip(text(), "data: {\"type\":\"Text\",\"text\":\"a\"}\n\n");
    assert_eq!(decode("event: Text\ndata: {\"type\":\"Text\",\"text\":\"a\"}\n\n"), Decoded::Event(text()));
    for (name, tag) in [("Stop", "Stop"), ("end", "end"), ("Stop", "end"), ("end", "Stop")] {
        let bytes = format!("event: {name}\ndata: {{\"type\":\"{tag}\"}}\n\n");
        assert_eq!(decode(&bytes), Decoded::Event(Chunk::Stop), "{name} {tag}");
    }
}

#[test]
fn a_named_event_is_read_only_if_its_name_is_a_tag() {
    assert_unknown::<Chunk>(&[
        "event: text\ndata: {\"type\":\"Text\",\"text\":\"a\"}",
        "event: Done\ndata: {\"type\":\"Stop\"}",
        "event: [DONE]\ndata: [DONE]",
        "event: Text\ndata: {\"text\":\"a\"}",
        "event: Text\ndata: {\"type\":\"Later\",\"text\":\"a\"}",
        "event: Text\ndata: text",
    ]);
    decode_error::<Chunk>("event: Text\ndata: {\"type\":\"Text\"}\n\n");
    assert_eq!(
        decode_error::<Chunk>("event: Text\ndata: {\"type\":\"Stop\"}\n\n"),
        "event `Text` cannot be decoded: its data is that of event `Stop`"
    );
}

#[test]
fn an_unnamed_event_of_an_unnamed_enum_has_to_have_a_known_tag() {
    for data in [r#"{"type":"Later"}"#, r#"{"text":"a"}"#, "text", r#"{"type":"Text"}"#] {
        decode_error::<Chunk>(&format!("data: {data}\n\n"));
    }
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum Mixed {
    Named {
        n: u8,
    },
    #[sse(unnamed)]
    Unnamed {
        n: u8,
    },
}

#[test]
fn the_tag_of_a_named_event_identifies_it_beside_unnamed_ones() {
    round_trip(Mixed::Unnamed { n: 1 }, "data: {\"type\":\"Unnamed\",\"n\":1}\n\n");
    assert_eq!(decode("data: {\"type\":\"Named\",\"n\":1}\n\n"), Decoded::Event(Mixed::Named { n: 1 }));
    let named = "event: Unnamed\ndata: {\"type\":\"Unnamed\",\"n\":1}\n\n";
    assert_eq!(decode(named), Decoded::Event(Mixed::Unnamed { n: 1 }));
    decode_error::<Mixed>("data: {\"type\":\"Later\",\"n\":1}\n\n");
    decode_error::<Mixed>("event: Named\ndata: {\"type\":\"Unnamed\",\"n\":1}\n\n");
    decode_error::<Mixed>("event: Unnamed\ndata: {\"type\":\"Named\",\"n\":1}\n\n");
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum WithOther {
    Known {
        n: u8,
    },
    #[sse(unnamed)]
    #[serde(other)]
    Later,
}

#[test]
fn serdes_other_takes_unknown_tags_of_unnamed_events_only() {
    assert_eq!(decode("data: {\"type\":\"Known\",\"n\":1}\n\n"), Decoded::Event(WithOther::Known { n: 1 }));
    assert_eq!(decode("data: {\"type\":\"New\",\"n\":1}\n\n"), Decoded::Event(WithOther::Later));
    assert_unknown::<WithOther>(&["event: New\ndata: {\"type\":\"New\"}", "event: Later\ndata: {\"type\":\"New\"}"]);
    assert_eq!(decode("event: Later\ndata: {\"type\":\"Later\"}\n\n"), Decoded::Event(WithOther::Later));
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum WithUntagged {
    Known {
        n: u8,
    },
    #[serde(skip_deserializing)]
    #[sse(skip_decode)]
    Written {
        n: u8,
    },
    #[serde(skip)]
    #[sse(skip)]
    Internal,
    #[serde(untagged)]
    Loose {
        m: u8,
    },
}

#[test]
fn variants_without_a_tag_are_not_read_by_one() {
    round_trip(WithUntagged::Loose { m: 1 }, "event: Loose\ndata: {\"m\":1}\n\n");
    assert_eq!(encode(&WithUntagged::Written { n: 1 }), "event: Written\ndata: {\"type\":\"Written\",\"n\":1}\n\n");
    Encoder::new().event(&WithUntagged::Internal).unwrap_err();
    assert_unknown::<WithUntagged>(&[
        r#"data: {"m":1}"#,
        r#"data: {"type":"Loose","m":1}"#,
        r#"data: {"type":"Written","n":1}"#,
        r#"data: {"type":"Internal"}"#,
    ]);
    // Serde falls back to the variant without a tag.
    assert_eq!(
        decode_error::<WithUntagged>("data: {\"type\":\"Known\",\"m\":1}\n\n"),
        "event `message` cannot be decoded: its data is that of event `Loose`"
    );
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(untagged)]
#[sse(tagged)]
enum Untagged {
    A { a: u8 },
    B { b: u8 },
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(from = "Tick", into = "Tick")]
#[sse(tagged)]
enum Converted {
    Price(u32),
}

impl From<Converted> for Tick {
    fn from(Converted::Price(price): Converted) -> Self {
        Self { price }
    }
}

impl From<Tick> for Converted {
    fn from(Tick { price }: Tick) -> Self {
        Self::Price(price)
    }
}

#[test]
fn an_enum_without_tags_is_not_read_by_them() {
    assert_unknown::<Untagged>(&[r#"data: {"a":1}"#, r#"data: {"A":{"a":1}}"#, r#"data: "A""#]);
    round_trip(Converted::Price(1), "event: Price\ndata: {\"price\":1}\n\n");
    assert_unknown::<Converted>(&[r#"data: {"price":1}"#, r#"data: {"Price":1}"#]);
    for events in [Untagged::EVENTS, Converted::EVENTS] {
        assert!(events.iter().all(|spec| matches!(spec, EventSpec::Event(info) if info.tag().is_none())));
    }
}

#[test]
fn the_description_contains_the_tags() {
    let tag = |values| EventTag::new("type", values);
    let text = EventInfo::unnamed().with_tag(tag(&["Text"]));
    let stop = EventInfo::unnamed().with_aliases(&["end"]).with_tag(tag(&["Stop", "end"]));
    assert_eq!(Chunk::EVENTS[..2], [EventSpec::Event(text), EventSpec::Event(stop)]);
    let EventSpec::Event(done) = Chunk::EVENTS[2] else { panic!("{:?}", Chunk::EVENTS) };
    assert_eq!(done.tag(), None);
    let gone = EventInfo::new("gone").with_tag(EventTag::external(&["gone"]));
    assert_eq!(External::EVENTS[2], EventSpec::Event(gone));
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged, ignore("ping"))]
enum Lines {
    Placed {
        #[serde(skip)]
        #[sse(id)]
        at: u64,
        item: String,
    },
    #[sse(unnamed)]
    Ping,
}

#[test]
fn fields_on_lines_are_set_and_ignored_names_stay_ignored() {
    let placed = Lines::Placed { at: 7, item: "tea".into() };
    assert_eq!(decode("id: 7\ndata: {\"type\":\"placed\",\"item\":\"tea\"}\n\n"), Decoded::Event(placed));
    assert_eq!(decode::<Lines>("event: ping\ndata: {\"type\":\"ping\"}\n\n"), Decoded::Ignored);
    assert_eq!(decode("data: {\"type\":\"ping\"}\n\n"), Decoded::Event(Lines::Ping));
}

/// A type that takes names, a literal, a payload and the rest, each beside a tagged type.
#[derive(Debug, PartialEq, SseEvent)]
enum Names {
    #[sse(event = "Text")]
    Text(u8),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Word {
    #[sse(unnamed, literal = "{\"kind\":\"Closed\"}")]
    Closed,
}

#[derive(Debug, PartialEq, SseEvent)]
enum Payload {
    #[sse(unnamed, text)]
    Any(String),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Rest {
    #[sse(other)]
    Any(RawEventBuf),
}

#[derive(Debug, PartialEq, SseEvent)]
enum All<T, O> {
    #[sse(flatten)]
    Rest(Rest),
    #[sse(flatten)]
    Tagged(T),
    #[sse(flatten)]
    Other(O),
}

#[test]
fn names_literals_and_unnamed_payloads_come_before_tags_and_catch_alls_after_them() {
    let text = "event: Text\ndata: {\"type\":\"Text\",\"text\":\"a\"}\n\n";
    let chunk = Chunk::Text { text: "a".into() };
    assert_eq!(decode::<All<Chunk, Word>>(text), Decoded::Event(All::Tagged(chunk)));
    decode_error::<All<Chunk, Names>>(text);

    let closed = "data: {\"kind\":\"Closed\"}\n\n";
    assert_eq!(decode::<All<Feed, Names>>(closed), Decoded::Event(All::Tagged(Feed::Closed)));
    assert_eq!(decode::<All<Feed, Word>>(closed), Decoded::Event(All::Other(Word::Closed)));
    let any = Payload::Any("{\"kind\":\"Closed\"}".into());
    assert_eq!(decode::<All<Feed, Payload>>(closed), Decoded::Event(All::Other(any)));

    let later = "data: {\"kind\":\"Later\"}\n\n";
    assert!(matches!(decode::<All<Feed, Names>>(later), Decoded::Event(All::Rest(_))));
    decode_error::<All<Feed, Names>>("data: {\"kind\":\"Added\"}\n\n");
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "kind")]
#[sse(tagged)]
enum Own {
    Started,
    #[serde(skip)]
    #[sse(unnamed, literal = "{\"kind\":\"Added\",\"n\":0}")]
    Zero,
    #[serde(skip)]
    #[sse(flatten)]
    Feed(Feed),
    #[serde(skip)]
    #[sse(other)]
    Other,
}

#[test]
fn an_enum_with_nested_types_has_tags_of_its_own() {
    assert_eq!(decode("data: {\"kind\":\"Started\"}\n\n"), Decoded::Event(Own::Started));
    assert_eq!(decode("data: {\"kind\":\"Added\",\"n\":0}\n\n"), Decoded::Event(Own::Zero));
    assert_eq!(decode("data: {\"kind\":\"Added\",\"n\":1}\n\n"), Decoded::Event(Own::Feed(Feed::Added { n: 1 })));
    assert_eq!(decode("data: {\"kind\":\"Later\"}\n\n"), Decoded::Event(Own::Other));
    decode_error::<Own>("event: Started\ndata: {\"kind\":\"Closed\"}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
enum Two<A, B> {
    #[sse(flatten(prefix = "a."))]
    A(A),
    #[sse(flatten(prefix = "b."))]
    B(Box<B>),
}

#[test]
fn a_tag_has_no_prefix() {
    type Both = Two<Feed, Two<WithUntagged, External>>;
    let added = || Both::A(Feed::Added { n: 1 });
    round_trip(added(), "event: a.Added\ndata: {\"kind\":\"Added\",\"n\":1}\n\n");
    assert_eq!(decode("data: {\"kind\":\"Added\",\"n\":1}\n\n"), Decoded::Event(added()));
    assert_eq!(decode("data: \"gone\"\n\n"), Decoded::Event(Both::B(Box::new(Two::B(Box::new(External::Gone))))));
    assert_unknown::<Both>(&[
        r#"data: {"kind":"a.Added","n":1}"#,
        "event: Added\ndata: {\"kind\":\"Added\",\"n\":1}",
        "event: b.Added\ndata: {\"kind\":\"Added\",\"n\":1}",
    ]);
}

#[test]
fn a_name_that_is_a_tag_is_read_with_and_without_the_prefix() {
    type Nested = Two<Names, Two<Chunk, Word>>;
    for name in ["Stop", "b.Stop", "a.Stop", "b.a.Stop"] {
        let bytes = format!("event: {name}\ndata: {{\"type\":\"Stop\"}}\n\n");
        assert_eq!(decode(&bytes), Decoded::Event(Nested::B(Box::new(Two::A(Chunk::Stop)))), "{name}");
    }
    assert_unknown::<Nested>(&[
        "event: b.b.Stop\ndata: {\"type\":\"Stop\"}",
        "event: c.Stop\ndata: {\"type\":\"Stop\"}",
    ]);
    let error = decode_error::<Nested>("event: b.a.Text\ndata: {\"type\":\"Stop\"}\n\n");
    assert_eq!(error, "event `b.a.Text` cannot be decoded: its data is that of event `Stop`");
}

#[test]
fn a_tag_of_two_types_does_not_identify_an_event() {
    assert_unknown::<Two<Feed, Feed>>(&["data: {\"kind\":\"Closed\"}"]);
    let closed = "event: b.Closed\ndata: {\"kind\":\"Closed\"}\n\n";
    assert_eq!(decode(closed), Decoded::Event(Two::<Feed, Feed>::B(Box::new(Feed::Closed))));
    // The same tag under another key is another tag.
    let closed = "data: {\"type\":\"Known\",\"n\":1}\n\n";
    let known = Two::<Feed, WithUntagged>::B(Box::new(WithUntagged::Known { n: 1 }));
    assert_eq!(decode(closed), Decoded::Event(known));
}

/// A type that recognizes events by a tag and is implemented by hand.
#[derive(Debug, PartialEq)]
struct ByHand(String);

const BY_HAND: EventTag = EventTag::new("@", &["by hand"]);

impl TypedEvent for ByHand {
    const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("by hand").with_tag(BY_HAND))];
}

impl<'de> SseDecode<'de> for ByHand {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        let is_own = match raw.name() {
            "by hand" => true,
            "message" => BY_HAND.read(raw.data()).is_some_and(|tag| BY_HAND.values().contains(&&*tag)),
            _ => false,
        };
        Ok(if is_own { Decoded::Event(Self(raw.data().into())) } else { Decoded::Unknown })
    }
}

#[test]
fn a_type_implemented_by_hand_is_asked_for_the_tags_that_it_describes() {
    let data = r#"{"@":"by hand"}"#;
    let bytes = format!("data: {data}\n\n");
    assert_eq!(decode(&bytes), Decoded::Event(Two::<ByHand, Names>::A(ByHand(data.into()))));
    assert_eq!(decode::<Two<ByHand, Names>>("data: {\"@\":\"else\"}\n\n"), Decoded::Unknown);
}
