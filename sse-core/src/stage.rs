//! The order in which a type with nested types finds the one that an event belongs to.

use crate::{DecodeError, Decoded, EventSpec, RawEvent, SseDecode, TypedEvent, spec, wire::MESSAGE};

/// A stage of decoding. Each stage is tried on a type and on all its nested types before the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Events whose name the type has or ignores.
    Named,
    /// Unnamed events whose data is a literal of the type.
    Literal,
    /// Unnamed events with other data, if the type has an unnamed event with a payload.
    Payload,
    /// All other events, which a catch-all takes.
    Rest,
}

/// Returns the stage at which an event belongs to a type that does not decode by stages, according to its description.
pub(crate) fn of<E: TypedEvent>(raw: &RawEvent<'_>) -> Stage {
    if raw.is_unnamed() {
        unnamed(E::EVENTS, raw.data(), false)
    } else if const { !spec::has_catch_all(E::EVENTS) } || has_name(E::EVENTS, raw.name()) {
        Stage::Named
    } else {
        Stage::Rest
    }
}

/// Returns the stage of an unnamed event. After a prefix, `message` is a name like any other.
fn unnamed(events: &[EventSpec], data: &str, prefixed: bool) -> Stage {
    let is_message = |name: &&str| !prefixed && *name == MESSAGE;
    let stages = events.iter().map(|spec| match spec {
        EventSpec::Event(info) if info.name().is_none() || info.name().iter().chain(info.aliases()).any(is_message) => {
            match info.literal() {
                Some(literal) if literal == data => Stage::Literal,
                Some(_) => Stage::Rest,
                None => Stage::Payload,
            }
        }
        EventSpec::Ignored(names) if names.iter().any(is_message) => Stage::Named,
        EventSpec::Group { prefix, events } => unnamed(events, data, prefixed || !prefix.is_empty()),
        EventSpec::Event(_) | EventSpec::Ignored(_) | EventSpec::CatchAll => Stage::Rest,
    });
    stages.min().unwrap_or(Stage::Rest)
}

fn has_name(events: &[EventSpec], name: &str) -> bool {
    events.iter().any(|spec| match spec {
        EventSpec::Event(info) => info.name() == Some(name) || info.aliases().contains(&name),
        EventSpec::Ignored(names) => names.contains(&name),
        EventSpec::Group { prefix, events } => name.strip_prefix(prefix).is_some_and(|name| has_name(events, name)),
        EventSpec::CatchAll => false,
    })
}

/// Decodes an event stage by stage, for derived code.
///
/// # Errors
///
/// Returns an error if the event belongs to the type but cannot be decoded.
pub fn by_stages<'de, E: SseDecode<'de>>(raw: RawEvent<'de>) -> Result<Decoded<E>, DecodeError> {
    let stages: &[Stage] = if raw.is_unnamed() {
        &[Stage::Named, Stage::Literal, Stage::Payload, Stage::Rest]
    } else {
        &[Stage::Named, Stage::Rest]
    };
    for stage in stages {
        match E::decode_at(raw, *stage)? {
            Decoded::Unknown => {}
            decoded => return Ok(decoded),
        }
    }
    Ok(Decoded::Unknown)
}

/// Decodes an event of a nested type with a name prefix, for derived code. Unnamed events have no prefix.
///
/// # Errors
///
/// Returns an error if the event belongs to the type but cannot be decoded.
pub(crate) fn decode_prefixed<'de, E: SseDecode<'de>>(
    raw: RawEvent<'de>,
    prefix: &str,
    stage: Stage,
) -> Result<Decoded<E>, DecodeError> {
    let has_unnamed = const { spec::has_unnamed(E::EVENTS) };
    let seen = match stage {
        Stage::Literal | Stage::Payload => has_unnamed.then_some(raw),
        // Without its prefix, an event with the name `message` would be read as an unnamed one.
        Stage::Named | Stage::Rest => {
            raw.strip_prefix(prefix).filter(|stripped| !(has_unnamed && stripped.name() == MESSAGE))
        }
    };
    seen.map_or(Ok(Decoded::Unknown), |raw| E::decode_at(raw, stage))
}
