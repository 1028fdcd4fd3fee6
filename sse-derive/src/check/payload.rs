//! Checks of a variant's payload: `literal`, `text`, `json`, `with`, `terminal`, `skip`, `retry` and `borrow`.

use std::fmt::Display;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::LitStr;

use super::{Pair, pairs};
use crate::{
    attributes::VariantAttributes,
    errors::Errors,
    model::{Codec, Event, FromText, Model, Variant, has_lifetime, option},
    written::{Shape, Written, WrittenField, WrittenVariant},
};

/// Checks that the keys of an event's payload fit each other and the fields.
pub(super) fn check(written: &Written<'_>, pair: Pair<'_>, event: &Event<'_>, errors: &mut Errors) {
    let VariantAttributes { literal, text, with, json, .. } = &pair.written.attributes;
    one_source(&pair.written.attributes, errors);
    match (literal, event.codec) {
        (Some(literal), _) => literal_alone(pair, literal, errors),
        (None, Some(Codec::With(_))) => one_value(pair, event, with.as_ref(), "with", "T", errors),
        (None, Some(Codec::Text)) => one_value(pair, event, text.as_ref(), "text", "String", errors),
        (None, Some(Codec::Json)) => self::json(written, pair.written, event, json.as_ref(), errors),
        (None, None) => {}
    }
    terminal(pair, event, errors);
    retry(pair.written, errors);
    borrow(pair.written, event, errors);
}

/// Checks that at most one key determines the data. In this order, the first key makes the others redundant.
fn one_source(attributes: &VariantAttributes, errors: &mut Errors) {
    let VariantAttributes { literal, text, with, json, .. } = attributes;
    let keys: [(&str, Option<&dyn ToTokens>); 4] = [
        ("literal", literal.as_ref().map(|literal| literal as _)),
        ("with", with.as_ref().map(|module| module as _)),
        ("text", text.as_ref().map(|word| word as _)),
        ("json", json.as_ref().map(|word| word as _)),
    ];
    let mut keys = keys.into_iter().filter_map(|(name, key)| Some((name, key?)));
    let Some((first, _)) = keys.next() else { return };
    for (name, key) in keys {
        errors.at(key, format!("`{first}` already determines the data; remove `{name}`"));
    }
}

/// Checks the keys of the enum that set the codec of its variants.
pub(super) fn of_enum(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    let (key, name): (&dyn ToTokens, _) = match (&written.attributes.with, &written.attributes.text) {
        (Some(_), Some(text)) => return errors.at(text, "`with` already determines the data; remove `text`"),
        (Some(module), None) => (module, "with"),
        (None, Some(text)) => (text, "text"),
        (None, None) => return,
    };
    if !model.variants.is_empty() && !pairs(written, model).any(inherits_codec) {
        let remedy = format!("remove `{name}`, or add a variant with a single value");
        errors.at(key, format!("`{name}` applies to no variant; {remedy}"));
    }
}

/// Returns whether the codec of the variant is set by a key of the enum.
pub(super) fn inherits_codec(Pair { written, variant }: Pair<'_>) -> bool {
    let codec = variant.event().and_then(|event| event.codec);
    codec.is_some() && Codec::of_variant(&written.attributes).is_none()
}

/// Checks that the variant has a payload, and that its data would not be the payload as JSON without the key.
fn json(
    written: &Written<'_>,
    variant: &WrittenVariant<'_>,
    event: &Event<'_>,
    key: Option<&Ident>,
    errors: &mut Errors,
) {
    let of_enum = &written.attributes;
    let is_default =
        of_enum.tagged.is_none() && (event.single.is_none() || of_enum.text.is_none() && of_enum.with.is_none());
    if variant.shape == Shape::Unit {
        errors.at(key, "`json` requires a payload; write `literal = \"\"` for empty data");
    } else if is_default {
        errors.at(key, format!("the data of `{}` is already JSON; remove `json`", variant.ident));
    }
}

/// Checks that a literal is the only source of the data, and that decoding returns it unchanged.
fn literal_alone(Pair { variant, .. }: Pair<'_>, literal: &LitStr, errors: &mut Errors) {
    if variant.data_fields().next().is_some() {
        let fields = if variant.shape == Shape::Tuple { "the fields" } else { "the fields without `id` or `retry`" };
        let fact = "the literal is the whole data, so the fields would not be encoded";
        errors.at(literal, format!("{fact}; remove `literal`, or {fields}"));
    }
    if literal.value().contains('\r') {
        errors.at(literal, "`\\r` in data is decoded as `\\n`; write `\\n`");
    }
}

/// Checks that a variant with the key `name` has a single value, and that the value has no serde attributes.
fn one_value(
    pair: Pair<'_>,
    event: &Event<'_>,
    key: Option<&impl ToTokens>,
    name: &str,
    example: &str,
    errors: &mut Errors,
) {
    match event.single.map(|field| field.serde.attributes.as_slice()) {
        Some([attribute, ..]) => {
            errors.at(attribute, format!("serde attributes have no effect with `{name}`; remove this attribute"));
        }
        Some([]) => {}
        None => no_value(pair.variant, key, name, example, errors),
    }
}

