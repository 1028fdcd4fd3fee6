//! The tokens that were written where a value of another form was expected, read for the remedy.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Lit, Path, parse::Parser};

/// The tokens that were found instead of a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A string, or several joined by `+`.
    Text(String),
    /// Several strings, separated by commas.
    Texts(Vec<String>),
    /// A word or a path.
    Word(String),
    /// `true`
    True,
    /// `false`
    False,
    /// Another literal, or tokens in brackets.
    Literal(String),
    /// A constant or the call of a macro, by its name. The derive does not see the value.
    Constant(String),
    /// Any other tokens.
    Other,
}

/// Returns the value in tokens that follow a key, such as `= value` and `(value)`.
pub(super) fn after_key(tokens: &TokenStream) -> TokenStream {
    let mut tokens: Vec<_> = tokens.clone().into_iter().collect();
    if matches!(tokens.first(), Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), '=' | ':')) {
        tokens.remove(0);
    }
    match tokens.as_slice() {
        [TokenTree::Group(group)] => group.stream(),
        _ => tokens.into_iter().collect(),
    }
}

impl Found {
    /// Reads tokens that are a value, but not one of the expected form.
    pub(super) fn of(tokens: &TokenStream) -> Self {
        if let Some(text) = joined(tokens, '+') {
            return Self::Text(text);
        }
        if let Some(texts) = strings(tokens, ',') {
            return Self::Texts(texts);
        }
        match syn::parse2(tokens.clone()) {
            Ok(Lit::Bool(bool)) => return if bool.value { Self::True } else { Self::False },
            Ok(Lit::Char(char)) => return Self::Literal(char.value().into()),
            Ok(_) => return Self::Literal(tokens.to_string()),
            Err(_) => {}
        }
        match tokens.clone().into_iter().collect::<Vec<_>>().as_slice() {
            [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => match Self::of(&list.stream()) {
                strings @ (Self::Text(_) | Self::Texts(_)) => strings,
                _ => Self::Literal(tokens.to_string()),
            },
            [path @ .., TokenTree::Punct(mark), TokenTree::Group(arguments)] if mark.as_char() == '!' => {
                Self::call(path, arguments)
            }
            path => match path_in(path) {
                Some(path) if is_constant(&path) => Self::Constant(path),
                Some(path) => Self::Word(path),
                None => Self::Other,
            },
        }
    }

    /// Reads the call of a macro. The strings in a `concat!` are joined.
    fn call(path: &[TokenTree], arguments: &Group) -> Self {
        match path_in(path) {
            Some(path) if path == "concat" => {
                joined(&arguments.stream(), ',').map_or_else(|| Self::Constant("concat!".into()), Self::Text)
            }
            Some(path) => Self::Constant(format!("{path}!")),
            None => Self::Other,
        }
    }
}

/// Returns the literals that `separator` separates, if there are no other tokens.
fn literals(tokens: &TokenStream, separator: char) -> Option<Vec<Lit>> {
    let mut literals = Vec::new();
    let mut is_next = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Literal(literal) if is_next => literals.push(Lit::new(literal)),
            TokenTree::Punct(punct) if !is_next && punct.as_char() == separator => {}
            _ => return None,
        }
        is_next = !is_next;
    }
    (!literals.is_empty()).then_some(literals)
}

/// Returns the strings that `separator` separates, if there are no other tokens.
fn strings(tokens: &TokenStream, separator: char) -> Option<Vec<String>> {
    let text = |literal: Lit| if let Lit::Str(literal) = literal { Some(literal.value()) } else { None };
    literals(tokens, separator)?.into_iter().map(text).collect()
}

/// Joins the strings that `separator` separates, if there are no other tokens.
fn joined(tokens: &TokenStream, separator: char) -> Option<String> {
    strings(tokens, separator).map(|texts| texts.concat())
}

/// Reads a path without generic arguments.
fn path_in(tokens: &[TokenTree]) -> Option<String> {
    let tokens = tokens.iter().cloned().collect();
    Path::parse_mod_style.parse2(tokens).ok().map(|path| text_of(&path))
}

/// Returns a path without generic arguments as text.
pub(super) fn text_of(path: &Path) -> String {
    let start = if path.leading_colon.is_some() { "::" } else { "" };
    let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    format!("{start}{}", segments.join("::"))
}

