//! The one table of the attribute language: what may be written in `#[sse(..)]`, where, and with what value.
//!
//! The parser, its messages and the test of the manual all read it. Serde's keys have one of their own, for where no derive
//! of serde's looks at them.

mod serde;

use std::fmt;

use crate::words::{listed, nearest};

/// Whose attribute it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Sse,
    Serde,
}

impl Owner {
    /// What the attribute is called.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Serde => "serde",
        }
    }

    const fn keys(self) -> &'static [Entry] {
        match self {
            Self::Sse => KEYS,
            Self::Serde => serde::KEYS,
        }
    }

    /// Words that are not its own, and what to write in their place.
    fn foreign(self, name: &str, place: Place) -> Option<String> {
        match self {
            Self::Sse => {
                let (.., remedy) = FOREIGN.iter().find(|(foreign, at, _)| *foreign == name && *at == place)?;
                Some((*remedy).to_owned())
            }
            Self::Serde => {
                let ours = KEYS.iter().find(|entry| entry.name == name && entry.is_for(place))?;
                Some(format!("write `#[sse({})]`", ours.usage()))
            }
        }
    }
}

/// What a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Alias,
    Borrow,
    Bound,
    Crate,
    Data,
    Error,
    Event,
    Flatten,
    Id,
    Ignore,
    Literal,
    Other,
    Prefix,
    RenameAll,
    Retry,
    /// One of serde's.
    Serdes,
    Skip,
    SkipDecode,
    SkipEncode,
    Tagged,
    Terminal,
    Text,
    Unnamed,
    With,
}

/// What an attribute stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Enum,
    /// A type of one event.
    Struct,
    Variant,
    Field,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Enum => "an enum",
            Self::Struct => "a struct",
            Self::Variant => "a variant",
            Self::Field => "a field",
        })
    }
}

/// What follows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing.
    Word,
    /// `= ".."`
    Text,
    /// `("..", "..")`
    Texts,
    /// `= 5000`
    Millis,
    /// `= some::path`
    Path,
    /// `= "some::module"`
    Module,
    /// Nothing, or words of these in parentheses.
    Options(&'static [&'static str]),
    /// Nothing, or `(prefix = "..")`
    Prefix,
    /// Nothing, or `= ".."`
    MaybeText,
    /// `= ".."`, or what is called so for each side: `(encode = "..", decode = "..")`
    Sides([&'static str; 2]),
}

/// One line of the table: a key at a place.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    /// Whether it may stand on a struct too, which is a type of one event.
    pub(crate) on_struct: bool,
    pub(crate) form: Form,
    pub(crate) repeats: bool,
    /// What it does, as the manual's table says it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test of the manual reads it"))]
    pub(crate) effect: &'static str,
}

impl Entry {
    const fn new(key: Key, name: &'static str, place: Place, form: Form, effect: &'static str) -> Self {
        Self { key, name, place, on_struct: false, form, repeats: false, effect }
    }

    const fn also_on_struct(self) -> Self {
        Self { on_struct: true, ..self }
    }

    /// Whether it may stand there.
    fn is_for(&self, place: Place) -> bool {
        self.place == place || place == Place::Struct && self.on_struct
    }

    /// Everything it may stand on.
    pub(crate) fn places(&self) -> String {
        if self.on_struct { format!("{} or {}", self.place, Place::Struct) } else { self.place.to_string() }
    }

