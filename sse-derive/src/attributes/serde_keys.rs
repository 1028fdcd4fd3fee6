//! The keys of `#[serde(..)]` with the values that affect events.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, ExprPath, Ident, LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use super::value::{Sides, function};

/// The source of the value of a missing field.
pub(crate) enum SerdeDefault {
    /// The type's `Default`.
    Trait,
    /// The result of this function.
    Function(ExprPath),
}

/// One key of a `#[serde(..)]` attribute.
pub(super) struct SerdeKey {
    pub(super) word: Ident,
    pub(super) value: Tokens,
    /// The key and its value.
    pub(super) tokens: TokenStream,
}

/// The tokens after a key: none, `= literal`, or a list in parentheses.
pub(super) struct Tokens {
    pub(super) tokens: TokenStream,
}

impl Tokens {
    /// Parses the value of `default`: none, or the path of a function in a string.
    pub(super) fn default(&self) -> Option<SerdeDefault> {
        let parser = |input: ParseStream<'_>| {
            if input.is_empty() {
                return Ok(SerdeDefault::Trait);
            }
            input.parse::<Token![=]>()?;
            input.parse().and_then(function).map(SerdeDefault::Function)
        };
        parser.parse2(self.tokens.clone()).ok()
    }

    /// Parses `= ".."`, which is used for both sides, or `(serialize = "..", deserialize = "..")`.
    pub(super) fn sides(&self) -> Sides<Option<LitStr>> {
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

pub(super) fn is_serde(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
}

/// Returns the keys in all `#[serde(..)]` attributes.
pub(super) fn items(attributes: &[Attribute]) -> impl Iterator<Item = SerdeKey> {
    attributes
        .iter()
        .filter(|attribute| is_serde(attribute))
        .filter_map(|attribute| attribute.meta.require_list().ok())
        .flat_map(|list| items_of(list.tokens.clone()))
}

/// Returns the items up to the first syntax error, which serde's derive reports.
pub(super) fn items_of(tokens: TokenStream) -> Vec<SerdeKey> {
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
