//! The order in which nested types are asked whether an event is theirs.

use crate::{DecodeError, Decoded, EventSpec, RawEvent, SseDecode, TypedEvent, spec, wire::MESSAGE};

/// One question to a type, in the order in which they are asked. Each goes to the type itself and to all that it
/// nests before the next one is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Does it know the name, to ignore it or as that of an event?
    Named,
    /// Is it one of its literals without a name?
    Literal,
    /// Is it its event without a name?
    Payload,
    /// Does it take any event?
    Rest,
}

/// The stage at which an event belongs to a type that nests none: the description says so.
pub(crate) fn of<E: TypedEvent>(raw: &RawEvent<'_>) -> Stage {
    if raw.is_unnamed() {
        unnamed(E::EVENTS, raw.data(), false)
    } else if const { !spec::has_catch_all(E::EVENTS) } || has_name(E::EVENTS, raw.name()) {
        Stage::Named
    } else {
        Stage::Rest
    }
}

/// The stage of an event without a name. Behind a prefix the name `message` is another.
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

/// For derived code: reads an event by asking at each stage.
///
/// # Errors
///
/// Those of the type.
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

/// For derived code: asks a nested type, behind a prefix. Events without a name have none there either.
///
/// # Errors
///
/// Those of the type.
pub(crate) fn behind_prefix<'de, E: SseDecode<'de>>(
    raw: RawEvent<'de>,
    prefix: &str,
    stage: Stage,
) -> Result<Decoded<E>, DecodeError> {
    let has_unnamed = const { spec::has_unnamed(E::EVENTS) };
    let seen = match stage {
        Stage::Literal | Stage::Payload => has_unnamed.then_some(raw),
        // What is called `message` behind the prefix would be read as having no name.
        Stage::Named | Stage::Rest => {
            raw.strip_prefix(prefix).filter(|stripped| !(has_unnamed && stripped.name() == MESSAGE))
        }
    };
    seen.map_or(Ok(Decoded::Unknown), |raw| E::decode_at(raw, stage))
}