/// Checks that a variant whose `terminal` names a function has a single value.
fn terminal(pair: Pair<'_>, event: &Event<'_>, errors: &mut Errors) {
    if let (Some((_, Some(function))), None) = (&pair.written.attributes.terminal, event.single) {
        no_value(pair.variant, function, "terminal = \"..\"", "T", errors);
    }
}

/// Records that a key requires a single value, which the variant does not have.
fn no_value(variant: &Variant<'_>, key: impl ToTokens, name: &str, example: &str, errors: &mut Errors) {
    let ident = variant.ident;
    match variant.data_fields().next() {
        Some(_) if variant.shape == Shape::Struct => {
            let remedy = format!("write `{ident}({example})`, or `#[sse(data)]` on the field");
            errors.at(key, format!("`{name}` requires a single value; {remedy}"));
        }
        _ => errors.at(key, format!("`{name}` requires a single value; write `{ident}({example})`")),
    }
}

/// Checks `skip`, `skip_encode` and `skip_decode`, and records keys that have no effect with them.
pub(super) fn skips(attributes: &VariantAttributes, errors: &mut Errors) {
    let VariantAttributes { skip, skip_encode, skip_decode, aliases, retry, .. } = attributes;
    let halves = [skip_encode, skip_decode];
    if skip.is_some() {
        for half in halves.into_iter().flatten() {
            errors.at(half, format!("`skip` already includes `{half}`; remove `{half}`"));
        }
        return skipped(attributes, errors);
    }
    let word = |word: &Option<Ident>| word.is_some();
    if let (true, Some(half)) = (word(skip_encode), skip_decode) {
        errors.at(half, "`skip_encode` and `skip_decode` together mean `skip`; write `skip` instead of both");
    } else if let (true, [alias, ..]) = (word(skip_decode), aliases.as_slice()) {
        errors.at(alias, "`alias` has no effect on a variant with `skip_decode`; remove `alias`");
    } else if let (true, Some((retry, _))) = (word(skip_encode), retry) {
        errors.at(retry, "`retry` has no effect on a variant with `skip_encode`; remove `retry`");
    }
}

/// Records the keys that have no effect on a skipped variant.
fn skipped(attributes: &VariantAttributes, errors: &mut Errors) {
    let VariantAttributes { unnamed, terminal, error, literal, text, json, with, retry, borrow, .. } = attributes;
    let message = |key: &dyn Display| format!("`{key}` has no effect on a skipped variant; remove `{key}` or `skip`");
    for (text, key) in attributes.names().chain(literal.iter().map(|literal| (literal, "literal"))) {
        errors.at(text, message(&key));
    }
    let words = [unnamed, error, text, json, borrow].into_iter().flatten();
    let terminal = terminal.as_ref().map(|(word, _)| word);
    for word in words.chain(terminal).chain(retry.as_ref().map(|(word, _)| word)) {
        errors.at(word, message(word));
    }
    if let Some(module) = with {
        errors.at(module, message(&"with"));
    }
}

/// Checks that no field always takes precedence over the variant's `retry`.
fn retry(variant: &WrittenVariant<'_>, errors: &mut Errors) {
    let Some((word, _)) = &variant.attributes.retry else { return };
    let always = |field: &&WrittenField<'_>| field.attributes.retry.is_some() && option(field.ty).is_none();
    if let Some(field) = variant.fields.iter().find(always) {
        let field = field.member.to_token_stream();
        errors.at(word, format!("field `{field}` always sets the reconnection time; remove `retry`"));
    }
}

/// Checks that `borrow` is used on a value that can borrow and needs the key to do so.
fn borrow(variant: &WrittenVariant<'_>, event: &Event<'_>, errors: &mut Errors) {
    let Some(word) = &variant.attributes.borrow else { return };
    let (Shape::Tuple, [field]) = (variant.shape, variant.fields.as_slice()) else {
        let is_unit = variant.fields.is_empty();
        let remedy = if is_unit { "remove `borrow`" } else { "write `#[serde(borrow)]` on the field" };
        return errors.at(word, format!("`borrow` requires a tuple variant with one field; {remedy}"));
    };
    match event.codec {
        Some(Codec::With(_)) => return errors.at(word, "`borrow` is not needed with `with`; remove `borrow`"),
        Some(Codec::Text) => return errors.at(word, "`borrow` is not needed with `text`; remove `borrow`"),
        Some(Codec::Json) | None => {}
    }
    if event.is_tagged() {
        errors.at(word, "serde deserializes a `tagged` enum; write `#[serde(borrow)]` instead");
    } else if option(field.ty).is_some() {
        errors.at(word, "`borrow` has no effect on an `Option`; remove `borrow`");
    } else if FromText::of(field.ty) == FromText::Owned {
        errors.at(word, "a `Cow<'static, str>` owns its text; remove `borrow`");
    } else if !has_lifetime(field.ty) {
        errors.at(word, "`borrow` requires a type with a lifetime; remove `borrow`");
    }
}
