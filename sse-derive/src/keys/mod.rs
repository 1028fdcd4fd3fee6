//! The keys of attributes, with the places where each is allowed and the value that each takes.
//!
//! The keys of `#[sse(..)]` are in one table, which the parser, its messages and the test of the manual use. Those of
//! `#[serde(..)]` are in another table, for attributes that no serde derive checks.

mod serde;
mod sse;

use std::fmt;

pub(crate) use self::sse::KEYS;
use self::sse::{FOREIGN, Foreign};
use crate::words::{alternatives, listed, nearest};

/// The attribute that a key belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Sse,
    Serde,
}

impl Owner {
    /// Returns the name of the attribute.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sse => "sse",
            Self::Serde => "serde",
        }
    }

    /// Returns the table of keys.
    const fn keys(self) -> &'static [Entry] {
        match self {
            Self::Sse => KEYS,
            Self::Serde => serde::KEYS,
        }
    }

    /// Returns the remedy for a key that belongs to the other attribute or has another name in this one.
    fn foreign(self, name: &str, place: Place) -> Option<String> {
        match self {
            Self::Sse => {
                let is_foreign = |foreign: &&Foreign| foreign.names.contains(&name) && foreign.places.contains(&place);
                FOREIGN.iter().find(is_foreign).map(|foreign| foreign.remedy.to_owned())
            }
            Self::Serde => {
                let ours = KEYS.iter().find(|entry| entry.name == name && entry.is_for(place))?;
                let key = if ours.form == Form::Prefix { ours.name.to_owned() } else { ours.usage() };
                Some(format!("write `#[sse({key})]`"))
            }
        }
    }
}

/// The meaning of a key.
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
    Json,
    Literal,
    Other,
    Prefix,
    RenameAll,
    Retry,
    /// Any key of `#[serde(..)]`.
    Serde,
    Skip,
    SkipDecode,
    SkipEncode,
    Tagged,
    Terminal,
    Text,
    Unnamed,
    With,
}

/// The item that an attribute is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Enum,
    /// A struct, which is a type with one event.
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

/// The form of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// No value.
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
    /// No value, or `= "some::function"`
    MaybeFunction,
    /// No value, or some of these words in parentheses.
    Options(&'static [&'static str]),
    /// No value, or `(prefix = "..")`
    Prefix,
    /// No value, or `= ".."`
    MaybeText,
    /// `= ".."`, or one string for each side with these names, as in `(encode = "..", decode = "..")`
    Sides([&'static str; 2]),
}

/// A row of the table: one key at one place.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    /// Whether the key is allowed on a struct too.
    pub(crate) on_struct: bool,
    pub(crate) form: Form,
    /// Whether the key can be given more than once.
    pub(crate) repeats: bool,
    /// The effect of the key, as in the table of the manual. Empty for keys of serde.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the test of the manual uses it"))]
    pub(crate) effect: &'static str,
}

impl Entry {
    const fn new(key: Key, name: &'static str, place: Place, form: Form, effect: &'static str) -> Self {
        Self { key, name, place, on_struct: false, form, repeats: false, effect }
    }

    const fn also_on_struct(self) -> Self {
        Self { on_struct: true, ..self }
    }

    /// Returns whether the key is allowed at `place`.
    fn is_for(&self, place: Place) -> bool {
        self.place == place || place == Place::Struct && self.on_struct
    }

    /// Returns the places where the key is allowed.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        [self.place].into_iter().chain(self.on_struct.then_some(Place::Struct))
    }

    const fn repeats(self) -> Self {
        Self { repeats: true, ..self }
    }

    /// Returns whether the value is a string.
    pub(crate) fn takes_text(&self) -> bool {
        self.form == Form::Text
    }

    /// Returns the key as the user writes it, with a placeholder for its value.
    pub(crate) fn usage(&self) -> String {
        match self.form {
            Form::Word | Form::Options(_) | Form::MaybeFunction => self.name.to_owned(),
            Form::Text | Form::MaybeText | Form::Sides(_) | Form::Texts | Form::Prefix => self.usage_of(".."),
            Form::Millis => self.usage_of("5000"),
            Form::Path => self.usage_of("path"),
            Form::Module => self.usage_of("module"),
        }
    }

    /// Returns the key with a value, as the user writes it.
    pub(crate) fn usage_of(&self, value: &str) -> String {
        let name = self.name;
        match self.form {
            Form::Word | Form::Options(_) => name.to_owned(),
            Form::Text | Form::MaybeText | Form::Sides(_) | Form::Module | Form::MaybeFunction => {
                format!("{name} = {value:?}")
            }
            Form::Texts => format!("{name}({value:?})"),
            Form::Millis | Form::Path => format!("{name} = {value}"),
            Form::Prefix => format!("{name}(prefix = {value:?})"),
        }
    }

    /// Returns the remedy for a missing value, or for one of the wrong form.
    pub(crate) fn remedy(&self) -> String {
        match self.form {
            Form::MaybeFunction => format!("write `{0} = \"function\"`, or only `{0}`", self.name),
            Form::Millis => format!("write the number of milliseconds, as in `{}`", self.usage()),
            _ => format!("write `{}`", self.usage()),
        }
    }

    /// Returns the remedy for a value after a key that takes none here. A key of the same name may take it elsewhere.
    pub(crate) fn remedy_for_value(&self, value: Option<&str>) -> String {
        let is_elsewhere = |other: &&Self| other.name == self.name && matches!(other.form, Form::Text | Form::Millis);
        match (value, KEYS.iter().find(is_elsewhere).filter(|_| self.key != Key::Serde)) {
            (Some(value), Some(other)) => {
                format!("write `{}`, or `{}` on {}", self.name, other.usage_of(value), other.place)
            }
            _ => self.remedy(),
        }
    }
}

