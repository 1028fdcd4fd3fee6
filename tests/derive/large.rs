//! Types with thousands of names, which cannot be compared pairwise while compiling.

use std::str;

use sse_core::{
    __private::{clash, distinct},
    DecodeError, Decoded, EventInfo, EventSpec, RawEvent, SseDecode, SseEvent, TypedEvent,
};

use super::decode;

/// The number of names of a type.
const COUNT: usize = 1000;

/// The length of a name, which ends like all others.
const LENGTH: usize = ".something.happened".len() + DIGITS;

const DIGITS: usize = 4;

/// The names one after the other: `0000.something.happened`, `0001.something.happened` and so on.
static TEXT: [u8; COUNT * LENGTH] = {
    let mut text = [0; COUNT * LENGTH];
    let mut number = 0;
    while number < COUNT {
        let (_, rest) = text.split_at_mut(number * LENGTH);
        let (name, _) = rest.split_at_mut(LENGTH);
        let (digits, end) = name.split_at_mut(DIGITS);
        end.copy_from_slice(b".something.happened");
        let (mut left, mut digit) = (number, DIGITS);
        while digit > 0 {
            digit -= 1;
            digits[digit] = b"0123456789"[left % 10];
            left /= 10;
        }
        number += 1;
    }
    text
};

static EVENTS: [EventSpec; COUNT] = {
    let mut events = [EventSpec::CatchAll; COUNT];
    let mut rest: &'static [u8] = &TEXT;
    let mut number = 0;
    while let Some((name, others)) = rest.split_at_checked(LENGTH) {
        let Ok(name) = str::from_utf8(name) else { panic!("the names are ASCII") };
        events[number] = EventSpec::Event(EventInfo::new(name));
        rest = others;
        number += 1;
    }
    events
};

const fn group(prefix: &'static str) -> EventSpec {
    EventSpec::Group { prefix, events: &EVENTS }
}

/// A type with a thousand events, whose names are the same for each `N`.
#[derive(Debug, PartialEq)]
struct Thousand<const N: u8>(usize);

impl<const N: u8> TypedEvent for Thousand<N> {
    const EVENTS: &'static [EventSpec] = &EVENTS;
}

impl<'de, const N: u8> SseDecode<'de> for Thousand<N> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        let number = raw.name().strip_suffix(".something.happened").and_then(|number| number.parse().ok());
        Ok(number.filter(|number| *number < COUNT).map_or(Decoded::Unknown, |number| Decoded::Event(Self(number))))
    }
}

/// Its check is a constant, so that it compiles only if the check ends.
#[derive(Debug, PartialEq, SseEvent)]
enum Both {
    #[sse(flatten(prefix = "a."))]
    A(Thousand<0>),
    #[sse(flatten(prefix = "b."))]
    B(Thousand<1>),
}

/// A generic type, whose check is evaluated where it is read.
#[derive(Debug, PartialEq, SseEvent)]
enum Pair<A, B> {
    #[sse(flatten)]
    A(A),
    #[sse(flatten(prefix = "c."))]
    B(B),
}

#[test]
fn two_thousand_names_that_end_alike_are_checked_while_compiling() {
    let bytes = "event: b.0999.something.happened\ndata\n\n";
    assert_eq!(decode(bytes), Decoded::Event(Both::B(Thousand(999))));
    assert_eq!(decode(bytes), Decoded::Event(Pair::<Both, Thousand<2>>::A(Both::B(Thousand(999)))));
    assert_eq!(decode::<Both>("event: b.1000.something.happened\ndata\n\n"), Decoded::Unknown);
}

/// Returns the message for groups of a thousand events, if two of them clash.
fn message(events: &[EventSpec]) -> Option<String> {
    let variants: Vec<_> = (0..events.len()).map(|position| format!("V{position}")).collect();
    let variants: Vec<_> = variants.iter().map(String::as_str).collect();
    let clash = clash(events, &variants);
    let report = || (0..events.len()).for_each(|position| distinct(&clash, position));
    Some(*std::panic::catch_unwind(report).err()?.downcast::<String>().unwrap())
}

#[test]
fn more_names_than_fit_in_a_table_are_checked_too() {
    const PREFIXES: [&str; 20] =
        ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"];
    let mut events: Vec<_> = PREFIXES.map(group).into();
    assert_eq!(message(&events), None);
    // Enough names that some of them are checked in each round.
    for number in (0..COUNT).step_by(50) {
        let EventSpec::Event(info) = EVENTS[number] else { panic!("expected only events") };
        let name = info.name().unwrap();
        let own = vec![EventSpec::Event(EventInfo::new(name))].leak();
        events
            .push(EventSpec::Group { prefix: "", events: vec![EventSpec::Group { prefix: "m", events: own }].leak() });
        let expected =
            format!("`m{name}` of `V20` is already a name of variant `V12`; write another `prefix` or `event`");
        assert_eq!(message(&events), Some(expected));
        events.pop();
    }
}
