//! Properties of a description as a whole.

use super::{EventInfo, EventSpec, name::PrefixedName};
use crate::wire::MESSAGE;

/// Returns whether there is both an unnamed event and one with the name `message`.
pub(super) const fn is_ambiguous(events: &[EventSpec]) -> bool {
    has_unnamed(events) && has_message(events, None)
}

/// Returns whether there is an unnamed event.
pub(crate) const fn has_unnamed(events: &[EventSpec]) -> bool {
    let mut rest = events;
    while let [event, events @ ..] = rest {
        match event {
            EventSpec::Event(info) if info.name.is_none() => return true,
            EventSpec::Group { events, .. } if has_unnamed(events) => return true,
            _ => {}
        }
        rest = events;
    }
    false
}

/// Returns whether there is a catch-all.
pub(crate) const fn has_catch_all(events: &[EventSpec]) -> bool {
    let mut rest = events;
    while let [event, events @ ..] = rest {
        match event {
            EventSpec::CatchAll => return true,
            EventSpec::Group { events, .. } if has_catch_all(events) => return true,
            _ => {}
        }
        rest = events;
    }
    false
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
