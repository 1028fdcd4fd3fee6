//! What the types of the model do not rule out.

use std::{collections::HashMap, mem};

use crate::{
    errors::Errors,
    model::{Model, Name, Shape, Variant},
};

/// Records every mistake that shows only in the whole.
pub(crate) fn check(model: &Model<'_>, errors: &mut Errors) {
    if model.is_enum && model.variants.is_empty() {
        errors.at(model.ident, format!("`{}` has no variants, and so no events; add one", model.ident));
    }
    for variant in &model.variants {
        if variant.attributes.other.is_some() {
            catch_all(variant, errors);
        } else {
            exclusive_names(variant, errors);
        }
        ids(variant, errors);
    }
    one_catch_all(model, errors);
    names(model, errors);
}

fn exclusive_names(variant: &Variant<'_>, errors: &mut Errors) {
    if let (Some(unnamed), Some(event)) = (&variant.attributes.unnamed, &variant.attributes.event) {
        errors.at(unnamed, format!("`{}` has a name; remove `unnamed`, or `{}`", variant.ident, quoted(event)));
    }
}

fn quoted(event: &syn::LitStr) -> String {
    format!("event = {:?}", event.value())
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
    if variant.catch().is_none() {
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

fn ids(variant: &Variant<'_>, errors: &mut Errors) {
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

fn names(model: &Model<'_>, errors: &mut Errors) {
    let mut owners: HashMap<String, &Variant<'_>> = HashMap::new();
    for variant in model.variants.iter().filter(|variant| variant.attributes.other.is_none()) {
        for name in variant.read_names() {
            well_formed(&name, errors);
            match owners.get(&name.text) {
                Some(owner) => errors.record(taken(&name, owner, variant)),
                None => drop(owners.insert(name.text, variant)),
            }
        }
    }
}

fn well_formed(name: &Name, errors: &mut Errors) {
    let fact = if name.text.is_empty() {
        "an event name cannot be empty; write `unnamed` for an event without an `event:` line"
    } else if name.text.contains(['\r', '\n']) {
        "an event name is one line; remove the line end"
    } else {
        return;
    };
    errors.record(syn::Error::new(name.span, fact));
}

fn taken(name: &Name, owner: &Variant<'_>, variant: &Variant<'_>) -> syn::Error {
    let text = &name.text;
    let fact = if owner.ident == variant.ident {
        format!("`{text}` already means variant `{}`; remove it", owner.ident)
    } else if text == "message" && (owner.attributes.unnamed.is_some() || variant.attributes.unnamed.is_some()) {
        format!(
            "without a name an event is a `message`, and so is variant `{}`; give one of them another name",
            owner.ident
        )
    } else {
        format!("`{text}` is already the name of variant `{}`; write another `event = \"..\"`", owner.ident)
    };
    syn::Error::new(name.span, fact)
}
