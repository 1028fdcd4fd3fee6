//! Fields with a part of their own.

use std::mem;

use crate::{
    errors::Errors,
    model::{Shape, Variant},
};

pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    let mut has_id = false;
    for field in &variant.fields {
        let Some(word) = &field.attributes.id else { continue };
        if variant.shape == Shape::Tuple {
            errors.at(word, format!("`id` is for a field with a name; write `{} {{ .. }}`", variant.ident));
        } else if mem::replace(&mut has_id, true) {
            errors.at(word, "an event has one ID, and another field is it already; remove this `id`");
        } else if let [attribute, ..] = field.serde.attributes.as_slice() {
            errors.at(attribute, "the field is not part of the data, so serde never sees it; remove the attribute");
        }
    }
}
