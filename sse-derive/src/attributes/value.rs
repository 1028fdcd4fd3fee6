//! Parsing of the value after a key.

use std::iter;

use proc_macro2::{Group, Span, TokenStream};
use syn::{
    ExprPath, Ident, Lit, LitInt, LitStr, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    token,
};

use super::list::{rest_of_item, wrong};
use crate::{
    keys::{self, Entry, Form},
    words::{listed, nearest},
};

/// The value of a key, by its [`Form`].
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

/// Reads the value after a key.
pub(super) fn read(input: ParseStream<'_>, entry: &Entry, word: &Ident) -> syn::Result<Value> {
    let remedy = entry.remedy();
    let name = entry.name;
    let in_parentheses = input.peek(token::Paren);
    let is_assigned = input.peek(Token![=]);
    let ends = input.is_empty() || input.peek(Token![,]) || input.peek(Token![;]) || input.peek(Ident::peek_any);
    let is_elsewhere = !in_parentheses && !is_assigned && !ends;
    match entry.form {
        Form::Word if in_parentheses || is_assigned => {
            Err(wrong(rest_of_item(input)?, format!("`{name}` takes no value; {remedy}")))
        }
        Form::Word => Ok(Value::Word),
        Form::Options(options) if in_parentheses => read_options(input, name, options),
        Form::Options(options) if is_assigned || is_elsewhere => {
            let found = rest_of_item(input)?;
            let message = misplaced_option(&found, name, options);
            Err(wrong(found, message))
        }
        Form::Options(_) => Ok(Value::Words(Vec::new())),
        Form::Texts if in_parentheses => read_texts(input, name, &remedy),
        Form::Texts if is_assigned || is_elsewhere => {
            Err(wrong(rest_of_item(input)?, format!("expected `(` after `{name}`; {remedy}")))
        }
        Form::Prefix if in_parentheses => {
            let empty = format!("`{name}()` has no prefix; write `{name}`, or `{name}(prefix = \"..\")`");
            let [prefix] = read_named(input, name, ["prefix"], &remedy, empty)?;
            Ok(Value::Prefix(prefix))
        }
        Form::Prefix if is_assigned || is_elsewhere => {
            Err(wrong(rest_of_item(input)?, format!("`{name}` takes its prefix in parentheses; {remedy}")))
        }
        Form::Prefix => Ok(Value::Prefix(None)),
        Form::MaybeText | Form::MaybeFunction if ends => Ok(Value::Word),
        Form::Sides(sides) if in_parentheses => {
            let empty = format!("empty parentheses after `{name}`; {remedy}");
            let [write, read] = read_named(input, name, sides, &remedy, empty)?;
            Ok(Value::Sides(Sides { write, read }))
        }
        _ if in_parentheses || is_elsewhere => {
            Err(wrong(rest_of_item(input)?, format!("expected `=` after `{name}`; {remedy}")))
        }
        form => {
            if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() || input.peek(Token![,]) {
                return Err(wrong(word, format!("`{name}` needs a value; {remedy}")));
            }
            read_assigned(input, form, name, &remedy)
        }
    }
}

/// Reads the value after `=`.
fn read_assigned(input: ParseStream<'_>, form: Form, name: &str, remedy: &str) -> syn::Result<Value> {
    let ahead = input.fork();
    let what = match form {
        Form::Text | Form::MaybeText => match ahead.parse() {
            Ok(Lit::Str(_)) => return input.parse().map(Value::Text),
            _ => "a string",
        },
        Form::Sides(_) => match ahead.parse() {
            Ok(Lit::Str(_)) => {
                let both: LitStr = input.parse()?;
                return Ok(Value::Sides(Sides { write: Some(both.clone()), read: Some(both) }));
            }
            _ => "a string",
        },
        Form::Millis => match ahead.parse().map(|literal| millis(&literal, name)) {
            Ok(Some(Ok(millis))) => return input.parse::<LitInt>().map(|_| Value::Millis(millis)),
            Ok(Some(Err(message))) => return Err(wrong(rest_of_item(input)?, message)),
            Ok(None) | Err(_) => "a whole number of milliseconds",
        },
        Form::Module => match ahead.parse().and_then(module) {
            Ok(path) => return input.parse::<LitStr>().map(|_| Value::Path(path)),
            Err(_) => "a path in quotes",
        },
        Form::MaybeFunction => match ahead.parse().and_then(function) {
            Ok(path) => return input.parse::<LitStr>().map(|_| Value::Function(path)),
            Err(_) => "a path in quotes",
        },
        Form::Path | Form::Word | Form::Texts | Form::Options(_) | Form::Prefix => {
            match ahead.call(Path::parse_mod_style) {
                Ok(_) => return input.call(Path::parse_mod_style).map(Value::Path),
                Err(_) => "a path",
            }
        }
    };
    Err(wrong(rest_of_item(input)?, format!("the value of `{name}` must be {what}; {remedy}")))
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

/// The suffixes of integers in Rust.
const INTEGERS: [&str; 12] = ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];

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
fn read_texts(input: ParseStream<'_>, name: &str, remedy: &str) -> syn::Result<Value> {
    let list: Group = input.parse()?;
    let texts = Punctuated::<LitStr, Token![,]>::parse_terminated.parse2(list.stream());
    match texts {
        Ok(texts) if !texts.is_empty() => Ok(Value::Texts(texts.into_iter().collect())),
        _ => Err(wrong(list, format!("the values of `{name}` must be strings; {remedy}"))),
    }
}

/// Reads option names in parentheses. Each must be one of `options`, and given once.
fn read_options(input: ParseStream<'_>, name: &str, options: &[&str]) -> syn::Result<Value> {
    let list: Group = input.parse()?;
    let remedy = format!("`{name}` takes {}", listed(options.iter().copied()));
    let words = Punctuated::<Ident, Token![,]>::parse_terminated.parse2(list.stream()).unwrap_or_default();
    if words.is_empty() {
        return Err(wrong(list, format!("expected option names; {remedy}")));
    }
    for (position, word) in words.iter().enumerate() {
        if !options.iter().any(|option| word == option) {
            let near = nearest(&word.to_string(), options.iter().copied());
            let remedy = near.map_or(remedy, |near| format!("did you mean `{near}`?"));
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
    name: &str,
    known: [&str; N],
    remedy: &str,
    empty: String,
) -> syn::Result<[Option<LitStr>; N]> {
    let list: Group = input.parse()?;
    let mut found = [const { None }; N];
    let parser = |input: ParseStream<'_>| {
        while !input.is_empty() {
            let (word, value) = read_named_one(input, remedy)?;
            let Some((_, place)) = iter::zip(known, &mut found).find(|(known, _)| word == known) else {
                return Err(wrong(&word, keys::unknown_inside(&word.to_string(), name, &known)));
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
