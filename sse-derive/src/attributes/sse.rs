//! The values of `#[sse(..)]` attributes on types, variants and fields, with their spans.

use syn::{Attribute, Data, DeriveInput, ExprPath, Ident, LitStr, Path, Token, WherePredicate, punctuated::Punctuated};

use super::{
    list::{self, KeyValue},
    value::{Sides, Value},
};
use crate::{
    case::Rule,
    errors::Errors,
    keys::{Key, Owner, Place},
    words::{listed, nearest, starting_with},
};

/// The `sse` attributes of an enum.
#[derive(Default)]
pub(crate) struct EnumAttributes {
    pub(crate) crate_path: Option<Path>,
    pub(crate) rename_all: Option<Rule>,
    pub(crate) prefix: Option<LitStr>,
    pub(crate) ignore: Vec<LitStr>,
    pub(crate) tagged: Option<Ident>,
    pub(crate) unnamed: Option<Ident>,
    pub(crate) text: Option<Ident>,
    pub(crate) with: Option<Path>,
    pub(crate) bound: Option<Bound>,
}

/// The value of `bound`, which replaces the generated bounds on type parameters.
pub(crate) struct Bound {
    pub(crate) word: Ident,
    pub(crate) predicates: Sides<Option<Vec<WherePredicate>>>,
}

/// The `sse` attributes of a variant, or of a struct.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    pub(crate) event: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) unnamed: Option<Ident>,
    pub(crate) other: Option<Ident>,
    /// The key and its optional function.
    pub(crate) terminal: Option<(Ident, Option<ExprPath>)>,
    pub(crate) error: Option<Ident>,
    pub(crate) text: Option<Ident>,
    pub(crate) json: Option<Ident>,
    pub(crate) literal: Option<LitStr>,
    pub(crate) with: Option<Path>,
    pub(crate) retry: Option<(Ident, u64)>,
    pub(crate) skip: Option<Ident>,
    pub(crate) skip_encode: Option<Ident>,
    pub(crate) skip_decode: Option<Ident>,
    pub(crate) borrow: Option<Ident>,
    /// The key and its optional prefix.
    pub(crate) flatten: Option<(Ident, Option<LitStr>)>,
}

/// The `sse` attributes of a field.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) id: Option<FieldKey>,
    pub(crate) retry: Option<Ident>,
    pub(crate) data: Option<FieldKey>,
    pub(crate) event: Option<Ident>,
}

/// `id` or `data` with its options.
pub(crate) struct FieldKey {
    pub(crate) word: Ident,
    /// The option `json`: the value is written as JSON.
    pub(crate) json: Option<Ident>,
    /// The option `keep`: the ID is part of the data too.
    pub(crate) keep: Option<Ident>,
}

/// The `sse` attributes of a type. A struct also has those of a variant.
pub(crate) struct TypeAttributes {
    pub(crate) of_enum: EnumAttributes,
    pub(crate) of_variant: VariantAttributes,
}

impl TypeAttributes {
    pub(crate) fn read(input: &DeriveInput, errors: &mut Errors) -> Self {
        let place = if matches!(input.data, Data::Struct(_)) { Place::Struct } else { Place::Enum };
        let mut of_enum = EnumAttributes::default();
        let mut of_variant = VariantAttributes::default();
        for item in list::read(Owner::Sse, &input.attrs, place, errors) {
            if let (Place::Struct, Some(item)) = (place, of_enum.take(item, errors)) {
                of_variant.take(item);
            }
        }
        Self { of_enum, of_variant }
    }
}

impl EnumAttributes {
    /// Stores an item, or returns it if it is not a key of an enum.
    fn take(&mut self, item: KeyValue, errors: &mut Errors) -> Option<KeyValue> {
        let KeyValue { entry, word, value } = item;
        if entry.place != Place::Enum {
            return Some(KeyValue { entry, word, value });
        }
        match (entry.key, value) {
            (Key::Crate, Value::Path(path)) => self.crate_path = Some(path),
            (Key::RenameAll, Value::Text(rule)) => self.rename_all = case_rule(Owner::Sse, &rule, errors),
            (Key::Prefix, Value::Text(prefix)) => self.prefix = Some(prefix),
            (Key::Tagged, _) => self.tagged = Some(word),
            (Key::Unnamed, _) => self.unnamed = Some(word),
            (Key::Text, _) => self.text = Some(word),
            (Key::With, Value::Path(module)) => self.with = Some(module),
            (Key::Ignore, Value::Texts(names)) => self.ignore = names,
            (Key::Bound, Value::Sides(texts)) => {
                let predicates = Bound::predicates(texts, errors);
                self.bound = Some(Bound { word, predicates });
            }
            _ => {}
        }
        None
    }
}

