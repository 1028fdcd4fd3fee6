//! The compile-time check that the events of nested types are distinct.
//!
//! All names are entered into a [`Table`], each once. Only if the table finds that two owners may share a name, the name
//! is compared with those of the other variants, one by one. The code loops over slice patterns, because `const` code
//! cannot use iterators.

use super::{
    EventInfo, EventSpec,
    facts::{is_ambiguous, names},
    message::Message,
    name::PrefixedName,
    table::{Hash, Owner, Table},
};
use crate::wire::MESSAGE;

/// The name of an unnamed event.
const UNNAMED: PrefixedName<'_> = PrefixedName { text: MESSAGE, outer: None };

/// The hash of that name.
const UNNAMED_HASH: Hash = Hash::EMPTY.then(MESSAGE);

/// Two variants whose events are not distinct.
#[derive(Debug)]
pub struct Clash {
    /// The position of the flattened variant to report.
    position: usize,
    message: Message,
}

/// Returns the first flattened variant whose events are not distinct from those of the other variants, for derived code.
/// `variants` contains the names of the entries in `events`.
///
/// Two flattened variants are reported at the later one.
#[must_use]
pub const fn clash(events: &[EventSpec], variants: &[&str]) -> Option<Clash> {
    if let Some(clash) = ambiguous(events, variants) {
        return Some(clash);
    }
    let rounds = Table::rounds(names(events));
    let mut round = 0;
    while round < rounds {
        let mut search =
            Search { events, variants, group: None, table: Table::new(round, rounds), ignores_message: false };
        if let Some(clash) = search.run() {
            return Some(clash);
        }
        round += 1;
    }
    None
}

/// Reports a clash if it is that of the flattened variant at `position`, for derived code.
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
/// Panics if there is such a clash. In a constant this is a compile error.
#[track_caller]
#[expect(clippy::panic, reason = "evaluated in constants, where the panic is a compile error")]
pub const fn distinct(clash: &Option<Clash>, position: usize) {
    if let Some(clash) = clash
        && clash.position == position
    {
        panic!("{}", clash.message.as_str());
    }
}

/// Returns the first group with a prefix in which a reader cannot distinguish an unnamed event from a named one.
const fn ambiguous(events: &[EventSpec], variants: &[&str]) -> Option<Clash> {
    let mut position = 0;
    let mut rest = (events, variants);
    while let ([event, events @ ..], [variant, variants @ ..]) = rest {
        if let EventSpec::Group { prefix, events } = event
            && !prefix.is_empty()
            && is_ambiguous(events)
        {
            let message = Message::new().text("`").text(variant).text(
                "` has an unnamed event and one named `message`, which a reader cannot distinguish after a prefix; \
                 rename one of them",
            );
            return Some(Clash { position, message });
        }
        rest = (events, variants);
        position += 1;
    }
    None
}

/// The meaning of a name in a description.
#[derive(Clone, Copy)]
enum Means {
    /// An event, with this literal as its data, or with any data.
    Event(Option<&'static str>),
    Ignored,
    /// All events whose names begin with the name.
    CatchAll,
}

/// The search for a clash in one round.
struct Search<'s> {
    events: &'s [EventSpec],
    variants: &'s [&'s str],
    /// The position of the group whose names are being entered, or `None` for the type's own names.
    group: Option<usize>,
    table: Table,
    /// Whether one of the entries ignores unnamed events.
    ignores_message: bool,
}

