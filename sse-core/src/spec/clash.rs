//! The compile-time check that the events of nested types are distinct.
//!
//! All names are entered into a [`Table`], each once. Only if the table finds that two owners may share a name, the name
//! is compared with those of the other variants, one by one. The code loops over slice patterns, because `const` code
//! cannot use iterators.

use super::{
    EventSpec,
    facts::{is_ambiguous, names},
    message::Message,
    name::PrefixedName,
    reason::{Means, UNNAMED, reason},
    table::{Hash, Owner, Table},
};
use crate::wire::MESSAGE;

/// The hash of the name of an unnamed event.
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
