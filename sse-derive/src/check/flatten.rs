//! Checks of variants with `flatten`, which contain the events of a nested type.

use syn::{Ident, LitStr, Path, Type};

use super::Pair;
use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Model, is_plain_value},
    name::is_one_line,
    words::type_text,
};

pub(super) fn check(model: &Model<'_>, Pair { written, variant }: Pair<'_>, errors: &mut Errors) {
    without_effect(&written.attributes, errors);
    if let Some((_, Some(prefix))) = &written.attributes.flatten {
        one_line(prefix, errors);
    }
    let Some(field) = variant.nested().map(|nested| nested.field) else { return };
    if let [attribute, ..] = field.serde.attributes.as_slice() {
        errors.at(attribute, "serde attributes have no effect on a nested type; remove this attribute");
    }
    if is_same(field.ty, model.ident) {
        errors.at(field.ty, format!("`{}` cannot be flattened into itself; remove `flatten`", model.ident));
    } else if let Some(element) = element(field.ty) {
        let remedy = format!("write `{}({element})`", variant.ident);
        errors.at(field.ty, format!("a flattened variant holds exactly one event; {remedy}"));
    } else if is_plain_value(field.ty) {
        errors.at(field.ty, "a flattened variant holds an event, and this type is plain data; remove `flatten`");
    }
}

/// Records the keys that have no effect with `flatten`, because they belong on the events of the nested type.
fn without_effect(attributes: &VariantAttributes, errors: &mut Errors) {
    for (name, key) in attributes.names() {
        let remedy = format!("remove `{key}`, or write `flatten(prefix = \"..\")` instead");
        errors.at(name, format!("a flattened variant takes its event names from the nested type; {remedy}"));
    }
    if let Some(other) = &attributes.other {
        errors.at(other, "a flattened variant cannot be a catch-all; remove `other` or `flatten`");
    }
    if let Some(module) = &attributes.with {
        errors.at(module, "a flattened variant takes its data from the nested type; remove `with`");
    }
    if let Some(literal) = &attributes.literal {
        errors.at(literal, "a flattened variant takes its data from the nested type; remove `literal`");
    }
    let words = [&attributes.unnamed, &attributes.error, &attributes.text, &attributes.json, &attributes.borrow];
    let terminal = attributes.terminal.as_ref().map(|(word, _)| word);
    for word in words.into_iter().flatten().chain(terminal).chain(attributes.retry.as_ref().map(|(word, _)| word)) {
        errors.at(
            word,
            format!("`{word}` has no effect on a flattened variant; write it on the events of the nested type"),
        );
    }
}

/// Checks the text of a prefix.
fn one_line(prefix: &LitStr, errors: &mut Errors) {
    let text = prefix.value();
    if text.is_empty() {
        errors.at(prefix, "an empty `prefix` has no effect; write `flatten`");
    } else if !is_one_line(&text) {
        errors.at(prefix, "a prefix must be a single line; remove the line ending");
    }
}

/// Returns the type of the elements of an `Option` or a `Vec`, if it can be an event type.
fn element(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option" || last.ident == "Vec")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        syn::GenericArgument::Type(element) if !is_plain_value(element) => Some(type_text(element)),
        _ => None,
    }
}

/// Returns whether a type is written as the enum itself, or as `Box` or `Arc` of it.
fn is_same(ty: &Type, ident: &Ident) -> bool {
    let is_own = |path: &Path| path.is_ident("Self") || path.is_ident(ident);
    let pointee = |path: &Path| {
        let last = path.segments.last()?;
        let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
        ["Arc", "Box"].iter().any(|pointer| last.ident == pointer).then(|| arguments.args.first().cloned())?
    };
    match ty {
        Type::Group(group) => is_same(&group.elem, ident),
        Type::Path(path) if is_own(&path.path) => true,
        Type::Path(path) => match pointee(&path.path) {
            Some(syn::GenericArgument::Type(ty)) => is_same(&ty, ident),
            _ => false,
        },
        _ => false,
    }
}
