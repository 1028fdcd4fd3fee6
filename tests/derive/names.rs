//! The source of an event name, aliases, unnamed events and terminal events.

use sse_core::{Decoded, EventInfo, EventSpec, SseEvent, TypedEvent};

use super::{decode, encode, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "dot.case")]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum Ours {
    #[sse(event = "first")]
    #[serde(rename = "not this")]
    Explicit,
    #[serde(rename = "second")]
    OfSerde,
    PriceMoved,
}

#[test]
fn event_overrides_rename_and_rename_overrides_the_case_rules() {
    round_trip(Ours::Explicit, "event: first\ndata: \n\n");
    round_trip(Ours::OfSerde, "event: second\ndata: \n\n");
    round_trip(Ours::PriceMoved, "event: price.moved\ndata: \n\n");
}

#[derive(Debug, PartialEq, SseEvent)]
#[serde(rename_all(serialize = "kebab-case", deserialize = "snake_case"))]
enum Serdes {
    PriceMoved,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    Renamed,
    r#Type,
}

#[test]
fn serdes_case_rule_applies() {
    round_trip(Serdes::Type, "event: type\ndata: \n\n");
}

#[test]
fn both_names_are_read_if_serde_has_one_for_each_direction() {
    round_trip(Serdes::PriceMoved, "event: price-moved\ndata: \n\n");
    round_trip(Serdes::Renamed, "event: out\ndata: \n\n");
    assert_eq!(decode("event: price_moved\ndata: \n\n"), Decoded::Event(Serdes::PriceMoved));
    assert_eq!(decode("event: in\ndata: \n\n"), Decoded::Event(Serdes::Renamed));
}

#[derive(Debug, PartialEq, SseEvent)]
enum Plain {
    #[sse(alias = "old", alias = "older")]
    New(u8),
    #[sse(unnamed, alias = "note")]
    Note(String),
    #[sse(terminal)]
    Done { reason: Option<String> },
}

#[test]
fn an_alias_is_read_and_never_written() {
    round_trip(Plain::New(1), "event: New\ndata: 1\n\n");
    for name in ["New", "old", "older"] {
        assert_eq!(decode(&format!("event: {name}\ndata: 1\n\n")), Decoded::Event(Plain::New(1)), "{name}");
    }
}

#[test]
fn an_unnamed_event_has_no_event_line_and_is_read_as_message() {
    let event = Plain::Note("hi".into());
    assert_eq!(encode(&event), "data: \"hi\"\n\n");
    for lines in ["", "event\n", "event: message\n", "event: note\n"] {
        assert_eq!(decode(&format!("{lines}data: \"hi\"\n\n")), Decoded::Event(Plain::Note("hi".into())), "{lines:?}");
    }
}

#[test]
fn only_events_marked_terminal_are_terminal() {
    assert!(Plain::Done { reason: None }.is_terminal());
    assert!(!Plain::New(1).is_terminal());
}

#[test]
fn the_description_contains_aliases_and_terminal_events() {
    assert_eq!(
        Plain::EVENTS,
        [
            EventSpec::Event(EventInfo::new("New").with_aliases(&["old", "older"])),
            EventSpec::Event(EventInfo::unnamed().with_aliases(&["note"])),
            EventSpec::Event(EventInfo::new("Done").with_terminal()),
        ]
    );
}
