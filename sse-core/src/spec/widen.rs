//! The compile-time check that the events of one type are events of another one, with the same bytes.

use super::{DataKind, EventInfo, EventSpec, EventTag, name::PrefixedName};
use crate::Retry;

/// Returns the reason why the bytes of the events `narrow` are not bytes of the events `wide`, or `None` if they are:
/// `wide` contains all of `narrow` as a nested type without a prefix, at any depth.
pub(crate) const fn reason_not_to_widen(wide: &[EventSpec], narrow: &[EventSpec]) -> Option<&'static str> {
    match nested(wide, narrow) {
        // A type without events has no bytes.
        _ if narrow.is_empty() => None,
        Nested::Plain => None,
        Nested::Prefixed => Some(
            "`W` contains the events of `E` only with a prefix, which the bytes do not have; encode the event as `W`",
        ),
        Nested::Missing => {
            Some("`W` does not contain the events of `E`; add a variant with `#[sse(flatten)]` around `E` to `W`")
        }
    }
}

/// How a description contains another one.
#[derive(Clone, Copy)]
enum Nested {
    Plain,
    Prefixed,
    Missing,
}

const fn nested(wide: &[EventSpec], narrow: &[EventSpec]) -> Nested {
    if is_same(wide, narrow) {
        return Nested::Plain;
    }
    let mut found = Nested::Missing;
    let mut rest = wide;
    while let [spec, specs @ ..] = rest {
        if let EventSpec::Group { prefix, events } = spec {
            match nested(events, narrow) {
                Nested::Plain if prefix.is_empty() => return Nested::Plain,
                Nested::Plain | Nested::Prefixed => found = Nested::Prefixed,
                Nested::Missing => {}
            }
        }
        rest = specs;
    }
    found
}

const fn is_same(one: &[EventSpec], two: &[EventSpec]) -> bool {
    let mut rest = (one, two);
    while let ([one, ones @ ..], [two, twos @ ..]) = rest {
        let is_same = match (one, two) {
            (EventSpec::Event(one), EventSpec::Event(two)) => is_same_event(one, two),
            (EventSpec::Group { prefix: one, events: ones }, EventSpec::Group { prefix: two, events: twos }) => {
                is_same_text(one, two) && is_same(ones, twos)
            }
            (EventSpec::Ignored(ones), EventSpec::Ignored(twos)) => are_same_texts(ones, twos),
            (EventSpec::CatchAll, EventSpec::CatchAll) => true,
            _ => false,
        };
        if !is_same {
            return false;
        }
        rest = (ones, twos);
    }
    matches!(rest, ([], []))
}

const fn is_same_event(one: &EventInfo, two: &EventInfo) -> bool {
    // All fields are named, so that a new one cannot be forgotten.
    let EventInfo { name, aliases, data, tag, retry, id, terminal, error } = *one;
    is_same_optional_text(name, two.name)
        && are_same_texts(aliases, two.aliases)
        && is_same_data(data, two.data)
        && is_same_tag(tag, two.tag)
        && is_same_retry(retry, two.retry)
        && id == two.id
        && terminal as u8 == two.terminal as u8
        && error == two.error
}

const fn is_same_tag(one: Option<EventTag>, two: Option<EventTag>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => {
            is_same_optional_text(one.key(), two.key()) && are_same_texts(one.values(), two.values())
        }
        (None, None) => true,
        _ => false,
    }
}

const fn is_same_retry(one: Option<Retry>, two: Option<Retry>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => one.as_millis() == two.as_millis(),
        (None, None) => true,
        _ => false,
    }
}

const fn is_same_data(one: DataKind, two: DataKind) -> bool {
    match (one, two) {
        (DataKind::Literal(one), DataKind::Literal(two)) => is_same_text(one, two),
        (DataKind::Json, DataKind::Json)
        | (DataKind::Text, DataKind::Text)
        | (DataKind::Custom, DataKind::Custom)
        | (DataKind::Empty, DataKind::Empty) => true,
        _ => false,
    }
}

