//! The part of serde's attributes that affects events. Errors in the other keys are left to serde's derives.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Ident, LitStr, parse_quote};

use super::{
    serde_keys::{SerdeDefault, SerdeKey, is_serde, items, items_of},
    value::Sides,
};
use crate::{
    case::Rule,
    errors::Errors,
    keys::{Owner, Place, find},
};

/// The serde attributes of the enum.
#[derive(Default)]
pub(crate) struct SerdeEnum {
    pub(crate) rename_all: Sides<Option<Rule>>,
    /// Struct keys that serde accepts on an enum and applies to all of its struct variants.
    pub(crate) for_structs: Vec<TokenStream>,
    /// The first key that changes how serde represents the enum, such as `tag`, `untagged` or `into`.
    pub(crate) representation: Option<Ident>,
    /// Whether the data does not contain the variant's tag, as with `untagged` and `into`.
    pub(crate) hides_tags: bool,
    /// The place where reading finds the variant's tag in the data.
    pub(crate) tag: Tag,
}

/// The place in the data of the tag by which serde reads a variant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tag {
    /// The variant's name is the only key, or the whole data if the variant is a unit.
    #[default]
    External,
    /// The tag is the value of this key.
    Key(String),
    /// There is no tag, or it is that of another type, as with `from`.
    Unknown,
}

/// The serde attributes of a variant, or of a struct that is an event.
#[derive(Default)]
pub(crate) struct SerdeVariant {
    pub(crate) rename: Sides<Option<LitStr>>,
    /// Struct keys, which apply to the variant's fields.
    pub(crate) for_struct: Vec<TokenStream>,
    /// Whether the payload borrows from the data when it is decoded.
    pub(crate) borrow: bool,
    /// `default` on a struct that is an event: the source of the fields that are missing from the data.
    pub(crate) default: Option<(Ident, SerdeDefault)>,
    /// Additional names that decoding accepts.
    pub(crate) aliases: Vec<LitStr>,
    /// All other keys. They only affect serde's impls for the enum.
    pub(crate) others: Vec<Ident>,
}

/// The serde attributes of a field.
#[derive(Default)]
pub(crate) struct SerdeField {
    /// The `#[serde(..)]` attributes as written, passed on to serde's derive.
    pub(crate) attributes: Vec<Attribute>,
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
}

impl SerdeEnum {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self::default();
        for SerdeKey { word, value, tokens } in items(attributes) {
            match word.to_string().as_str() {
                "rename_all" => {
                    let rule = |name: Option<LitStr>| Rule::named(&name?.value()).filter(|rule| rule.is_in_serde());
                    read.rename_all = value.sides().map(rule);
                }
                "rename_all_fields" => {
                    let value = value.tokens;
                    read.for_structs.insert(0, quote!(rename_all #value));
                }
                "deny_unknown_fields" => read.for_structs.push(tokens),
                "tag" | "content" | "untagged" | "from" | "try_from" | "into" => {
                    read.tag = match (word.to_string().as_str(), read.tag) {
                        ("untagged" | "from" | "try_from", _) | (_, Tag::Unknown) => Tag::Unknown,
                        ("tag", tag) => value.sides().write.map_or(tag, |key| Tag::Key(key.value())),
                        (_, tag) => tag,
                    };
                    read.hides_tags |= word == "untagged" || word == "into";
                    read.representation = read.representation.take().or(Some(word));
                }
                _ => {}
            }
        }
        read
    }
}

impl SerdeVariant {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self::default();
        for SerdeKey { word, value, tokens } in items(attributes) {
            match word.to_string().as_str() {
                "rename" => read.rename = value.sides(),
                "rename_all" => read.for_struct.push(tokens),
                "borrow" => read.borrow = true,
                "alias" => read.aliases.extend(value.sides().read),
                _ => read.others.push(word),
            }
        }
        read
    }

