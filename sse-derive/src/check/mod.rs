//! Checks of the model, for errors that its types do not rule out.

mod fields;
mod flatten;
mod names;
mod payload;
mod serde;

use crate::{
    errors::Errors,
    model::{Catch, Model, Variant, is_plain_value},
};

/// Records every error that can only be found in the complete model.
pub(crate) fn check(model: &Model<'_>, errors: &mut Errors) {
    if model.is_enum && model.variants.is_empty() {
        errors.at(model.ident, format!("`{}` has no variants, so it has no events; add a variant", model.ident));
    }
    for variant in &model.variants {
        if variant.attributes.flatten.is_some() {
            flatten::check(model, variant, errors);
        } else if variant.attributes.other.is_some() {
            catch_all(variant, errors);
        } else {
            if variant.attributes.skip.is_none() {
                names::exclusive(variant, errors);
                payload::check(model, variant, errors);
                payload::terminal(variant, errors);
                payload::retry(variant, errors);
                payload::borrow(variant, errors);
            }
            payload::skips(variant, errors);
        }
        fields::check(variant, errors);
    }
    payload::of_enum(model, errors);
    serde::check(model, errors);
    bound(model, errors);
    representation(model, errors);
    one_catch_all(model, errors);
    names::check(model, errors);
}

/// Checks that `bound` is used only on a type with type parameters.
fn bound(model: &Model<'_>, errors: &mut Errors) {
    if let Some(bound) = &model.bound
        && model.generics.type_params().next().is_none()
    {
        errors.at(&bound.word, format!("`{}` has no type parameters; remove `bound`", model.ident));
    }
}

/// Checks that serde's representation is used only with `tagged`, and that each event name matches serde's tag.
fn representation(model: &Model<'_>, errors: &mut Errors) {
    let key = model.representation.as_ref();
    if model.tagged.is_none() {
        if let Some(key) = key {
            let remedy = format!("write `#[sse(tagged)]`, or remove `{key}`");
            errors.at(key, format!("serde's `{key}` has no effect on the data without `tagged`; {remedy}"));
        }
        return;
    }
    let by_tag = |variant: &&Variant<'_>| {
        variant.is_tagged && !model.hides_tags && variant.other_serde_keys.iter().all(|word| word != "untagged")
    };
    for variant in model.variants.iter().filter(by_tag) {
        if let Some(name) = variant.name.as_ref().filter(|name| name.text != variant.tag) {
            let (name, tag) = (&name.text, &variant.tag);
            let message = format!(
                "the event name is `{name}`, but serde's tag is `{tag}`; write `#[serde(rename = \"{name}\")]`"
            );
            errors.record(syn::Error::new(variant.ident.span(), message));
        }
    }
}

/// Checks the attributes and the shape of a catch-all.
fn catch_all(variant: &Variant<'_>, errors: &mut Errors) {
    let attributes = &variant.attributes;
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
    if variant.catch().is_none() && !fields::has_duplicate(variant) {
        let name = variant.ident;
        let remedy = format!("write `{name}`, `{name}(RawEventBuf)` or `{name} {{ event: String, data: String }}`");
        errors.at(name, format!("a catch-all cannot have these fields; {remedy}"));
    }
}

/// Checks that at most one variant is a catch-all.
fn one_catch_all(model: &Model<'_>, errors: &mut Errors) {
    let mut words =
        model.variants.iter().filter_map(|variant| Some((variant.ident, variant.attributes.other.as_ref()?)));
    let Some((first, _)) = words.next() else { return };
    for (_, word) in words {
        errors.at(word, format!("variant `{first}` is already the catch-all; remove this `other`"));
    }
}
