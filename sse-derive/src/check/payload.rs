//! Whether the data can be what it was meant to be.

use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Shape, Variant},
};

pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    let ident = variant.ident;
    let VariantAttributes { literal, text, .. } = &variant.attributes;
    if let Some(literal) = literal {
        if variant.shape != Shape::Unit {
            errors.at(
                literal,
                format!("the literal is all of the data, and `{ident}` has fields; remove one or the other"),
            );
        }
        if literal.value().contains('\r') {
            errors.at(literal, "no reader gets to see a CR, which ends a line; write `\\n`");
        }
    }
    match (text, literal) {
        (Some(text), Some(_)) => errors.at(text, "the literal is all of the data; remove `text`"),
        (Some(text), None) => match variant.fields.as_slice() {
            [field] if variant.shape == Shape::Tuple => {
                if let [attribute, ..] = field.serde.attributes.as_slice() {
                    errors.at(attribute, "serde never sees a payload of text; remove the attribute");
                }
            }
            _ => errors.at(text, format!("a payload of text is one value; write `{ident}(String)`")),
        },
        (None, _) => {}
    }
}
