//! The keys of attributes: what may be written, where, and with what value.
//!
//! Ours stand in one table, which the parser, its messages and the test of the manual all read. Serde's keys have one of
//! their own, for where no derive of serde's looks at them.

mod serde;
mod sse;

use std::fmt;

use self::sse::FOREIGN;
pub(crate) use self::sse::KEYS;
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
        let whose = if owner == Owner::Serde { "serde's " } else { "" };
        return Err(format!("{whose}`{name}` is not an attribute of {place}; it belongs on {}", places.join(" or ")));
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
