//! The keys of `#[sse(..)]`, and keys that users may expect in it.

use super::{Entry, Form, Key, Place};

/// The keys of `#[sse(..)]`, in the order in which messages and the manual list them.
pub(crate) static KEYS: &[Entry] = &[
    Entry::new(Key::RenameAll, "rename_all", Place::Enum, Form::Text, "sets the case rule for event names"),
    Entry::new(Key::Prefix, "prefix", Place::Enum, Form::Text, "adds a prefix to names made from variant names"),
    Entry::new(Key::Tagged, "tagged", Place::Enum, Form::Word, "uses serde's representation of the enum as the data"),
    Entry::new(Key::Unnamed, "unnamed", Place::Enum, Form::Word, "omits the `event:` line of all variants"),
    Entry::new(Key::Text, "text", Place::Enum, Form::Word, "uses text as the data of single values"),
    Entry::new(
        Key::With,
        "with",
        Place::Enum,
        Form::Module,
        "encodes and decodes single values with a module's functions",
    ),
    Entry::new(Key::Ignore, "ignore", Place::Enum, Form::Texts, "drops events with these names when decoding"),
    Entry::new(Key::Crate, "crate", Place::Enum, Form::Path, "sets the path to `sse_core`").also_on_struct(),
    Entry::new(
        Key::Bound,
        "bound",
        Place::Enum,
        Form::Sides(["encode", "decode"]),
        "replaces the generated bounds on type parameters",
    )
    .also_on_struct(),
    Entry::new(Key::Event, "event", Place::Variant, Form::Text, "sets the exact event name").also_on_struct(),
    Entry::new(Key::Alias, "alias", Place::Variant, Form::Text, "adds a name that decoding accepts")
        .repeats()
        .also_on_struct(),
    Entry::new(Key::Unnamed, "unnamed", Place::Variant, Form::Word, "omits the `event:` line").also_on_struct(),
    Entry::new(Key::Text, "text", Place::Variant, Form::Word, "uses text as the data, not JSON").also_on_struct(),
    Entry::new(Key::Json, "json", Place::Variant, Form::Word, "uses the payload alone as the data, as JSON"),
    Entry::new(
        Key::With,
        "with",
        Place::Variant,
        Form::Module,
        "encodes and decodes the data with a module's functions",
    )
    .also_on_struct(),
    Entry::new(Key::Literal, "literal", Place::Variant, Form::Text, "sets the data to exactly this text")
        .also_on_struct(),
    Entry::new(Key::Retry, "retry", Place::Variant, Form::Millis, "sets the reconnection time in milliseconds")
        .also_on_struct(),
    Entry::new(Key::Error, "error", Place::Variant, Form::Word, "marks the event as an error").also_on_struct(),
    Entry::new(
        Key::Terminal,
        "terminal",
        Place::Variant,
        Form::MaybeFunction,
        "marks the event as the last one of its stream",
    )
    .also_on_struct(),
    Entry::new(Key::Borrow, "borrow", Place::Variant, Form::Word, "borrows a `Cow` when decoding").also_on_struct(),
    Entry::new(Key::Flatten, "flatten", Place::Variant, Form::Prefix, "includes the events of a nested type"),
    Entry::new(Key::Other, "other", Place::Variant, Form::Word, "takes the events that no other variant names"),
    Entry::new(Key::Skip, "skip", Place::Variant, Form::Word, "excludes the variant from the events"),
    Entry::new(Key::SkipEncode, "skip_encode", Place::Variant, Form::Word, "excludes the variant from encoding"),
    Entry::new(Key::SkipDecode, "skip_decode", Place::Variant, Form::Word, "excludes the variant from decoding"),
    Entry::new(Key::Id, "id", Place::Field, Form::Options(&["json", "keep"]), "writes the field on the `id:` line"),
    Entry::new(Key::Retry, "retry", Place::Field, Form::Word, "writes the field on the `retry:` line"),
    Entry::new(Key::Data, "data", Place::Field, Form::Options(&["json"]), "uses the field alone as the data"),
    Entry::new(Key::Event, "event", Place::Field, Form::Word, "uses the field as the event name of a catch-all"),
];

