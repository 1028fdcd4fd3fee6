//! Checks of fields with `id`, `retry`, `data` or `event`.

use proc_macro2::Ident;
use quote::ToTokens as _;

use crate::{
    attributes::FieldAttributes,
    errors::Errors,
    model::{Field, Payload, Shape, Variant},
};

/// A role that a field can have: how to find its key as written, and the error if a second field has the same role.
type Role = (fn(&FieldAttributes) -> Option<&Ident>, &'static str);

const ROLES: [Role; 4] = [
    (|attributes| attributes.id.as_ref().map(|id| &id.word), "only one field can be the ID"),
    (|attributes| attributes.retry.as_ref(), "only one field can be the reconnection time"),
    (|attributes| attributes.data.as_ref().map(|data| &data.word), "only one field can be the data"),
    (|attributes| attributes.event.as_ref(), "only one field can be the event name"),
];

pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    for field in &variant.fields {
        roles(variant, field, errors);
        serde_attributes(variant, field, errors);
        keep(variant, field, errors);
    }
    for (word, fact) in duplicates(variant) {
        errors.at(word, format!("{fact}; remove this `{word}`"));
    }
    not_encoded(variant, errors);
}

/// Returns whether two fields have the same role.
pub(super) fn has_duplicate(variant: &Variant<'_>) -> bool {
    duplicates(variant).next().is_some()
}

/// Returns the key of each field whose role an earlier field has, with the error to report.
fn duplicates<'v>(variant: &'v Variant<'_>) -> impl Iterator<Item = (&'v Ident, &'static str)> {
    let roles = ROLES.iter().filter(|_| variant.shape == Shape::Struct);
    roles.flat_map(|(word, fact)| {
        let words = variant.fields.iter().filter_map(|field| word(&field.attributes));
        words.skip(1).map(|word| (word, *fact))
    })
}

/// Checks that a field has at most one role, and that the role is valid for this variant.
fn roles(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    let words = || ROLES.iter().filter_map(|(word, _)| word(&field.attributes));
    for word in words() {
        if variant.shape == Shape::Tuple {
            errors.at(word, format!("`{word}` requires a named field; write `{} {{ .. }}`", variant.ident));
        }
    }
    if let Some(first) = words().next() {
        for word in words().skip(1) {
            let remedy = format!("remove `{word}`, or put it on another field");
            errors.at(word, format!("`{word}` cannot be combined with `{first}`; {remedy}"));
        }
    }
    if let (Some(word), None) = (&field.attributes.event, &variant.attributes.other) {
        let remedy = "write `event = \"..\"` on the variant, or make it a catch-all with `other`";
        errors.at(word, format!("only a catch-all can have its event name in a field; {remedy}"));
    }
    if let (Some(word), true) = (&field.attributes.data, variant.is_tagged) {
        errors.at(&word.word, "the data of a `tagged` enum is the whole enum; remove `data`");
    } else if let (Some(json), None) =
        (field.attributes.data.as_ref().and_then(|data| data.json.as_ref()), &variant.attributes.other)
    {
        errors.at(json, "`data(json)` is only for a catch-all, whose data is text by default; write `data`");
    }
}

/// Checks that serde sees a field only if the field is part of the data.
fn serde_attributes(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    if !field.is_line() || variant.shape == Shape::Tuple {
        return;
    }
    if variant.is_tagged {
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
fn seen_by_serde(field: &Field<'_>, remedy: &str) -> Option<String> {
    let instead = |key| format!("write `#[serde(skip)]` instead of `{key}`");
    match (field.serde.skips_write, field.serde.skips_read) {
        (true, true) => None,
        (true, false) => Some(format!("serde still reads this field from the data; {}", instead("skip_serializing"))),
        (false, true) => Some(format!("serde still writes this field to the data; {}", instead("skip_deserializing"))),
        (false, false) => Some(format!("serde includes this field in the data; {remedy}")),
    }
}

/// Checks that `keep` is used only if the data is a JSON object.
fn keep(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    let Some(keep) = field.attributes.id.as_ref().and_then(|id| id.keep.as_ref()) else { return };
    let has_fields = matches!(variant.payload(), Payload::Fields | Payload::Tagged) && variant.single().is_none();
    if variant.attributes.other.is_some() || !has_fields && variant.shape == Shape::Struct {
        errors.at(keep, "`keep` requires the data to be a JSON object; remove `keep`");
    }
}

/// Checks that, if one field is the data, every other field has a role too; otherwise it would not be encoded.
fn not_encoded(variant: &Variant<'_>, errors: &mut Errors) {
    if variant.attributes.other.is_some() || variant.fields.iter().all(|field| field.attributes.data.is_none()) {
        return;
    }
    for field in variant.fields.iter().filter(|field| ROLES.iter().all(|(word, _)| word(&field.attributes).is_none())) {
        let member = field.member.to_token_stream();
        let remedy = format!("remove `{member}`, or mark it with `id` or `retry`");
        errors.at(&member, format!("`{member}` is not encoded, because another field is the data; {remedy}"));
    }
}
