//! The comparison of a name with those of other variants, and the messages for names that are not distinct.

use super::{EventInfo, EventSpec, message::Message, name::PrefixedName};
use crate::wire::MESSAGE;

/// The name of an unnamed event.
pub(super) const UNNAMED: PrefixedName<'_> = PrefixedName { text: MESSAGE, outer: None };

/// The meaning of a name in a description.
#[derive(Clone, Copy)]
pub(super) enum Means {
    /// An event, with this literal as its data, or with any data.
    Event(Option<&'static str>),
    Ignored,
    /// All events whose names begin with the name.
    CatchAll,
}

/// The reason why two entries are not distinct.
pub(super) enum Reason {
    Name,
    /// Both have an unnamed event with this literal.
    Literal(&'static str),
    /// One ignores an event of the other.
    Ignored {
        by_other: bool,
    },
    /// Both have a catch-all, after the same prefix.
    CatchAll,
}

/// Returns the reason why a name is not distinct from `others`.
pub(super) const fn reason(
    name: &PrefixedName<'_>,
    means: Means,
    others: &[EventSpec],
    outer: Option<&PrefixedName<'_>>,
) -> Option<Reason> {
    let mut rest = others;
    while let [other, others @ ..] = rest {
        let found = match other {
            EventSpec::Event(info) if is_name_of(name, info, outer) => means.clash(Means::Event(info.literal()), name),
            EventSpec::Ignored(names) if name.is_one_of(names, outer) => means.clash(Means::Ignored, name),
            EventSpec::CatchAll if name.is(&PrefixedName { text: "", outer }) => means.clash(Means::CatchAll, name),
            EventSpec::Group { prefix, events } => {
                reason(name, means, events, Some(&PrefixedName { text: prefix, outer }))
            }
            EventSpec::Event(_) | EventSpec::Ignored(_) | EventSpec::CatchAll => None,
        };
        if found.is_some() {
            return found;
        }
        rest = others;
    }
    None
}

const fn is_name_of(name: &PrefixedName<'_>, info: &EventInfo, outer: Option<&PrefixedName<'_>>) -> bool {
    let own = match info.name {
        Some(text) => PrefixedName { text, outer },
        None => UNNAMED,
    };
    name.is(&own) || name.is_one_of(info.aliases, outer)
}

impl Means {
    /// Returns the reason why two entries cannot both have this name. Across types, literals distinguish events only if
    /// the events are unnamed.
    const fn clash(self, other: Self, name: &PrefixedName<'_>) -> Option<Reason> {
        match (self, other) {
            (Self::CatchAll, Self::CatchAll) => Some(Reason::CatchAll),
            (Self::Ignored, Self::Event(_)) => Some(Reason::Ignored { by_other: false }),
            (Self::Event(_), Self::Ignored) => Some(Reason::Ignored { by_other: true }),
            (Self::Event(_), Self::Event(_)) if !name.is(&UNNAMED) => Some(Reason::Name),
            (Self::Event(None), Self::Event(None)) => Some(Reason::Name),
            (Self::Event(Some(one)), Self::Event(Some(two)))
                if (PrefixedName { text: one, outer: None }).is(&PrefixedName { text: two, outer: None }) =>
            {
                Some(Reason::Literal(one))
            }
            _ => None,
        }
    }
}

impl Reason {
    pub(super) const fn message(&self, name: &PrefixedName<'_>, variant: &str, other: &str) -> Message {
        match self {
            Self::Name if name.is(&UNNAMED) => both(variant, other)
                .text("have an unnamed event, and the data does not distinguish them; name one of them"),
            Self::Name => Message::new()
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
            Self::CatchAll if name.is_empty() => {
                both(variant, other).text("have a catch-all; remove one of them, or write `flatten(prefix = \"..\")`")
            }
            Self::CatchAll => both(variant, other)
                .text("have a catch-all after the prefix `")
                .name(name)
                .text("`; remove one of them, or write another `prefix`"),
        }
    }
}

const fn both(variant: &str, other: &str) -> Message {
    Message::new().text("`").text(variant).text("` and variant `").text(other).text("` both ")
}
