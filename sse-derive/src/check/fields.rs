//! Fields with a part of their own.

use proc_macro2::Ident;

use crate::{
    attributes::FieldAttributes,
    errors::Errors,
    model::{Field, Payload, Shape, Variant},
};

/// A part that a field can have, and what is said of a second field with it.
type Role = (fn(&FieldAttributes) -> Option<&Ident>, &'static str);

const ROLES: [Role; 4] = [
    (|marks| marks.id.as_ref().map(|id| &id.word), "an event has one ID"),
    (|marks| marks.retry.as_ref(), "an event has one reconnection time"),
    (|marks| marks.data.as_ref().map(|data| &data.word), "one field is the data"),
    (|marks| marks.event.as_ref(), "an event has one name"),
];

pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    for field in &variant.fields {
        parts(variant, field, errors);
        serde_of(variant, field, errors);
        kept(variant, field, errors);
    }
    for (word, fact) in doubles(variant) {
        errors.at(word, format!("{fact}, and another field is it already; remove this `{word}`"));
    }
    alone(variant, errors);
}

/// Whether two fields have a part that only one can have.
pub(super) fn has_double(variant: &Variant<'_>) -> bool {
    doubles(variant).next().is_some()
}

fn doubles<'v>(variant: &'v Variant<'_>) -> impl Iterator<Item = (&'v Ident, &'static str)> {
    let parts = ROLES.iter().filter(|_| variant.shape == Shape::Struct);
    parts.flat_map(|(word, fact)| {
        let words = variant.fields.iter().filter_map(|field| word(&field.attributes));
        words.skip(1).map(|word| (word, *fact))
    })
}

/// The parts of one field: one at most, and in a place where it means something.
fn parts(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    let words = || ROLES.iter().filter_map(|(word, _)| word(&field.attributes));
    for word in words() {
        if variant.shape == Shape::Tuple {
            errors.at(word, format!("`{word}` is for a field with a name; write `{} {{ .. }}`", variant.ident));
        }
    }
    for word in words().skip(1) {
        errors.at(word, format!("a field has one part in an event; remove `{word}`, or give it a field of its own"));
    }
    if let (Some(word), None) = (&field.attributes.event, &variant.attributes.other) {
        let remedy = "write `event = \"..\"` on the variant, or make it a catch-all by `other`";
        errors.at(word, format!("only a catch-all has its name in a field; {remedy}"));
    }
    if let (Some(word), true) = (&field.attributes.data, variant.is_tagged) {
        errors.at(&word.word, "the data is the whole enum; remove `data`");
    } else if let (Some(json), None) =
        (field.attributes.data.as_ref().and_then(|data| data.json.as_ref()), &variant.attributes.other)
    {
        errors.at(json, "only in a catch-all is the data text if not said otherwise; write `data`");
    }
}

/// Whether serde sees a field exactly where it should.
fn serde_of(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    let seen_by_serde = !field.serde.skips_write || !field.serde.skips_read;
    match (&field.attributes.id, &field.attributes.retry) {
        _ if !field.is_line() || variant.shape == Shape::Tuple => {}
        (Some(id), _) if variant.is_tagged && seen_by_serde => {
            errors.at(&id.word, "serde puts the field into the data; write `id(keep)`, or `#[serde(skip)]` beside it");
        }
        (None, Some(retry)) if variant.is_tagged && seen_by_serde => {
            errors.at(retry, "serde puts the field into the data; write `#[serde(skip)]` beside it");
        }
        _ if variant.is_tagged => {}
        _ => {
            if let [attribute, ..] = field.serde.attributes.as_slice() {
                errors.at(attribute, "the field is not part of the data, so serde never sees it; remove the attribute");
            }
        }
    }
}

/// `keep` needs data with fields.
fn kept(variant: &Variant<'_>, field: &Field<'_>, errors: &mut Errors) {
    let Some(keep) = field.attributes.id.as_ref().and_then(|id| id.keep.as_ref()) else { return };
    let has_fields = matches!(variant.payload(), Payload::Fields | Payload::Tagged) && variant.single().is_none();
    if variant.attributes.other.is_some() || !has_fields && variant.shape == Shape::Struct {
        errors.at(keep, "the data of this event has no fields to keep the ID in; remove `keep`");
    }
}

/// Beside a field that is alone the data, any other needs a part of its own.
fn alone(variant: &Variant<'_>, errors: &mut Errors) {
    if variant.attributes.other.is_some() || variant.fields.iter().all(|field| field.attributes.data.is_none()) {
        return;
    }
    for field in variant.fields.iter().filter(|field| ROLES.iter().all(|(word, _)| word(&field.attributes).is_none())) {
        errors.at(&field.member, "another field is alone the data, so this one is nowhere on the wire; remove it");
    }
}
