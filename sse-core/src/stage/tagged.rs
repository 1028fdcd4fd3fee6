//! The stage of events that are identified by the tag in their data.

use alloc::borrow::Cow;

use crate::{EventInfo, EventSpec, EventTag, RawEvent, TypedEvent, spec::Facts};

/// A tag of an event that is one of those in the description of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownTag {
    key: Option<&'static str>,
    value: &'static str,
}

impl KnownTag {
    /// Returns the text of the tag.
    #[must_use]
    pub const fn value(&self) -> &'static str {
        self.value
    }

    /// Returns whether an event with this tag belongs to a type itself and not to a nested one, for derived code.
    #[must_use]
    pub fn is_own<E: TypedEvent>(&self, raw: &RawEvent<'_>) -> bool {
        self.is_among(E::EVENTS, name(raw))
    }

    /// Returns whether an event with this tag belongs to a type or to one that is nested in it.
    pub(super) fn is_in(&self, events: &[EventSpec], raw: &RawEvent<'_>) -> bool {
        self.is_among_all(events, name(raw))
    }

    fn is_among_all(&self, events: &[EventSpec], name: Option<&str>) -> bool {
        let is_nested = |spec: &EventSpec| match spec {
            EventSpec::Group { prefix, events } => {
                self.is_among_all(events, name.map(|name| name.strip_prefix(prefix).unwrap_or(name)))
            }
            EventSpec::Event(_) | EventSpec::Ignored(_) | EventSpec::CatchAll => false,
        };
        self.is_among(events, name) || events.iter().any(is_nested)
    }

    fn is_among(&self, events: &[EventSpec], name: Option<&str>) -> bool {
        takes(events, name) && tags(events).any(|tag| tag.key() == self.key && tag.values().contains(&self.value))
    }
}

/// Returns the tag of an event if the description of the type, or that of one nested in it, contains the tag and takes
/// events of this name by their tags.
///
/// If the tag belongs to several types, it does not identify the event.
pub(super) fn find<E: TypedEvent>(raw: &RawEvent<'_>) -> Option<KnownTag> {
    let facts = const { Facts::of(E::EVENTS) };
    let is_possible = if raw.is_unnamed() { facts.has_tag } else { facts.has_unnamed_tag };
    match is_possible.then(|| Search::of(raw).find_in_all(E::EVENTS, name(raw)))? {
        Found::One(tag) => Some(tag),
        Found::Nothing | Found::Several => None,
    }
}

/// Returns the tag of an event if the description of the type contains it for one of its own events, which takes events
/// of this name by their tags. For derived code.
#[must_use]
pub fn own_tag<E: TypedEvent>(raw: &RawEvent<'_>) -> Option<KnownTag> {
    Search::of(raw).find(E::EVENTS, name(raw))
}

/// Returns an event as a nested type with a prefix sees it. An unnamed event has no prefix, and neither does the name
/// that a proxy gives to it, so the prefix may be missing.
pub(super) fn without_prefix<'a>(raw: RawEvent<'a>, prefix: &str) -> RawEvent<'a> {
    if raw.is_unnamed() { raw } else { raw.strip_prefix(prefix).unwrap_or(raw) }
}

/// Returns the name of an event, or `None` if it is unnamed.
fn name<'a>(raw: &RawEvent<'a>) -> Option<&'a str> {
    (!raw.is_unnamed()).then(|| raw.name())
}

/// Returns whether events of this name are identified by their tags: unnamed events, and those that are unnamed in the
/// description but were given their tag as a name.
fn takes(events: &[EventSpec], name: Option<&str>) -> bool {
    let is_tag = |info: &EventInfo, name| info.tag().is_some_and(|tag| tag.values().contains(&name));
    name.is_none_or(|name| own(events).any(|info| info.name().is_none() && is_tag(info, name)))
}

/// Returns the tags of a type's own events.
fn tags(events: &[EventSpec]) -> impl Iterator<Item = EventTag> {
    own(events).filter_map(EventInfo::tag)
}

/// Returns a type's own events.
fn own(events: &[EventSpec]) -> impl Iterator<Item = &EventInfo> {
    events.iter().filter_map(|spec| match spec {
        EventSpec::Event(info) => Some(info),
        EventSpec::Group { .. } | EventSpec::Ignored(_) | EventSpec::CatchAll => None,
    })
}

/// The outcome of looking for a tag in a type and its nested types.
enum Found {
    Nothing,
    One(KnownTag),
    Several,
}

impl Found {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, found) | (found, Self::Nothing) => found,
            _ => Self::Several,
        }
    }
}

/// The search for the tag of an event in descriptions, which mostly have the same key.
struct Search<'a> {
    data: &'a str,
    /// The key that was read last, and its value.
    read: Option<(Option<&'static str>, Option<Cow<'a, str>>)>,
}

impl<'a> Search<'a> {
    const fn of(raw: &RawEvent<'a>) -> Self {
        Self { data: raw.data(), read: None }
    }

    /// Looks for the tag in a type and its nested types.
    fn find_in_all(&mut self, events: &[EventSpec], name: Option<&str>) -> Found {
        let own = self.find(events, name).map_or(Found::Nothing, Found::One);
        events.iter().fold(own, |found, spec| match spec {
            EventSpec::Group { prefix, events } => {
                found.or(self.find_in_all(events, name.map(|name| name.strip_prefix(prefix).unwrap_or(name))))
            }
            EventSpec::Event(_) | EventSpec::Ignored(_) | EventSpec::CatchAll => found,
        })
    }

    /// Looks for the tag in the type itself.
    fn find(&mut self, events: &[EventSpec], name: Option<&str>) -> Option<KnownTag> {
        if !takes(events, name) {
            return None;
        }
        tags(events).find_map(|tag| {
            let value = self.value(tag)?;
            let value = tag.values().iter().find(|known| **known == value)?;
            Some(KnownTag { key: tag.key(), value })
        })
    }

    /// Returns the value that the data has at the place of a tag. It is read once for each key.
    fn value(&mut self, tag: EventTag) -> Option<&str> {
        if self.read.as_ref().is_none_or(|(key, _)| *key != tag.key()) {
            self.read = Some((tag.key(), tag.read(self.data)));
        }
        self.read.as_ref()?.1.as_deref()
    }
}