impl VariantAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for item in list::read(Owner::Sse, attributes, Place::Variant, errors) {
            read.take(item);
        }
        read
    }

    /// Returns whether the variant is not part of serde's representation of the enum, whatever its codec is.
    pub(crate) const fn is_outside_tag(&self) -> bool {
        self.flatten.is_some() || self.other.is_some() || self.literal.is_some() || self.skip.is_some()
    }

    /// Returns the names that the variant's keys set, each with its key.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&LitStr, &'static str)> {
        let aliases = self.aliases.iter().map(|name| (name, "alias"));
        self.event.iter().map(|name| (name, "event")).chain(aliases)
    }

    fn take(&mut self, KeyValue { entry, word, value }: KeyValue) {
        match (entry.key, value) {
            (Key::Event, Value::Text(name)) => self.event = Some(name),
            (Key::Alias, Value::Text(name)) => self.aliases.push(name),
            (Key::Unnamed, _) => self.unnamed = Some(word),
            (Key::Other, _) => self.other = Some(word),
            (Key::Terminal, Value::Function(function)) => self.terminal = Some((word, Some(function))),
            (Key::Terminal, _) => self.terminal = Some((word, None)),
            (Key::Error, _) => self.error = Some(word),
            (Key::Text, _) => self.text = Some(word),
            (Key::Json, _) => self.json = Some(word),
            (Key::Literal, Value::Text(literal)) => self.literal = Some(literal),
            (Key::With, Value::Path(module)) => self.with = Some(module),
            (Key::Retry, Value::Millis(millis)) => self.retry = Some((word, millis)),
            (Key::Skip, _) => self.skip = Some(word),
            (Key::SkipEncode, _) => self.skip_encode = Some(word),
            (Key::SkipDecode, _) => self.skip_decode = Some(word),
            (Key::Borrow, _) => self.borrow = Some(word),
            (Key::Flatten, Value::Prefix(prefix)) => self.flatten = Some((word, prefix)),
            _ => {}
        }
    }
}

impl FieldAttributes {
    pub(crate) fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for KeyValue { entry, word, value } in list::read(Owner::Sse, attributes, Place::Field, errors) {
            match (entry.key, value) {
                (Key::Id, Value::Words(options)) => read.id = Some(FieldKey::new(word, &options)),
                (Key::Retry, _) => read.retry = Some(word),
                (Key::Data, Value::Words(options)) => read.data = Some(FieldKey::new(word, &options)),
                (Key::Event, _) => read.event = Some(word),
                _ => {}
            }
        }
        read
    }
}

impl FieldKey {
    fn new(word: Ident, options: &[Ident]) -> Self {
        let option = |name: &str| options.iter().find(|option| *option == name).cloned();
        Self { word, json: option("json"), keep: option("keep") }
    }
}

impl Bound {
    /// Parses the predicates of both sides. A string shared by both is parsed once, so that an error in it is reported
    /// once.
    fn predicates(texts: Sides<Option<LitStr>>, errors: &mut Errors) -> Sides<Option<Vec<WherePredicate>>> {
        let text = |text: &Option<LitStr>| text.as_ref().map(LitStr::value);
        if text(&texts.write) == text(&texts.read) {
            let both = texts.write.as_ref().and_then(|text| predicates(text, errors));
            return Sides { write: both.clone(), read: both };
        }
        texts.map(|text| predicates(&text?, errors))
    }
}

/// Parses the predicates of a where clause from a string.
fn predicates(text: &LitStr, errors: &mut Errors) -> Option<Vec<WherePredicate>> {
    let parsed = text.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated);
    if parsed.is_err() {
        errors.at(text, "expected the predicates of a `where` clause; write `bound = \"T: Trait\"`");
    }
    Some(parsed.ok()?.into_iter().collect())
}

/// Returns the case rule that a literal names. Records an error if `owner` does not support it; serde lacks `dot.case`.
pub(super) fn case_rule(owner: Owner, literal: &LitStr, errors: &mut Errors) -> Option<Rule> {
    let name = literal.value();
    let is_known = |rule: &Rule| owner == Owner::Sse || rule.is_in_serde();
    let rule = Rule::named(&name).filter(is_known);
    if rule.is_none() {
        let fact =
            if name.is_empty() { "the case rule is empty".into() } else { format!("unknown case rule `{name}`") };
        let rules: Vec<_> = Rule::ALL.iter().filter(|(_, rule)| is_known(rule)).map(|(name, _)| *name).collect();
        let remedy = match nearest(&name, &rules).or_else(|| starting_with(&name, &rules)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the rules are {}", listed(&rules)),
        };
        errors.at(literal, format!("{fact}; {remedy}"));
    }
    rule
}
