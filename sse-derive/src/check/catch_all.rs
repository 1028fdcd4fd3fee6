//! Checks of catch-alls.

use super::Pair;
use crate::{
    errors::Errors,
    model::{Catch, is_plain_value},
    written::Written,
};

/// Checks the attributes of a catch-all, and that its field can hold any event.
pub(super) fn check(Pair { written, variant }: Pair<'_>, errors: &mut Errors) {
    let attributes = &written.attributes;
    for (name, key) in attributes.names() {
        errors.at(name, format!("a catch-all takes events with any name; remove `{key}`"));
    }
    if let Some(unnamed) = &attributes.unnamed {
        errors.at(unnamed, "a catch-all takes events with any name; remove `unnamed`");
    }
    if let Some((terminal, _)) = &attributes.terminal {
        errors.at(terminal, "a catch-all cannot end the stream; remove `terminal`");
    }
    let without_effect = [&attributes.error, &attributes.text, &attributes.json, &attributes.borrow];
    for word in without_effect.into_iter().flatten().chain(attributes.retry.as_ref().map(|(word, _)| word)) {
        errors.at(word, format!("`{word}` has no effect on a catch-all; remove `{word}`"));
    }
    if let Some(literal) = &attributes.literal {
        errors.at(literal, "a catch-all takes events with any data; remove `literal`");
    }
    if let Some(module) = &attributes.with {
        errors.at(module, "a catch-all keeps the data unchanged; remove `with`");
    }
    for word in [&attributes.skip, &attributes.skip_decode].into_iter().flatten() {
        errors.at(word, format!("a catch-all cannot be skipped when decoding; remove `{word}`"));
    }
    if let Some(Catch::Whole(field)) = variant.catch()
        && is_plain_value(field.ty)
    {
        let remedy = "write `RawEventBuf`, or `{ event: String, data: String }`";
        errors
            .at(field.ty, format!("a catch-all keeps the whole event, so this field must be an event type; {remedy}"));
    }
}

/// Checks that at most one variant is a catch-all.
pub(super) fn only_one(written: &Written<'_>, errors: &mut Errors) {
    let mut words =
        written.variants.iter().filter_map(|variant| Some((variant.ident, variant.attributes.other.as_ref()?)));
    let Some((first, _)) = words.next() else { return };
    for (_, word) in words {
        errors.at(word, format!("variant `{first}` is already the catch-all; remove this `other`"));
    }
}