/// Keys that `#[sse(..)]` does not have but users may expect, such as those of serde, each with its place and remedy.
pub(super) static FOREIGN: &[(&str, Place, &str)] = &[
    (
        "content",
        Place::Enum,
        "write `#[serde(tag = \"..\", content = \"..\")]` and `#[sse(tagged)]`, and derive serde's traits",
    ),
    ("deny_unknown_fields", Place::Enum, "write `#[serde(deny_unknown_fields)]`"),
    ("rename_all_fields", Place::Enum, "write `#[serde(rename_all_fields = \"..\")]`"),
    ("json", Place::Enum, "remove `json`, because data is JSON by default"),
    ("tag", Place::Enum, "write `#[serde(tag = \"..\")]` and `#[sse(tagged)]`, and derive serde's traits"),
    ("untagged", Place::Enum, "write `#[serde(untagged)]` and `#[sse(tagged)]`, and derive serde's traits"),
    ("final", Place::Struct, "write `terminal`"),
    ("json", Place::Struct, "remove `json`, because data is JSON by default"),
    ("last", Place::Struct, "write `terminal`"),
    ("name", Place::Struct, "write `event = \"..\"`"),
    ("raw", Place::Struct, "write `text`"),
    ("rename", Place::Struct, "write `event = \"..\"`"),
    ("rename_all", Place::Struct, "write `#[serde(rename_all = \"..\")]` to rename its fields"),
    ("type", Place::Struct, "write `event = \"..\"`"),
    ("catch_all", Place::Variant, "write `other`"),
    ("default", Place::Variant, "write `other` for a catch-all, or `#[serde(default)]` on a field"),
    ("deserialize_with", Place::Variant, "write `with = \"module\"`"),
    ("fallback", Place::Variant, "write `other`"),
    ("final", Place::Variant, "write `terminal`"),
    ("last", Place::Variant, "write `terminal`"),
    ("name", Place::Variant, "write `event = \"..\"`"),
    ("raw", Place::Variant, "write `text`"),
    ("rename", Place::Variant, "write `event = \"..\"`"),
    ("rename_all", Place::Variant, "write `#[serde(rename_all = \"..\")]` to rename its fields"),
    ("serialize_with", Place::Variant, "write `with = \"module\"`"),
    ("skip_deserializing", Place::Variant, "write `skip_decode`"),
    ("skip_serializing", Place::Variant, "write `skip_encode`"),
    (
        "tag",
        Place::Variant,
        "write `#[serde(tag = \"..\")]` and `#[sse(tagged)]` on the enum, and derive serde's traits",
    ),
    ("type", Place::Variant, "write `event = \"..\"`"),
    ("untagged", Place::Variant, "write `#[serde(untagged)]` here and `#[sse(tagged)]` on the enum"),
    ("alias", Place::Field, "write `#[serde(alias = \"..\")]`"),
    ("borrow", Place::Field, "write `#[serde(borrow)]`"),
    ("default", Place::Field, "write `#[serde(default)]`"),
    ("deserialize_with", Place::Field, "write `#[serde(deserialize_with = \"..\")]`"),
    ("flatten", Place::Field, "write `#[serde(flatten)]`"),
    ("json", Place::Field, "write `id(json)` for an ID, or remove `json`, because data is JSON by default"),
    ("keep", Place::Field, "write `id(keep)`"),
    ("last_event_id", Place::Field, "write `id`"),
    ("rename", Place::Field, "write `#[serde(rename = \"..\")]`"),
    ("serialize_with", Place::Field, "write `#[serde(serialize_with = \"..\")]`"),
    ("skip", Place::Field, "write `#[serde(skip)]`"),
    ("skip_deserializing", Place::Field, "write `#[serde(skip_deserializing)]`"),
    ("skip_serializing", Place::Field, "write `#[serde(skip_serializing)]`"),
    ("skip_serializing_if", Place::Field, "write `#[serde(skip_serializing_if = \"..\")]`"),
    ("with", Place::Field, "write `#[serde(with = \"..\")]`"),
];

#[cfg(test)]
mod tests {
    use super::{FOREIGN, KEYS};

    #[test]
    fn each_place_lists_a_key_once_and_no_foreign_key_shadows_it() {
        for (position, entry) in KEYS.iter().enumerate() {
            let same = |name: &str, place| name == entry.name && place == entry.place;
            assert!(!KEYS.iter().skip(position + 1).any(|other| same(other.name, other.place)), "{}", entry.name);
            assert!(!FOREIGN.iter().any(|(name, place, _)| same(name, *place)), "{}", entry.name);
        }
    }
}
