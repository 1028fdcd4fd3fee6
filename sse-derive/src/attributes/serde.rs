//! The part of serde's attributes that affects events.
//!
//! Mistakes in the attributes are kept instead of recorded: serde's derives report them too, if they see the item.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, ExprPath, Ident, LitStr, parse_quote};

use super::{
    list::{self, KeyValue},
    sse::case_rule,
    value::{Sides, Value, function},
};
use crate::{
    case::Rule,
    errors::Errors,
    keys::{Owner, Place},
};

/// The serde attributes of the enum.
#[derive(Default)]
pub(crate) struct SerdeEnum {
    pub(crate) rename_all: Sides<Option<Rule>>,
    /// Struct keys that serde accepts on an enum and applies to all of its struct variants.
    pub(crate) for_structs: StructKeys,
    /// The first key that changes how serde represents the enum, such as `tag`, `untagged` or `into`.
    pub(crate) representation: Option<Ident>,
    /// Whether the data does not contain the variant's tag, as with `untagged` and `into`.
    pub(crate) hides_tags: bool,
    /// The place where reading finds the variant's tag in the data.
    pub(crate) tag: Tag,
    pub(crate) mistakes: Option<syn::Error>,
}

/// The place in the data of the tag by which serde reads a variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tag {
    /// The variant's name is the only key, or the whole data if the variant is a unit.
    #[default]
    External,
    /// The tag is the value of this key, next to the fields of the variant.
    Internal(String),
    /// The tag is the value of this key, next to the payload under a key of its own.
    Adjacent(String),
    /// There is no tag, or it is that of another type, as with `from`.
    Unknown,
}

/// Serde's struct keys, which apply to the fields of a variant.
#[derive(Clone, Default)]
pub(crate) struct StructKeys {
    rename_all: Option<Sides<Option<LitStr>>>,
    deny_unknown_fields: bool,
}

/// The serde attributes of a variant, or of a struct that is an event.
#[derive(Default)]
pub(crate) struct SerdeVariant {
    pub(crate) rename: Sides<Option<LitStr>>,
    pub(crate) for_struct: StructKeys,
    /// Whether the payload borrows from the data when it is decoded.
    pub(crate) borrow: bool,
    /// `default` on a struct that is an event: the source of the fields that are missing from the data.
    pub(crate) default: Option<(Ident, SerdeDefault)>,
    /// Additional names that decoding accepts.
    pub(crate) aliases: Vec<LitStr>,
    /// All other keys. They only affect serde's impls for the enum.
    pub(crate) others: Vec<Ident>,
    pub(crate) mistakes: Option<syn::Error>,
}

/// The source of the value of a missing field.
pub(crate) enum SerdeDefault {
    /// The type's `Default`.
    Trait,
    /// The result of this function.
    Function(ExprPath),
}

/// The serde attributes of a field.
#[derive(Default)]
pub(crate) struct SerdeField {
    /// The `#[serde(..)]` attributes as written, passed on to serde's derive.
    pub(crate) attributes: Vec<Attribute>,
    keys: Vec<KeyValue>,
    /// The object key to write, if it is given by `rename`.
    pub(crate) written_name: Option<LitStr>,
    /// Whether serde does not write the field.
    pub(crate) skips_write: bool,
    /// Whether serde does not read the field.
    pub(crate) skips_read: bool,
    /// The value of a missing field, if an attribute sets it.
    pub(crate) default: Option<SerdeDefault>,
    /// Whether serde uses `Default` if the field is missing.
    pub(crate) defaults: bool,
    /// Whether an attribute depends on the field's real type, so that a type parameter cannot replace it.
    pub(crate) concrete: Sides<bool>,
    /// Whether serde uses the `Serialize` or `Deserialize` impl of the field's type.
    pub(crate) by_trait: Sides<bool>,
    pub(crate) mistakes: Option<syn::Error>,
}

/// Reads the keys in all `#[serde(..)]` attributes, and the mistakes in them.
fn keys(attributes: &[Attribute], place: Place) -> (Vec<KeyValue>, Option<syn::Error>) {
    let mut errors = Errors::default();
    let keys = list::read(Owner::Serde, attributes, place, &mut errors);
    for KeyValue { entry, value, .. } in &keys {
        if let ("rename_all" | "rename_all_fields", Value::Sides(rules)) = (entry.name, value) {
            case_rules(rules, place == Place::Enum && entry.name == "rename_all", &mut errors);
        }
    }
    (keys, errors.finish().err())
}