    /// Reads the attributes of a struct that is an event. Records an error for each key that would replace the struct's
    /// representation, such as `tag` or `into`; keys that only affect the fields are supported.
    pub(crate) fn read_struct(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for SerdeKey { word, value, tokens } in items(attributes) {
            match word.to_string().as_str() {
                "rename" => read.rename = value.sides(),
                "rename_all" | "deny_unknown_fields" => read.for_struct.push(tokens),
                "default" => read.default = value.default().map(|default| (word, default)),
                "crate" | "bound" | "expecting" => {}
                word if find(Owner::Serde, word, Place::Struct).is_err() => {}
                _ => {
                    let remedy = format!("remove `{word}`, or make the struct the payload of a variant");
                    errors
                        .at(&word, format!("serde's `{word}` is not supported on a struct that is an event; {remedy}"));
                }
            }
        }
        read
    }

    /// Adds the struct keys of the enum, except those that the variant has itself.
    pub(crate) fn with_defaults(mut self, of_enum: &SerdeEnum) -> Self {
        let first_word = |tokens: &TokenStream| tokens.clone().into_iter().next().map(|word| word.to_string());
        for tokens in &of_enum.for_structs {
            if !self.for_struct.iter().any(|own| first_word(own) == first_word(tokens)) {
                self.for_struct.push(tokens.clone());
            }
        }
        self
    }
}

impl SerdeField {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self {
            attributes: attributes.iter().filter(|attribute| is_serde(attribute)).cloned().collect(),
            by_trait: Sides { write: true, read: true },
            ..Self::default()
        };
        for SerdeKey { word, value, .. } in items(attributes) {
            match word.to_string().as_str() {
                "rename" => read.written_name = value.sides().write,
                "skip" => (read.skips_write, read.skips_read) = (true, true),
                "skip_serializing" => read.skips_write = true,
                "skip_deserializing" => read.skips_read = true,
                "default" => {
                    read.default = value.default();
                    read.defaults = matches!(read.default, Some(SerdeDefault::Trait));
                    read.concrete.read |= !read.defaults;
                }
                "borrow" => read.concrete.read = true,
                "with" => {
                    read.concrete = Sides { write: true, read: true };
                    read.by_trait = Sides::default();
                }
                "serialize_with" => (read.concrete.write, read.by_trait.write) = (true, false),
                "deserialize_with" => (read.concrete.read, read.by_trait.read) = (true, false),
                "skip_serializing_if" => read.concrete.write = true,
                _ => {}
            }
        }
        read.defaults |= read.skips_read && !read.concrete.read;
        read
    }

    /// Adds `#[serde(borrow)]`.
    pub(crate) fn add_borrow(&mut self) {
        self.attributes.push(parse_quote!(#[serde(borrow)]));
        self.concrete.read = true;
    }

    /// Returns whether no attribute changes how the value is written.
    pub(crate) fn writes_plainly(&self) -> bool {
        items(&self.attributes).all(|item| NO_EFFECT_ON_WRITING.iter().any(|key| item.word == key))
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
        if !items(&self.attributes).any(|item| item.word == key) {
            return self.attributes.clone();
        }
        let others = items(&self.attributes).filter(|item| item.word != key).map(|item| item.tokens);
        vec![parse_quote!(#[serde(#(#others),*)])]
    }
}

/// Field keys that do not change how the value is written.
const NO_EFFECT_ON_WRITING: [&str; 6] =
    ["rename", "alias", "default", "borrow", "skip_deserializing", "deserialize_with"];

/// Returns the case rule that `keys` set for the names of written fields, or `None` if serde does not know the rule.
/// Without `rename_all`, it is `Rule::Snake`, which leaves field names unchanged.
pub(crate) fn rule_for_written(keys: &[TokenStream]) -> Option<Rule> {
    let mut rule = Rule::Snake;
    for SerdeKey { word, value, .. } in keys.iter().flat_map(|key| items_of(key.clone())) {
        if word == "rename_all"
            && let Some(name) = value.sides().write
        {
            rule = Rule::named(&name.value()).filter(|rule| rule.is_in_serde())?;
        }
    }
    Some(rule)
}
