//! The events of a type one after the other, as they are on the wire.

use alloc::{borrow::Cow, vec, vec::Vec};

use super::{BrowserName, EventInfo, EventSpec};
use crate::{TypedEvent, wire::MESSAGE};

/// The events of a type in the order of their description, those of nested types among them.
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
    /// What is left at each depth, the innermost last.
    open: Vec<(Cow<'static, str>, &'static [EventSpec])>,
}

/// One event of a type, with the prefixes that it has on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireEvent {
    prefix: Cow<'static, str>,
    info: EventInfo,
}

impl WireEvents {
    /// The events of `E`.
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
    /// The event type on the `event:` line; `None` if the event is written without one.
    #[must_use]
    pub fn name(&self) -> Option<Cow<'static, str>> {
        self.info.name().map(|name| joined(self.prefix.clone(), name))
    }

    /// More event types that mean this event when read.
    pub fn aliases(&self) -> impl Iterator<Item = Cow<'static, str>> + '_ {
        self.info.aliases().iter().map(|alias| joined(self.prefix.clone(), alias))
    }

    /// What is known of the event. The names in it are without the prefixes.
    #[must_use]
    pub const fn info(&self) -> &EventInfo {
        &self.info
    }

    /// What a browser's `EventSource` uses the event's type for by itself, if it does.
    #[must_use]
    pub fn browser_name(&self) -> Option<BrowserName> {
        BrowserName::from_name(self.name().as_deref().unwrap_or(MESSAGE))
    }
}

/// Without a copy where either is empty.
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
