//! An enum with enough names for decoding to match them by their length and a byte.

use std::collections::HashSet;

use sse_core::{Decoded, EventSpec, SseEvent, TypedEvent as _};

use super::{decode, round_trip};

macro_rules! many {
    ($($(#[$attribute:meta])* $variant:ident),* $(,)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, SseEvent)]
        #[sse(rename_all = "dot.case", ignore("ping", "item.adder"))]
        enum Many {
            $($(#[$attribute])* $variant,)*
        }

        const ALL: &[Many] = &[$(Many::$variant),*];
    };
}

many!(
    ItemAdded,
    #[sse(alias = "item.addeb", alias = "later")]
    ItemAddea,
    ItemDone,
    ItemDown,
    ItemFailed,
    ItemQueued,
    ItemPaused,
    TextAdded,
    TextDelta,
    TextDone,
    TextFailed,
    PartAdded,
    PartDelta,
    PartDone,
    PartFailed,
    CallAdded,
    CallDelta,
    CallDone,
    CallFailed,
    FileAdded,
    FileDelta,
    FileDone,
    FileFailed,
    RunAdded,
    RunDelta,
    RunDone,
    RunFailed,
    StepAdded,
    StepDelta,
    StepDone,
    StepFailed,
    AudioAdded,
    AudioDelta,
    AudioDone,
    AudioFailed,
    #[sse(event = "é")]
    Acute,
    #[sse(event = "è")]
    Grave,
    #[sse(unnamed, literal = "a")]
    UnnamedA,
    #[sse(unnamed, literal = "b")]
    UnnamedB,
    #[sse(event = "x")]
    X,
);

fn names() -> HashSet<&'static str> {
    let names = Many::EVENTS.iter().flat_map(|spec| match spec {
        EventSpec::Event(info) => info.name().iter().chain(info.aliases()).copied().collect(),
        EventSpec::Ignored(names) => names.to_vec(),
        _ => panic!("expected only events and ignored names"),
    });
    names.collect()
}

#[test]
fn every_variant_is_decoded_by_its_name() {
    assert!(names().len() > 38, "{}", names().len());
    for event in ALL {
        let bytes = match event {
            Many::UnnamedA => "data: a\n\n".to_owned(),
            Many::UnnamedB => "data: b\n\n".to_owned(),
            Many::Acute => "event: é\ndata: \n\n".to_owned(),
            Many::Grave => "event: è\ndata: \n\n".to_owned(),
            Many::X => "event: x\ndata: \n\n".to_owned(),
            event => {
                let ident = format!("{event:?}");
                let (first, second) = ident.split_at(ident.rfind(char::is_uppercase).unwrap());
                format!("event: {first}.{second}\ndata: \n\n").to_lowercase()
            }
        };
        round_trip(*event, &bytes);
    }
}

#[test]
fn aliases_and_ignored_names_are_decoded_too() {
    for name in ["item.addea", "item.addeb", "later"] {
        assert_eq!(decode(&format!("event: {name}\ndata\n\n")), Decoded::Event(Many::ItemAddea), "{name}");
    }
    for name in ["ping", "item.adder"] {
        assert_eq!(decode::<Many>(&format!("event: {name}\ndata\n\n")), Decoded::Ignored, "{name}");
    }
    assert_eq!(decode::<Many>("data: c\n\n"), Decoded::Unknown);
}

#[test]
fn a_name_that_differs_in_one_character_or_in_length_is_unknown() {
    let names = names();
    let is_unknown = |name: &str| {
        if !names.contains(name) {
            assert_eq!(decode::<Many>(&format!("event: {name}\ndata: a\n\n")), Decoded::Unknown, "{name}");
        }
    };
    for name in &names {
        is_unknown(&format!("{name}s"));
        for (position, letter) in name.char_indices() {
            let (before, after) = (&name[..position], &name[position + letter.len_utf8()..]);
            for other in ['a', 'd', 'e', '.', '~'] {
                is_unknown(&format!("{before}{other}{after}"));
            }
        }
    }
}
