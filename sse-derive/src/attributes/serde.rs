//! The part of serde's attributes that concerns events. What is wrong with the rest of them is for serde to say.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Ident, LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    parse_quote,
};

use crate::{
    case::Rule,
    errors::Errors,
    keys::{Owner, Place, find},
};

/// What may differ between writing and reading.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sides<T> {
    pub(crate) write: T,
    pub(crate) read: T,
}

impl<T> Sides<T> {
    pub(crate) fn map<U>(self, mut change: impl FnMut(T) -> U) -> Sides<U> {
        Sides { write: change(self.write), read: change(self.read) }
    }
}

/// What stands on the enum.
#[derive(Default)]
pub(crate) struct SerdeEnum {
    pub(crate) rename_all: Sides<Option<Rule>>,
    /// Keys of a struct's that serde lets an enum give to all its struct variants.
    pub(crate) for_structs: Vec<TokenStream>,
    /// What makes the enum's data another than the variants' own, by its key: `tag`, `untagged`, `into` and their like.
    pub(crate) representation: Option<Ident>,
    /// Whether what stands for a variant in the data is not by its tag.
    pub(crate) hides_tags: bool,
}

/// What stands on a variant.
#[derive(Default)]
pub(crate) struct SerdeVariant {
    pub(crate) rename: Sides<Option<LitStr>>,
    /// Keys of a struct's: they speak of the variant's fields.
    pub(crate) for_struct: Vec<TokenStream>,
    /// Whether what the data holds is lent.
    pub(crate) borrow: bool,
    /// More names for reading.
    pub(crate) aliases: Vec<LitStr>,
    /// Keys that say nothing of the event.
    pub(crate) others: Vec<Ident>,
}

/// What stands on a field.
#[derive(Default)]
pub(crate) struct SerdeField {
    /// As written, for serde's own derive.
    pub(crate) attributes: Vec<Attribute>,
    /// The key to write, if it is not computed.
    pub(crate) written_name: Option<LitStr>,
    /// Whether the field is left out when writing.
    pub(crate) skips_write: bool,
    /// Whether the field is not looked for when reading.
    pub(crate) skips_read: bool,
    /// Whether reading falls back to `Default`.
    pub(crate) defaults: bool,
    /// Whether serde asks for a function, a bound or a borrow that only the field's real type has, on either side.
    pub(crate) concrete: Sides<bool>,
    /// Whether serde uses `Serialize` and `Deserialize` of the field's type, on either side.
    pub(crate) by_trait: Sides<bool>,
}

