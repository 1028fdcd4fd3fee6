//! `flatten`: nested types, with and without prefixes.

use std::borrow::Cow;

use sse_core::{
    BrowserEventName, DataKind, Decoded, Decoder, Encoder, Envelope, EventInfo, EventName, EventSpec, RawEventBuf,
    Retry, SseDecode, SseDecodeOwned, SseEvent, TypedEvent, WireEvents,
};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Line {
    Added(Tick),
    #[sse(event = "line/gone", alias = "lost")]
    Gone,
    /// A name like any other, because the enum is nested with a prefix.
    Message(u8),
    #[sse(error, terminal)]
    Broken {
        #[sse(id)]
        at: u64,
        why: String,
    },
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Order<L> {
    Placed(u32),
    #[sse(flatten(prefix = "line."))]
    Line(L),
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case", ignore("ping"))]
enum Shop {
    Opened,
    #[sse(flatten(prefix = "order."))]
    Order(Box<Order<Line>>),
    #[sse(flatten)]
    Stock(Stock),
    #[sse(other)]
    Other(RawEventBuf),
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(event = "stock")]
struct Stock {
    left: u32,
}

fn line(line: Line) -> Shop {
    Shop::Order(Box::new(Order::Line(line)))
}

#[test]
fn names_nested_three_deep_have_all_prefixes_in_both_directions() {
    round_trip(Shop::Opened, "event: opened\ndata: \n\n");
    round_trip(Shop::Order(Box::new(Order::Placed(1))), "event: order.placed\ndata: 1\n\n");
    round_trip(line(Line::Added(Tick { price: 1 })), "event: order.line.added\ndata: {\"price\":1}\n\n");
    round_trip(line(Line::Message(1)), "event: order.line.message\ndata: 1\n\n");
    round_trip(Shop::Stock(Stock { left: 1 }), "event: stock\ndata: {\"left\":1}\n\n");
}

#[test]
fn prefixes_apply_to_explicit_names_and_aliases_too() {
    round_trip(line(Line::Gone), "event: order.line.line/gone\ndata: \n\n");
    assert_eq!(decode("event: order.line.lost\ndata\n\n"), Decoded::Event(line(Line::Gone)));
    let without_prefix = Shop::Other(RawEventBuf::new(EventName::from_static("lost"), ""));
    assert_eq!(decode("event: lost\ndata\n\n"), Decoded::Event(without_prefix));
}

#[test]
fn nested_events_can_have_ids_and_envelopes() {
    round_trip(
        line(Line::Broken { at: 7, why: "x".into() }),
        "event: order.line.broken\nid: 7\ndata: {\"why\":\"x\"}\n\n",
    );
    let mut encoder = Encoder::new();
    encoder.envelope(&Envelope::new(line(Line::Gone)).with_id(8).with_retry(Retry::from_millis(5))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: order.line.line/gone\nid: 8\nretry: 5\ndata: \n\n");
}

#[test]
fn an_event_is_terminal_and_an_error_if_it_is_so_in_the_nested_type() {
    let broken = line(Line::Broken { at: 0, why: String::new() });
    assert!(broken.is_terminal() && broken.is_error());
    assert!(!line(Line::Gone).is_terminal() && !Shop::Opened.is_error());
}

#[test]
fn names_that_match_no_event_are_caught_except_ignored_ones() {
    assert_eq!(decode::<Shop>("event: ping\ndata\n\n"), Decoded::Ignored);
    for name in ["order", "order.", "order.line", "order.line.", "order.nothing", "line.added", "message"] {
        let bytes = format!("event: {name}\ndata: x\n\n");
        let Decoded::Event(Shop::Other(other)) = decode(&bytes) else { panic!("{name}") };
        assert_eq!(other.name(), name);
    }
}

#[track_caller]
fn decode_error<E: SseDecodeOwned + std::fmt::Debug>(bytes: &str) -> String {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    E::decode(events.next_event().unwrap().unwrap()).unwrap_err().to_string()
}

#[derive(SseEvent)]
#[sse(event = "never")]
struct Never(Fails);

struct Fails;

impl serde::Serialize for Fails {
    fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no"))
    }
}

#[test]
fn errors_contain_the_full_name() {
    assert_eq!(
        decode_error::<Shop>("event: order.line.added\ndata: x\n\n"),
        "event `order.line.added` cannot be decoded: invalid data"
    );
    assert_eq!(
        decode_error::<Shop>("event: order.line.broken\nid: x\ndata: {\"why\":\"\"}\n\n"),
        "event `order.line.broken` cannot be decoded: invalid last event ID \"x\""
    );
    let mut encoder = Encoder::new();
    let error = encoder.event(&Order::Line(Never(Fails))).unwrap_err();
    assert_eq!(error.name(), Some("line.never"));
    assert!(encoder.is_empty());
}

#[test]
fn the_description_is_a_tree_with_prefixes() {
    let EventSpec::Group { prefix: "order.", events } = Shop::EVENTS[1] else { panic!("{:?}", Shop::EVENTS) };
    assert_eq!(events, Order::<Line>::EVENTS);
    let [_, EventSpec::Group { prefix: "line.", events: [_, gone, _, EventSpec::Event(broken)] }] = events else {
        panic!("{events:?}")
    };
    let info = EventInfo::new("line/gone").with_aliases(&["lost"]).with_data(DataKind::Empty);
    assert_eq!(*gone, EventSpec::Event(info));
    assert_eq!(*broken, EventInfo::new("broken").with_id().with_terminal().with_error());
    assert_eq!(Shop::EVENTS[3..], [EventSpec::CatchAll, EventSpec::Ignored(&["ping"])]);
}

#[test]
fn the_events_can_be_listed_by_their_names_on_the_wire() {
    let names: Vec<_> = WireEvents::of::<Shop>().map(|event| event.name().unwrap()).collect();
    assert_eq!(
        names,
        [
            "opened",
            "order.placed",
            "order.line.added",
            "order.line.line/gone",
            "order.line.message",
            "order.line.broken",
            "stock"
        ]
    );
    let aliases: Vec<_> = WireEvents::of::<Shop>().flat_map(|event| event.aliases().collect::<Vec<_>>()).collect();
    assert_eq!(aliases, ["order.line.lost"]);
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Noisy {
    Open,
    Error(u8),
    #[sse(unnamed)]
    Plain(u8),
    #[sse(flatten(prefix = "e"))]
    Rest(Suffix),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Suffix {
    #[sse(event = "rror2")]
    Two,
    #[sse(event = "message")]
    Message,
}

#[test]
fn names_that_browsers_use_are_recognized_by_the_name_on_the_wire() {
    let shared: Vec<_> = WireEvents::of::<Noisy>().map(|event| event.browser_event_name()).collect();
    assert_eq!(
        shared,
        [Some(BrowserEventName::Open), Some(BrowserEventName::Error), Some(BrowserEventName::Message), None, None]
    );
    for name in ["message", "open", "error"] {
        assert_eq!(BrowserEventName::from_name(name).unwrap().as_str(), name);
    }
    assert_eq!(BrowserEventName::from_name("Error"), None);
}

/// A nested type with an unnamed literal, an unnamed payload and a named event.
#[derive(Debug, PartialEq, SseEvent)]
enum Plain {
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[sse(unnamed)]
    Chunk(u32),
    #[sse(event = "named")]
    Named,
}

#[derive(Debug, PartialEq, SseEvent)]
enum Outer {
    #[sse(unnamed, literal = "[HELLO]")]
    Hello,
    #[sse(flatten(prefix = "p."))]
    Plain(Plain),
    #[sse(other)]
    Other { event: String, data: String },
}

#[test]
fn a_prefix_does_not_apply_to_an_unnamed_event() {
    round_trip(Outer::Hello, "data: [HELLO]\n\n");
    round_trip(Outer::Plain(Plain::Done), "data: [DONE]\n\n");
    round_trip(Outer::Plain(Plain::Chunk(1)), "data: 1\n\n");
    round_trip(Outer::Plain(Plain::Named), "event: p.named\ndata: \n\n");
    assert!(Outer::Plain(Plain::Done).is_terminal());
    for name in ["p.message", "named", "p."] {
        let other = Outer::Other { event: name.into(), data: "1".into() };
        round_trip(other, &format!("event: {name}\ndata: 1\n\n"));
    }
}

/// A type with an unnamed payload and nested unnamed literals, which take precedence.
#[derive(Debug, PartialEq, SseEvent)]
enum Literals {
    #[sse(unnamed)]
    Text(String),
    #[sse(flatten)]
    Ends(Ends),
    #[sse(flatten)]
    Rest(Rest),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Ends {
    #[sse(unnamed, literal = "\"end\"")]
    End,
    #[sse(event = "stop", literal = "x", alias = "message")]
    Stop,
    #[sse(event = "end")]
    Named,
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(ignore("ping"))]
enum Rest {
    #[sse(event = "rest")]
    Known(u8),
    #[sse(other)]
    Any(RawEventBuf),
}

#[test]
fn literals_of_nested_types_take_precedence_over_payloads() {
    round_trip(Literals::Ends(Ends::End), "data: \"end\"\n\n");
    round_trip(Literals::Ends(Ends::Stop), "event: stop\ndata: x\n\n");
    assert_eq!(decode("data: x\n\n"), Decoded::Event(Literals::Ends(Ends::Stop)));
    round_trip(Literals::Text("else".into()), "data: \"else\"\n\n");
    round_trip(Literals::Ends(Ends::Named), "event: end\ndata: \n\n");
}

#[test]
fn a_nested_catch_all_is_tried_last_and_its_ignored_names_are_ignored() {
    round_trip(Literals::Rest(Rest::Known(1)), "event: rest\ndata: 1\n\n");
    let new = Rest::Any(RawEventBuf::new(EventName::from_static("new"), "1"));
    round_trip(Literals::Rest(new), "event: new\ndata: 1\n\n");
    assert_eq!(decode::<Literals>("event: ping\ndata\n\n"), Decoded::Ignored);
}

#[derive(Debug, PartialEq, SseEvent)]
enum Relay {
    Own(u8),
    #[sse(flatten(prefix = "up."))]
    Up(RawEventBuf),
}

#[test]
fn a_catch_all_with_a_prefix_takes_only_names_with_it_and_writes_them_back() {
    for (name, seen) in [("up.new", "new"), ("up.message", "message"), ("up.up.", "up."), ("up.Own", "Own")] {
        let bytes = format!("event: {name}\nid: 1\ndata: 1\ndata: 2\n\n");
        let Decoded::Event(Relay::Up(raw)) = decode::<Relay>(&bytes) else { panic!("{name}") };
        assert_eq!(raw.name(), seen);
        assert_eq!(encode(&Relay::Up(raw)), bytes);
    }
    for bytes in ["event: up.\ndata\n\n", "event: new\ndata\n\n", "data\n\n"] {
        assert_eq!(decode::<Relay>(bytes), Decoded::Unknown, "{bytes}");
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum Twice<A, B> {
    #[sse(flatten(prefix = "a."))]
    A(A),
    #[sse(flatten(prefix = "b."))]
    B(std::sync::Arc<B>),
}

#[test]
fn generic_types_can_nest_their_parameters() {
    type Both = Twice<Stock, Twice<Stock, std::convert::Infallible>>;
    round_trip(Both::A(Stock { left: 1 }), "event: a.stock\ndata: {\"left\":1}\n\n");
    round_trip(Both::B(Twice::A(Stock { left: 1 }).into()), "event: b.a.stock\ndata: {\"left\":1}\n\n");
    assert_eq!(decode::<Both>("event: b.b.stock\ndata: {}\n\n"), Decoded::Unknown);
}

#[derive(Debug, PartialEq, SseEvent)]
enum Said<'a> {
    #[sse(event = "text", text)]
    Text(&'a str),
    #[sse(event = "cow", borrow)]
    Cow(Cow<'a, str>),
    #[sse(event = "owned")]
    Owned(Cow<'a, str>),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Room<'a> {
    #[sse(flatten(prefix = "said."))]
    Said(Said<'a>),
    #[sse(other)]
    Other { event: Cow<'a, str>, data: &'a str },
}

#[test]
fn nested_types_can_borrow() {
    let bytes = "event: said.text\ndata: a\n\nevent: said.cow\ndata: \"b\"\n\nevent: said.owned\ndata: \"c\"\n\n";
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let mut borrowed = Vec::new();
    let mut written = String::new();
    while let Some(raw) = events.next_event() {
        let raw = raw.unwrap();
        let Decoded::Event(event) = Room::decode(raw).unwrap() else { panic!("{raw:?}") };
        written += &encode(&event);
        borrowed.push(match event {
            Room::Said(Said::Text(text)) => raw.data().as_ptr() == text.as_ptr(),
            Room::Said(Said::Cow(text) | Said::Owned(text)) => matches!(text, Cow::Borrowed(_)),
            Room::Other { .. } => panic!("{event:?}"),
        });
    }
    assert_eq!(borrowed, [true, true, false]);
    assert_eq!(written, bytes);
}

#[derive(Debug, PartialEq, serde::Deserialize, serde::Serialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Tagged {
    Started {
        at: u8,
    },
    #[serde(skip)]
    #[sse(flatten(prefix = "stock/"))]
    Stock(Stock),
}

#[test]
fn a_flattened_type_has_no_tag() {
    round_trip(Tagged::Started { at: 1 }, "event: started\ndata: {\"type\":\"started\",\"at\":1}\n\n");
    round_trip(Tagged::Stock(Stock { left: 1 }), "event: stock/stock\ndata: {\"left\":1}\n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(unnamed)]
enum Unnamed {
    Own(u8),
    #[sse(flatten)]
    Stock(Stock),
}

#[test]
fn an_unnamed_enum_keeps_the_names_of_nested_types() {
    round_trip(Unnamed::Own(1), "data: 1\n\n");
    round_trip(Unnamed::Stock(Stock { left: 1 }), "event: stock\ndata: {\"left\":1}\n\n");
}

#[derive(serde::Serialize)]
struct OnlyWritten;

#[derive(SseEvent)]
enum Half {
    Out(OnlyWritten),
}

#[derive(SseEvent)]
enum HalfNested {
    #[sse(flatten)]
    Half(Half),
}

#[test]
fn a_nested_type_for_one_direction_is_enough_for_that_direction() {
    assert_eq!(encode(&HalfNested::Half(Half::Out(OnlyWritten))), "event: Out\ndata: null\n\n");
}

/// An event type implemented by hand. The derive only knows its description.
#[derive(Debug, PartialEq)]
struct ByHand(String);

static BY_HAND: EventName = EventName::from_static("by hand");

impl TypedEvent for ByHand {
    const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("by hand").with_data(DataKind::Text))];
}

impl SseEvent for ByHand {
    fn encode(&self, writer: sse_core::EventWriter<'_>) -> Result<sse_core::Written, sse_core::EncodeError> {
        writer.name(&BY_HAND).text(&self.0)
    }
}

impl<'de> SseDecode<'de> for ByHand {
    fn decode(raw: sse_core::RawEvent<'de>) -> Result<Decoded<Self>, sse_core::DecodeError> {
        Ok(if raw.name() == "by hand" { Decoded::Event(Self(raw.data().into())) } else { Decoded::Unknown })
    }
}

#[test]
fn a_type_implemented_by_hand_can_be_nested() {
    type Both = Twice<ByHand, Stock>;
    round_trip(Both::A(ByHand("x".into())), "event: a.by hand\ndata: x\n\n");
    assert_eq!(decode::<Both>("event: a.by\ndata: x\n\n"), Decoded::Unknown);
}

/// Returns the compile error if the events of `variants[position]` clash with those of an earlier variant.
fn clash(events: &'static [EventSpec], variants: &'static [&'static str], position: usize) -> Option<String> {
    let clash = sse_core::__private::clash(events, variants);
    let panic = std::panic::catch_unwind(|| sse_core::__private::distinct(&clash, position)).err()?;
    Some(*panic.downcast::<String>().unwrap())
}

const fn group(prefix: &'static str, events: &'static [EventSpec]) -> EventSpec {
    EventSpec::Group { prefix, events }
}

const fn event(name: &'static str) -> EventSpec {
    EventSpec::Event(EventInfo::new(name))
}

const UNNAMED: EventSpec = EventSpec::Event(EventInfo::unnamed());

const fn literal(text: &'static str) -> EventSpec {
    EventSpec::Event(EventInfo::unnamed().with_data(DataKind::Literal(text)))
}

/// Clashes between the variants `A` and `B`, of which `B` is flattened, with their compile errors.
const CLASHES: &[([EventSpec; 2], &str)] = &[
    (
        [event("ab.c"), group("a", &[group("b.", &[event("c")])])],
        "`ab.c` of `B` is already a name of variant `A`; write another `prefix` or `event`",
    ),
    (
        [group("x", &[event("y")]), group("", &[EventSpec::Event(EventInfo::new("z").with_aliases(&["xy"]))])],
        "`xy` of `B` is already a name of variant `A`; write another `prefix` or `event`",
    ),
    (
        [EventSpec::Event(EventInfo::new("z").with_aliases(&["xy"])), group("x", &[event("y")])],
        "`xy` of `B` is already a name of variant `A`; write another `prefix` or `event`",
    ),
    (
        [UNNAMED, group("x", &[UNNAMED])],
        "`B` and variant `A` both have an unnamed event, and the data does not distinguish them; name one of them",
    ),
    (
        [UNNAMED, group("", &[event("message")])],
        "`B` and variant `A` both have an unnamed event, and the data does not distinguish them; name one of them",
    ),
    (
        [literal("x"), group("a", &[literal("x")])],
        "the literal `x` of `B` is already used by variant `A`; write another literal",
    ),
    (
        [EventSpec::CatchAll, group("", &[EventSpec::CatchAll])],
        "`B` and variant `A` both have a catch-all; remove one of them, or write `flatten(prefix = \"..\")`",
    ),
    (
        [group("ab", &[EventSpec::CatchAll]), group("", &[group("a", &[group("b", &[EventSpec::CatchAll])])])],
        "`B` and variant `A` both have a catch-all after the prefix `ab`; remove one of them, or write another `prefix`",
    ),
    (
        [EventSpec::Ignored(&["xy"]), group("x", &[event("y")])],
        "`xy` of `B` is ignored by `A`; remove one or the other",
    ),
    (
        [event("xy"), group("x", &[EventSpec::Ignored(&["y"])])],
        "`xy` of `A` is ignored by `B`; remove one or the other",
    ),
    (
        [event("a"), group("x", &[UNNAMED, group("mess", &[event("age")])])],
        "`B` has an unnamed event and one named `message`, which a reader cannot distinguish after a prefix; rename one \
         of them",
    ),
];

#[test]
fn events_that_clash_are_an_error_with_both_variants() {
    for (events, message) in CLASHES {
        assert_eq!(clash(events, &["A", "B"], 1).as_deref(), Some(*message), "{events:?}");
    }
}

#[test]
fn events_that_do_not_clash_are_accepted() {
    const DISTINCT: &[[EventSpec; 2]] = &[
        [event("a"), group("x", &[event("a")])],
        [event("x"), group("x", &[])],
        [event("message"), group("x", &[event("message")])],
        [UNNAMED, group("x", &[literal("a"), literal("b"), event("message2")])],
        [EventSpec::Ignored(&["p"]), group("", &[EventSpec::Ignored(&["p"])])],
        [literal("a"), group("", &[literal("b"), UNNAMED])],
        [event("a"), group("", &[EventSpec::CatchAll])],
        [EventSpec::CatchAll, group("x", &[EventSpec::CatchAll])],
        [group("x", &[EventSpec::CatchAll]), group("xy", &[EventSpec::CatchAll])],
        [group("x", &[EventSpec::CatchAll]), group("", &[group("x", &[group("y", &[EventSpec::CatchAll])])])],
        [EventSpec::CatchAll, group("", &[EventSpec::Ignored(&["x"]), group("x", &[EventSpec::CatchAll])])],
        [event("x"), group("x", &[EventSpec::CatchAll])],
    ];
    for events in DISTINCT {
        assert_eq!(clash(events, &["A", "B"], 1), None, "{events:?}");
    }
}

#[derive(Debug, PartialEq, SseEvent)]
enum OneWay {
    #[sse(flatten, skip_decode)]
    Out(Line),
    #[sse(flatten(prefix = "in."), skip_encode)]
    In(Stock),
    #[sse(flatten, skip)]
    Never(ByHand),
}

#[test]
fn a_nested_type_can_be_skipped_in_one_direction() {
    assert_eq!(encode(&OneWay::Out(Line::Gone)), "event: line/gone\ndata: \n\n");
    assert_eq!(decode::<OneWay>("event: line/gone\ndata: \n\n"), Decoded::Unknown);
    let bytes = "event: in.stock\ndata: {\"left\":1}\n\n";
    assert_eq!(decode(bytes), Decoded::Event(OneWay::In(Stock { left: 1 })));
    let mut encoder = Encoder::new();
    for event in [OneWay::In(Stock { left: 1 }), OneWay::Never(ByHand(String::new()))] {
        assert!(encoder.event(&event).is_err());
    }
    assert!(encoder.is_empty());
    let names: Vec<_> = WireEvents::of::<OneWay>().filter_map(|event| event.name()).collect();
    assert_eq!(names, ["added", "line/gone", "message", "broken", "in.stock"]);
}