/// Checks that serde has the case rules of both sides. A rule shared by both is checked once.
fn case_rules(rules: &Sides<Option<LitStr>>, names_variants: bool, errors: &mut Errors) {
    let mut seen = Vec::new();
    for rule in [&rules.write, &rules.read].into_iter().flatten() {
        let name = rule.value();
        if seen.contains(&name) {
            continue;
        }
        if names_variants && Rule::named(&name).is_some_and(|rule| !rule.is_in_serde()) {
            errors.at(rule, format!("serde has no case rule `{name}`; write `#[sse(rename_all = \"{name}\")]`"));
        } else {
            case_rule(Owner::Serde, rule, errors);
        }
        seen.push(name);
    }
}

impl SerdeEnum {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let (keys, mistakes) = keys(attributes, Place::Enum);
        let mut read = Self { mistakes, ..Self::default() };
        let (mut key, mut has_content, mut is_unknown) = (None, false, false);
        for KeyValue { entry, word, value } in keys {
            match (entry.name, value) {
                ("rename_all", Value::Sides(rules)) => read.rename_all = rules.map(serde_rule),
                ("rename_all_fields", Value::Sides(rules)) => read.for_structs.rename_all = Some(rules),
                ("deny_unknown_fields", _) => read.for_structs.deny_unknown_fields = true,
                (name @ ("tag" | "content" | "untagged" | "from" | "try_from" | "into"), value) => {
                    is_unknown |= matches!(name, "untagged" | "from" | "try_from");
                    has_content |= name == "content";
                    read.hides_tags |= matches!(name, "untagged" | "into");
                    if let ("tag", Value::Text(text)) = (name, value) {
                        key = Some(text.value());
                    }
                    read.representation = read.representation.take().or(Some(word));
                }
                _ => {}
            }
        }
        read.tag = match (key, is_unknown) {
            (_, true) => Tag::Unknown,
            (Some(key), false) if has_content => Tag::Adjacent(key),
            (Some(key), false) => Tag::Internal(key),
            (None, false) => Tag::External,
        };
        read
    }
}

/// Returns the case rule with this name, if serde has it.
fn serde_rule(name: Option<LitStr>) -> Option<Rule> {
    Rule::named(&name?.value()).filter(|rule| rule.is_in_serde())
}

impl SerdeVariant {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let (keys, mistakes) = keys(attributes, Place::Variant);
        let mut read = Self { mistakes, ..Self::default() };
        for KeyValue { entry, word, value } in keys {
            match (entry.name, value) {
                ("rename", Value::Sides(names)) => read.rename = names,
                ("rename_all", Value::Sides(rules)) => read.for_struct.rename_all = Some(rules),
                ("borrow", _) => read.borrow = true,
                ("alias", Value::Text(name)) => read.aliases.push(name),
                _ => read.others.push(word),
            }
        }
        read
    }

    /// Reads the attributes of a struct that is an event. Records an error for each key that would replace the struct's
    /// representation, such as `tag` or `into`; keys that only affect the fields are supported.
    pub(crate) fn read_struct(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let (keys, mistakes) = keys(attributes, Place::Struct);
        let mut read = Self { mistakes, ..Self::default() };
        for KeyValue { entry, word, value } in keys {
            match (entry.name, value) {
                ("rename", Value::Sides(names)) => read.rename = names,
                ("rename_all", Value::Sides(rules)) => read.for_struct.rename_all = Some(rules),
                ("deny_unknown_fields", _) => read.for_struct.deny_unknown_fields = true,
                ("default", value) => read.default = SerdeDefault::new(value).map(|default| (word, default)),
                ("crate" | "bound" | "expecting", _) => {}
                _ => {
                    let remedy = format!("remove `{word}`, or make the struct the payload of a variant");
                    errors
                        .at(&word, format!("serde's `{word}` is not supported on a struct that is an event; {remedy}"));
                }
            }
        }
        read
    }

    /// Returns whether the variant has this key, among those that only affect serde's impls.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.others.iter().any(|word| word == key)
    }

    /// Returns whether serde's impls for the enum neither write nor read the variant.
    pub(crate) fn is_skipped(&self) -> bool {
        self.has("skip") || self.has("skip_serializing") && self.has("skip_deserializing")
    }
}

