//! The compile-time check that the events of nested types are distinct. It loops over slice patterns, because `const`
//! code cannot use iterators.

use super::{
    EventInfo, EventSpec,
    facts::{has_catch_all, is_ambiguous},
    message::Message,
    name::PrefixedName,
};
use crate::wire::MESSAGE;

/// The meaning of a name in a description.
#[derive(Clone, Copy)]
enum Means {
    /// An event, with this literal as its data, or with any data.
    Event(Option<&'static str>),
    Ignored,
}

/// The reason why two entries are not distinct.
enum Clash {
    PrefixedName,
    /// Both have an unnamed event with this literal.
    Literal(&'static str),
    /// One ignores an event of the other.
    Ignored {
        by_other: bool,
    },
}

/// Checks that the events of the flattened variant at `position` are distinct from those of the other variants, for
/// derived code. `variants` contains the names of the entries in `events`.
///
/// Flattened variants after `position` are left out, because their own checks compare them with this one.
///
/// A generic type is checked when it is written or read with concrete types:
///
/// ```compile_fail,E0080
/// use sse_core::{Encoder, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Feed<E> {
///     A,
///     #[sse(flatten)]
///     Rest(E),
/// }
///
/// #[derive(SseEvent)]
/// struct A;
///
/// let _ = Encoder::new().event(&Feed::<A>::A);
/// ```
///
/// # Panics
///
/// Panics if two events are not distinct. In a constant this is a compile error.
#[track_caller]
#[expect(clippy::panic, reason = "evaluated in constants, where the panic is a compile error")]
pub const fn distinct(events: &[EventSpec], variants: &[&str], position: usize) {
    let mut at = 0;
    let mut rest = (events, variants);
    let Some((group, name)) = nth(events, variants, position) else { return };
    if let EventSpec::Group { prefix, events } = group
        && !prefix.is_empty()
        && is_ambiguous(events)
    {
        let message = Message::new().text("`").text(name).text(
            "` has an unnamed event and one named `message`, which a reader cannot distinguish after a prefix; \
             rename one of them",
        );
        panic!("{}", message.as_str());
    }
    while let ([other, others @ ..], [other_name, other_names @ ..]) = rest {
        let is_later_group = at > position && matches!(other, EventSpec::Group { .. });
        if at != position
            && !is_later_group
            && let Some(message) = between(group, name, other, other_name)
        {
            panic!("{}", message.as_str());
        }
        rest = (others, other_names);
        at += 1;
    }
}

const fn nth<'s>(
    events: &'s [EventSpec],
    variants: &'s [&'s str],
    position: usize,
) -> Option<(&'s EventSpec, &'s str)> {
    let mut rest = (events, variants);
    let mut left = position;
    while let ([event, events @ ..], [variant, variants @ ..]) = rest {
        if left == 0 {
            return Some((event, variant));
        }
        rest = (events, variants);
        left -= 1;
    }
    None
}

/// Returns the message for two variants whose events are not distinct.
const fn between(group: &EventSpec, name: &str, other: &EventSpec, other_name: &str) -> Option<Message> {
    let (EventSpec::Group { prefix, events }, others) = (group, core::slice::from_ref(other)) else { return None };
    let prefix = PrefixedName { text: prefix, outer: None };
    if has_catch_all(events) && has_catch_all(others) {
        let message = Message::new().text("`").text(name).text("` and variant `");
        return Some(message.text(other_name).text("` both have a catch-all; remove one of them"));
    }
    in_group(events, &prefix, &Pair { name, other_name, others })
}

/// The names of two variants, and the entries of the second one.
struct Pair<'s> {
    name: &'s str,
    other_name: &'s str,
    others: &'s [EventSpec],
}

const fn in_group(events: &[EventSpec], outer: &PrefixedName<'_>, pair: &Pair<'_>) -> Option<Message> {
    let mut rest = events;
    while let [event, events @ ..] = rest {
        let message = match event {
            EventSpec::Event(info) => event_against(info, outer, pair),
            EventSpec::Group { prefix, events } => {
                in_group(events, &PrefixedName { text: prefix, outer: Some(outer) }, pair)
            }
            EventSpec::Ignored(names) => names_against(names, Means::Ignored, outer, pair),
            EventSpec::CatchAll => None,
        };
        if message.is_some() {
            return message;
        }
        rest = events;
    }
    None
}

