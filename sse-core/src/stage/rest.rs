//! The last stage: catch-alls, of which several can take an event if they are nested with different prefixes.

use super::Stage;
use crate::{DecodeError, Decoded, EventSpec, RawEvent, SseDecode};

/// Decodes an event as the catch-all with the longest prefix that takes it.
pub(super) fn decode<'de, E: SseDecode<'de>>(raw: RawEvent<'de>) -> Result<Decoded<E>, DecodeError> {
    let mut below = usize::MAX;
    while let Some(prefix) = longest(E::EVENTS, raw.name(), below) {
        match E::decode_at(raw, Stage::Rest { prefix: raw.prefix + prefix })? {
            Decoded::Unknown => below = prefix,
            decoded => return Ok(decoded),
        }
    }
    Ok(Decoded::Unknown)
}

/// Returns the length of the longest prefix that a catch-all for this name is nested with and that is shorter than
/// `below`.
fn longest(events: &[EventSpec], name: &str, below: usize) -> Option<usize> {
    let of_spec = |spec: &EventSpec| match spec {
        EventSpec::CatchAll => (below > 0).then_some(0),
        EventSpec::Group { prefix, events } => {
            let below = below.checked_sub(prefix.len())?;
            Some(prefix.len() + longest(events, name.strip_prefix(prefix)?, below)?)
        }
        EventSpec::Event(_) | EventSpec::Ignored(_) => None,
    };
    events.iter().filter_map(of_spec).max()
}

/// Returns whether a catch-all for this name is nested with prefixes of this length.
pub(super) fn has_catch_all(events: &[EventSpec], name: &str, length: usize) -> bool {
    longest(events, name, length.saturating_add(1)) == Some(length)
}
