//! The items of each place, as values with the spans they came with.

use syn::{Attribute, Ident, LitStr, Path, parse_quote};

use super::list::{self, Item, Value};
use crate::{
    case::Rule,
    errors::Errors,
    keys::{self, Key, Place},
};

/// What stands on the enum.
pub(crate) struct EnumAttributes {
    pub(crate) crate_path: Path,
    pub(crate) rename_all: Option<Rule>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) ignore: Vec<LitStr>,
    pub(crate) tagged: Option<Ident>,
    pub(crate) unnamed: Option<Ident>,
}

/// What stands on a variant.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    pub(crate) event: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) unnamed: Option<Ident>,
    pub(crate) other: Option<Ident>,
    pub(crate) terminal: Option<Ident>,
    pub(crate) error: Option<Ident>,
    pub(crate) text: Option<Ident>,
    pub(crate) literal: Option<LitStr>,
    pub(crate) retry: Option<(Ident, u64)>,
}

/// What stands on a field.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) id: Option<Ident>,
}

impl EnumAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self {
            crate_path: parse_quote!(::sse_core),
            rename_all: None,
            prefix: None,
            ignore: Vec::new(),
            tagged: None,
            unnamed: None,
        };
        for Item { entry, word, value } in list::read(attributes, Place::Enum, errors) {
            match (entry.key, value) {
                (Key::Crate, Value::Path(path)) => read.crate_path = path,
                (Key::RenameAll, Value::Text(rule)) => read.rename_all = case_rule(&rule, errors),
                (Key::Prefix, Value::Text(prefix)) => read.prefix = Some(prefix),
                (Key::Tagged, _) => read.tagged = Some(word),
                (Key::Unnamed, _) => read.unnamed = Some(word),
                (Key::Ignore, Value::Texts(names)) => read.ignore = names,
                _ => {}
            }
        }
        read
    }
}

impl VariantAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for Item { entry, word, value } in list::read(attributes, Place::Variant, errors) {
            match (entry.key, value) {
                (Key::Event, Value::Text(name)) => read.event = Some(name),
                (Key::Alias, Value::Text(name)) => read.aliases.push(name),
                (Key::Unnamed, _) => read.unnamed = Some(word),
                (Key::Other, _) => read.other = Some(word),
                (Key::Terminal, _) => read.terminal = Some(word),
                (Key::Error, _) => read.error = Some(word),
                (Key::Text, _) => read.text = Some(word),
                (Key::Literal, Value::Text(literal)) => read.literal = Some(literal),
                (Key::Retry, Value::Millis(millis)) => read.retry = Some((word, millis)),
                _ => {}
            }
        }
        read
    }
}

impl FieldAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for Item { entry, word, .. } in list::read(attributes, Place::Field, errors) {
            if entry.key == Key::Id {
                read.id = Some(word);
            }
        }
        read
    }
}

/// The case rule that a literal names.
pub(super) fn case_rule(literal: &LitStr, errors: &mut Errors) -> Option<Rule> {
    let name = literal.value();
    let rule = Rule::named(&name);
    if rule.is_none() {
        let rules = Rule::ALL.iter().map(|(name, _)| *name);
        let remedy = match keys::nearest(&name, rules.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the rules are {}", keys::listed(rules)),
        };
        errors.at(literal, format!("unknown case rule `{name}`; {remedy}"));
    }
    rule
}
