//! Checks of serde's attributes, because the user's type may not have a serde derive that checks them. Without these
//! checks, an error would go unnoticed, or be reported in generated code.

use syn::Ident;

use super::{Pair, pairs, payload::inherits_codec};
use crate::{
    errors::Errors,
    model::{Event, Field, Model, Role},
    written::{Shape, Written},
};

/// Checks the serde attributes on the type, its variants and their fields.
pub(super) fn check(written: &Written<'_>, model: &Model<'_>, errors: &mut Errors) {
    // Serde's derives report the mistakes on a tagged enum and its variants.
    let is_tagged = written.attributes.tagged.is_some();
    if !is_tagged {
        errors.all(written.serde.mistakes.as_ref());
    }
    for pair in pairs(written, model) {
        if !is_tagged {
            errors.all(pair.written.serde.mistakes.as_ref());
        }
        for word in pair.written.serde.others.iter().filter(|_| written.is_enum) {
            misapplied(written, pair, word, errors);
        }
    }
    for pair in pairs(written, model) {
        default(pair, errors);
    }
    for variant in &model.variants {
        let is_by_fields = variant.event().is_some_and(|event| event.fields().is_some());
        let is_seen = |field: &&Field<'_>| is_by_fields && field.is_data() || field.role == Role::Unsent;
        for field in variant.fields.iter().filter(is_seen) {
            errors.all(field.serde.mistakes.as_ref());
        }
    }
}

/// Checks that the data of a struct with `default` has fields that can be missing.
fn default(Pair { written, variant }: Pair<'_>, errors: &mut Errors) {
    let has_single = variant.event().is_some_and(|event| event.single.is_some());
    if let Some((word, _)) = &written.serde.default
        && (has_single || variant.data_fields().next().is_none())
    {
        errors.at(word, "serde's `default` has no effect on data without fields; remove `default`");
    }
}

/// Records a key that affects the variant in serde's impls for the enum, but not the event.
fn misapplied(written: &Written<'_>, pair: Pair<'_>, word: &Ident, errors: &mut Errors) {
    let Pair { written: variant, variant: model } = pair;
    let attributes = &variant.attributes;
    let event = model.event();
    let is_outside_tag = event.is_none_or(|event| event.codec.is_some()) || attributes.is_outside_tag();
    let is_tagged = event.is_some_and(Event::is_tagged);
    let goes_by_tag = written.attributes.tagged.is_some() && event.is_some_and(|event| event.unnamed.is_some());
    let remedy = match word.to_string().as_str() {
        "skip" => skipped(written, pair, "skip", false),
        "skip_serializing" => skipped(written, pair, "skip_encode", attributes.skip_encode.is_some()),
        "skip_deserializing" => skipped(written, pair, "skip_decode", attributes.skip_decode.is_some()),
        "other" if !goes_by_tag && attributes.other.is_none() => Some("write `#[sse(other)]` too".to_owned()),
        "with" | "serialize_with" | "deserialize_with" if !is_outside_tag && !is_tagged => {
            Some(format!("move `#[serde({word} = \"..\")]` to the field"))
        }
        "untagged" if written.attributes.tagged.is_none() => {
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
fn skipped(written: &Written<'_>, pair: Pair<'_>, ours: &str, is_written: bool) -> Option<String> {
    let variant = pair.written;
    let attributes = &variant.attributes;
    let is_explicit = attributes.event.is_some() || attributes.unnamed.is_some();
    let event = pair.variant.event();
    let is_outside_tag = event.is_none_or(|event| event.codec.is_some()) || attributes.is_outside_tag();
    let is_intended = match written.attributes.tagged {
        Some(_) => is_outside_tag,
        None => is_explicit || is_outside_tag && !inherits_codec(pair),
    };
    if is_written || is_intended {
        return None;
    }
    let keep = match (&written.attributes.tagged, event?) {
        (Some(_), _) if variant.shape == Shape::Unit => {
            "`#[sse(literal = \"\")]` to keep it, with empty data".to_owned()
        }
        (Some(_), _) => "`#[sse(json)]` to keep it, with the payload alone as the data".to_owned(),
        (None, event) => match &event.name {
            Some(name) => format!("`#[sse(event = {:?})]` to keep it", name.text),
            None => "`#[sse(unnamed)]` to keep it".to_owned(),
        },
    };
    Some(format!("write `#[sse({ours})]` to {} too, or {keep}", of(ours)))
}

/// Returns the effect of a key that skips the event.
fn of(ours: &str) -> &'static str {
    match ours {
        "skip_encode" => "exclude the event from encoding",
        "skip_decode" => "exclude the event from decoding",
        _ => "exclude the event",
    }
}
