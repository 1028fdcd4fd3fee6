//! The order in which a type with nested types finds the one that an event belongs to.

mod rest;
mod tagged;

pub use self::tagged::{KnownTag, own_tag};
use crate::{
    DecodeError, Decoded, EventInfo, EventSpec, RawEvent, SseDecode, TypedEvent,
    spec::{CatchAlls, Facts},
    wire::MESSAGE,
};

/// A stage of decoding. Each stage is tried on a type and on all its nested types before the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage<'t> {
    /// Events whose name the type has or ignores.
    Named,
    /// Unnamed events whose data is a literal of the type.
    Literal,
    /// Unnamed events with other data, if the type has an unnamed event with a payload.
    Payload,
    /// Events whose data has this tag.
    Tagged(&'t KnownTag),
    /// All other events, which a catch-all takes.
    Rest {
        /// The number of bytes before the names that the catch-all sees. Catch-alls that can take the same event have
        /// prefixes of different lengths.
        prefix: usize,
    },
}

impl Stage<'_> {
    /// Returns whether the type's own catch-all takes an event at this stage, for derived code.
    #[must_use]
    pub fn is_own_rest(self, raw: &RawEvent<'_>) -> bool {
        matches!(self, Self::Rest { prefix } if prefix == raw.prefix)
    }

    /// Returns whether an event belongs to a type at this stage, according to the type's description.
    pub(crate) fn is_of<E: TypedEvent>(self, raw: &RawEvent<'_>) -> bool {
        match self {
            Self::Named if raw.is_unnamed() => ignores_message(E::EVENTS),
            // A type that takes only the names that it has looks for them itself.
            Self::Named if const { takes_only_names(Facts::of(E::EVENTS)) } => true,
            Self::Named => has_name(E::EVENTS, raw.name()),
            Self::Literal => has_unnamed(E::EVENTS, false, &|info| info.literal() == Some(raw.data())),
            Self::Payload => has_unnamed(E::EVENTS, false, &|info| info.literal().is_none()),
            Self::Tagged(tag) => (const { Facts::of(E::EVENTS).has_tag }) && tag.is_in(E::EVENTS, raw),
            Self::Rest { prefix } => {
                let own = prefix.checked_sub(raw.prefix).filter(|_| const { Facts::of(E::EVENTS).has_catch_all() });
                own.is_some_and(|prefix| rest::has_catch_all(E::EVENTS, raw.name(), prefix))
            }
        }
    }
}

/// Returns whether a named event can only belong to a type by its name.
const fn takes_only_names(facts: Facts) -> bool {
    !facts.has_catch_all() && !facts.has_unnamed_tag
}

fn has_name(events: &[EventSpec], name: &str) -> bool {
    events.iter().any(|spec| match spec {
        EventSpec::Event(info) => info.name() == Some(name) || info.aliases().contains(&name),
        EventSpec::Ignored(names) => names.contains(&name),
        EventSpec::Group { prefix, events } => name.strip_prefix(prefix).is_some_and(|name| has_name(events, name)),
        EventSpec::CatchAll => false,
    })
}

/// Returns whether one of the unnamed events fits. After a prefix, `message` is a name like any other.
fn has_unnamed(events: &[EventSpec], prefixed: bool, fits: &impl Fn(&EventInfo) -> bool) -> bool {
    events.iter().any(|spec| match spec {
        EventSpec::Event(info) => {
            let is_message = || info.name().iter().chain(info.aliases()).any(|name| *name == MESSAGE);
            (info.name().is_none() || !prefixed && is_message()) && fits(info)
        }
        EventSpec::Group { prefix, events } => has_unnamed(events, prefixed || !prefix.is_empty(), fits),
        EventSpec::Ignored(_) | EventSpec::CatchAll => false,
    })
}

/// Returns whether unnamed events are ignored.
fn ignores_message(events: &[EventSpec]) -> bool {
    events.iter().any(|spec| match spec {
        EventSpec::Ignored(names) => names.contains(&MESSAGE),
        EventSpec::Group { prefix, events } => prefix.is_empty() && ignores_message(events),
        EventSpec::Event(_) | EventSpec::CatchAll => false,
    })
}

/// Decodes an event stage by stage, for derived code.
///
/// # Errors
///
/// Returns an error if the event belongs to the type but cannot be decoded.
pub fn by_stages<'de, E: SseDecode<'de>>(raw: RawEvent<'de>) -> Result<Decoded<E>, DecodeError> {
    let by_name = if raw.is_unnamed() { &[Stage::Named, Stage::Literal, Stage::Payload][..] } else { &[Stage::Named] };
    for stage in by_name {
        match E::decode_at(raw, *stage)? {
            Decoded::Unknown => {}
            decoded => return Ok(decoded),
        }
    }
    if let Some(tag) = tagged::find::<E>(&raw) {
        match E::decode_at(raw, Stage::Tagged(&tag))? {
            Decoded::Unknown => {}
            decoded => return Ok(decoded),
        }
    }
    match const { Facts::of(E::EVENTS).catch_alls } {
        CatchAlls::None => Ok(Decoded::Unknown),
        CatchAlls::One { prefix } => E::decode_at(raw, Stage::Rest { prefix: raw.prefix + prefix }),
        CatchAlls::Several => rest::decode(raw),
    }
}

/// Decodes an event of a nested type with a name prefix, for derived code. Unnamed events have no prefix.
///
/// # Errors
///
/// Returns an error if the event belongs to the type but cannot be decoded.
pub(crate) fn decode_prefixed<'de, E: SseDecode<'de>>(
    raw: RawEvent<'de>,
    prefix: &str,
    stage: Stage<'_>,
) -> Result<Decoded<E>, DecodeError> {
    let Facts { has_unnamed, has_tag, .. } = const { Facts::of(E::EVENTS) };
    let seen = match stage {
        Stage::Literal | Stage::Payload => has_unnamed.then_some(raw),
        Stage::Tagged(_) => has_tag.then(|| tagged::without_prefix(raw, prefix)),
        // Without its prefix, an event with the name `message` would be read as an unnamed one.
        Stage::Named | Stage::Rest { .. } => {
            raw.strip_prefix(prefix).filter(|stripped| !(has_unnamed && stripped.name() == MESSAGE))
        }
    };
    seen.map_or(Ok(Decoded::Unknown), |raw| E::decode_at(raw, stage))
}
