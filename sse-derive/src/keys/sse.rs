//! The one table of the attribute language.

use super::{Entry, Form, Key, Place};

pub(crate) static KEYS: &[Entry] = &[
    Entry::new(Key::Crate, "crate", Place::Enum, Form::Path, "where `sse_core` is found").also_on_struct(),
    Entry::new(
        Key::Bound,
        "bound",
        Place::Enum,
        Form::Sides(["encode", "decode"]),
        "what writing and reading ask of the type parameters",
    )
    .also_on_struct(),
    Entry::new(Key::RenameAll, "rename_all", Place::Enum, Form::Text, "the case rule of the event names"),
    Entry::new(Key::Prefix, "prefix", Place::Enum, Form::Text, "stands before the names made by the rule"),
    Entry::new(Key::Tagged, "tagged", Place::Enum, Form::Word, "the data is the whole enum, by its own serde impl"),
    Entry::new(Key::Unnamed, "unnamed", Place::Enum, Form::Word, "no variant has an `event:` line"),
    Entry::new(Key::Ignore, "ignore", Place::Enum, Form::Texts, "names that reading drops"),
    Entry::new(Key::Event, "event", Place::Variant, Form::Text, "the event name, exactly").also_on_struct(),
    Entry::new(Key::Alias, "alias", Place::Variant, Form::Text, "one more name when decoding")
        .repeats()
        .also_on_struct(),
    Entry::new(Key::Unnamed, "unnamed", Place::Variant, Form::Word, "no `event:` line").also_on_struct(),
    Entry::new(Key::Text, "text", Place::Variant, Form::Word, "the data is text, not JSON").also_on_struct(),
    Entry::new(Key::With, "with", Place::Variant, Form::Module, "the data is what a module makes of the value")
        .also_on_struct(),
    Entry::new(Key::Literal, "literal", Place::Variant, Form::Text, "the data is exactly this").also_on_struct(),
    Entry::new(Key::Retry, "retry", Place::Variant, Form::Millis, "sets the reconnection time, in ms").also_on_struct(),
    Entry::new(Key::Error, "error", Place::Variant, Form::Word, "reports an error").also_on_struct(),
    Entry::new(Key::Terminal, "terminal", Place::Variant, Form::Word, "the stream ends after it").also_on_struct(),
    Entry::new(Key::Borrow, "borrow", Place::Variant, Form::Word, "a `Cow` is lent when decoding").also_on_struct(),
    Entry::new(Key::Flatten, "flatten", Place::Variant, Form::Prefix, "the events of a nested type, behind a prefix"),
    Entry::new(Key::Other, "other", Place::Variant, Form::Word, "takes the events that no variant names"),
    Entry::new(Key::Skip, "skip", Place::Variant, Form::Word, "is no event: neither written nor read"),
    Entry::new(Key::SkipEncode, "skip_encode", Place::Variant, Form::Word, "is read and never written"),
    Entry::new(Key::SkipDecode, "skip_decode", Place::Variant, Form::Word, "is written and never read"),
    Entry::new(Key::Id, "id", Place::Field, Form::Options(&["json", "keep"]), "travels on the `id:` line"),
    Entry::new(Key::Retry, "retry", Place::Field, Form::Word, "travels on the `retry:` line"),
    Entry::new(Key::Data, "data", Place::Field, Form::Options(&["json"]), "is alone the data"),
    Entry::new(Key::Event, "event", Place::Field, Form::Word, "is the event name, beside `other`"),
];

/// Words that other derives, or this one's readers, would write, and what is written here.
pub(super) static FOREIGN: &[(&str, Place, &str)] = &[
    ("content", Place::Enum, "write `#[serde(content = \"..\")]`, and `tagged`"),
    ("deny_unknown_fields", Place::Enum, "write `#[serde(deny_unknown_fields)]`"),
    ("rename_all_fields", Place::Enum, "write `#[serde(rename_all_fields = \"..\")]`"),
    ("tag", Place::Enum, "write `#[serde(tag = \"..\")]`, and `tagged`"),
    ("untagged", Place::Enum, "write `#[serde(untagged)]`, and `tagged`"),
    ("final", Place::Struct, "write `terminal`"),
    ("last", Place::Struct, "write `terminal`"),
    ("name", Place::Struct, "write `event = \"..\"`"),
    ("raw", Place::Struct, "write `text`"),
    ("rename", Place::Struct, "write `event = \"..\"`"),
    ("rename_all", Place::Struct, "write `#[serde(rename_all = \"..\")]` for the names of its fields"),
    ("type", Place::Struct, "write `event = \"..\"`"),
    ("catch_all", Place::Variant, "write `other`"),
    ("default", Place::Variant, "write `other` on a variant for all other names, or `#[serde(default)]` on a field"),
    ("deserialize_with", Place::Variant, "write `with = \"module\"`"),
    ("fallback", Place::Variant, "write `other`"),
    ("final", Place::Variant, "write `terminal`"),
    ("json", Place::Variant, "remove it, as data is JSON where no key says otherwise"),
    ("last", Place::Variant, "write `terminal`"),
    ("name", Place::Variant, "write `event = \"..\"`"),
    ("raw", Place::Variant, "write `text`"),
    ("rename", Place::Variant, "write `event = \"..\"`"),
    ("rename_all", Place::Variant, "write `#[serde(rename_all = \"..\")]` for the names of its fields"),
    ("serialize_with", Place::Variant, "write `with = \"module\"`"),
    ("skip_deserializing", Place::Variant, "write `skip_decode`"),
    ("skip_serializing", Place::Variant, "write `skip_encode`"),
    ("tag", Place::Variant, "write `#[serde(tag = \"..\")]` and `#[sse(tagged)]` on the enum"),
    ("type", Place::Variant, "write `event = \"..\"`"),
    ("untagged", Place::Variant, "write `#[serde(untagged)]` here, and `#[sse(tagged)]` on the enum"),
    ("alias", Place::Field, "write `#[serde(alias = \"..\")]`"),
    ("borrow", Place::Field, "write `#[serde(borrow)]`"),
    ("default", Place::Field, "write `#[serde(default)]`"),
    ("deserialize_with", Place::Field, "write `#[serde(deserialize_with = \"..\")]`"),
    ("flatten", Place::Field, "write `#[serde(flatten)]`"),
    ("json", Place::Field, "write `id(json)`, or remove it, as data is JSON"),
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
    fn each_key_stands_once_at_a_place_and_no_foreign_word_hides_one() {
        for (position, entry) in KEYS.iter().enumerate() {
            let same = |name: &str, place| name == entry.name && place == entry.place;
            assert!(!KEYS.iter().skip(position + 1).any(|other| same(other.name, other.place)), "{}", entry.name);
            assert!(!FOREIGN.iter().any(|(name, place, _)| same(name, *place)), "{}", entry.name);
        }
    }
}
