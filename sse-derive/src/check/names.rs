//! Checks of event names: each is a valid name, and each belongs to one variant.

use std::collections::{HashMap, HashSet};

use syn::LitStr;

use super::{Pair, pairs};
use crate::{
    errors::Errors,
    model::{Event, Model, Payload, Variant},
    name::{MESSAGE, Name, Origin, is_one_line},
    written::{Written, WrittenVariant},
};

pub(super) fn check(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    owners(written, model, errors);
    ignored(model, errors);
    if let Some(name) = &written.attributes.prefix {
        prefix(model, name, errors);
    }
}

/// Checks that the prefix is a single line and that at least one name uses it.
fn prefix(model: &Model<'_>, prefix: &LitStr, errors: &mut Errors) {
    let variants = &model.variants;
    if !is_one_line(&prefix.value()) {
        errors.at(prefix, "a prefix must be a single line; remove the line ending");
    } else if !variants.is_empty() && !variants.iter().filter_map(Variant::event).any(|event| event.has_computed_name) {
        let by_flatten = if variants.iter().any(|variant| variant.nested().is_some()) {
            ", or write `flatten(prefix = \"..\")`"
        } else {
            ""
        };
        let fact = "no event name is made from a variant name, so `prefix` has no effect";
        errors.at(prefix, format!("{fact}; remove `prefix`{by_flatten}"));
    }
}

/// Checks that a variant is not both named and unnamed.
pub(super) fn exclusive(written: &WrittenVariant<'_>, event: &Event<'_>, errors: &mut Errors) {
    let (Some(unnamed), Some(event)) = (event.unnamed, &written.attributes.event) else { return };
    let ident = written.ident;
    if written.attributes.unnamed.is_some() {
        let message = format!("`{ident}` cannot be both named and `unnamed`; remove `unnamed` or `{}`", quoted(event));
        errors.record(syn::Error::new(unnamed, message));
    } else {
        let remedy = format!("remove `{}`, or remove `unnamed` from the enum", quoted(event));
        errors.at(event, format!("a variant of an `unnamed` enum cannot have an event name; {remedy}"));
    }
}

fn quoted(event: &LitStr) -> String {
    format!("event = {:?}", event.value())
}

/// A variant that is decoded from some names.
#[derive(Clone, Copy)]
struct Owner<'c> {
    written: &'c WrittenVariant<'c>,
    event: &'c Event<'c>,
}

/// Checks that each name is valid, and that no two variants are decoded from the same name and literal.
fn owners(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    // By the name and the literal, if there is one. A name can have several literals, and one payload.
    let mut owners = HashMap::new();
    for Pair { written, variant } in pairs(written, model) {
        let Some(event) = variant.event() else { continue };
        if !variant.is_decoded {
            event.name.iter().for_each(|name| well_formed(name, errors));
            continue;
        }
        let this = Owner { written, event };
        for name in event.read_names() {
            well_formed(&name, errors);
            let literal = written.attributes.literal.as_ref();
            let owner = owners.insert((name.text.clone(), literal.map(LitStr::value)), this);
            match (owner, literal) {
                (Some(owner), _) if owner.written.ident == written.ident => errors.record(already(&name, owner)),
                (Some(owner), Some(literal)) => {
                    let owner = owner.written.ident;
                    let fact = format!("this literal is already used by variant `{owner}`");
                    errors.at(literal, format!("{fact}; write another literal"));
                }
                (Some(owner), None) if is_distinguished_by_tag(owner) && is_distinguished_by_tag(this) => {}
                (Some(owner), None) => errors.record(taken(&name, owner, this)),
                (None, _) => {}
            }
        }
    }
}

/// Returns whether serde's tag distinguishes the variant from other unnamed ones.
fn is_distinguished_by_tag(Owner { event, .. }: Owner<'_>) -> bool {
    event.is_tagged() && event.unnamed.is_some()
}

/// Checks that no ignored name is repeated, or is the name of a variant.
fn ignored(model: &Model<'_>, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for name in &model.ignored {
        well_formed(name, errors);
        let text = &name.text;
        let owner = model.decoded_events().find(|(_, event)| event.is_called(text));
        let fact = match owner {
            Some((owner, _)) => {
                let remedy = "remove it from `ignore`, or write `skip_decode` on the variant";
                format!("`{text}` is ignored, but it is a name of variant `{}`; {remedy}", owner.ident)
            }
            None if !seen.insert(text.clone()) => format!("`{text}` is ignored twice; remove one"),
            None => continue,
        };
        errors.record(syn::Error::new(name.span, fact));
    }
}

/// Checks that a name is not empty and is a single line.
fn well_formed(name: &Name, errors: &mut Errors) {
    let fact = if name.text.is_empty() {
        let remedy = match name.origin {
            Origin::Event | Origin::Unnamed => "write `unnamed` for an event without an `event:` line",
            Origin::Alias => "write `alias = \"message\"` to accept events without an `event:` line",
            Origin::Ignore => "write `ignore(\"message\")` to ignore events without an `event:` line",
        };
        format!("an event name cannot be empty; {remedy}")
    } else if !is_one_line(&name.text) {
        "an event name must be a single line; remove the line ending".to_owned()
    } else {
        return;
    };
    errors.record(syn::Error::new(name.span, fact));
}

/// Returns the error for an alias that the variant already has as a name.
fn already(alias: &Name, Owner { written, .. }: Owner<'_>) -> syn::Error {
    let (text, owner) = (&alias.text, written.ident);
    syn::Error::new(alias.span, format!("variant `{owner}` already has the name `{text}`; remove this `alias`"))
}

/// Returns the error for a name that another variant has.
fn taken(name: &Name, owner: Owner<'_>, other: Owner<'_>) -> syn::Error {
    let (text, ident) = (&name.text, owner.written.ident);
    let key = if name.origin == Origin::Alias { "alias" } else { "event" };
    let fact = match (owner.event.unnamed.filter(|_| text == MESSAGE), name.origin) {
        (Some(_), Origin::Unnamed) => {
            let is_tagged = owner.event.is_tagged() || other.event.is_tagged();
            let is_empty = |owner: &Owner<'_>| matches!(owner.event.payload, Payload::Empty);
            let remedy = match [other, owner].into_iter().find(is_empty) {
                _ if is_tagged => "name one of them".to_owned(),
                Some(Owner { written, .. }) => format!(
                    "write `literal = \"..\"` on `{}` if its data is always the same text, or name one of them",
                    written.ident
                ),
                None => "name one of them, or derive serde's traits for the enum and write `#[sse(tagged)]` with \
                         `#[serde(untagged)]`, or with `#[serde(tag = \"..\")]` if the data has a tag"
                    .to_owned(),
            };
            format!("variant `{ident}` is unnamed too, and the data does not distinguish them; {remedy}")
        }
        (Some(_), _) => format!(
            "variant `{ident}` is unnamed, so its event has the name `message` too; write another `{key} = \"..\"`"
        ),
        (None, Origin::Unnamed) => format!(
            "variant `{ident}` has the name `message`, as every unnamed event does; write `event = \"..\"` instead of \
             `unnamed`"
        ),
        (None, _) => {
            format!("the event name `{text}` is already used by variant `{ident}`; write another `{key} = \"..\"`")
        }
    };
    syn::Error::new(name.span, fact)
}