const fn event_against(info: &EventInfo, outer: &PrefixedName<'_>, pair: &Pair<'_>) -> Option<Message> {
    let means = Means::Event(info.literal());
    let name = match info.name {
        Some(text) => PrefixedName { text, outer: Some(outer) },
        None => PrefixedName { text: MESSAGE, outer: None },
    };
    match against(&name, means, pair) {
        Some(message) => Some(message),
        None => names_against(info.aliases, means, outer, pair),
    }
}

const fn names_against(names: &[&str], means: Means, outer: &PrefixedName<'_>, pair: &Pair<'_>) -> Option<Message> {
    let mut rest = names;
    while let [text, names @ ..] = rest {
        if let Some(message) = against(&PrefixedName { text, outer: Some(outer) }, means, pair) {
            return Some(message);
        }
        rest = names;
    }
    None
}

const fn against(name: &PrefixedName<'_>, means: Means, pair: &Pair<'_>) -> Option<Message> {
    match clash(name, means, pair.others, None) {
        Some(clash) => Some(clash.message(name, pair)),
        None => None,
    }
}

/// Returns the reason why a name is not distinct from `others`.
const fn clash(
    name: &PrefixedName<'_>,
    means: Means,
    others: &[EventSpec],
    outer: Option<&PrefixedName<'_>>,
) -> Option<Clash> {
    let mut rest = others;
    while let [other, others @ ..] = rest {
        let found = match other {
            EventSpec::Event(info) => {
                let own = match info.name {
                    Some(text) => PrefixedName { text, outer },
                    None => PrefixedName { text: MESSAGE, outer: None },
                };
                if name.is(&own) || name.is_one_of(info.aliases, outer) {
                    means.clash(Means::Event(info.literal()), name)
                } else {
                    None
                }
            }
            EventSpec::Group { prefix, events } => {
                clash(name, means, events, Some(&PrefixedName { text: prefix, outer }))
            }
            EventSpec::Ignored(names) if name.is_one_of(names, outer) => means.clash(Means::Ignored, name),
            EventSpec::Ignored(_) | EventSpec::CatchAll => None,
        };
        if found.is_some() {
            return found;
        }
        rest = others;
    }
    None
}

impl Means {
    /// Returns the reason why two entries cannot both have this name. Across types, literals distinguish events only if
    /// the events are unnamed.
    const fn clash(self, other: Self, name: &PrefixedName<'_>) -> Option<Clash> {
        match (self, other) {
            (Self::Ignored, Self::Ignored) => None,
            (Self::Ignored, Self::Event(_)) => Some(Clash::Ignored { by_other: false }),
            (Self::Event(_), Self::Ignored) => Some(Clash::Ignored { by_other: true }),
            (Self::Event(one), Self::Event(two)) => {
                if !name.is(&PrefixedName { text: MESSAGE, outer: None }) {
                    return Some(Clash::PrefixedName);
                }
                match (one, two) {
                    (None, None) => Some(Clash::PrefixedName),
                    (Some(one), Some(two))
                        if (PrefixedName { text: one, outer: None }).is(&PrefixedName { text: two, outer: None }) =>
                    {
                        Some(Clash::Literal(one))
                    }
                    _ => None,
                }
            }
        }
    }
}

impl Clash {
    const fn message(&self, name: &PrefixedName<'_>, pair: &Pair<'_>) -> Message {
        let Pair { name: variant, other_name: other, .. } = pair;
        match self {
            Self::PrefixedName if name.is(&PrefixedName { text: MESSAGE, outer: None }) => Message::new()
                .text("`")
                .text(variant)
                .text("` and variant `")
                .text(other)
                .text("` both have an unnamed event, and the data does not distinguish them; name one of them"),
            Self::PrefixedName => Message::new()
                .text("`")
                .name(name)
                .text("` of `")
                .text(variant)
                .text("` is already a name of variant `")
                .text(other)
                .text("`; write another `prefix` or `event`"),
            Self::Literal(literal) => Message::new()
                .text("the literal `")
                .text(literal)
                .text("` of `")
                .text(variant)
                .text("` is already used by variant `")
                .text(other)
                .text("`; write another literal"),
            Self::Ignored { by_other } => {
                let (owner, ignorer) = if *by_other { (variant, other) } else { (other, variant) };
                let message = Message::new().text("`").name(name).text("` of `").text(owner);
                message.text("` is ignored by `").text(ignorer).text("`; remove one or the other")
            }
        }
    }
}