impl Search<'_> {
    /// Enters the type's own names, which the derive has checked, and then those of the flattened variants in order.
    const fn run(&mut self) -> Option<Clash> {
        let mut rest = self.events;
        while let [event, events @ ..] = rest {
            if !matches!(event, EventSpec::Group { .. }) {
                self.entry(event, None, Hash::EMPTY);
            }
            rest = events;
        }
        let mut position = 0;
        let mut rest = self.events;
        while let [event, events @ ..] = rest {
            if matches!(event, EventSpec::Group { .. }) {
                self.group = Some(position);
                if let Some(message) = self.entry(event, None, Hash::EMPTY) {
                    return Some(Clash { position, message });
                }
            }
            rest = events;
            position += 1;
        }
        None
    }

    /// Enters the names of an entry. Returns the message if one of them clashes.
    const fn entry(&mut self, entry: &EventSpec, outer: Option<&PrefixedName<'_>>, hash: Hash) -> Option<Message> {
        match entry {
            EventSpec::Event(info) => {
                let means = Means::Event(info.literal());
                let found = match info.name {
                    Some(text) => self.name(&PrefixedName { text, outer }, hash.then(text), means),
                    None => self.name(&UNNAMED, UNNAMED_HASH, means),
                };
                match found {
                    Some(message) => Some(message),
                    None => self.names(info.aliases, means, outer, hash),
                }
            }
            EventSpec::Group { prefix, events } => {
                let (outer, hash) = (PrefixedName { text: prefix, outer }, hash.then(prefix));
                let mut rest = *events;
                while let [event, events @ ..] = rest {
                    if let Some(message) = self.entry(event, Some(&outer), hash) {
                        return Some(message);
                    }
                    rest = events;
                }
                None
            }
            EventSpec::Ignored(names) => self.names(names, Means::Ignored, outer, hash),
            EventSpec::CatchAll => self.name(&PrefixedName { text: "", outer }, hash, Means::CatchAll),
        }
    }

    const fn names(
        &mut self,
        names: &[&str],
        means: Means,
        outer: Option<&PrefixedName<'_>>,
        hash: Hash,
    ) -> Option<Message> {
        let mut rest = names;
        while let [text, names @ ..] = rest {
            if let Some(message) = self.name(&PrefixedName { text, outer }, hash.then(text), means) {
                return Some(message);
            }
            rest = names;
        }
        None
    }

    /// Enters a name. Returns the message if it clashes.
    const fn name(&mut self, name: &PrefixedName<'_>, hash: Hash, means: Means) -> Option<Message> {
        let is_message = hash.is(UNNAMED_HASH) && name.is(&UNNAMED);
        // Neither a name nor a prefix contains a line ending, so what follows one cannot be part of a name.
        let key = match means {
            Means::Event(Some(literal)) if is_message => hash.then("\n").then(literal),
            Means::CatchAll => hash.then("\r"),
            Means::Event(_) | Means::Ignored => hash,
        };
        let ignores = matches!(means, Means::Ignored);
        let is_met = self.table.enter(key, Owner { group: self.group, ignores });
        // A literal has a key of its own, so the table does not find that its event is ignored.
        let is_ignored = is_message && (ignores || self.ignores_message);
        self.ignores_message |= is_message && ignores;
        match self.group {
            Some(group) if is_met || is_ignored => self.compare(name, means, group),
            _ => None,
        }
    }

    /// Compares a name of the group with those of the other variants. Groups after it are left out, because they are
    /// compared with this one.
    const fn compare(&self, name: &PrefixedName<'_>, means: Means, group: usize) -> Option<Message> {
        let mut position = 0;
        let mut rest = (self.events, self.variants);
        while let ([other, others @ ..], [variant, variants @ ..]) = rest {
            let is_later_group = position > group && matches!(other, EventSpec::Group { .. });
            if position != group
                && !is_later_group
                && let Some(reason) = reason(name, means, core::slice::from_ref(other), None)
            {
                return Some(reason.message(name, nth(self.variants, group), variant));
            }
            rest = (others, variants);
            position += 1;
        }
        None
    }
}

const fn nth<'s>(variants: &[&'s str], position: usize) -> &'s str {
    match variants.split_at_checked(position) {
        Some((_, [variant, ..])) => variant,
        _ => "",
    }
}

/// The reason why two entries are not distinct.
enum Reason {
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
const fn reason(
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
            (Self::CatchAll, _) | (_, Self::CatchAll) | (Self::Ignored, Self::Ignored) => None,
            (Self::Ignored, Self::Event(_)) => Some(Reason::Ignored { by_other: false }),
            (Self::Event(_), Self::Ignored) => Some(Reason::Ignored { by_other: true }),
            (Self::Event(_), Self::Event(_)) if !name.is(&UNNAMED) => Some(Reason::Name),
            (Self::Event(None), Self::Event(None)) => Some(Reason::Name),
            (Self::Event(Some(one)), Self::Event(Some(two)))
                if (PrefixedName { text: one, outer: None }).is(&PrefixedName { text: two, outer: None }) =>
            {
                Some(Reason::Literal(one))
            }
            (Self::Event(_), Self::Event(_)) => None,
        }
    }
}

impl Reason {
    const fn message(&self, name: &PrefixedName<'_>, variant: &str, other: &str) -> Message {
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