const fn is_same_optional_text(one: Option<&str>, two: Option<&str>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => is_same_text(one, two),
        (None, None) => true,
        _ => false,
    }
}

const fn are_same_texts(one: &[&str], two: &[&str]) -> bool {
    let mut rest = (one, two);
    while let ([one, ones @ ..], [two, twos @ ..]) = rest {
        if !is_same_text(one, two) {
            return false;
        }
        rest = (ones, twos);
    }
    matches!(rest, ([], []))
}

const fn is_same_text(one: &str, two: &str) -> bool {
    PrefixedName { text: one, outer: None }.is(&PrefixedName { text: two, outer: None })
}

#[cfg(test)]
mod tests {
    use super::reason_not_to_widen;
    use crate::{DataKind, EventInfo, EventSpec, EventTag, Retry};

    const INFO: EventInfo = EventInfo::new("a").with_aliases(&["b", "c"]).with_tag(EventTag::new("t", &["a"]));

    /// A description, and others that differ from it in one place.
    const NARROW: &[EventSpec] = &[EventSpec::Event(INFO), EventSpec::Ignored(&["d"]), EventSpec::CatchAll];

    const fn group(prefix: &'static str, events: &'static [EventSpec]) -> EventSpec {
        EventSpec::Group { prefix, events }
    }

    #[test]
    fn a_description_is_found_without_a_prefix_at_any_depth() {
        const WIDE: &[&[EventSpec]] = &[
            NARROW,
            &[group("", NARROW)],
            &[EventSpec::CatchAll, group("x", NARROW), group("", &[group("y", &[]), group("", NARROW)])],
        ];
        for wide in WIDE {
            assert_eq!(reason_not_to_widen(wide, NARROW), None, "{wide:?}");
        }
        assert_eq!(reason_not_to_widen(&[], &[]), None);
        assert_eq!(reason_not_to_widen(NARROW, &[]), None);
    }

    #[test]
    fn a_prefix_at_any_depth_is_a_reason_of_its_own() {
        const WIDE: &[&[EventSpec]] =
            &[&[group("x", NARROW)], &[group("", &[group("x", NARROW)])], &[group("x", &[group("", NARROW)])]];
        for wide in WIDE {
            let reason = reason_not_to_widen(wide, NARROW).unwrap();
            assert!(reason.starts_with("`W` contains the events of `E` only with a prefix"), "{reason}");
        }
    }

    #[test]
    fn each_part_of_a_description_counts() {
        let changed = [
            EventInfo::new("x"),
            EventInfo::unnamed(),
            EventInfo::new("a"),
            INFO.with_aliases(&["b"]),
            INFO.with_aliases(&["b", "x"]),
            INFO.with_data(DataKind::Empty),
            INFO.with_data(DataKind::Literal("x")),
            INFO.with_tag(EventTag::new("x", &["a"])),
            INFO.with_tag(EventTag::external(&["a"])),
            INFO.with_tag(EventTag::new("t", &["x"])),
            INFO.with_retry(Retry::from_millis(1)),
            INFO.with_id(),
            INFO.with_terminal(),
            INFO.with_terminal_sometimes(),
            INFO.with_error(),
        ];
        let of_info = |info| [EventSpec::Event(info), EventSpec::Ignored(&["d"]), EventSpec::CatchAll];
        assert_eq!(reason_not_to_widen(&of_info(INFO), NARROW), None);
        for info in changed {
            let reason = reason_not_to_widen(&of_info(info), NARROW).unwrap();
            assert!(reason.starts_with("`W` does not contain the events of `E`"), "{info:?}: {reason}");
        }
        for narrow in [&[EventSpec::Ignored(&["d"])], &[EventSpec::CatchAll], &[EventSpec::Event(INFO)]] {
            assert!(reason_not_to_widen(NARROW, narrow).is_some(), "{narrow:?}");
        }
        let literal = |text| EventSpec::Event(INFO.with_data(DataKind::Literal(text)));
        assert_eq!(reason_not_to_widen(&[literal("x")], &[literal("x")]), None);
        assert!(reason_not_to_widen(&[literal("x")], &[literal("y")]).is_some());
    }
}
