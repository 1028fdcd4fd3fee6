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

/// Keys that `#[sse(..)]` does not have at these places but users may expect, such as those of serde.
pub(super) struct Foreign {
    pub(super) names: &'static [&'static str],
    pub(super) places: &'static [Place],
    pub(super) remedy: &'static str,
}

const fn foreign(names: &'static [&'static str], places: &'static [Place], remedy: &'static str) -> Foreign {
    Foreign { names, places, remedy }
}

const ENUM: &[Place] = &[Place::Enum];
/// The places of one event.
const EVENT: &[Place] = &[Place::Variant, Place::Struct];
const STRUCT: &[Place] = &[Place::Struct];
const VARIANT: &[Place] = &[Place::Variant];
const FIELD: &[Place] = &[Place::Field];
const TYPE: &[Place] = &[Place::Enum, Place::Struct];
const ANY: &[Place] = &[Place::Enum, Place::Struct, Place::Variant, Place::Field];

pub(super) static FOREIGN: &[Foreign] = &[
    foreign(
        &["content"],
        ENUM,
        "write `#[serde(tag = \"..\", content = \"..\")]` and `#[sse(tagged)]`, and derive serde's traits",
    ),
    foreign(&["deny_unknown_fields"], TYPE, "write `#[serde(deny_unknown_fields)]`"),
    foreign(&["rename_all_fields"], ENUM, "write `#[serde(rename_all_fields = \"..\")]`"),
    foreign(&["json"], TYPE, "remove it, because data is JSON by default"),
    foreign(&["tag"], ENUM, "write `#[serde(tag = \"..\")]` and `#[sse(tagged)]`, and derive serde's traits"),
    foreign(&["untagged"], ENUM, "write `#[serde(untagged)]` and `#[sse(tagged)]`, and derive serde's traits"),
    foreign(&["done", "end", "close", "final", "last", "is_terminal", "is_final"], EVENT, "write `terminal`"),
    foreign(
        &["done", "end", "close", "final", "last", "is_terminal", "is_final"],
        ENUM,
        "write `terminal` on a variant",
    ),
    foreign(&["event_name", "event_type", "name", "rename", "type"], EVENT, "write `event = \"..\"`"),
    foreign(&["event_name", "event_type", "name"], ENUM, "write `event = \"..\"` on a variant"),
    foreign(&["raw", "plain", "string", "display"], EVENT, "write `text`"),
    foreign(
        &["format", "payload", "codec", "content_type", "encoding"],
        EVENT,
        "remove it for JSON, or write `text` or `with = \"module\"`",
    ),
    foreign(
        &["format", "codec", "content_type", "encoding"],
        ENUM,
        "remove it for JSON, or write `text` or `with = \"module\"`",
    ),
    foreign(&["rename_all"], EVENT, "write `#[serde(rename_all = \"..\")]` to rename its fields"),
    foreign(&["catch_all", "fallback", "unknown"], VARIANT, "write `other`"),
    foreign(&["default"], VARIANT, "write `other` for a catch-all, or `#[serde(default)]` on a field"),
    foreign(&["default"], STRUCT, "write `#[serde(default)]`"),
    foreign(&["nested", "transparent"], VARIANT, "write `flatten` for the events of a nested type"),
    foreign(&["event_id", "last_event_id"], EVENT, "write `id` on a field"),
    foreign(&["deserialize_with", "serialize_with"], EVENT, "write `with = \"module\"`"),
    foreign(&["skip_deserializing"], VARIANT, "write `skip_decode`"),
    foreign(&["skip_serializing"], VARIANT, "write `skip_encode`"),
    foreign(
        &["tag"],
        VARIANT,
        "write `#[serde(tag = \"..\")]` and `#[sse(tagged)]` on the enum, and derive serde's traits",
    ),
    foreign(&["untagged"], VARIANT, "write `#[serde(untagged)]` here and `#[sse(tagged)]` on the enum"),
    foreign(
        &["reconnect", "reconnection_time", "retry_after"],
        EVENT,
        "write `retry = 5000`, the reconnection time in milliseconds",
    ),
    foreign(&["alias"], FIELD, "write `#[serde(alias = \"..\")]`"),
    foreign(&["borrow"], FIELD, "write `#[serde(borrow)]`"),
    foreign(&["default"], FIELD, "write `#[serde(default)]`"),
    foreign(&["deserialize_with"], FIELD, "write `#[serde(deserialize_with = \"..\")]`"),
    foreign(&["flatten"], FIELD, "write `#[serde(flatten)]`"),
    foreign(&["json"], FIELD, "write `id(json)` for an ID, or remove `json`, because data is JSON by default"),
    foreign(&["keep"], FIELD, "write `id(keep)`"),
    foreign(&["event_id", "last_event_id"], FIELD, "write `id`"),
    foreign(&["event_name", "event_type"], FIELD, "write `event`, on a field of a catch-all"),
    foreign(&["payload", "content", "body"], FIELD, "write `data`"),
    foreign(&["reconnect", "reconnection_time", "retry_after"], FIELD, "write `retry`"),
    foreign(&["rename", "name"], FIELD, "write `#[serde(rename = \"..\")]`"),
    foreign(&["serialize_with"], FIELD, "write `#[serde(serialize_with = \"..\")]`"),
    foreign(&["skip"], FIELD, "write `#[serde(skip)]`"),
    foreign(&["skip_deserializing", "skip_decode"], FIELD, "write `#[serde(skip_deserializing)]`"),
    foreign(&["skip_serializing", "skip_encode"], FIELD, "write `#[serde(skip_serializing)]`"),
    foreign(&["skip_serializing_if"], FIELD, "write `#[serde(skip_serializing_if = \"..\")]`"),
    foreign(&["text"], FIELD, "write `text` on the variant or the struct, and `data` on this field if it has a name"),
    foreign(&["with"], FIELD, "write `#[serde(with = \"..\")]`"),
    foreign(&["comment"], ANY, "use `Envelope::with_comment`, because a comment is not part of an event"),
    foreign(&["keep_alive", "heartbeat", "ping"], ANY, "use `Sse::keep_alive`, because the response sends keep-alives"),
];

#[cfg(test)]
mod tests {
    use super::{FOREIGN, KEYS};

    #[test]
    fn each_place_lists_a_key_once_and_no_foreign_key_shadows_it() {
        for (position, entry) in KEYS.iter().enumerate() {
            let same = |name: &str, place| name == entry.name && entry.places().any(|own| own == place);
            let mut others = KEYS.iter().skip(position + 1).flat_map(|other| other.places().map(|at| (other.name, at)));
            assert!(!others.any(|(name, place)| same(name, place)), "{}", entry.name);
        }
        let at = |foreign: &super::Foreign| {
            let pairs = foreign.names.iter().flat_map(|name| foreign.places.iter().map(move |place| (*name, *place)));
            pairs.collect::<Vec<_>>()
        };
        let all: Vec<_> = FOREIGN.iter().flat_map(at).collect();
        for (position, (name, place)) in all.iter().enumerate() {
            let is_key = |entry: &&super::Entry| entry.name == *name && entry.places().any(|own| own == *place);
            assert!(!KEYS.iter().any(|entry| is_key(&entry)), "{name} is a key of {place}");
            assert!(!all[position + 1..].contains(&(name, *place)), "{name} is listed twice for {place}");
        }
    }
}
