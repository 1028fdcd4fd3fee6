//! Tests of the error messages.
//!
//! Each row of the tables is a misuse: its source, the underlined text, and the message.

mod codecs;
mod fields;
mod keys;
mod nested;
mod serde;

use syn::DeriveInput;

use self::{codecs::CODECS, fields::FIELDS, keys::KEYS, nested::NESTED, serde::SERDE};

use crate::{attributes::TypeAttributes, check, errors::Errors, model::Model};

/// Returns the underlined text and the message of each error in a source, in the order in which they are reported.
fn errors_in(source: &str) -> Vec<(String, String)> {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let mut errors = Errors::default();
    let attributes = TypeAttributes::read(&input, &mut errors);
    check::check(&Model::read(&input, attributes, &mut errors), &mut errors);
    let Err(errors) = errors.finish() else { return Vec::new() };
    errors
        .into_iter()
        .map(|error| {
            (error.span().source_text().unwrap_or_else(|| panic!("no source text for: {error}")), error.to_string())
        })
        .collect()
}

#[track_caller]
fn expect(source: &str, expected: &[(&str, &str)]) {
    let found = errors_in(source);
    let found: Vec<_> = found.iter().map(|(text, message)| (text.as_str(), message.as_str())).collect();
    assert_eq!(found, expected, "{source}");
}

/// Returns the rows of all tables.
pub(crate) fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    KEYS.iter().chain(FIELDS).chain(NESTED).chain(SERDE).chain(CODECS)
}

#[test]
fn each_misuse_is_reported_at_the_token_to_edit_with_its_message() {
    for (source, underlined, message) in all() {
        expect(source, &[(underlined, message)]);
    }
}

#[test]
fn all_errors_of_an_enum_are_reported_together() {
    expect(
        r#"#[sse(rename_al = "dot.case")]
        enum E {
            #[sse(event = "a" terminl)]
            A,
            #[sse(event = 1, alias = "a")]
            B { #[sse(id = "x", ident)] id: u64 },
            #[sse(other, unnamed)]
            C,
        }"#,
        &[
            ("rename_al", "unknown key `rename_al`; did you mean `rename_all`?"),
            ("terminl", "missing comma; write `,` before `terminl`"),
            ("terminl", "unknown key `terminl`; did you mean `terminal`?"),
            ("1", "the value of `event` must be a string; write `event = \"..\"`"),
            ("= \"x\"", "`id` takes no value; write `id`"),
            ("ident", "unknown key `ident`; a field takes `id`, `retry`, `data` and `event`"),
            ("unnamed", "a catch-all takes events with any name; remove `unnamed`"),
            ("\"a\"", "the event name `a` is already used by variant `A`; write another `alias = \"..\"`"),
        ],
    );
}

#[test]
fn valid_enums_have_no_errors() {
    expect(
        r#"#[sse(rename_all = "dot.case", crate = ::somewhere::sse_core,)]
        #[serde(rename_all = "kebab-case")]
        enum E<'a, T> {
            #[sse(event = "a", alias = "b", alias = "d", terminal)]
            A,
            #[sse(unnamed)]
            #[serde(rename = "lost", alias = "old", skip)]
            B { #[sse(id)] id: Option<u64>, data: T },
            #[doc = "attributes of other macros are ignored"]
            C(&'a str, u8),
            #[serde(skip_serializing, skip_deserializing)]
            #[sse(text)]
            Plain(String),
            #[serde(skip)]
            #[sse(skip)]
            Skipped,
            #[sse(other)]
            #[serde(other)]
            Other { event: String, data: String },
        }"#,
        &[],
    );
    expect(
        r#"#[serde(tag = "type")]
        #[sse(tagged)]
        enum E {
            #[serde(untagged)]
            #[sse(event = "b")]
            A { #[serde(wrong = "reported by serde's own derive")] a: u8 },
            #[serde(skip)]
            #[sse(literal = "c")]
            C,
        }"#,
        &[],
    );
    expect(r#"#[sse(prefix = "a.")] enum E { #[serde(rename(serialize = "b"))] A }"#, &[]);
    expect(r#"#[sse(prefix = "a.")] enum E { #[serde(rename(deserialize = "b"))] A }"#, &[]);
    expect(
        r#"#[serde(tag = "type")]
        #[sse(tagged, text)]
        enum E<'a> {
            A { a: u8 },
            #[serde(skip)]
            B(String),
            #[serde(skip)]
            #[sse(json, borrow, terminal = "<T as Trait>::f")]
            C(Cow<'a, str>),
            #[serde(skip)]
            #[sse(json)]
            D { #[sse(id)] id: u8, b: u8 },
            #[serde(skip)]
            #[sse(unnamed, text, terminal)]
            F(u8),
        }"#,
        &[],
    );
    expect(r#"#[serde(default = "f", rename_all = "camelCase")] struct S { a: u8 }"#, &[]);
    expect(r#"#[serde(tag = "t")] #[sse(tagged, unnamed)] enum E { A, #[serde(other)] B }"#, &[]);
    expect(r#"#[serde(into = "String", from = "String")] #[sse(tagged, rename_all = "lowercase")] enum E { A }"#, &[]);
}

/// The fallback does not mention the variants or their types, so it cannot fail to compile.
#[test]
fn the_fallback_implements_all_traits() {
    let input: DeriveInput = syn::parse_str("enum E<'a, T: Copy = u8> where T: 'a { A(&'a Missing<T>) }").unwrap();
    let errors = syn::Error::new_spanned(&input.ident, "an error");
    let path = syn::parse_quote!(::sse_core);
    let file = syn::parse2(crate::fallback::fallback(&input, &path, &errors)).unwrap();
    let text = prettyplease::unparse(&file);
    for part in [
        "::core::compile_error!",
        "use ::sse_core as __sse;",
        "impl<'a, T: Copy> __sse::TypedEvent for E<'a, T>",
        "impl<'a, T: Copy> __sse::SseEvent for E<'a, T>",
        "impl<'__de, 'a, T: Copy> __sse::SseDecode<'__de> for E<'a, T>",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    assert!(!text.contains("Missing"), "{text}");
}
