//! Names: each one line, and each of one meaning.

use std::collections::{HashMap, HashSet};

use crate::{
    errors::Errors,
    model::{Model, Variant},
    name::{Name, is_one_line},
};

pub(super) fn check(model: &Model<'_>, errors: &mut Errors) {
    owners(model, errors);
    ignored(model, errors);
    if let Some(name) = &model.prefix {
        prefix(model, name, errors);
    }
}

fn prefix(model: &Model<'_>, prefix: &Name, errors: &mut Errors) {
    let is_computed = |variant: &Variant<'_>| variant.name.is_some() && variant.attributes.event.is_none();
    let fact = if !is_one_line(&prefix.text) {
        "an event name is one line; remove the line end"
    } else if !model.variants.is_empty() && !model.variants.iter().any(is_computed) {
        "no name is made of a variant's here; remove `prefix`"
    } else {
        return;
    };
    errors.record(syn::Error::new(prefix.span, fact));
}

pub(super) fn exclusive(variant: &Variant<'_>, errors: &mut Errors) {
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

/// The variants of one name: one with a payload, and any number of literals that differ.
#[derive(Default)]
struct Owners<'m> {
    payload: Option<&'m Variant<'m>>,
    literals: HashMap<String, &'m Variant<'m>>,
}

fn owners(model: &Model<'_>, errors: &mut Errors) {
    let mut owners: HashMap<String, Owners<'_>> = HashMap::new();
    for variant in model.variants.iter().filter(|variant| variant.attributes.other.is_none()) {
        if !variant.is_read() {
            variant.name.iter().for_each(|name| well_formed(name, errors));
            continue;
        }
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
        let owner = model
            .variants
            .iter()
            .find(|variant| variant.is_read() && variant.read_names().any(|own| own.text == *text));
        let fact = match owner {
            Some(owner) => {
                let remedy = "remove one, or write `skip_decode` on the variant to write it and never read it";
                format!("`{text}` is the name of variant `{}`; {remedy}", owner.ident)
            }
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
