//! Checks of a variant's payload: `literal`, `text`, `with`, `skip`, `retry` and `borrow`.

use proc_macro2::Ident;
use quote::ToTokens as _;

use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Field, Shape, Variant, has_lifetime, option},
};

/// Checks that the keys of the payload fit each other and the fields.
pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    let VariantAttributes { literal, text, with, .. } = &variant.attributes;
    match (literal, text, with) {
        (Some(_), ..) => literal_alone(variant, errors),
        (None, Some(text), Some(_)) => errors.at(text, "`with` already determines the data; remove `text`"),
        (None, Some(text), None) => one_value(variant, text, "text", "String", errors),
        (None, None, Some(module)) => one_value(variant, module, "with", "T", errors),
        (None, None, None) => {}
    }
}

/// Checks that a literal is the only source of the data, and that it can be read back.
fn literal_alone(variant: &Variant<'_>, errors: &mut Errors) {
    let ident = variant.ident;
    let VariantAttributes { literal, text, with, .. } = &variant.attributes;
    let Some(literal) = literal else { return };
    if variant.data_fields().next().is_some() {
        errors.at(literal, format!("the literal is the whole data, but `{ident}` has fields; remove one or the other"));
    }
    if literal.value().contains('\r') {
        errors.at(literal, "`\\r` in data is read back as `\\n`; write `\\n`");
    }
    if let Some(text) = text {
        errors.at(text, "`literal` already determines the data; remove `text`");
    }
    if let Some(module) = with {
        errors.at(module, "`literal` already determines the data; remove `with`");
    }
}

/// Checks that a variant with the key `name` has exactly one value in the data.
fn one_value(variant: &Variant<'_>, key: &impl quote::ToTokens, name: &str, example: &str, errors: &mut Errors) {
    let ident = variant.ident;
    match variant.single() {
        Some(field) => {
            if let [attribute, ..] = field.serde.attributes.as_slice() {
                errors.at(attribute, format!("serde attributes have no effect with `{name}`; remove this attribute"));
            }
        }
        None if variant.shape == Shape::Struct && variant.data_fields().next().is_some() => {
            let remedy = format!("write `{ident}({example})`, or `#[sse(data)]` on the field");
            errors.at(key, format!("`{name}` requires a single value; {remedy}"));
        }
        None => errors.at(key, format!("`{name}` requires a single value; write `{ident}({example})`")),
    }
}

/// Checks `skip`, `skip_encode` and `skip_decode`, and records keys that have no effect with them.
pub(super) fn skips(variant: &Variant<'_>, errors: &mut Errors) {
    let VariantAttributes { skip, skip_encode, skip_decode, aliases, retry, .. } = &variant.attributes;
    let halves = [skip_encode, skip_decode];
    if skip.is_some() {
        for half in halves.into_iter().flatten() {
            errors.at(half, format!("`skip` already includes `{half}`; remove `{half}`"));
        }
        return skipped(&variant.attributes, errors);
    }
    let word = |word: &Option<Ident>| word.is_some();
    if let (true, Some(half)) = (word(skip_encode), skip_decode) {
        errors.at(half, "`skip_encode` and `skip_decode` together mean `skip`; write `skip` instead of both");
    } else if let (true, [alias, ..]) = (word(skip_decode), aliases.as_slice()) {
        errors.at(alias, "`alias` has no effect on a variant with `skip_decode`; remove `alias`");
    } else if let (true, Some((retry, _))) = (word(skip_encode), retry) {
        errors.at(retry, "`retry` has no effect on a variant with `skip_encode`; remove `retry`");
    }
}

/// Records the keys that have no effect on a skipped variant.
fn skipped(attributes: &VariantAttributes, errors: &mut Errors) {
    let VariantAttributes { event, aliases, unnamed, terminal, error, text, literal, with, retry, borrow, .. } =
        attributes;
    let fact = "a skipped variant is not an event; remove this or `skip`";
    for text in event.iter().chain(aliases).chain(literal) {
        errors.at(text, fact);
    }
    let words = [unnamed, terminal, error, text, borrow].into_iter().flatten();
    for word in words.chain(retry.as_ref().map(|(word, _)| word)) {
        errors.at(word, fact);
    }
    if let Some(module) = with {
        errors.at(module, fact);
    }
}

/// Checks that the variant's `retry` is not always replaced by that of a field.
pub(super) fn retry(variant: &Variant<'_>, errors: &mut Errors) {
    let Some((word, _)) = &variant.attributes.retry else { return };
    let always = |field: &&Field<'_>| field.attributes.retry.is_some() && option(field.ty).is_none();
    if let Some(field) = variant.fields.iter().find(always) {
        let field = field.member.to_token_stream();
        errors.at(word, format!("field `{field}` always sets the reconnection time; remove `retry`"));
    }
}

/// Checks that `borrow` is used on a value that can borrow and needs the key to do so.
pub(super) fn borrow(variant: &Variant<'_>, errors: &mut Errors) {
    let Some(word) = &variant.attributes.borrow else { return };
    let (Shape::Tuple, [field]) = (variant.shape, variant.fields.as_slice()) else {
        let remedy = "write `#[serde(borrow)]` on the field";
        return errors.at(word, format!("`borrow` requires a tuple variant with one field; {remedy}"));
    };
    if variant.attributes.with.is_some() {
        errors.at(word, "`borrow` is not needed with `with`; remove `borrow`");
    } else if variant.attributes.text.is_some() {
        errors.at(word, "`borrow` is not needed with `text`; remove `borrow`");
    } else if variant.is_tagged {
        errors.at(word, "a `tagged` enum is read by serde; write `#[serde(borrow)]`");
    } else if option(field.ty).is_some() {
        errors.at(word, "`borrow` has no effect on an `Option`; remove `borrow`");
    } else if !has_lifetime(field.ty) {
        errors.at(word, "`borrow` requires a type with a lifetime; remove `borrow`");
    }
}
