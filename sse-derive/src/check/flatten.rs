//! Variants that stand for all events of another type.

use syn::{Ident, LitStr, Path, Type};

use crate::{
    errors::Errors,
    model::{Model, Shape, Variant},
    name::is_one_line,
};

pub(super) fn check(model: &Model<'_>, variant: &Variant<'_>, errors: &mut Errors) {
    let Some((word, prefix)) = &variant.attributes.flatten else { return };
    without_effect(variant, errors);
    if let Some(prefix) = prefix {
        one_line(prefix, errors);
    }
    let (Shape::Tuple, [field]) = (variant.shape, variant.fields.as_slice()) else {
        let remedy = format!("write `{}(Inner)`", variant.ident);
        return errors.at(word, format!("`flatten` is for a variant around one type of events; {remedy}"));
    };
    if let [attribute, ..] = field.serde.attributes.as_slice() {
        errors.at(attribute, "serde never sees a flattened type; remove the attribute");
    }
    if is_same(field.ty, model.ident) {
        errors.at(field.ty, format!("the events of `{}` cannot be among themselves; remove `flatten`", model.ident));
    }
}

/// What an event says of itself, the events of the nested type say themselves.
fn without_effect(variant: &Variant<'_>, errors: &mut Errors) {
    let attributes = &variant.attributes;
    for name in attributes.event.iter().chain(&attributes.aliases) {
        errors.at(name, "a flattened variant has the names of its type's events; remove it, or write a `prefix`");
    }
    if let Some(other) = &attributes.other {
        errors.at(other, "a flattened type brings its own catch-all; remove `other` or `flatten`");
    }
    if let Some(module) = &attributes.with {
        errors.at(module, "the data of a flattened variant is that of its type's events; remove `with`");
    }
    if let Some(literal) = &attributes.literal {
        errors.at(literal, "the data of a flattened variant is that of its type's events; remove `literal`");
    }
    let words = [&attributes.unnamed, &attributes.terminal, &attributes.error, &attributes.text, &attributes.borrow];
    let words = words.into_iter().flatten().chain(attributes.retry.as_ref().map(|(word, _)| word));
    for word in words {
        errors.at(word, format!("`{word}` has no effect on a flattened variant; write it on the events of its type"));
    }
}

fn one_line(prefix: &LitStr, errors: &mut Errors) {
    let text = prefix.value();
    if text.is_empty() {
        errors.at(prefix, "an empty prefix changes no name; write `flatten`");
    } else if !is_one_line(&text) {
        errors.at(prefix, "an event name is one line; remove the line end");
    }
}

/// Whether a type is written as the enum, or as a pointer to it.
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
