//! Properties of a description as a whole.

use super::{EventInfo, EventSpec, name::PrefixedName};
use crate::wire::MESSAGE;

/// The properties of a description, including its nested types, that decide how its events are read.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    /// Whether there is an unnamed event.
    pub(crate) has_unnamed: bool,
    /// Whether the data of an event has a tag.
    pub(crate) has_tag: bool,
    /// Whether the data of an unnamed event has a tag.
    pub(crate) has_unnamed_tag: bool,
    pub(crate) catch_alls: CatchAlls,
}

/// The catch-alls of a description.
#[derive(Clone, Copy)]
pub(crate) enum CatchAlls {
    None,
    One {
        /// The length of the prefixes that it is nested with.
        prefix: usize,
    },
    Several,
}

impl Facts {
    /// Returns the properties of a description.
    pub(crate) const fn of(events: &[EventSpec]) -> Self {
        let mut facts =
            Self { has_unnamed: false, has_tag: false, has_unnamed_tag: false, catch_alls: CatchAlls::None };
        let mut rest = events;
        while let [event, events @ ..] = rest {
            match event {
                EventSpec::Event(info) => {
                    facts.has_unnamed |= info.name.is_none();
                    facts.has_tag |= info.tag.is_some();
                    facts.has_unnamed_tag |= info.name.is_none() && info.tag.is_some();
                }
                EventSpec::Group { prefix, events } => {
                    let nested = Self::of(events);
                    facts.has_unnamed |= nested.has_unnamed;
                    facts.has_tag |= nested.has_tag;
                    facts.has_unnamed_tag |= nested.has_unnamed_tag;
                    facts.catch_alls = facts.catch_alls.and(nested.catch_alls.nested(prefix.len()));
                }
                EventSpec::CatchAll => facts.catch_alls = facts.catch_alls.and(CatchAlls::One { prefix: 0 }),
                EventSpec::Ignored(_) => {}
            }
            rest = events;
        }
        facts
    }

    /// Returns whether there is a catch-all.
    pub(crate) const fn has_catch_all(self) -> bool {
        !matches!(self.catch_alls, CatchAlls::None)
    }
}

impl CatchAlls {
    const fn and(self, others: Self) -> Self {
        match (self, others) {
            (Self::None, some) | (some, Self::None) => some,
            _ => Self::Several,
        }
    }

    /// Returns the catch-alls as those of a group with a prefix of this length.
    const fn nested(self, length: usize) -> Self {
        match self {
            Self::One { prefix } => Self::One { prefix: length + prefix },
            catch_alls => catch_alls,
        }
    }
}

/// Returns the number of names, counting each alias, ignored name and catch-all as one.
pub(super) const fn names(events: &[EventSpec]) -> usize {
    let mut count = 0;
    let mut rest = events;
    while let [event, events @ ..] = rest {
        count += match event {
            EventSpec::Event(info) => 1 + info.aliases.len(),
            EventSpec::Group { events, .. } => names(events),
            EventSpec::Ignored(names) => names.len(),
            EventSpec::CatchAll => 1,
        };
        rest = events;
    }
    count
}

/// Returns whether there is both an unnamed event and one with the name `message`.
pub(super) const fn is_ambiguous(events: &[EventSpec]) -> bool {
    Facts::of(events).has_unnamed && has_message(events, None)
}

const fn has_message(events: &[EventSpec], outer: Option<&PrefixedName<'_>>) -> bool {
    let message = PrefixedName { text: MESSAGE, outer: None };
    let mut rest = events;
    while let [event, events @ ..] = rest {
        match event {
            EventSpec::Event(EventInfo { name: Some(name), aliases, .. }) => {
                let name = PrefixedName { text: name, outer };
                if name.is(&message) || message.is_one_of(aliases, outer) {
                    return true;
                }
            }
            EventSpec::Group { prefix, events } if has_message(events, Some(&PrefixedName { text: prefix, outer })) => {
                return true;
            }
            _ => {}
        }
        rest = events;
    }
    false
}
