//! From `#[sse(..)]` to keys with values. A mistake costs its own item, and the rest is read.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Ident, Lit, LitStr, MacroDelimiter, Meta, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    token,
};

use crate::{
    errors::Errors,
    keys::{self, Entry, Form, Place},
};

/// A key as it was written.
pub(crate) struct Item {
    pub(crate) entry: &'static Entry,
    pub(crate) word: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Word,
    Text(LitStr),
    Path(Path),
}

/// All the items of one place.
pub(crate) fn read(attributes: &[Attribute], place: Place, errors: &mut Errors) -> Vec<Item> {
    let mut items = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sse")) {
        match &attribute.meta {
            Meta::List(list) if list.tokens.is_empty() => {
                errors.at(list, "`#[sse()]` says nothing; remove it");
            }
            Meta::List(list) if matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
                let parser = |input: ParseStream<'_>| read_items(input, place, &mut items, errors);
                let read = parser.parse2(list.tokens.clone());
                errors.ok(read);
            }
            Meta::List(list) => errors.at(list, "wrong brackets; write `#[sse(..)]`"),
            Meta::Path(path) => errors.at(path, "`#[sse]` says nothing; write `#[sse(..)]` or remove it"),
            Meta::NameValue(meta) => errors.at(meta, "`sse` takes no value of its own; write `#[sse(..)]`"),
        }
    }
    items
}

fn read_items(input: ParseStream<'_>, place: Place, items: &mut Vec<Item>, errors: &mut Errors) -> syn::Result<()> {
    while !input.is_empty() {
        match read_item(input, place) {
            Ok(item) => keep(item, items, errors),
            Err(error) => {
                errors.record(error);
                skip_item(input)?;
            }
        }
        if input.is_empty() || input.parse::<Option<Token![,]>>()?.is_some() {
            continue;
        }
        if input.peek(Ident::peek_any) {
            let next: Ident = input.fork().call(Ident::parse_any)?;
            errors.at(&next, format!("missing comma; write `, {next}`"));
        } else {
            errors.at(rest_of_item(input)?, "the value ends before this; remove it");
            input.parse::<Option<Token![,]>>()?;
        }
    }
    Ok(())
}

fn keep(item: Item, items: &mut Vec<Item>, errors: &mut Errors) {
    let name = item.entry.name;
    if !item.entry.repeats && items.iter().any(|earlier| earlier.entry.name == name) {
        errors.at(&item.word, format!("`{name}` is given twice; remove one"));
    } else {
        items.push(item);
    }
}

fn read_item(input: ParseStream<'_>, place: Place) -> syn::Result<Item> {
    let Ok(word) = input.call(Ident::parse_any) else {
        let found: TokenTree = input.parse()?;
        let message = format!("`{found}` is not a key; write a key, such as `{}`", keys::example(place));
        return Err(syn::Error::new_spanned(&found, message));
    };
    let entry = keys::find(&word.to_string(), place).map_err(|message| syn::Error::new(word.span(), message))?;
    let value = read_value(input, entry, &word)?;
    Ok(Item { entry, word, value })
}

fn read_value(input: ParseStream<'_>, entry: &Entry, word: &Ident) -> syn::Result<Value> {
    let remedy = format!("write `{}`", entry.usage());
    if entry.form == Form::Word {
        return if input.peek(Token![=]) || input.peek(token::Paren) {
            let value = rest_of_item(input)?;
            Err(syn::Error::new_spanned(value, format!("`{}` takes no value; {remedy}", entry.name)))
        } else {
            Ok(Value::Word)
        };
    }
    if input.peek(token::Paren) {
        let value = rest_of_item(input)?;
        return Err(syn::Error::new_spanned(value, format!("`{}` takes its value behind `=`; {remedy}", entry.name)));
    }
    if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() || input.peek(Token![,]) {
        return Err(syn::Error::new(word.span(), format!("`{}` needs a value; {remedy}", entry.name)));
    }
    let wrong = |value: TokenStream, what| {
        Err(syn::Error::new_spanned(value, format!("the value of `{}` is {what}; {remedy}", entry.name)))
    };
    match entry.form {
        Form::Text => match input.fork().parse() {
            Ok(Lit::Str(_)) => input.parse().map(Value::Text),
            _ => wrong(rest_of_item(input)?, "a string"),
        },
        Form::Path if input.fork().call(Path::parse_mod_style).is_ok() => {
            input.call(Path::parse_mod_style).map(Value::Path)
        }
        Form::Path | Form::Word => wrong(rest_of_item(input)?, "a path"),
    }
}

fn skip_item(input: ParseStream<'_>) -> syn::Result<()> {
    rest_of_item(input).map(drop)
}

/// Everything up to the next comma.
fn rest_of_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        rest.extend([input.parse::<TokenTree>()?]);
    }
    Ok(rest)
}