impl SerdeEnum {
    pub(crate) fn read(attributes: &[Attribute]) -> Self {
        let mut read = Self::default();
        for SerdeKey { word, value, tokens } in items(attributes) {
            match word.to_string().as_str() {
                "rename_all" => {
                    let rule = |name: Option<LitStr>| Rule::named(&name?.value()).filter(|rule| rule.is_serdes());
                    read.rename_all = value.sides().map(rule);
                }
                "rename_all_fields" => {
                    let value = value.tokens;
                    read.for_structs.insert(0, quote!(rename_all #value));
                }
                "deny_unknown_fields" => read.for_structs.push(tokens),
                "tag" | "content" | "untagged" | "from" | "try_from" | "into" => {
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

    /// What stands on a struct that is an event. It names and cuts the fields; what would make something else of the
    /// struct is recorded.
    pub(crate) fn read_struct(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for SerdeKey { word, value, tokens } in items(attributes) {
            match word.to_string().as_str() {
                "rename" => read.rename = value.sides(),
                "rename_all" | "deny_unknown_fields" => read.for_struct.push(tokens),
                "crate" | "bound" | "expecting" => {}
                word if find(Owner::Serde, word, Place::Struct).is_err() => {}
                _ => {
                    let remedy = "remove it, or make the struct the payload of a variant";
                    errors.at(&word, format!("serde's `{word}` has no part in an event that is a struct; {remedy}"));
                }
            }
        }
        read
    }

    /// Its own keys, and those of the enum's that it does not have.
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
                "default" if value.tokens.is_empty() => read.defaults = true,
                "default" | "borrow" => read.concrete.read = true,
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

    /// As with `#[serde(borrow)]`.
    pub(crate) fn lend(&mut self) {
        self.attributes.push(parse_quote!(#[serde(borrow)]));
        self.concrete.read = true;
    }

    /// Whether no attribute has a say in how the value is written.
    pub(crate) fn writes_plainly(&self) -> bool {
        items(&self.attributes).all(|item| NOT_OF_WRITTEN_VALUES.iter().any(|key| item.word == key))
    }

    /// The attributes without `borrow`, which speaks of reading, and which serde checks against the field's type.
    pub(crate) fn for_writing(&self) -> Vec<Attribute> {
        if !items(&self.attributes).any(|item| item.word == "borrow") {
            return self.attributes.clone();
        }
        let others = items(&self.attributes).filter(|item| item.word != "borrow").map(|item| item.tokens);
        vec![parse_quote!(#[serde(#(#others),*)])]
    }
}

/// Keys of fields that do not change how the value is written.
const NOT_OF_WRITTEN_VALUES: [&str; 6] =
    ["rename", "alias", "default", "borrow", "skip_deserializing", "deserialize_with"];

/// The rule by which these keys of a struct's name the fields that are written, unless it is none of serde's.
pub(crate) fn rule_for_written(keys: &[TokenStream]) -> Option<Rule> {
    let mut rule = Rule::Snake;
    for SerdeKey { word, value, .. } in keys.iter().flat_map(|key| items_of(key.clone())) {
        if word == "rename_all"
            && let Some(name) = value.sides().write
        {
            rule = Rule::named(&name.value()).filter(|rule| rule.is_serdes())?;
        }
    }
    Some(rule)
}

/// One key of a `#[serde(..)]`.
struct SerdeKey {
    word: Ident,
    value: Tokens,
    /// All of it.
    tokens: TokenStream,
}

/// What follows a key: nothing, `= literal`, or a list in parentheses.
struct Tokens {
    tokens: TokenStream,
}

impl Tokens {
    /// `= ".."` for both sides, or `(serialize = "..", deserialize = "..")`.
    fn sides(&self) -> Sides<Option<LitStr>> {
        let parser = |input: ParseStream<'_>| {
            if input.parse::<Option<Token![=]>>()?.is_some() {
                let both: LitStr = input.parse()?;
                return Ok(Sides { write: Some(both.clone()), read: Some(both) });
            }
            let mut sides = Sides::default();
            for SerdeKey { word, value, .. } in items_of(input.parse::<proc_macro2::Group>()?.stream()) {
                let Sides { write: text, .. } = value.sides();
                match word.to_string().as_str() {
                    "serialize" => sides.write = text,
                    "deserialize" => sides.read = text,
                    _ => {}
                }
            }
            Ok(sides)
        };
        parser.parse2(self.tokens.clone()).unwrap_or_default()
    }
}

fn is_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}

fn items(attributes: &[Attribute]) -> impl Iterator<Item = SerdeKey> {
    attributes
        .iter()
        .filter(|attribute| is_serde(attribute))
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| items_of(list.tokens.clone()))
}

/// The items up to the first that is none: serde's derive will speak of it.
fn items_of(tokens: TokenStream) -> Vec<SerdeKey> {
    let mut items = Vec::new();
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let word = input.call(Ident::parse_any)?;
            let mut value = TokenStream::new();
            while !input.is_empty() && !input.peek(Token![,]) {
                value.extend([input.parse::<TokenTree>()?]);
            }
            input.parse::<Option<Token![,]>>()?;
            let tokens = quote!(#word #value);
            items.push(SerdeKey { word, value: Tokens { tokens: value }, tokens });
        }
        Ok(())
    };
    let _: syn::Result<()> = parser.parse2(tokens);
    items
}
