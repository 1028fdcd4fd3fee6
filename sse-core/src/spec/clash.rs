//! Whether the events of nested types can be told apart: answered by the compiler, as a constant. Hence loops over
//! slices, because `const` code can use no iterators.

use super::{
    EventInfo, EventSpec,
    facts::{has_catch_all, is_ambiguous},
    message::Message,
    name::PrefixedName,
};
use crate::wire::MESSAGE;

/// What an entry does with events of a name.
#[derive(Clone, Copy)]
enum Means {
    /// It is an event, if the data is this or whatever it is.
    Event(Option<&'static str>),
    Ignored,
}

/// What two entries cannot both be.
enum Clash {
    PrefixedName,
    /// Two events are the same literal.
    Literal(&'static str),
    /// One of the two ignores what is an event of the other.
    Ignored {
        by_other: bool,
    },
}

/// For derived code: holds the flattened variant at `position` against the variants that are none, and the flattened ones
/// before it. `variants` are the names of the entries in `events`.
///
/// A generic type is checked wherever it is written or read with certain types:
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
/// When two of their events cannot be told apart; in a constant that is a compile error.
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
            "` has events without a name and one named `message`, which a prefix tells apart only when writing; \
             give one of them another name",
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

/// What is wrong between two variants.
const fn between(group: &EventSpec, name: &str, other: &EventSpec, other_name: &str) -> Option<Message> {
    let (EventSpec::Group { prefix, events }, others) = (group, core::slice::from_ref(other)) else { return None };
    let prefix = PrefixedName { text: prefix, outer: None };
    if has_catch_all(events) && has_catch_all(others) {
        let message = Message::new().text("`").text(name).text("` has a catch-all, and so has variant `");
        return Some(message.text(other_name).text("`; remove one `other`"));
    }
    in_group(events, &prefix, &Pair { name, other_name, others })
}

/// What each event is held against.
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

/// What of `others` cannot stand beside a name.
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
    /// What is wrong if both mean events of this name. Only where there is no name do literals tell events apart across
    /// types.
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
                .text("` has an event without a name, and so has variant `")
                .text(other)
                .text("`, and the data does not tell them apart; give one of them a name"),
            Self::PrefixedName => Message::new()
                .text("`")
                .name(name)
                .text("` of `")
                .text(variant)
                .text("` is already a name of variant `")
                .text(other)
                .text("`; write another `prefix`, or another `event`"),
            Self::Literal(literal) => Message::new()
                .text("the literal `")
                .text(literal)
                .text("` of `")
                .text(variant)
                .text("` already means variant `")
                .text(other)
                .text("`; write another"),
            Self::Ignored { by_other } => {
                let (owner, ignorer) = if *by_other { (variant, other) } else { (other, variant) };
                let message = Message::new().text("`").name(name).text("` of `").text(owner);
                message.text("` is ignored by `").text(ignorer).text("`; remove one or the other")
            }
        }
    }
}
