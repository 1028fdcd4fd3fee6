//! What the types of the model do not rule out.

use std::{
    collections::{HashMap, HashSet},
    mem,
};

use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Model, Shape, Variant},
    name::{Name, is_one_line},
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
            payload(variant, errors);
        }
        ids(variant, errors);
    }
    representation(model, errors);
    one_catch_all(model, errors);
    names(model, errors);
    ignored(model, errors);
    if let Some(prefix) = &model.prefix
        && !is_one_line(&prefix.text)
    {
        errors.record(syn::Error::new(prefix.span, "an event name is one line; remove the line end"));
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
    let by_tag = serdes.is_none_or(|word| word != "untagged");
    for variant in model.variants.iter().filter(|variant| variant.is_tagged) {
        if let Some(id) = variant.id().and_then(|field| field.attributes.id.as_ref()) {
            errors.at(id, "serde writes a tagged enum with all its fields; remove `id`, and put the ID into a `Frame`");
        }
        if let Some(name) = variant.name.as_ref().filter(|name| by_tag && name.text != variant.tag) {
            let (name, tag) = (&name.text, &variant.tag);
            let message =
                format!("the event name is `{name}` and serde's tag `{tag}`; write `#[serde(rename = \"{name}\")]`");
            errors.record(syn::Error::new(variant.ident.span(), message));
        }
    }
}

fn exclusive_names(variant: &Variant<'_>, errors: &mut Errors) {
    let (Some(unnamed), Some(event)) = (variant.unnamed, &variant.attributes.event) else { return };
    let ident = variant.ident;
    if variant.attributes.unnamed.is_some() {
        let message = format!("`{ident}` has a name; remove `unnamed`, or `{}`", quoted(event));
        errors.record(syn::Error::new(unnamed, message));
    } else {
        errors.at(event, "no variant of an `unnamed` enum has a name; remove one or the other");
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
    let without_effect = [&attributes.error, &attributes.text].into_iter().flatten();
    for word in without_effect.chain(attributes.retry.as_ref().map(|(word, _)| word)) {
        errors.at(word, format!("`{word}` has no effect on a catch-all; remove it"));
    }
    if let Some(literal) = &attributes.literal {
        errors.at(literal, "a catch-all takes any data; remove `literal`");
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

fn payload(variant: &Variant<'_>, errors: &mut Errors) {
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

/// The variants of one name: one with a payload, and any number of literals that differ.
#[derive(Default)]
struct Owners<'m> {
    payload: Option<&'m Variant<'m>>,
    literals: HashMap<String, &'m Variant<'m>>,
}

fn names(model: &Model<'_>, errors: &mut Errors) {
    let mut owners: HashMap<String, Owners<'_>> = HashMap::new();
    for variant in model.variants.iter().filter(|variant| variant.attributes.other.is_none()) {
        for name in variant.read_names() {
            well_formed(&name, errors);
            let owners = owners.entry(name.text.clone()).or_default();
            let literal = variant.attributes.literal.as_ref();
            let owner = match literal {
                Some(literal) => owners.literals.insert(literal.value(), variant),
                None => owners.payload.replace(variant),
            };
            match (owner, literal) {
                (Some(owner), _) if owner.ident == variant.ident => errors.record(already(&name, owner)),
                (Some(owner), Some(literal)) => {
                    errors.at(literal, format!("this literal already means variant `{}`; write another", owner.ident));
                }
                (Some(owner), None) if is_told_by_tag(owner) && is_told_by_tag(variant) => {}
                (Some(owner), None) => errors.record(taken(&name, owner, variant)),
                (None, _) => {}
            }
        }
    }
}

/// Events without a name may be as many as serde tells apart.
fn is_told_by_tag(variant: &Variant<'_>) -> bool {
    variant.is_tagged && variant.unnamed.is_some()
}

fn ignored(model: &Model<'_>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for name in &model.ignored {
        well_formed(name, errors);
        let text = &name.text;
        let owner = model.variants.iter().find(|variant| variant.read_names().any(|own| own.text == *text));
        let fact = match owner {
            Some(owner) => format!("`{text}` is the name of variant `{}`; remove one or the other", owner.ident),
            None if !seen.insert(text) => format!("`{text}` is ignored twice; remove one"),
            None => continue,
        };
        errors.record(syn::Error::new(name.span, fact));
    }
}

fn well_formed(name: &Name, errors: &mut Errors) {
    let fact = if name.text.is_empty() {
        "an event name cannot be empty; write `unnamed` for an event without an `event:` line"
    } else if !is_one_line(&name.text) {
        "an event name is one line; remove the line end"
    } else {
        return;
    };
    errors.record(syn::Error::new(name.span, fact));
}

fn already(name: &Name, owner: &Variant<'_>) -> syn::Error {
    syn::Error::new(name.span, format!("`{}` already means variant `{}`; remove it", name.text, owner.ident))
}

fn taken(name: &Name, owner: &Variant<'_>, variant: &Variant<'_>) -> syn::Error {
    let (text, ident) = (&name.text, owner.ident);
    let fact = match (owner.unnamed, variant.unnamed) {
        (Some(_), Some(_)) => {
            let remedy = "give one of them a name, or write `#[sse(tagged)]` on the enum";
            format!("variant `{ident}` has no name either, and the data does not tell them apart; {remedy}")
        }
        (None, None) => format!("`{text}` is already the name of variant `{ident}`; write another `event = \"..\"`"),
        _ => format!("without a name an event is a `message`, and so is variant `{ident}`; write another name for one"),
    };
    syn::Error::new(name.span, fact)
}
