//! Whether the data can be what it was meant to be, and whether there is any.

use proc_macro2::Ident;
use quote::ToTokens as _;

use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Field, Shape, Variant, has_lifetime, option},
};

pub(super) fn check(variant: &Variant<'_>, errors: &mut Errors) {
    let VariantAttributes { literal, text, with, .. } = &variant.attributes;
    match (literal, text, with) {
        (Some(_), ..) => literal_alone(variant, errors),
        (None, Some(text), Some(_)) => errors.at(text, "the module of `with` makes the data; remove `text`"),
        (None, Some(text), None) => one_value(variant, text, "a payload of text", "String", errors),
        (None, None, Some(module)) => one_value(variant, module, "the payload of a module", "T", errors),
        (None, None, None) => {}
    }
}

fn literal_alone(variant: &Variant<'_>, errors: &mut Errors) {
    let ident = variant.ident;
    let VariantAttributes { literal, text, with, .. } = &variant.attributes;
    let Some(literal) = literal else { return };
    if variant.data_fields().next().is_some() {
        errors
            .at(literal, format!("the literal is all of the data, and `{ident}` has fields; remove one or the other"));
    }
    if literal.value().contains('\r') {
        errors.at(literal, "no reader gets to see a CR, which ends a line; write `\\n`");
    }
    if let Some(text) = text {
        errors.at(text, "the literal is all of the data; remove `text`");
    }
    if let Some(module) = with {
        errors.at(module, "the literal is all of the data; remove `with`");
    }
}

fn one_value(variant: &Variant<'_>, key: &impl quote::ToTokens, what: &str, example: &str, errors: &mut Errors) {
    let ident = variant.ident;
    match variant.single() {
        Some(field) => {
            if let [attribute, ..] = field.serde.attributes.as_slice() {
                errors.at(attribute, format!("serde never sees {what}; remove the attribute"));
            }
        }
        None if variant.shape == Shape::Struct && variant.data_fields().next().is_some() => {
            errors.at(key, format!("{what} is one value; write `{ident}({example})`, or `#[sse(data)]` on the field"));
        }
        None => errors.at(key, format!("{what} is one value; write `{ident}({example})`")),
    }
}

/// `skip` and its halves, and keys that speak of the half that is skipped.
pub(super) fn skips(variant: &Variant<'_>, errors: &mut Errors) {
    let VariantAttributes { skip, skip_encode, skip_decode, aliases, retry, .. } = &variant.attributes;
    let halves = [skip_encode, skip_decode];
    if skip.is_some() {
        for half in halves.into_iter().flatten() {
            errors.at(half, format!("`skip` says it already; remove `{half}`"));
        }
        return no_event(&variant.attributes, errors);
    }
    let word = |word: &Option<Ident>| word.is_some();
    if let (true, Some(half)) = (word(skip_encode), skip_decode) {
        errors.at(half, "`skip_encode` and `skip_decode` together are `skip`; write `skip` in place of both");
    } else if let (true, [alias, ..]) = (word(skip_decode), aliases.as_slice()) {
        errors.at(alias, "an alias is for reading, and this variant is never read; remove it");
    } else if let (true, Some((retry, _))) = (word(skip_encode), retry) {
        errors.at(retry, "`retry` is for writing, and this variant is never written; remove it");
    }
}

/// What a skipped variant says of an event has no effect.
fn no_event(attributes: &VariantAttributes, errors: &mut Errors) {
    let VariantAttributes { event, aliases, unnamed, terminal, error, text, literal, with, retry, borrow, .. } =
        attributes;
    let fact = "a skipped variant is no event; remove this, or `skip`";
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

/// A time that is never written.
pub(super) fn retry(variant: &Variant<'_>, errors: &mut Errors) {
    let Some((word, _)) = &variant.attributes.retry else { return };
    let always = |field: &&Field<'_>| field.attributes.retry.is_some() && option(field.ty).is_none();
    if let Some(field) = variant.fields.iter().find(always) {
        let field = field.member.to_token_stream();
        errors.at(word, format!("the time is always that of the field `{field}`; remove `retry`"));
    }
}

pub(super) fn borrow(variant: &Variant<'_>, errors: &mut Errors) {
    let Some(word) = &variant.attributes.borrow else { return };
    let (Shape::Tuple, [field]) = (variant.shape, variant.fields.as_slice()) else {
        let remedy = "write `#[serde(borrow)]` on the field";
        return errors.at(word, format!("`borrow` is for a variant around one value; {remedy}"));
    };
    if variant.attributes.with.is_some() {
        errors.at(word, "the module of `with` is lent the data; remove `borrow`");
    } else if variant.attributes.text.is_some() {
        errors.at(word, "text is lent without it; remove `borrow`");
    } else if variant.is_tagged {
        errors.at(word, "serde reads a tagged enum; write `#[serde(borrow)]`");
    } else if option(field.ty).is_some() {
        errors.at(word, "what stands in an `Option` is not lent; remove `borrow`");
    } else if !has_lifetime(field.ty) {
        errors.at(word, "a type without a lifetime lends nothing; remove `borrow`");
    }
}
