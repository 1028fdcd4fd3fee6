//! What the types of the model do not rule out.

mod fields;
mod flatten;
mod names;
mod payload;
mod serde;

use crate::{
    errors::Errors,
    model::{Catch, Model, Variant, is_plain_value},
};

/// Records every mistake that shows only in the whole.
pub(crate) fn check(model: &Model<'_>, errors: &mut Errors) {
    if model.is_enum && model.variants.is_empty() {
        errors.at(model.ident, format!("`{}` has no variants, and so no events; add one", model.ident));
    }
    for variant in &model.variants {
        if variant.attributes.flatten.is_some() {
            flatten::check(model, variant, errors);
        } else if variant.attributes.other.is_some() {
            catch_all(variant, errors);
        } else {
            if variant.attributes.skip.is_none() {
                names::exclusive(variant, errors);
                payload::check(variant, errors);
                payload::retry(variant, errors);
                payload::borrow(variant, errors);
            }
            payload::skips(variant, errors);
        }
        fields::check(variant, errors);
    }
    serde::check(model, errors);
    bound(model, errors);
    representation(model, errors);
    one_catch_all(model, errors);
    names::check(model, errors);
}

fn bound(model: &Model<'_>, errors: &mut Errors) {
    if let Some(bound) = &model.bound
        && model.generics.type_params().next().is_none()
    {
        errors.at(&bound.word, format!("`{}` has no type parameter to ask anything of; remove `bound`", model.ident));
    }
}

/// Whether the data of `tagged` events is what it was meant to be.
fn representation(model: &Model<'_>, errors: &mut Errors) {
    let serdes = model.representation.as_ref();
    if model.tagged.is_none() {
        if let Some(serdes) = serdes {
            let remedy = "write `#[sse(tagged)]`, or remove it";
            errors.at(serdes, format!("the data is the payload alone, without serde's `{serdes}`; {remedy}"));
        }
        return;
    }
    let by_tag = |variant: &&Variant<'_>| {
        variant.is_tagged && !model.hides_tags && variant.serdes_words.iter().all(|word| word != "untagged")
    };
    for variant in model.variants.iter().filter(by_tag) {
        if let Some(name) = variant.name.as_ref().filter(|name| name.text != variant.tag) {
            let (name, tag) = (&name.text, &variant.tag);
            let message =
                format!("the event name is `{name}` and serde's tag `{tag}`; write `#[serde(rename = \"{name}\")]`");
            errors.record(syn::Error::new(variant.ident.span(), message));
        }
    }
}

fn catch_all(variant: &Variant<'_>, errors: &mut Errors) {
    let attributes = &variant.attributes;
    for name in attributes.event.iter().chain(&attributes.aliases) {
        errors.at(name, "a catch-all has no name of its own; remove it");
    }
    if let Some(unnamed) = &attributes.unnamed {
        errors.at(unnamed, "a catch-all has the names of the events it takes; remove `unnamed`");
    }
    if let Some(terminal) = &attributes.terminal {
        errors.at(terminal, "an event without a variant of its own cannot end the stream; remove `terminal`");
    }
    let without_effect = [&attributes.error, &attributes.text, &attributes.borrow].into_iter().flatten();
    for word in without_effect.chain(attributes.retry.as_ref().map(|(word, _)| word)) {
        errors.at(word, format!("`{word}` has no effect on a catch-all; remove it"));
    }
    if let Some(literal) = &attributes.literal {
        errors.at(literal, "a catch-all takes any data; remove `literal`");
    }
    if let Some(module) = &attributes.with {
        errors.at(module, "a catch-all keeps the data as it is; remove `with`");
    }
    for word in [&attributes.skip, &attributes.skip_decode].into_iter().flatten() {
        errors.at(word, format!("a catch-all is there to be read; remove `{word}`"));
    }
    if let Some(Catch::Whole(field)) = variant.catch()
        && is_plain_value(field.ty)
    {
        let remedy = "write `RawEventBuf`, or `{ event: String, data: String }`";
        errors.at(field.ty, format!("a catch-all keeps the whole event, and this is no type of events; {remedy}"));
    }
    if variant.catch().is_none() && !fields::has_double(variant) {
        let remedy = "make it a unit, `(RawEventBuf)` or `{ event: String, data: String }`";
        errors.at(variant.ident, format!("a catch-all cannot have this shape; {remedy}"));
    }
}

fn one_catch_all(model: &Model<'_>, errors: &mut Errors) {
    let mut words =
        model.variants.iter().filter_map(|variant| Some((variant.ident, variant.attributes.other.as_ref()?)));
    let Some((first, _)) = words.next() else { return };
    for (_, word) in words {
        errors.at(word, format!("variant `{first}` is already the catch-all; remove this `other`"));
    }
}
