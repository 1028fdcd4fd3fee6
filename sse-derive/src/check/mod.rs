//! Checks of the model against what the user wrote, for errors that the types of the model do not rule out.

mod catch_all;
mod fields;
mod flatten;
mod names;
mod payload;
mod serde;

use crate::{
    errors::Errors,
    model::{Model, Tag, Variant, is_plain_value},
    words::type_text,
    written::{Shape, Written, WrittenVariant},
};

/// A variant as written, with its meaning.
#[derive(Clone, Copy)]
struct Pair<'c> {
    written: &'c WrittenVariant<'c>,
    variant: &'c Variant<'c>,
}

/// Returns the variants as written, each with its meaning.
fn pairs<'c>(written: &'c Written<'_>, model: &'c Model<'_>) -> impl Iterator<Item = Pair<'c>> + Clone {
    written.variants.iter().zip(&model.variants).map(|(written, variant)| Pair { written, variant })
}

/// Records every error that can only be found in the complete model.
pub(crate) fn check(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    if model.is_enum && model.variants.is_empty() {
        errors.at(model.ident, format!("`{}` has no variants, so it has no events; add a variant", model.ident));
    }
    for pair in pairs(written, model) {
        let attributes = &pair.written.attributes;
        if attributes.flatten.is_some() {
            flatten::check(model, pair, errors);
        } else if attributes.other.is_some() {
            catch_all::check(pair, errors);
        } else {
            if let Some(event) = pair.variant.event() {
                names::exclusive(pair.written, event, errors);
                payload::check(written, pair, event, errors);
            }
            payload::skips(&pair.written.attributes, errors);
        }
        fields::check(pair, errors);
    }
    payload::of_enum(written, model, errors);
    serde::check(written, model, errors);
    bound(model, errors);
    representation(written, model, errors);
    lifetime(model, errors);
    catch_all::only_one(written, errors);
    names::check(written, model, errors);
}

/// Checks that `bound` is used only on a type with type parameters.
fn bound(model: &Model<'_>, errors: &mut Errors) {
    if let Some(bound) = model.bound
        && model.generics.type_params().next().is_none()
    {
        errors.at(&bound.word, format!("`{}` has no type parameters; remove `bound`", model.ident));
    }
}

/// Checks that serde's representation is used only with `tagged`, and that it can represent each event under its name.
fn representation(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    if written.attributes.tagged.is_none() {
        if let Some(key) = &written.serde.representation {
            let remedy = format!("write `#[sse(tagged)]`, or remove `{key}`");
            errors.at(key, format!("serde's `{key}` has no effect on the data without `tagged`; {remedy}"));
        }
        return;
    }
    for Pair { written: variant, variant: model } in pairs(written, model) {
        let Some(event) = model.event().filter(|event| event.is_tagged()) else { continue };
        if written.serde.hides_tags || variant.serde.has("untagged") || variant.serde.is_skipped() {
            continue;
        }
        if let Some(name) = event.name.as_ref().filter(|name| name.text != event.tag) {
            let (name, tag) = (&name.text, &event.tag);
            let message = format!(
                "the event name is `{name}`, but serde's tag is `{tag}`; write `#[serde(rename = \"{name}\")]`"
            );
            errors.record(syn::Error::new(variant.ident.span(), message));
        }
        if let Tag::Internal(tag) = &written.serde.tag {
            internal(variant, tag, errors);
        }
    }
}

/// Checks that serde can add a tag to the value of a newtype, which otherwise fails at run time.
fn internal(variant: &WrittenVariant<'_>, tag: &str, errors: &mut Errors) {
    let ([field], Shape::Tuple) = (variant.fields.as_slice(), variant.shape) else { return };
    let by_functions = ["with", "serialize_with", "deserialize_with"].iter().any(|key| variant.serde.has(key));
    if field.serde.by_trait.write && field.serde.by_trait.read && !by_functions && is_plain_value(field.ty) {
        let of_field = format!("{} {{ value: {} }}", variant.ident, type_text(field.ty));
        let remedy = format!("write `{of_field}`, or `content = \"..\"` next to `tag`");
        let fact = format!("serde cannot add the tag `{tag}` to this value, because it is not a JSON object");
        errors.at(field.ty, format!("{fact}; {remedy}"));
    }
}

/// Checks that no lifetime has the name of the one that serde's derive adds to its impl for a helper struct.
fn lifetime(model: &Model<'_>, errors: &mut Errors) {
    let needs_helper = |variant: &Variant<'_>| {
        let is_concrete = || variant.data_fields().any(|field| field.concrete().read);
        variant.is_decoded && variant.event().is_some_and(|event| event.fields().is_some()) && is_concrete()
    };
    if let Some(param) = model.generics.lifetimes().find(|param| param.lifetime.ident == "de")
        && model.variants.iter().any(needs_helper)
    {
        let fact = "serde's derive uses the name `'de` for the lifetime of the data";
        errors.at(&param.lifetime, format!("{fact}; rename this lifetime, for example to `'a`"));
    }
}
