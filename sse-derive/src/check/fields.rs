//! Checks of fields with `id`, `retry`, `data` or `event`.

use proc_macro2::Ident;
use quote::ToTokens as _;

use super::Pair;
use crate::{
    attributes::FieldAttributes,
    errors::Errors,
    model::{Event, Payload, is_absent},
    written::{Shape, WrittenField, WrittenVariant},
};

/// A role that a field can have: how to find its key as written, and the error if a second field has the same role.
type Role = (fn(&FieldAttributes) -> Option<&Ident>, &'static str);

const ROLES: [Role; 4] = [
    (|attributes| attributes.id.as_ref().map(|id| &id.word), "only one field can be the ID"),
    (|attributes| attributes.retry.as_ref(), "only one field can be the reconnection time"),
    (|attributes| attributes.data.as_ref().map(|data| &data.word), "only one field can be the data"),
    (|attributes| attributes.event.as_ref(), "only one field can be the event name"),
];

pub(super) fn check(pair: Pair<'_>, errors: &mut Errors) {
    let variant = pair.written;
    for field in &variant.fields {
        roles(pair, field, errors);
        serde_attributes(pair, field, errors);
        keep(pair, field, errors);
    }
    duplicates(variant, errors);
    not_encoded(variant, errors);
}

/// Records each field whose role an earlier field has.
fn duplicates(variant: &WrittenVariant<'_>, errors: &mut Errors) {
    for (word, fact) in ROLES.iter().filter(|_| variant.shape == Shape::Struct) {
        let words = variant.fields.iter().filter_map(|field| word(&field.attributes));
        for word in words.skip(1) {
            errors.at(word, format!("{fact}; remove this `{word}`"));
        }
    }
}

/// Returns whether the data of the variant is the whole enum.
fn is_tagged(pair: Pair<'_>) -> bool {
    pair.variant.event().is_some_and(Event::is_tagged)
}

/// Checks that a field has at most one role, and that the role is valid for this variant.
fn roles(pair: Pair<'_>, field: &WrittenField<'_>, errors: &mut Errors) {
    let variant = pair.written;
    let words = || ROLES.iter().filter_map(|(word, _)| word(&field.attributes));
    for word in words() {
        if variant.shape == Shape::Tuple {
            let remedy = match variant.fields.as_slice() {
                [_] if *word == "data" => "remove `data`, because the value is the whole data".to_owned(),
                _ => format!("write `{} {{ .. }}`", variant.ident),
            };
            errors.at(word, format!("`{word}` requires a named field; {remedy}"));
        }
    }
    if let Some(first) = words().next() {
        for word in words().skip(1) {
            let remedy = format!("remove `{word}`, or put it on another field");
            errors.at(word, format!("`{word}` cannot be combined with `{first}`; {remedy}"));
        }
    }
    let is_catch_all = variant.attributes.other.is_some();
    if let (Some(word), false) = (&field.attributes.event, is_catch_all) {
        let remedy = "write `event = \"..\"` on the variant, or make it a catch-all with `other`";
        errors.at(word, format!("only a catch-all can have its event name in a field; {remedy}"));
    }
    let Some(data) = &field.attributes.data else { return };
    if is_tagged(pair) {
        errors.at(&data.word, "the data of a `tagged` enum is the whole enum; remove `data`");
    } else if let (Some(json), false) = (&data.json, is_catch_all) {
        errors.at(json, "`data(json)` is only for a catch-all, whose data is text by default; write `data`");
    }
}

/// Checks that serde sees a field only if the field is part of the data.
fn serde_attributes(pair: Pair<'_>, field: &WrittenField<'_>, errors: &mut Errors) {
    let is_kept = field.attributes.id.as_ref().is_some_and(|id| id.keep.is_some());
    if !field.is_on_a_line() || is_kept || pair.written.shape == Shape::Tuple {
        return;
    }
    if is_tagged(pair) {
        match (&field.attributes.id, &field.attributes.retry) {
            (Some(id), _) => {
                errors.at_some(&id.word, seen_by_serde(field, "write `id(keep)`, or add `#[serde(skip)]`"));
            }
            (None, Some(retry)) => errors.at_some(retry, seen_by_serde(field, "add `#[serde(skip)]`")),
            (None, None) => {}
        }
    } else if let [attribute, ..] = field.serde.attributes.as_slice() {
        errors.at(attribute, "serde attributes have no effect on a field outside the data; remove this attribute");
    }
}

/// Returns the error for a field on a line that serde's derives for the enum see too, or `None` if serde skips it.
/// `remedy` is for a field that serde does not skip at all.
fn seen_by_serde(field: &WrittenField<'_>, remedy: &str) -> Option<String> {
    let instead = |key| format!("write `#[serde(skip)]` instead of `{key}`");
    match (field.serde.skips_write, field.serde.skips_read) {
        (true, true) => None,
        (true, false) => Some(format!("serde still reads this field from the data; {}", instead("skip_serializing"))),
        (false, true) => Some(format!("serde still writes this field to the data; {}", instead("skip_deserializing"))),
        (false, false) => Some(format!("serde includes this field in the data; {remedy}")),
    }
}

/// Checks that `keep` is used only if the data is a JSON object.
fn keep(Pair { written, variant }: Pair<'_>, field: &WrittenField<'_>, errors: &mut Errors) {
    let Some(keep) = field.attributes.id.as_ref().and_then(|id| id.keep.as_ref()) else { return };
    let has_object = variant
        .event()
        .is_some_and(|event| matches!(event.payload, Payload::Fields(_) | Payload::Tagged) && event.single.is_none());
    if written.attributes.other.is_some() || !has_object && written.shape == Shape::Struct {
        errors.at(keep, "`keep` requires the data to be a JSON object; remove `keep`");
    }
}

/// Checks that, if one field is the data, every other field has a role too or is skipped; otherwise it would not be
/// encoded.
fn not_encoded(variant: &WrittenVariant<'_>, errors: &mut Errors) {
    let has_data = variant.fields.iter().any(|field| field.attributes.data.is_some());
    if variant.attributes.other.is_some() || variant.shape == Shape::Tuple || !has_data {
        return;
    }
    let has_role = |field: &&WrittenField<'_>| ROLES.iter().any(|(word, _)| word(&field.attributes).is_some());
    for field in variant.fields.iter().filter(|field| !has_role(field) && !is_absent(field)) {
        let member = field.member.to_token_stream();
        let remedy = "mark it with `id` or `retry`, write `#[serde(skip)]` to leave it out, or remove it";
        errors.at(&member, format!("`{member}` is not encoded, because another field is the data; {remedy}"));
    }
}
