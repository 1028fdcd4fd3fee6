//! Parsing of the value after a key.

use std::iter;

use proc_macro2::{Group, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    ExprPath, Ident, Lit, LitInt, LitStr, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

use super::{
    found::{Found, INTEGERS, after_key, millis_in, text_of},
    token::rest_of_item,
};
use crate::{
    errors::wrong,
    keys::{self, Entry, Form},
    words::nearest,
};

/// The value of a key, by its [`Form`].
#[derive(Clone)]
pub(crate) enum Value {
    Word,
    Text(LitStr),
    Texts(Vec<LitStr>),
    Millis(u64),
    Path(Path),
    Function(ExprPath),
    Words(Vec<Ident>),
    Prefix(Option<LitStr>),
    Sides(Sides<Option<LitStr>>),
}

/// A pair of values, one for encoding and one for decoding.
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

impl Sides<Option<LitStr>> {
    /// Generates a serde key with these values.
    pub(super) fn key(&self, word: &impl ToTokens) -> TokenStream {
        let [write, read] = [("serialize", &self.write), ("deserialize", &self.read)].map(|(side, text)| {
            let side = Ident::new(side, Span::call_site());
            text.as_ref().map(|text| quote!(#side = #text,))
        });
        quote!(#word(#write #read))
    }
}

/// Reads the value after a key.
pub(super) fn read(input: ParseStream<'_>, entry: &Entry, word: &Ident) -> syn::Result<Value> {
    let name = entry.name;
    let in_parentheses = input.peek(token::Paren);
    let is_assigned = input.peek(Token![=]);
    let is_elsewhere = !in_parentheses && !is_assigned && !ends(input) && !input.peek(Ident::peek_any);
    match entry.form {
        Form::Word if in_parentheses || is_assigned => {
            let found = rest_of_item(input)?;
            let remedy = match Found::of(&after_key(&found)) {
                Found::False => format!("remove `{name}`"),
                Found::Literal(value) | Found::Text(value) => entry.remedy_for_value(Some(&value)),
                _ => entry.remedy_for_value(None),
            };
            Err(wrong(found, format!("`{name}` takes no value; {remedy}")))
        }
        Form::Word => Ok(Value::Word),
        Form::Options(options) if in_parentheses => read_options(input, entry, options),
        Form::Options(options) if is_assigned || is_elsewhere => {
            let found = rest_of_item(input)?;
            let message = misplaced_option(&found, name, options);
            Err(wrong(found, message))
        }
        Form::Options(_) => Ok(Value::Words(Vec::new())),
        Form::Texts if in_parentheses => read_texts(input, entry),
        Form::Texts if is_assigned || is_elsewhere => misplaced(input, entry, &format!("expected `(` after `{name}`")),
        Form::Prefix if in_parentheses => {
            let empty = format!("`{name}()` has no prefix; write `{name}`, or `{name}(prefix = \"..\")`");
            let [prefix] = read_named(input, entry, ["prefix"], empty)?;
            Ok(Value::Prefix(prefix))
        }
        Form::Prefix if is_assigned || is_elsewhere => {
            misplaced(input, entry, &format!("`{name}` takes its prefix in parentheses"))
        }
        Form::Prefix => Ok(Value::Prefix(None)),
        Form::MaybeText | Form::MaybeFunction if !is_assigned && !in_parentheses && !is_elsewhere => Ok(Value::Word),
        Form::Sides(sides) if in_parentheses => {
            let empty = format!("empty parentheses after `{name}`; {}", entry.remedy());
            let [write, read] = read_named(input, entry, sides, empty)?;
            Ok(Value::Sides(Sides { write, read }))
        }
        _ if in_parentheses || is_elsewhere => misplaced(input, entry, &format!("expected `=` after `{name}`")),
        form => {
            if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() || input.peek(Token![,]) {
                return Err(wrong(word, format!("`{name}` needs a value; {}", entry.remedy())));
            }
            read_assigned(input, form, entry)
        }
    }
}

/// Returns whether the item ends here.
fn ends(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,]) || input.peek(Token![;])
}

/// Returns the error for a value that is not written as the key's form requires.
fn misplaced(input: ParseStream<'_>, entry: &Entry, fact: &str) -> syn::Result<Value> {
    let found = rest_of_item(input)?;
    let remedy = remedy_for(entry, &after_key(&found));
    Err(wrong(found, format!("{fact}; {remedy}")))
}

/// Reads the value after `=`.
fn read_assigned(input: ParseStream<'_>, form: Form, entry: &Entry) -> syn::Result<Value> {
    let name = entry.name;
    // A value is read only up to the end of the item, or up to a word that may be the next key. In `5 * 1000`, `5` is not
    // the value.
    let ahead = input.fork();
    let literal = ahead.parse().ok().filter(|_: &Lit| ends(&ahead) || ahead.peek(Ident::peek_any));
    let (value, what) = match (form, literal) {
        (Form::Text | Form::MaybeText, Some(Lit::Str(text))) => (Some(Value::Text(text)), "a string"),
        (Form::Sides(_), Some(Lit::Str(both))) => {
            (Some(Value::Sides(Sides { write: Some(both.clone()), read: Some(both) })), "a string")
        }
        (Form::Text | Form::MaybeText | Form::Sides(_), _) => (None, "a string"),
        (Form::Millis, Some(Lit::Int(literal))) => match millis(&literal, name) {
            Some(millis) => (Some(Value::Millis(millis.map_err(|message| wrong(&literal, message))?)), ""),
            None => (None, "a whole number of milliseconds"),
        },
        (Form::Millis, _) => (None, "a whole number of milliseconds"),
        (Form::Module, Some(Lit::Str(text))) => {
            let module = module(text.clone()).ok();
            one_module(module.as_ref(), &text, name)?;
            (module.map(Value::Path), "a path in quotes")
        }
        (Form::MaybeFunction, Some(Lit::Str(text))) => (function(text).ok().map(Value::Function), "a path in quotes"),
        (Form::Module | Form::MaybeFunction, _) => (None, "a path in quotes"),
        (Form::Path | Form::Word | Form::Texts | Form::Options(_) | Form::Prefix, _) => {
            let ahead = input.fork();
            if ahead.call(Path::parse_mod_style).is_ok() {
                return input.call(Path::parse_mod_style).map(Value::Path);
            }
            (None, "a path")
        }
    };
    if let Some(value) = value {
        return input.parse::<Lit>().map(|_| value);
    }
    let tokens = rest_of_item(input)?;
    let why = match Found::of(&tokens) {
        Found::Constant(name) => format!(", because a derive does not see the value of `{name}`"),
        _ => String::new(),
    };
    let remedy = remedy_for(entry, &tokens);
    Err(wrong(tokens, format!("the value of `{name}` must be {what}{why}; {remedy}")))
}

/// Returns the remedy for a value of the wrong form: the key with that value, if it can have it.
fn remedy_for(entry: &Entry, tokens: &TokenStream) -> String {
    let usage = match (entry.form, Found::of(tokens)) {
        (Form::Millis, _) => millis_in(tokens).map(|millis| entry.usage_of(&millis.to_string())),
        (Form::MaybeText | Form::MaybeFunction, Found::True) => Some(entry.name.to_owned()),
        (Form::MaybeText | Form::MaybeFunction, Found::False) => return format!("remove `{}`", entry.name),
        (Form::Text | Form::Texts | Form::Prefix | Form::MaybeText, Found::Text(text) | Found::Word(text))
        | (Form::Text, Found::Literal(text))
        | (Form::Module | Form::MaybeFunction, Found::Word(text)) => Some(entry.usage_of(&text)),
        (Form::Texts, Found::Texts(texts)) => {
            let texts: Vec<_> = texts.iter().map(|text| format!("{text:?}")).collect();
            Some(format!("{}({})", entry.name, texts.join(", ")))
        }
        (Form::Text, Found::Texts(texts)) if entry.repeats => {
            let usages: Vec<_> = texts.iter().map(|text| entry.usage_of(text)).collect();
            Some(usages.join(", "))
        }
        (Form::Path, Found::Text(text)) => {
            syn::parse_str::<Path>(&text).ok().map(|path| entry.usage_of(&text_of(&path)))
        }
        _ => None,
    };
    usage.map_or_else(|| entry.remedy(), |usage| format!("write `{usage}`"))
}

/// Checks that a path is that of a module, and not of one of its functions.
fn one_module(path: Option<&Path>, literal: &LitStr, name: &str) -> syn::Result<()> {
    let path = path.map(text_of).unwrap_or_default();
    match path.rsplit_once("::") {
        Some((module, function @ ("encode" | "decode"))) if !module.is_empty() => {
            let fact = format!("`{name}` takes the path of a module, and `{function}` is one of its functions");
            Err(wrong(literal, format!("{fact}; write `{name} = \"{module}\"`")))
        }
        _ => Ok(()),
    }
}

/// Parses the path of a module from a string.
fn module(literal: LitStr) -> syn::Result<Path> {
    as_generated(literal).parse_with(Path::parse_mod_style)
}

/// Parses the path of a function from a string, such as `<T as Chunk>::is_last`.
pub(super) fn function(literal: LitStr) -> syn::Result<ExprPath> {
    as_generated(literal).parse()
}

/// Resolves the span of a string at the call site, so that lints and suggestions treat the tokens in it as generated
/// code.
fn as_generated(mut literal: LitStr) -> LitStr {
    literal.set_span(literal.span().resolved_at(Span::call_site()));
    literal
}

/// Parses a number of milliseconds, or returns the error to report. Returns `None` for a negative number, and for one
/// with a unit, as in `5s`, which would otherwise be ignored.
fn millis(literal: &LitInt, name: &str) -> Option<Result<u64, String>> {
    let (digits, suffix) = (literal.base10_digits(), literal.suffix());
    if digits.starts_with('-') {
        return None;
    }
    match (digits.parse(), suffix) {
        (Ok(millis), "") => Some(Ok(millis)),
        (Err(_), _) => Some(Err(format!("the value of `{name}` is too large; write at most {}", u64::MAX))),
        (Ok(_), _) if INTEGERS.contains(&suffix) => {
            Some(Err(format!("`{name}` takes an integer without a suffix; write `{name} = {digits}`")))
        }
        (Ok(_), _) => None,
    }
}

/// Returns the message for the tokens after the key `name`, which takes only `options` in parentheses.
fn misplaced_option(found: &TokenStream, name: &str, options: &[&str]) -> String {
    let text = found.to_string();
    let value = text.trim_start_matches(['=', ' ']).trim_matches('"');
    match options.iter().find(|option| **option == value) {
        Some(option) => format!("`{name}` takes options in parentheses; write `{name}({option})`"),
        None => format!("`{name}` takes no value; write `{name}`"),
    }
}

/// Reads a list of strings in parentheses.
fn read_texts(input: ParseStream<'_>, entry: &Entry) -> syn::Result<Value> {
    let list: Group = input.parse()?;
    let texts = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(list.stream());
    match texts {
        Ok(texts) if !texts.is_empty() => Ok(Value::Texts(texts.into_iter().collect())),
        _ => {
            let remedy = remedy_for(entry, &list.stream());
            Err(wrong(list, format!("the values of `{}` must be strings; {remedy}", entry.name)))
        }
    }
}

/// Reads option names in parentheses. Each must be one of `options`, and given once.
fn read_options(input: ParseStream<'_>, entry: &Entry, options: &[&str]) -> syn::Result<Value> {
    let list: Group = input.parse()?;
    let name = entry.name;
    let remedy = keys::takes_options(name, options);
    let words = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.stream()).unwrap_or_default();
    if words.is_empty() {
        return Err(wrong(list, format!("expected option names; {remedy}")));
    }
    for (position, word) in words.iter().enumerate() {
        let text = word.to_string();
        if !options.contains(&text.as_str()) {
            let remedy = keys::instead_of_option(name, &text).map_or_else(
                || nearest(&text, options).map_or(remedy, |near| format!("did you mean `{near}`?")),
                str::to_owned,
            );
            return Err(wrong(word, format!("unknown option `{word}` for `{name}`; {remedy}")));
        }
        if words.iter().take(position).any(|earlier| earlier == word) {
            return Err(wrong(word, format!("duplicate option `{word}`; remove one")));
        }
    }
    Ok(Value::Words(words.into_iter().collect()))
}

/// Reads named strings in parentheses, such as `(encode = "..", decode = "..")`. At least one must be given; `empty` is
/// the message otherwise.
fn read_named<const N: usize>(
    input: ParseStream<'_>,
    entry: &Entry,
    known: [&str; N],
    empty: String,
) -> syn::Result<[Option<LitStr>; N]> {
    let list: Group = input.parse()?;
    let remedy = match Found::of(&list.stream()) {
        Found::Word(word) if known.contains(&word.as_str()) => entry.remedy(),
        _ => remedy_for(entry, &list.stream()),
    };
    let mut found = [const { None }; N];
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let (word, value) = read_named_one(input, &remedy)?;
            let Some((_, place)) = iter::zip(known, &mut found).find(|(known, _)| word == known) else {
                return Err(wrong(&word, keys::unknown_inside(&word.to_string(), entry.name, &known)));
            };
            if place.replace(value).is_some() {
                return Err(wrong(&word, format!("duplicate key `{word}`; remove one")));
            }
        }
        Ok(())
    };
    parser.parse2(list.stream())?;
    if found.iter().all(Option::is_none) {
        return Err(wrong(list, empty));
    }
    Ok(found)
}

fn read_named_one(input: ParseStream<'_>, remedy: &str) -> syn::Result<(Ident, LitStr)> {
    let Ok(word) = input.call(Ident::parse_any) else {
        let found = rest_of_item(input)?;
        return Err(wrong(&found, format!("expected a key, found `{found}`; {remedy}")));
    };
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(wrong(&word, format!("`{word}` needs a value; {remedy}")));
    }
    let ahead = input.fork();
    let value = rest_of_item(input)?;
    let Ok(Lit::Str(text)) = ahead.parse() else {
        return Err(wrong(value, format!("the value of `{word}` must be a string; {remedy}")));
    };
    input.parse::<Option<Token![,]>>()?;
    Ok((word, text))
}
