//! Tests of the error messages.
//!
//! Each row of the tables is a misuse: its source, the underlined text, and the message.

mod codecs;
mod fields;
mod keys;
mod nested;
mod remedies;
mod serde;

use syn::DeriveInput;

use self::{codecs::CODECS, fields::FIELDS, keys::KEYS, nested::NESTED, remedies::REMEDIES, serde::SERDE};

use crate::{check, errors::Errors, model::Model, written::Written};

/// Returns the underlined text and the message of each error in a source, in the order in which they are reported.
fn errors_in(source: &str) -> Vec<(String, String)> {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let mut errors = Errors::default();
    let written = Written::read(&input, &mut errors);
    let model = Model::new(&written, syn::parse_quote!(::sse_core), &mut errors);
    check::check(&written, &model, &mut errors);
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
    KEYS.iter().chain(FIELDS).chain(NESTED).chain(SERDE).chain(CODECS).chain(REMEDIES)
}

#[test]
fn each_misuse_is_reported_at_the_token_to_edit_with_its_message() {
    let wrong: Vec<_> = all()
        .filter(|(source, underlined, message)| errors_in(source) != [((*underlined).into(), (*message).into())])
        .map(|(source, ..)| format!("{source}\n{:#?}", errors_in(source)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
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
            ("1", "the value of `event` must be a string; write `event = \"1\"`"),
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

#[test]
fn valid_fields_have_no_errors() {
    expect("enum E { A { #[sse(data)] a: u8, #[serde(skip)] b: u8, c: PhantomData<u8> } }", &[]);
    expect(r#"enum E<T> { #[sse(literal = "a")] A { #[sse(id)] id: u8, of: PhantomData<T> } }"#, &[]);
    expect("enum E { #[sse(other)] A { event: String, data: String, #[serde(skip)] at: u8 } }", &[]);
    expect(r#"#[serde(tag = "t", content = "c")] #[sse(tagged)] enum E { A(u8) }"#, &[]);
    expect(r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A(Payload), #[sse(json)] B(u8) }"#, &[]);
    expect("enum E<'de> { A { a: &'de str } }", &[]);
    expect(r#"enum E { #[sse(with = "encode")] A(u8), #[sse(with = "a::encoding")] B(u8) }"#, &[]);
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