    const fn repeats(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// Whether its value is a string.
    pub(crate) fn takes_text(&self) -> bool {
        self.form == Form::Text
    }

    /// How the key is written, value and all.
    pub(crate) fn usage(&self) -> String {
        match self.form {
            Form::Word | Form::Options(_) => self.name.to_owned(),
            Form::Text | Form::MaybeText | Form::Sides(_) => format!("{} = \"..\"", self.name),
            Form::Texts => format!("{}(\"..\")", self.name),
            Form::Millis => format!("{} = 5000", self.name),
            Form::Path => format!("{} = path", self.name),
            Form::Module => format!("{} = \"module\"", self.name),
            Form::Prefix => format!("{}(prefix = \"..\")", self.name),
        }
    }
}

pub(crate) static KEYS: &[Entry] = &[
    Entry::new(Key::Crate, "crate", Place::Enum, Form::Path, "where `sse_core` is found").also_on_struct(),
    Entry::new(
        Key::Bound,
        "bound",
        Place::Enum,
        Form::Sides(["encode", "decode"]),
        "what the halves ask of the type parameters",
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
    Entry::new(Key::Event, "event", Place::Field, Form::Word, "is the event name, in a catch-all"),
];

/// Words that other derives, or this one's readers, would write, and what is written here.
static FOREIGN: &[(&str, Place, &str)] = &[
    ("content", Place::Enum, "write `#[serde(content = \"..\")]`, and `tagged`"),
    ("deny_unknown_fields", Place::Enum, "write `#[serde(deny_unknown_fields)]`"),
    ("rename_all_fields", Place::Enum, "write `#[serde(rename_all_fields = \"..\")]`"),
    ("tag", Place::Enum, "write `#[serde(tag = \"..\")]`, and `tagged`"),
    ("untagged", Place::Enum, "write `#[serde(untagged)]`, and `tagged`"),
    ("name", Place::Struct, "write `event = \"..\"`"),
    ("rename", Place::Struct, "write `event = \"..\"`"),
    ("rename_all", Place::Struct, "write `#[serde(rename_all = \"..\")]` for the names of its fields"),
    ("type", Place::Struct, "write `event = \"..\"`"),
    ("deserialize_with", Place::Variant, "write `with = \"module\"`"),
    ("json", Place::Variant, "remove it, as data is JSON where no key says otherwise"),
    ("name", Place::Variant, "write `event = \"..\"`"),
    ("rename", Place::Variant, "write `event = \"..\"`"),
    ("rename_all", Place::Variant, "write `#[serde(rename_all = \"..\")]` for the names of its fields"),
    ("serialize_with", Place::Variant, "write `with = \"module\"`"),
    ("skip_deserializing", Place::Variant, "write `skip_decode`"),
    ("skip_serializing", Place::Variant, "write `skip_encode`"),
    ("type", Place::Variant, "write `event = \"..\"`"),
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

/// The entry of a key at a place, or what to say to whoever wrote it.
pub(crate) fn find(owner: Owner, name: &str, place: Place) -> Result<&'static Entry, String> {
    let keys = owner.keys();
    if let Some(entry) = keys.iter().find(|entry| entry.name == name && entry.is_for(place)) {
        return Ok(entry);
    }
    if let Some(remedy) = owner.foreign(name, place) {
        return Err(format!("unknown key `{name}`; {remedy}"));
    }
    let places: Vec<_> = keys.iter().filter(|entry| entry.name == name).map(Entry::places).collect();
    if !places.is_empty() {
        return Err(format!("`{name}` is not an attribute of {place}; it belongs on {}", places.join(" or ")));
    }
    let here = keys.iter().filter(|entry| entry.is_for(place)).map(|entry| entry.name);
    let remedy = match nearest(name, here.clone()).or_else(|| nearest(name, keys.iter().map(|entry| entry.name))) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{place} takes {}", listed(here)),
    };
    Err(format!("unknown key `{name}`; {remedy}"))
}

/// What to say of a word that a key does not take in its parentheses.
pub(crate) fn unknown_inside(word: &str, name: &str, known: &[&str]) -> String {
    let remedy = match (word, nearest(word, known.iter().copied())) {
        (_, Some(near)) => format!("did you mean `{near}`?"),
        ("serialize", _) if known.contains(&"encode") => "write `encode`".into(),
        ("deserialize", _) if known.contains(&"decode") => "write `decode`".into(),
        ("encode", _) if known.contains(&"serialize") => "write `serialize`".into(),
        ("decode", _) if known.contains(&"deserialize") => "write `deserialize`".into(),
        _ => format!("`{name}` takes {}", listed(known.iter().copied())),
    };
    format!("unknown key `{word}` in `{name}`; {remedy}")
}

/// A key to show to whoever wrote none.
pub(crate) fn example(owner: Owner, place: Place) -> String {
    let name = match (owner, place) {
        (Owner::Sse, Place::Enum) => "rename_all",
        (Owner::Sse, Place::Struct | Place::Variant) => "event",
        (Owner::Sse, Place::Field) => "id",
        (Owner::Serde, _) => "rename",
    };
    find(owner, name, place).map(Entry::usage).unwrap_or_default()
}

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