/// Returns the entry of a key at a place.
///
/// # Errors
///
/// Returns the message to report if the key is unknown or not allowed there.
pub(crate) fn find(owner: Owner, name: &str, place: Place) -> Result<&'static Entry, String> {
    let keys = owner.keys();
    if let Some(entry) = keys.iter().find(|entry| entry.name == name && entry.is_for(place)) {
        return Ok(entry);
    }
    let entries = keys.iter().filter(|entry| entry.name == name);
    let places: Vec<_> = entries.flat_map(Entry::places).map(|place| place.to_string()).collect();
    let fact = if places.is_empty() {
        format!("unknown key `{name}`")
    } else {
        let whose = if owner == Owner::Serde { "serde's " } else { "" };
        format!("{whose}`{name}` is not an attribute of {place}")
    };
    let here: Vec<_> = keys.iter().filter(|entry| entry.is_for(place)).map(|entry| entry.name).collect();
    let all: Vec<_> = keys.iter().map(|entry| entry.name).collect();
    let remedy = match (owner.foreign(name, place), places.is_empty()) {
        (Some(remedy), _) => remedy,
        (None, false) => format!("it belongs on {}", alternatives(&places)),
        (None, true) => match nearest(name, &here).or_else(|| nearest(name, &all)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{place} takes {}", listed(&here)),
        },
    };
    Err(format!("{fact}; {remedy}"))
}

/// Returns the remedy for an option that the key `name` does not have but users may expect.
pub(crate) fn instead_of_option(name: &str, option: &str) -> Option<&'static str> {
    match (name, option) {
        ("data", "text") => Some("write `data`, and `text` on the variant unless it is a catch-all"),
        ("data", "with") => Some("write `data`, and `with = \"module\"` on the variant"),
        ("id", "text") => Some("write `id`, because an ID is text by default"),
        _ => None,
    }
}

/// Returns the options of the key `name` as the remedy for a wrong one.
pub(crate) fn takes_options(name: &str, options: &[&str]) -> String {
    let only = if name == "data" { ", in a catch-all only" } else { "" };
    format!("`{name}` takes {}{only}", listed(options))
}

/// Returns the message for an unknown `word` in the parentheses of the key `name`.
pub(crate) fn unknown_inside(word: &str, name: &str, known: &[&str]) -> String {
    let remedy = match (word, nearest(word, known)) {
        (_, Some(near)) => format!("did you mean `{near}`?"),
        ("serialize", _) if known.contains(&"encode") => "write `encode`".into(),
        ("deserialize", _) if known.contains(&"decode") => "write `decode`".into(),
        ("encode", _) if known.contains(&"serialize") => "write `serialize`".into(),
        ("decode", _) if known.contains(&"deserialize") => "write `deserialize`".into(),
        _ => format!("`{name}` takes {}", listed(known)),
    };
    format!("unknown key `{word}` in `{name}`; {remedy}")
}

/// Returns a common key, as an example in the message for something that is not a key.
pub(crate) fn example(owner: Owner, place: Place) -> String {
    let name = match (owner, place) {
        (Owner::Sse, Place::Enum) => "rename_all",
        (Owner::Sse, Place::Struct | Place::Variant) => "event",
        (Owner::Sse, Place::Field) => "id",
        (Owner::Serde, _) => "rename",
    };
    find(owner, name, place).map(Entry::usage).unwrap_or_default()
}
