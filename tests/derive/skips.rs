//! `skip`, `skip_encode` and `skip_decode`.

use serde::{Deserialize, Serialize};
use sse_core::{DataKind, Decoded, Encoder, EventInfo, EventSpec, SseEvent, TypedEvent as _};

use super::{decode, encode, round_trip};

/// A type without the traits that a payload needs.
#[derive(Debug, PartialEq)]
struct Local;

#[derive(Debug, Deserialize, PartialEq)]
struct In(u8);

#[derive(Debug, PartialEq, Serialize)]
struct Out(u8);

#[derive(Debug, PartialEq, SseEvent)]
#[sse(ignore("ping"))]
enum Feed {
    Tick(u8),
    #[sse(skip)]
    Local {
        local: Local,
        id: u8,
    },
    #[sse(skip_encode)]
    Old(In),
    #[sse(skip_decode)]
    New(Out),
    #[sse(skip_decode, event = "ping", literal = "{}")]
    Ping,
    #[sse(skip_decode, event = "Old")]
    Renewed {
        out: Out,
    },
}

#[track_caller]
fn assert_never_encoded(event: &impl SseEvent, variant: &str) {
    let mut encoder = Encoder::new();
    let error = encoder.event(event).unwrap_err();
    assert_eq!(error.to_string(), format!("event cannot be encoded: variant `{variant}` is never encoded"));
    assert!(encoder.is_empty());
}

#[test]
fn encoding_a_skipped_variant_is_an_error_with_its_name() {
    assert_never_encoded(&Feed::Local { local: Local, id: 1 }, "Local");
    assert_never_encoded(&Feed::Old(In(1)), "Old");
    round_trip(Feed::Tick(1), "event: Tick\ndata: 1\n\n");
}

#[test]
fn the_direction_that_is_not_skipped_works() {
    assert_eq!(decode("event: Old\ndata: 1\n\n"), Decoded::Event(Feed::Old(In(1))));
    assert_eq!(encode(&Feed::New(Out(1))), "event: New\ndata: 1\n\n");
    assert_eq!(encode(&Feed::Renewed { out: Out(1) }), "event: Old\ndata: {\"out\":1}\n\n");
    assert_eq!(encode(&Feed::Ping), "event: ping\ndata: {}\n\n");
}

#[test]
fn no_event_is_decoded_as_a_skipped_variant() {
    for name in ["Local", "New"] {
        assert_eq!(decode::<Feed>(&format!("event: {name}\ndata: 1\n\n")), Decoded::Unknown, "{name}");
    }
    assert_eq!(decode::<Feed>("event: ping\ndata: {}\n\n"), Decoded::Ignored);
}

#[test]
fn a_skipped_variant_is_not_described() {
    let event = |name| EventSpec::Event(EventInfo::new(name));
    let ping = EventSpec::Event(EventInfo::new("ping").with_data(DataKind::Literal("{}")));
    let ignored = EventSpec::Ignored(&["ping"]);
    assert_eq!(Feed::EVENTS, [event("Tick"), event("Old"), event("New"), ping, event("Old"), ignored]);
}

#[derive(Debug, Deserialize, PartialEq, Serialize, SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
enum Tagged {
    A {
        a: u8,
    },
    #[sse(skip_encode)]
    Old {
        a: u8,
    },
    #[sse(skip_decode)]
    New {
        a: u8,
    },
    #[serde(skip)]
    #[sse(skip)]
    Local(Local),
}

#[test]
fn variants_of_a_tagged_enum_can_be_skipped() {
    round_trip(Tagged::A { a: 1 }, "event: A\ndata: {\"type\":\"A\",\"a\":1}\n\n");
    assert_eq!(decode("event: Old\ndata: {\"type\":\"Old\",\"a\":1}\n\n"), Decoded::Event(Tagged::Old { a: 1 }));
    assert_never_encoded(&Tagged::Old { a: 1 }, "Old");
    assert_never_encoded(&Tagged::Local(Local), "Local");
    let new = "event: New\ndata: {\"type\":\"New\",\"a\":1}\n\n";
    assert_eq!(encode(&Tagged::New { a: 1 }), new);
    assert_eq!(decode::<Tagged>(new), Decoded::Unknown);
}

#[derive(Debug, PartialEq, SseEvent)]
enum Rest {
    Tick(u8),
    #[sse(other, skip_encode)]
    New {
        event: String,
        data: String,
    },
}

#[test]
fn a_catch_all_can_be_for_decoding_only() {
    let new = Rest::New { event: "later".into(), data: "x".into() };
    assert_never_encoded(&new, "New");
    assert_eq!(decode("event: later\ndata: x\n\n"), Decoded::Event(new));
    round_trip(Rest::Tick(1), "event: Tick\ndata: 1\n\n");
}
