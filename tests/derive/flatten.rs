//! `flatten`: the events of nested types, with and without prefixes.

use std::borrow::Cow;

use sse_core::{
    BrowserName, DataKind, Decoded, Decoder, Encoder, Envelope, EventInfo, EventName, EventSpec, RawEventBuf, Retry,
    SseDecode, SseDecodeOwned, SseEvent, TypedEvent, WireEvents,
};

use super::{Tick, decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Line {
    Added(Tick),
    #[sse(event = "line/gone", alias = "lost")]
    Gone,
    /// Behind a prefix, this is a name like any other.
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
fn names_three_deep_have_all_prefixes_in_both_directions() {
    round_trip(Shop::Opened, "event: opened\ndata: \n\n");
    round_trip(Shop::Order(Box::new(Order::Placed(1))), "event: order.placed\ndata: 1\n\n");
    round_trip(line(Line::Added(Tick { price: 1 })), "event: order.line.added\ndata: {\"price\":1}\n\n");
    round_trip(line(Line::Message(1)), "event: order.line.message\ndata: 1\n\n");
    round_trip(Shop::Stock(Stock { left: 1 }), "event: stock\ndata: {\"left\":1}\n\n");
}

#[test]
fn prefixes_stand_before_explicit_names_and_aliases_too() {
    round_trip(line(Line::Gone), "event: order.line.line/gone\ndata: \n\n");
    assert_eq!(decode("event: order.line.lost\ndata\n\n"), Decoded::Event(line(Line::Gone)));
    let not_ours = Shop::Other(RawEventBuf::new(EventName::from_static("lost"), ""));
    assert_eq!(decode("event: lost\ndata\n\n"), Decoded::Event(not_ours));
}

#[test]
fn ids_and_the_fields_of_a_frame_pass_through() {
    round_trip(
        line(Line::Broken { at: 7, why: "x".into() }),
        "event: order.line.broken\nid: 7\ndata: {\"why\":\"x\"}\n\n",
    );
    let mut encoder = Encoder::new();
    encoder.envelope(&Envelope::new(line(Line::Gone)).with_id(8).with_retry(Retry::from_millis(5))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: order.line.line/gone\nid: 8\nretry: 5\ndata: \n\n");
}

#[test]
fn an_event_is_terminal_and_an_error_where_the_nested_type_says_so() {
    let broken = line(Line::Broken { at: 0, why: String::new() });
    assert!(broken.is_terminal() && broken.is_error());
    assert!(!line(Line::Gone).is_terminal() && !Shop::Opened.is_error());
}

#[test]
fn the_nearest_names_are_the_first_to_be_asked_and_the_catch_all_the_last() {
    assert_eq!(decode::<Shop>("event: ping\ndata\n\n"), Decoded::Ignored);
    for name in ["order", "order.", "order.line", "order.line.", "order.nothing", "line.added", "message"] {
        let bytes = format!("event: {name}\ndata: x\n\n");
        let Decoded::Event(Shop::Other(other)) = decode(&bytes) else { panic!("{name}") };
        assert_eq!(other.name(), name);
    }
}

#[track_caller]
fn errors<E: SseDecodeOwned + std::fmt::Debug>(bytes: &str) -> String {
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
fn errors_tell_the_whole_name() {
    assert_eq!(
        errors::<Shop>("event: order.line.added\ndata: x\n\n"),
        "event `order.line.added` cannot be decoded: its data is wrong at line 1, column 1"
    );
    assert_eq!(
        errors::<Shop>("event: order.line.broken\nid: x\ndata: {\"why\":\"\"}\n\n"),
        "event `order.line.broken` cannot be decoded: its last event ID is \"x\""
    );
    let mut encoder = Encoder::new();
    let error = encoder.event(&Order::Line(Never(Fails))).unwrap_err();
    assert_eq!(error.name(), Some("line.never"));
    assert!(encoder.is_empty());
}

#[test]
fn the_description_is_a_tree_with_the_prefixes() {
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
fn the_events_of_a_type_can_be_listed_as_they_are_on_the_wire() {
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
fn what_browsers_use_themselves_is_told_by_the_name_on_the_wire() {
    let shared: Vec<_> = WireEvents::of::<Noisy>().map(|event| event.browser_name()).collect();
    assert_eq!(shared, [Some(BrowserName::Open), Some(BrowserName::Error), Some(BrowserName::Message), None, None]);
    for name in ["message", "open", "error"] {
        assert_eq!(BrowserName::from_name(name).unwrap().as_str(), name);
    }
    assert_eq!(BrowserName::from_name("Error"), None);
}

/// Each stage is one of the inner type's.
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
fn an_event_without_a_name_has_no_prefix_either() {
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

/// The literals of all types come before the payload of any.
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
fn literals_of_nested_types_come_before_the_payload_of_the_outer_one() {
    round_trip(Literals::Ends(Ends::End), "data: \"end\"\n\n");
    round_trip(Literals::Ends(Ends::Stop), "event: stop\ndata: x\n\n");
    assert_eq!(decode("data: x\n\n"), Decoded::Event(Literals::Ends(Ends::Stop)));
    round_trip(Literals::Text("else".into()), "data: \"else\"\n\n");
    round_trip(Literals::Ends(Ends::Named), "event: end\ndata: \n\n");
}

#[test]
fn a_nested_catch_all_is_asked_last_and_what_it_ignores_is_ignored() {
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
fn a_catch_all_behind_a_prefix_takes_what_has_it_and_writes_it_back() {
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
fn generic_types_nest_what_they_are_given() {
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
fn what_nested_types_lend_is_lent() {
    let bytes = "event: said.text\ndata: a\n\nevent: said.cow\ndata: \"b\"\n\nevent: said.owned\ndata: \"c\"\n\n";
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes.as_bytes());
    let mut lent = Vec::new();
    let mut written = String::new();
    while let Some(raw) = events.next_event() {
        let raw = raw.unwrap();
        let Decoded::Event(event) = Room::decode(raw).unwrap() else { panic!("{raw:?}") };
        written += &encode(&event);
        lent.push(match event {
            Room::Said(Said::Text(text)) => raw.data().as_ptr() == text.as_ptr(),
            Room::Said(Said::Cow(text) | Said::Owned(text)) => matches!(text, Cow::Borrowed(_)),
            Room::Other { .. } => panic!("{event:?}"),
        });
    }
    assert_eq!(lent, [true, true, false]);
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
fn a_flattened_type_is_outside_the_tag() {
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
fn an_unnamed_enum_leaves_the_names_of_nested_types() {
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
fn one_half_of_a_nested_type_is_enough_for_that_half() {
    assert_eq!(encode(&HalfNested::Half(Half::Out(OnlyWritten))), "event: Out\ndata: null\n\n");
}

/// An event type written by hand: its description is all that the derive has to go by.
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
fn a_type_written_by_hand_can_be_nested() {
    type Both = Twice<ByHand, Stock>;
    round_trip(Both::A(ByHand("x".into())), "event: a.by hand\ndata: x\n\n");
    assert_eq!(decode::<Both>("event: a.by\ndata: x\n\n"), Decoded::Unknown);
}

/// What the compiler says where the events of `variants` cannot be told apart.
fn clash(events: &'static [EventSpec], variants: &'static [&'static str], position: usize) -> Option<String> {
    let panic = std::panic::catch_unwind(|| sse_core::__private::distinct(events, variants, position)).err()?;
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

/// The variants are `A` and `B`, and `B` is flattened.
const CLASHES: &[([EventSpec; 2], &str)] = &[
    (
        [event("ab.c"), group("a", &[group("b.", &[event("c")])])],
        "`ab.c` of `B` is already a name of variant `A`; write another `prefix`, or another `event`",
    ),
    (
        [group("x", &[event("y")]), group("", &[EventSpec::Event(EventInfo::new("z").with_aliases(&["xy"]))])],
        "`xy` of `B` is already a name of variant `A`; write another `prefix`, or another `event`",
    ),
    (
        [EventSpec::Event(EventInfo::new("z").with_aliases(&["xy"])), group("x", &[event("y")])],
        "`xy` of `B` is already a name of variant `A`; write another `prefix`, or another `event`",
    ),
    (
        [UNNAMED, group("x", &[UNNAMED])],
        "`B` has an event without a name, and so has variant `A`, and the data does not tell them apart; give one of \
         them a name",
    ),
    (
        [UNNAMED, group("", &[event("message")])],
        "`B` has an event without a name, and so has variant `A`, and the data does not tell them apart; give one of \
         them a name",
    ),
    ([literal("x"), group("a", &[literal("x")])], "the literal `x` of `B` already means variant `A`; write another"),
    (
        [EventSpec::CatchAll, group("x", &[EventSpec::CatchAll])],
        "`B` has a catch-all, and so has variant `A`; remove one `other`",
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
        "`B` has events without a name and one named `message`, which a prefix tells apart only when writing; give one \
         of them another name",
    ),
];

#[test]
fn what_cannot_be_told_apart_is_named() {
    for (events, message) in CLASHES {
        assert_eq!(clash(events, &["A", "B"], 1).as_deref(), Some(*message), "{events:?}");
    }
}

#[test]
fn what_can_be_told_apart_is_left_alone() {
    const APART: &[[EventSpec; 2]] = &[
        [event("a"), group("x", &[event("a")])],
        [event("x"), group("x", &[])],
        [event("message"), group("x", &[event("message")])],
        [UNNAMED, group("x", &[literal("a"), literal("b"), event("message2")])],
        [EventSpec::Ignored(&["p"]), group("", &[EventSpec::Ignored(&["p"])])],
        [literal("a"), group("", &[literal("b"), UNNAMED])],
        [event("a"), group("", &[EventSpec::CatchAll])],
    ];
    for events in APART {
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
fn a_nested_type_can_be_for_one_direction() {
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
