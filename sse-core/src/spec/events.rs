//! An iterator over the events of a type, with the names that they have on the wire.

use alloc::{borrow::Cow, vec, vec::Vec};

use super::{BrowserEventName, EventInfo, EventSpec};
use crate::{TypedEvent, wire::MESSAGE};

/// An iterator over the events of a type, including those of nested types, in the order of their description.
///
/// ```
/// use sse_core::{SseEvent, WireEvents};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "snake_case")]
/// enum Order {
///     Placed(u32),
/// }
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "snake_case")]
/// enum Shop {
///     Opened,
///     #[sse(flatten(prefix = "order."))]
///     Order(Order),
/// }
///
/// let names: Vec<_> = WireEvents::of::<Shop>().filter_map(|event| event.name()).collect();
/// assert_eq!(names, ["opened", "order.placed"]);
/// ```
#[derive(Clone, Debug)]
pub struct WireEvents {
    /// The prefix and the remaining entries at each depth, innermost last.
    open: Vec<(Cow<'static, str>, &'static [EventSpec])>,
}

/// An event of a type, with the prefixes that its name has on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireEvent {
    prefix: Cow<'static, str>,
    info: EventInfo,
}

impl WireEvents {
    /// Creates an iterator over the events of `E`.
    #[must_use]
    pub fn of<E: TypedEvent + ?Sized>() -> Self {
        Self { open: vec![(Cow::Borrowed(""), E::EVENTS)] }
    }
}

impl Iterator for WireEvents {
    type Item = WireEvent;

    fn next(&mut self) -> Option<WireEvent> {
        loop {
            let (outer, specs) = self.open.last_mut()?;
            let Some((spec, rest)) = specs.split_first() else {
                self.open.pop();
                continue;
            };
            *specs = rest;
            match spec {
                EventSpec::Event(info) => return Some(WireEvent { prefix: outer.clone(), info: *info }),
                EventSpec::Group { prefix, events } => {
                    let prefix = joined(outer.clone(), prefix);
                    self.open.push((prefix, events));
                }
                EventSpec::Ignored(_) | EventSpec::CatchAll => {}
            }
        }
    }
}

impl WireEvent {
    /// Returns the event name on the wire, or `None` if the event is unnamed.
    ///
    /// When an unnamed event is read, [`RawEvent::name`](crate::RawEvent::name) returns `message`.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'static, str>> {
        self.info.name().map(|name| joined(self.prefix.clone(), name))
    }

    /// Returns the further names on the wire that mean this event when it is read.
    pub fn aliases(&self) -> impl Iterator<Item = Cow<'static, str>> + '_ {
        self.info.aliases().iter().map(|alias| joined(self.prefix.clone(), alias))
    }

    /// Returns the description of the event. The names in it do not have the prefixes.
    #[must_use]
    pub const fn info(&self) -> &EventInfo {
        &self.info
    }

    /// Returns the event name as a [`BrowserEventName`], or `None` if browsers do not use the name for their own events. The
    /// name of an unnamed event is `message`.
    #[must_use]
    pub fn browser_event_name(&self) -> Option<BrowserEventName> {
        BrowserEventName::from_name(self.name().as_deref().unwrap_or(MESSAGE))
    }
}

/// Joins two strings, without a copy if one of them is empty.
fn joined(prefix: Cow<'static, str>, name: &'static str) -> Cow<'static, str> {
    if prefix.is_empty() {
        Cow::Borrowed(name)
    } else if name.is_empty() {
        prefix
    } else {
        let mut whole = prefix.into_owned();
        whole.push_str(name);
        Cow::Owned(whole)
    }
}
