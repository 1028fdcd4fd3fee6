//! Checks of serde's attributes, because the user's type may not have a serde derive that checks them. Without these
//! checks, an error would go unnoticed, or be reported in generated code.

use syn::{Attribute, Ident};

use crate::{
    attributes::{KeyValue, Value, case_rule, read},
    case::Rule,
    errors::Errors,
    keys::{Owner, Place},
    model::{Model, Payload, Variant},
};

/// Checks the serde attributes on the type, its variants and their fields.
pub(super) fn check(model: &Model<'_>, errors: &mut Errors) {
    if model.tagged.is_none() {
        written(model.attributes, if model.is_enum { Place::Enum } else { Place::Struct }, errors);
    }
    for variant in model.variants.iter().filter(|_| model.is_enum) {
        if model.tagged.is_none() {
            written(variant.written, Place::Variant, errors);
        }
        for word in &variant.other_serde_keys {
            misapplied(model, variant, word, errors);
        }
    }
    for variant in &model.variants {
        default(variant, errors);
    }
    for variant in model.variants.iter().filter(|variant| is_by_fields(variant)) {
        for field in variant.data_fields() {
            written(&field.serde.attributes, Place::Field, errors);
        }
    }
}

/// Checks that the data of a struct with `default` has fields that can be missing.
fn default(variant: &Variant<'_>, errors: &mut Errors) {
    if let Some((word, _)) = &variant.default
        && (variant.single().is_some() || variant.data_fields().next().is_none())
    {
        errors.at(word, "serde's `default` has no effect on data without fields; remove `default`");
    }
}

/// Returns whether serde's derive sees the fields in a helper struct of the variant.
fn is_by_fields(variant: &Variant<'_>) -> bool {
    variant.is_event() && variant.attributes.skip.is_none() && matches!(variant.payload(), Payload::Fields)
}

/// Checks that serde supports each key at this place, with a value of the right form.
fn written(attributes: &[Attribute], place: Place, errors: &mut Errors) {
    for KeyValue { entry, value, .. } in read(Owner::Serde, attributes, place, errors) {
        if let ("rename_all" | "rename_all_fields", Value::Sides(rules)) = (entry.name, value) {
            let names_variants = place == Place::Enum && entry.name == "rename_all";
            let mut seen = Vec::new();
            for rule in [rules.write, rules.read].iter().flatten() {
                let name = rule.value();
                if seen.contains(&name) {
                    continue;
                }
                if names_variants && Rule::named(&name).is_some_and(|rule| !rule.is_in_serde()) {
                    errors
                        .at(rule, format!("serde has no case rule `{name}`; write `#[sse(rename_all = \"{name}\")]`"));
                } else {
                    case_rule(Owner::Serde, rule, errors);
                }
                seen.push(name);
            }
        }
    }
}

/// Records a key that affects the variant in serde's impls for the enum, but not the event.
fn misapplied(model: &Model<'_>, variant: &Variant<'_>, word: &Ident, errors: &mut Errors) {
    let attributes = &variant.attributes;
    let is_in_serde_data = !variant.is_outside_tag;
    let goes_by_tag = model.tagged.is_some() && variant.unnamed.is_some();
    let remedy = match word.to_string().as_str() {
        "skip" => skipped(model, variant, "skip", false),
        "skip_serializing" => skipped(model, variant, "skip_encode", attributes.skip_encode.is_some()),
        "skip_deserializing" => skipped(model, variant, "skip_decode", attributes.skip_decode.is_some()),
        "other" if !goes_by_tag && attributes.other.is_none() => Some("write `#[sse(other)]` too".to_owned()),
        "with" | "serialize_with" | "deserialize_with" if is_in_serde_data && !variant.is_tagged => {
            Some(format!("move `#[serde({word} = \"..\")]` to the field"))
        }
        "untagged" if model.tagged.is_none() => {
            Some("remove `untagged`, or write `#[sse(tagged)]` on the enum".to_owned())
        }
        _ => None,
    };
    if let Some(remedy) = remedy {
        errors.at(word, format!("serde's `{word}` on a variant does not apply to the event; {remedy}"));
    }
}

/// Returns the remedy for a variant that serde skips while its event is not skipped, or `None` if that is intended.
///
/// The enum may derive serde's traits for another purpose, so an explicit event name or codec shows that the event is
/// intended.
fn skipped(model: &Model<'_>, variant: &Variant<'_>, ours: &str, is_written: bool) -> Option<String> {
    let attributes = &variant.attributes;
    let is_explicit = attributes.event.is_some() || attributes.unnamed.is_some();
    let is_intended = match model.tagged {
        Some(_) => variant.is_outside_tag,
        None => is_explicit || variant.is_outside_tag && !variant.inherits_codec(),
    };
    if is_written || is_intended {
        return None;
    }
    let by_name = match (&model.tagged, variant.unnamed) {
        (Some(_), _) => "",
        (None, Some(_)) => ", or mark the event with `#[sse(unnamed)]`",
        (None, None) => ", or name the event with `#[sse(event = \"..\")]`",
    };
    Some(format!("write `#[sse({ours})]` too{by_name}"))
}