impl StructKeys {
    /// Returns the keys, with those of the enum that are not among them.
    pub(crate) fn or(&self, of_enum: &Self) -> Self {
        Self {
            rename_all: self.rename_all.clone().or_else(|| of_enum.rename_all.clone()),
            deny_unknown_fields: self.deny_unknown_fields || of_enum.deny_unknown_fields,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rename_all.is_none() && !self.deny_unknown_fields
    }

    /// Generates the keys, for an attribute of generated code.
    pub(crate) fn tokens(&self) -> Vec<TokenStream> {
        let rename_all = self.rename_all.as_ref().map(|rules| rules.key(&quote!(rename_all)));
        rename_all.into_iter().chain(self.deny_unknown_fields.then(|| quote!(deny_unknown_fields))).collect()
    }

    /// Returns the case rule for the names of written fields, or `None` if serde does not know the rule. Without
    /// `rename_all`, it is `Rule::Snake`, which leaves field names unchanged.
    pub(crate) fn rule_for_written(&self) -> Option<Rule> {
        match self.rename_all.as_ref().and_then(|rules| rules.write.clone()) {
            Some(name) => serde_rule(Some(name)),
            None => Some(Rule::Snake),
        }
    }
}

impl SerdeDefault {
    /// Parses the value of `default`: none, or the path of a function in a string.
    fn new(value: Value) -> Option<Self> {
        match value {
            Value::Text(path) => function(path).map(Self::Function).ok(),
            _ => Some(Self::Trait),
        }
    }
}

impl SerdeField {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let name = Owner::Serde.name();
        let (keys, mistakes) = keys(attributes, Place::Field);
        let mut read = Self {
            attributes: attributes.iter().filter(|attribute| attribute.path().is_ident(name)).cloned().collect(),
            by_trait: Sides { write: true, read: true },
            mistakes,
            ..Self::default()
        };
        for KeyValue { entry, value, .. } in &keys {
            match (entry.name, value) {
                ("rename", Value::Sides(names)) => read.written_name.clone_from(&names.write),
                ("skip", _) => (read.skips_write, read.skips_read) = (true, true),
                ("skip_serializing", _) => read.skips_write = true,
                ("skip_deserializing", _) => read.skips_read = true,
                ("default", value) => {
                    read.default = SerdeDefault::new(value.clone());
                    read.defaults = matches!(read.default, Some(SerdeDefault::Trait));
                    read.concrete.read |= !read.defaults;
                }
                ("borrow", _) => read.concrete.read = true,
                ("with", _) => {
                    read.concrete = Sides { write: true, read: true };
                    read.by_trait = Sides::default();
                }
                ("serialize_with", _) => (read.concrete.write, read.by_trait.write) = (true, false),
                ("deserialize_with", _) => (read.concrete.read, read.by_trait.read) = (true, false),
                ("skip_serializing_if", _) => read.concrete.write = true,
                _ => {}
            }
        }
        read.defaults |= read.skips_read && !read.concrete.read;
        Self { keys, ..read }
    }

    /// Returns whether no attribute changes how the value is written.
    pub(crate) fn writes_plainly(&self) -> bool {
        self.keys.iter().all(|key| NO_EFFECT_ON_WRITING.contains(&key.entry.name))
    }

    /// Returns the attributes without `borrow`, which only affects decoding. Serde's derives check it against the
    /// field's type, which is a type parameter in the helper struct.
    pub(crate) fn for_writing(&self) -> Vec<Attribute> {
        self.without("borrow")
    }

    /// Returns the attributes without `default`, for a field that is the whole data: serde does not accept a
    /// transparent struct if its only field has a default.
    pub(crate) fn for_reading_alone(&self) -> Vec<Attribute> {
        self.without("default")
    }

    fn without(&self, key: &str) -> Vec<Attribute> {
        let others: Vec<_> = self.keys.iter().filter(|other| other.entry.name != key).collect();
        if others.len() == self.keys.len() {
            return self.attributes.clone();
        }
        vec![parse_quote!(#[serde(#(#others),*)])]
    }
}

/// Field keys that do not change how the value is written.
const NO_EFFECT_ON_WRITING: [&str; 6] =
    ["rename", "alias", "default", "borrow", "skip_deserializing", "deserialize_with"];
