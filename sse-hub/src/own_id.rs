//! A compile-time check that no event of a type has an `#[sse(id)]` field.

use sse_core::{EventInfo, EventSpec, TypedEvent};

/// Fails to compile if an event of `E` has a field for its ID, because the hub assigns the IDs.
pub(crate) const fn refuse<E: TypedEvent>() {
    const {
        if let Some(event) = find(E::EVENTS) {
            refuse_event(event);
        }
    }
}

/// Returns the first event that has a field for its ID.
const fn find(events: &'static [EventSpec]) -> Option<&'static EventInfo> {
    let mut rest = events;
    while let [event, events @ ..] = rest {
        match event {
            EventSpec::Event(info) if info.has_id() => return Some(info),
            EventSpec::Group { events, .. } => {
                if let Some(info) = find(events) {
                    return Some(info);
                }
            }
            _ => {}
        }
        rest = events;
    }
    None
}

#[expect(clippy::panic, reason = "evaluated in a constant, the panic is a compile error")]
const fn refuse_event(event: &EventInfo) {
    const BEFORE: &str = "event `";
    const AFTER: &str = "` has an `#[sse(id)]` field, but a hub gives each event its ID; remove `id` from the field";
    let name = match event.name() {
        Some(name) => name,
        None => "message",
    };
    let mut message = [0; 256];
    let mut len = 0;
    let mut parts: &[&str] = &[BEFORE, name, AFTER];
    while let [part, others @ ..] = parts {
        let (_, free) = message.split_at_mut(len);
        if let Some((place, _)) = free.split_at_mut_checked(part.len()) {
            place.copy_from_slice(part.as_bytes());
            len += part.len();
        }
        parts = others;
    }
    let (message, _) = message.split_at(len);
    match str::from_utf8(message) {
        Ok(message) => panic!("{}", message),
        Err(_) => panic!("an event has an `#[sse(id)]` field, but a hub gives each event its ID"),
    }
}
