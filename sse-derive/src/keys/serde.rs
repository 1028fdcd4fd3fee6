//! The keys of `#[serde(..)]`, as serde's derives accept them.

use super::{Entry, Form, Key, Place};

const SIDES: Form = Form::Sides(["serialize", "deserialize"]);

const fn key(place: Place, name: &'static str, form: Form) -> Entry {
    Entry::new(Key::Serde, name, place, form, "")
}

pub(super) static KEYS: &[Entry] = &[
    key(Place::Enum, "bound", SIDES).also_on_struct(),
    key(Place::Enum, "content", Form::Text),
    key(Place::Enum, "crate", Form::Text).also_on_struct(),
    key(Place::Enum, "deny_unknown_fields", Form::Word).also_on_struct(),
    key(Place::Enum, "expecting", Form::Text).also_on_struct(),
    key(Place::Enum, "field_identifier", Form::Word),
    key(Place::Enum, "from", Form::Text).also_on_struct(),
    key(Place::Enum, "into", Form::Text).also_on_struct(),
    key(Place::Enum, "remote", Form::Text).also_on_struct(),
    key(Place::Enum, "rename", SIDES).also_on_struct(),
    key(Place::Enum, "rename_all", SIDES).also_on_struct(),
    key(Place::Enum, "rename_all_fields", SIDES),
    key(Place::Enum, "tag", Form::Text).also_on_struct(),
    key(Place::Enum, "try_from", Form::Text).also_on_struct(),
    key(Place::Enum, "untagged", Form::Word),
    key(Place::Enum, "variant_identifier", Form::Word),
    key(Place::Variant, "alias", Form::Text).repeats(),
    key(Place::Variant, "borrow", Form::MaybeText),
    key(Place::Variant, "bound", SIDES),
    key(Place::Variant, "deserialize_with", Form::Text),
    key(Place::Variant, "other", Form::Word),
    key(Place::Variant, "rename", SIDES),
    key(Place::Variant, "rename_all", SIDES),
    key(Place::Variant, "serialize_with", Form::Text),
    key(Place::Variant, "skip", Form::Word),
    key(Place::Variant, "skip_deserializing", Form::Word),
    key(Place::Variant, "skip_serializing", Form::Word),
    key(Place::Variant, "untagged", Form::Word),
    key(Place::Variant, "with", Form::Text),
    key(Place::Field, "alias", Form::Text).repeats(),
    key(Place::Field, "borrow", Form::MaybeText),
    key(Place::Field, "bound", SIDES),
    key(Place::Field, "default", Form::MaybeText),
    key(Place::Field, "deserialize_with", Form::Text),
    key(Place::Field, "flatten", Form::Word),
    key(Place::Field, "getter", Form::Text),
    key(Place::Field, "rename", SIDES),
    key(Place::Field, "serialize_with", Form::Text),
    key(Place::Field, "skip", Form::Word),
    key(Place::Field, "skip_deserializing", Form::Word),
    key(Place::Field, "skip_serializing", Form::Word),
    key(Place::Field, "skip_serializing_if", Form::Text),
    key(Place::Field, "with", Form::Text),
    key(Place::Struct, "default", Form::MaybeText),
    key(Place::Struct, "transparent", Form::Word),
];
