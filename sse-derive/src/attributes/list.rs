//! Parsing of `#[sse(..)]` and `#[serde(..)]` into keys with values.
//!
//! An item that cannot be parsed is reported and skipped; the items after it are still read.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Ident, MacroDelimiter, Meta, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use super::{
    token::rest_of_item,
    value::{self, Value},
};
use crate::{
    errors::{Errors, wrong},
    keys::{self, Entry, Owner, Place},
};

/// A key with its value, as written.
pub(crate) struct KeyValue {
    pub(crate) entry: &'static Entry,
    /// The key as written, with its span.
    pub(crate) word: Ident,
    pub(crate) value: Value,
}

/// Generates the key with its value, for an attribute of generated code.
impl ToTokens for KeyValue {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { word, value, .. } = self;
        tokens.extend(match value {
            Value::Text(text) => quote!(#word = #text),
            Value::Sides(sides) => sides.key(word),
            _ => quote!(#word),
        });
    }
}

/// Reads all attributes of `owner` in `attributes`, which are written on a `place`.
pub(crate) fn read(owner: Owner, attributes: &[Attribute], place: Place, errors: &mut Errors) -> Vec<KeyValue> {
    let mut items = Vec::new();
    let name = owner.name();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        match &attribute.meta {
            Meta::List(list) if list.tokens.is_empty() => {
                errors.at(list, format!("`#[{name}()]` has no keys; remove it"));
            }
            Meta::List(list) if matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
                let parser = |input: ParseStream<'_>| read_items(input, owner, place, &mut items, errors);
                let read = parser.parse2(list.tokens.clone());
                errors.ok(read);
            }
            Meta::List(list) => errors.at(list, format!("expected parentheses after `{name}`; write `#[{name}(..)]`")),
            Meta::Path(path) => {
                errors.at(path, format!("`#[{name}]` has no keys; write `#[{name}(..)]` or remove it"));
            }
            Meta::NameValue(meta) => {
                errors.at(meta, format!("`{name}` takes no value; write `#[{name}(..)]`"));
            }
        }
    }
    items
}

fn read_items(
    input: ParseStream<'_>,
    owner: Owner,
    place: Place,
    items: &mut Vec<KeyValue>,
    errors: &mut Errors,
) -> syn::Result<()> {
    while !input.is_empty() {
        if let Some(comma) = input.parse::<Option<Token![,]>>()? {
            errors.at(comma, "expected a key, found `,`; remove the `,`");
            continue;
        }
        match read_item(input, owner, place) {
            Ok(item) => keep(item, items, errors),
            Err(error) => {
                errors.record(error);
                skip_item(input)?;
            }
        }
        if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
            continue;
        }
        if let Some(semicolon) = input.parse::<Option<Token![;]>>()? {
            errors.at(semicolon, "expected `,` between keys, found `;`; write `,`");
        } else if input.peek(Ident::peek_any) {
            let next: Ident = input.fork().call(Ident::parse_any)?;
            errors.at(&next, format!("missing comma; write `,` before `{next}`"));
        } else {
            let rest = rest_of_item(input)?;
            errors.at(&rest, format!("unexpected `{rest}`; remove it"));
            input.parse::<Option<Token![,]>>()?;
        }
    }
    Ok(())
}

fn keep(item: KeyValue, items: &mut Vec<KeyValue>, errors: &mut Errors) {
    let name = item.entry.name;
    if !item.entry.repeats && items.iter().any(|earlier| earlier.entry.name == name) {
        errors.at(&item.word, format!("duplicate key `{name}`; remove one"));
    } else {
        items.push(item);
    }
}

fn read_item(input: ParseStream<'_>, owner: Owner, place: Place) -> syn::Result<KeyValue> {
    let Ok(word) = input.call(Ident::parse_any) else {
        let found: TokenTree = input.parse()?;
        let remedy = match found.to_string() {
            text if text.starts_with('"') && keys::find(owner, "event", place).is_ok_and(Entry::takes_text) => {
                format!("write `event = {text}`")
            }
            text if text.starts_with('"') && keys::find(owner, text.trim_matches('"'), place).is_ok() => {
                format!("write {} without quotes", text.replace('"', "`"))
            }
            _ => format!("write a key such as `{}`", keys::example(owner, place)),
        };
        return Err(wrong(&found, format!("expected a key, found `{found}`; {remedy}")));
    };
    let entry = keys::find(owner, &word.to_string(), place).map_err(|message| syn::Error::new(word.span(), message))?;
    let value = value::read(input, entry, &word)?;
    Ok(KeyValue { entry, word, value })
}

fn skip_item(input: ParseStream<'_>) -> syn::Result<()> {
    rest_of_item(input).map(drop)
}