/// Returns whether the last segment of a path is in the case of constants.
fn is_constant(path: &str) -> bool {
    let last = path.rsplit("::").next().unwrap_or_default();
    last.len() > 1 && !last.contains(char::is_lowercase) && last.contains(char::is_uppercase)
}

/// Returns the milliseconds that a value of another form means, such as `"5s"`, `5 * 1000` or
/// `Duration::from_secs(5)`.
pub(super) fn millis_in(tokens: &TokenStream) -> Option<u64> {
    match literals(tokens, '*').as_deref() {
        Some([Lit::Str(text)]) => with_unit(&text.value()),
        Some(factors) => factors.iter().try_fold(1, |product: u64, factor| match factor {
            Lit::Int(factor) => product.checked_mul(with_unit(&factor.to_string())?),
            _ => None,
        }),
        None => duration(tokens),
    }
}

/// Parses digits with an optional unit. A suffix of an integer, as in `5u64`, is not a unit.
fn with_unit(text: &str) -> Option<u64> {
    let text = text.replace(['_', ' '], "");
    let (digits, unit) = text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit {
        "" | "ms" | "millis" => 1,
        _ if INTEGERS.contains(&unit) => 1,
        "s" | "sec" | "secs" => 1000,
        "m" | "min" | "mins" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// The suffixes of integers in Rust.
pub(super) const INTEGERS: [&str; 12] =
    ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];

/// Parses the call of a constructor of `Duration`.
fn duration(tokens: &TokenStream) -> Option<u64> {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    let [path @ .., TokenTree::Group(arguments)] = tokens.as_slice() else { return None };
    let arguments = literals(&arguments.stream(), ',')?;
    let [Lit::Int(number)] = arguments.as_slice() else { return None };
    let factor = match path_in(path)?.rsplit("::").next()? {
        "from_millis" => 1,
        "from_secs" => 1000,
        "from_mins" => 60 * 1000,
        _ => return None,
    };
    number.base10_parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::{Found, after_key, millis_in};

    #[test]
    fn tokens_are_read_for_the_remedy() {
        let word = |text: &str| Found::Word(text.into());
        let text = |text: &str| Found::Text(text.into());
        for (source, found) in [
            ("= \"a\"", text("a")),
            ("(\"a\")", text("a")),
            (": \"a\" + \"b\"", text("ab")),
            ("= tick", word("tick")),
            ("= hex::codec", word("hex::codec")),
            ("= A", word("A")),
            ("= NAME", Found::Constant("NAME".into())),
            ("= names::TICK_2", Found::Constant("names::TICK_2".into())),
            ("= concat!(\"a\", \"b\")", text("ab")),
            ("= name!()", Found::Constant("name!".into())),
            ("= [\"a\", \"b\"]", Found::Texts(vec!["a".into(), "b".into()])),
            ("(\"a\", \"b\",)", Found::Texts(vec!["a".into(), "b".into()])),
            ("= [\"a\"]", text("a")),
            ("= 5", Found::Literal("5".into())),
            ("= 'a'", Found::Literal("a".into())),
            ("= true", Found::True),
            ("= a + b", Found::Other),
            ("", Found::Other),
        ] {
            assert_eq!(Found::of(&after_key(&source.parse().unwrap())), found, "{source}");
        }
        assert_eq!(Found::of(&"[DONE]".parse().unwrap()), Found::Literal("[DONE]".into()));
    }

    #[test]
    fn a_time_is_converted_to_milliseconds() {
        for (source, millis) in [
            ("5 * 1000", Some(5000)),
            ("2 * 60 * 1_000", Some(120_000)),
            ("30s", Some(30_000)),
            ("250ms", Some(250)),
            ("\"5 s\"", Some(5000)),
            ("\"1500\"", Some(1500)),
            ("7u64", Some(7)),
            ("Duration::from_secs(3)", Some(3000)),
            ("std::time::Duration::from_millis(3)", Some(3)),
            ("1.5", None),
            ("-1", None),
            ("\"soon\"", None),
            ("18446744073709551615 * 2", None),
        ] {
            assert_eq!(millis_in(&source.parse().unwrap()), millis, "{source}");
        }
    }
}
