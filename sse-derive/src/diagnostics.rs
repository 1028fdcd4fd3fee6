//! Every misuse there is a message for: the source, and each mistake as the text it underlines and what it says.

use syn::DeriveInput;

use crate::{attributes::TypeAttributes, check, errors::Errors, model::Model};

/// The mistakes of a source, in the order in which the compiler gets them.
fn mistakes(source: &str) -> Vec<(String, String)> {
    let input: DeriveInput = syn::parse_str(source).unwrap();
    let mut errors = Errors::default();
    let attributes = TypeAttributes::read(&input, &mut errors);
    check::check(&Model::read(&input, attributes, &mut errors), &mut errors);
    let Err(errors) = errors.finish() else { return Vec::new() };
    errors.into_iter().map(|error| (error.span().source_text().unwrap(), error.to_string())).collect()
}

#[track_caller]
fn expect(source: &str, expected: &[(&str, &str)]) {
    let found = mistakes(source);
    let found: Vec<_> = found.iter().map(|(text, message)| (text.as_str(), message.as_str())).collect();
    assert_eq!(found, expected, "{source}");
}

/// One row for each misuse.
#[test]
fn each_misuse_underlines_the_token_to_edit_and_says_what_to_do() {
    for (source, underlined, message) in TABLE {
        expect(source, &[(underlined, message)]);
    }
}

pub(crate) const TABLE: &[(&str, &str, &str)] = &[
    ("#[sse(other)] struct S;", "other", "`other` is not an attribute of a struct; it belongs on a variant"),
    ("union U { a: u8 }", "union", "events are derived for enums and structs, not for unions"),
    ("enum E {}", "E", "`E` has no variants, and so no events; add one"),
    ("#[sse] enum E { A }", "sse", "`#[sse]` says nothing; write `#[sse(..)]` or remove it"),
    ("#[sse()] enum E { A }", "sse()", "`#[sse()]` says nothing; remove it"),
    ("#[sse[unnamed]] enum E { A }", "sse[unnamed]", "wrong brackets; write `#[sse(..)]`"),
    (r#"#[sse = "a"] enum E { A }"#, r#"sse = "a""#, "`sse` takes no value of its own; write `#[sse(..)]`"),
    (r#"enum E { #[sse("a")] A }"#, r#""a""#, r#"`"a"` is not a key; write a key, such as `other`"#),
    (r#"enum E { #[sse(evnt = "a")] A }"#, "evnt", "unknown key `evnt`; did you mean `event`?"),
    (
        r#"enum E { #[sse(color = "a")] A }"#,
        "color",
        "unknown key `color`; a variant takes `event`, `alias`, `unnamed`, `text`, `literal`, `retry`, `error`, `terminal` and `other`",
    ),
    (r#"enum E { #[sse(rename = "a")] A }"#, "rename", r#"unknown key `rename`; write `event = ".."`"#),
    ("enum E { #[sse(id)] A }", "id", "`id` is not an attribute of a variant; it belongs on a field"),
    (
        r#"#[sse(event = "a")] enum E { A }"#,
        "event",
        "`event` is not an attribute of an enum; it belongs on a variant or a struct",
    ),
    (r#"enum E { #[sse(renam_all = "a")] A }"#, "renam_all", "unknown key `renam_all`; did you mean `rename_all`?"),
    (
        r#"enum E { A { #[sse(rename = "a")] a: u8 } }"#,
        "rename",
        r#"unknown key `rename`; write `#[serde(rename = "..")]`"#,
    ),
    ("enum E { #[sse(event)] A }", "event", r#"`event` needs a value; write `event = ".."`"#),
    ("enum E { #[sse(event = )] A }", "event", r#"`event` needs a value; write `event = ".."`"#),
    ("enum E { #[sse(event = 5)] A }", "5", r#"the value of `event` is a string; write `event = ".."`"#),
    ("enum E { #[sse(event = tick)] A }", "tick", r#"the value of `event` is a string; write `event = ".."`"#),
    (r#"enum E { #[sse(event("a"))] A }"#, r#"("a")"#, r#"`event` takes its value behind `=`; write `event = ".."`"#),
    ("enum E { #[sse(terminal = true)] A }", "= true", "`terminal` takes no value; write `terminal`"),
    ("enum E { #[sse(terminal(now))] A }", "(now)", "`terminal` takes no value; write `terminal`"),
    (r#"#[sse(crate = "a")] enum E { A }"#, r#""a""#, "the value of `crate` is a path; write `crate = path`"),
    (r#"enum E { #[sse(event = "a", event = "b")] A }"#, "event", "`event` is given twice; remove one"),
    ("enum E { #[sse(terminal)] #[sse(terminal)] A }", "terminal", "`terminal` is given twice; remove one"),
    (r#"enum E { #[sse(event = "a" terminal)] A }"#, "terminal", "missing comma; write `, terminal`"),
    (r#"enum E { #[sse(event = "a" + "b")] A }"#, r#"+ "b""#, "the value ends before this; remove it"),
    (
        r#"#[sse(rename_all = "snakecase")] enum E { A }"#,
        r#""snakecase""#,
        "unknown case rule `snakecase`; did you mean `snake_case`?",
    ),
    (
        r#"#[sse(rename_all = "nothing")] enum E { A }"#,
        r#""nothing""#,
        "unknown case rule `nothing`; the rules are `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE` and `dot.case`",
    ),
    (
        r#"#[serde(rename_all = "dot-case")] enum E { A }"#,
        r#""dot-case""#,
        "unknown case rule `dot-case`; did you mean `dot.case`?",
    ),
    (
        r#"enum E { #[sse(event = "")] A }"#,
        r#""""#,
        "an event name cannot be empty; write `unnamed` for an event without an `event:` line",
    ),
    (r#"enum E { #[sse(alias = "a\nb")] A }"#, r#""a\nb""#, "an event name is one line; remove the line end"),
    (
        r#"enum E { #[sse(event = "B")] A, B }"#,
        "B",
        r#"`B` is already the name of variant `A`; write another `event = ".."`"#,
    ),
    (
        r#"enum E { A, #[sse(event = "A")] B }"#,
        r#""A""#,
        r#"`A` is already the name of variant `A`; write another `event = ".."`"#,
    ),
    (
        r#"enum E { A, #[sse(alias = "A")] B }"#,
        r#""A""#,
        r#"`A` is already the name of variant `A`; write another `event = ".."`"#,
    ),
    (r#"enum E { #[sse(alias = "A")] A }"#, r#""A""#, "`A` already means variant `A`; remove it"),
    (
        r#"enum E { #[sse(unnamed)] A, #[sse(event = "message")] B }"#,
        r#""message""#,
        "without a name an event is a `message`, and so is variant `A`; write another name for one",
    ),
    (
        "enum E { #[sse(unnamed)] A(u8), #[sse(unnamed)] B(u16) }",
        "unnamed",
        "variant `A` has no name either, and the data does not tell them apart; give one of them a name, or write `#[sse(tagged)]` on the enum",
    ),
    (
        r#"enum E { #[sse(unnamed, event = "a")] A }"#,
        "unnamed",
        r#"`A` has a name; remove `unnamed`, or `event = "a"`"#,
    ),
    (
        "enum E { #[sse(other)] A, #[sse(other)] B }",
        "other",
        "variant `A` is already the catch-all; remove this `other`",
    ),
    (r#"enum E { #[sse(other, event = "a")] A }"#, r#""a""#, "a catch-all has no name of its own; remove it"),
    (
        "enum E { #[sse(other, unnamed)] A }",
        "unnamed",
        "a catch-all has the names of the events it takes; remove `unnamed`",
    ),
    (
        "enum E { #[sse(other, terminal)] A }",
        "terminal",
        "an event without a variant of its own cannot end the stream; remove `terminal`",
    ),
    (
        "enum E { #[sse(other)] A(String, String) }",
        "A",
        "a catch-all cannot have this shape; make it a unit, `(RawEventBuf)` or `{ event: String, data: String }`",
    ),
    (
        "enum E { #[sse(other)] A { name: String, data: String } }",
        "A",
        "a catch-all cannot have this shape; make it a unit, `(RawEventBuf)` or `{ event: String, data: String }`",
    ),
    ("enum E { A(#[sse(id)] u8) }", "id", "`id` is for a field with a name; write `A { .. }`"),
    (
        "enum E { A { #[sse(id)] a: u8, #[sse(id)] b: u8 } }",
        "id",
        "an event has one ID, and another field is it already; remove this `id`",
    ),
    (
        "enum E { A { #[sse(id)] #[serde(default)] a: u8 } }",
        "#[serde(default)]",
        "the field is not part of the data, so serde never sees it; remove the attribute",
    ),
    (
        r#"#[serde(tag = "type")] enum E { A }"#,
        "tag",
        "the data is the payload alone, without serde's `tag`; write `#[sse(tagged)]`, or remove it",
    ),
    (
        "#[serde(untagged)] enum E { A }",
        "untagged",
        "the data is the payload alone, without serde's `untagged`; write `#[sse(tagged)]`, or remove it",
    ),
    ("enum E { #[sse(text)] A { a: String } }", "text", "a payload of text is one value; write `A(String)`"),
    ("enum E { #[sse(text)] A }", "text", "a payload of text is one value; write `A(String)`"),
    ("enum E { #[sse(text)] A(String, u8) }", "text", "a payload of text is one value; write `A(String)`"),
    (
        "enum E { #[sse(text)] A(#[serde(default)] String) }",
        "#[serde(default)]",
        "serde never sees a payload of text; remove the attribute",
    ),
    (
        r#"enum E { #[sse(literal = "a")] A(u8) }"#,
        r#""a""#,
        "the literal is all of the data, and `A` has fields; remove one or the other",
    ),
    (
        r#"enum E { #[sse(literal = "a\r")] A }"#,
        r#""a\r""#,
        r"no reader gets to see a CR, which ends a line; write `\n`",
    ),
    (r#"enum E { #[sse(literal = "a", text)] A }"#, "text", "the literal is all of the data; remove `text`"),
    (
        r#"enum E { #[sse(unnamed, literal = "a")] A, #[sse(unnamed, literal = "a")] B }"#,
        r#""a""#,
        "this literal already means variant `A`; write another",
    ),
    (r#"enum E { #[sse(other, literal = "a")] A }"#, r#""a""#, "a catch-all takes any data; remove `literal`"),
    ("enum E { #[sse(other, retry = 5)] A }", "retry", "`retry` has no effect on a catch-all; remove it"),
    ("enum E { #[sse(other, error)] A }", "error", "`error` has no effect on a catch-all; remove it"),
    (
        r#"enum E { #[sse(retry = "5s")] A }"#,
        r#""5s""#,
        "the value of `retry` is a number of milliseconds; write `retry = 5000`",
    ),
    ("enum E { #[sse(retry = -1)] A }", "-1", "the value of `retry` is a number of milliseconds; write `retry = 5000`"),
    (
        "enum E { #[sse(retry = 99999999999999999999)] A }",
        "99999999999999999999",
        "the value of `retry` is a number of milliseconds; write `retry = 5000`",
    ),
    (r#"#[sse(ignore("A"))] enum E { A }"#, r#""A""#, "`A` is the name of variant `A`; remove one or the other"),
    (r#"#[sse(ignore("p", "p"))] enum E { A }"#, r#""p""#, "`p` is ignored twice; remove one"),
    (
        r#"#[sse(ignore(""))] enum E { A }"#,
        r#""""#,
        "an event name cannot be empty; write `unnamed` for an event without an `event:` line",
    ),
    ("#[sse(ignore())] enum E { A }", "()", r#"the values of `ignore` are strings; write `ignore("..")`"#),
    ("#[sse(ignore(ping))] enum E { A }", "(ping)", r#"the values of `ignore` are strings; write `ignore("..")`"#),
    (
        r#"#[sse(ignore = "ping")] enum E { A }"#,
        r#"= "ping""#,
        r#"`ignore` takes its values in parentheses; write `ignore("..")`"#,
    ),
    ("#[sse(ignore)] enum E { A }", "ignore", r#"`ignore` needs a value; write `ignore("..")`"#),
    (r#"#[sse(prefix = "a\n")] enum E { A }"#, r#""a\n""#, "an event name is one line; remove the line end"),
    ("#[sse(prefix)] enum E { A }", "prefix", r#"`prefix` needs a value; write `prefix = ".."`"#),
    (
        r#"enum E { #[sse(ignore("a"))] A }"#,
        "ignore",
        "`ignore` is not an attribute of a variant; it belongs on an enum",
    ),
    (r#"enum E { #[sse(literals = "a")] A }"#, "literals", "unknown key `literals`; did you mean `literal`?"),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { #[sse(event = "a")] A }"#,
        "A",
        r#"the event name is `a` and serde's tag `A`; write `#[serde(rename = "a")]`"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged, rename_all = "snake_case")] enum E { OneTwo }"#,
        "OneTwo",
        r#"the event name is `one_two` and serde's tag `OneTwo`; write `#[serde(rename = "one_two")]`"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(id)] id: u8 } }"#,
        "id",
        "serde writes a tagged enum with all its fields; remove `id`, and put the ID into a `Frame`",
    ),
    (
        r#"#[sse(unnamed)] enum E { #[sse(event = "a")] A }"#,
        r#""a""#,
        "no variant of an `unnamed` enum has a name; remove one or the other",
    ),
    (
        "#[sse(unnamed)] enum E { A(u8), B(u8) }",
        "B",
        "variant `A` has no name either, and the data does not tell them apart; give one of them a name, or write `#[sse(tagged)]` on the enum",
    ),
    (
        r#"#[sse(rename_all = "snake_case")] struct S { a: u8 }"#,
        "rename_all",
        r#"unknown key `rename_all`; write `#[serde(rename_all = "..")]` for the names of its fields"#,
    ),
    ("#[sse(id)] struct S { a: u8 }", "id", "`id` is not an attribute of a struct; it belongs on a field"),
    (
        r#"#[sse(event = "")] struct S { a: u8 }"#,
        r#""""#,
        "an event name cannot be empty; write `unnamed` for an event without an `event:` line",
    ),
    ("#[sse(text)] struct S { a: u8 }", "text", "a payload of text is one value; write `S(String)`"),
    (
        "#[serde(default)] struct S { a: u8 }",
        "default",
        "serde's `default` has no part in an event that is a struct; remove it, or make the struct the payload of a variant",
    ),
    ("struct S(#[sse(id)] u8);", "id", "`id` is for a field with a name; write `S { .. }`"),
    (r#"#[sse(evnt = "a")] struct S;"#, "evnt", "unknown key `evnt`; did you mean `event`?"),
];

#[test]
fn the_mistakes_of_one_enum_are_reported_together() {
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
            ("terminl", "missing comma; write `, terminl`"),
            ("terminl", "unknown key `terminl`; did you mean `terminal`?"),
            ("1", "the value of `event` is a string; write `event = \"..\"`"),
            ("= \"x\"", "`id` takes no value; write `id`"),
            ("ident", "unknown key `ident`; a field takes `id`"),
            ("unnamed", "a catch-all has the names of the events it takes; remove `unnamed`"),
            ("\"a\"", "`a` is already the name of variant `A`; write another `event = \"..\"`"),
        ],
    );
}

#[test]
fn a_right_enum_has_no_mistakes() {
    expect(
        r#"#[sse(rename_all = "dot.case", crate = ::somewhere::sse_core,)]
        #[serde(rename_all = "kebab-case")]
        enum E<'a, T> {
            #[sse(event = "a", alias = "b", alias = "d", terminal)]
            A,
            #[sse(unnamed)]
            #[serde(rename = "lost", skip)]
            B { #[sse(id)] id: Option<u64>, data: T },
            #[doc = "other attributes are none of ours"]
            C(&'a str, u8),
            #[sse(other)]
            Other { event: String, data: String },
        }"#,
        &[],
    );
}

/// The fallback names only what is there for any type: nothing in it can fail to compile.
#[test]
fn mistakes_come_with_stand_ins_for_all_traits() {
    let input: DeriveInput = syn::parse_str("enum E<'a, T: Copy = u8> where T: 'a { A(&'a Missing<T>) }").unwrap();
    let errors = syn::Error::new_spanned(&input.ident, "a mistake");
    let path = syn::parse_quote!(::sse_core);
    let file = syn::parse2(crate::fallback::fallback(&input, &path, &errors)).unwrap();
    let text = prettyplease::unparse(&file);
    for part in [
        "::core::compile_error!",
        "impl<'a, T: Copy> ::sse_core::EventSet for E<'a, T>",
        "impl<'a, T: Copy> ::sse_core::SseEvent for E<'a, T>",
        "impl<'__de, 'a, T: Copy> ::sse_core::SseDecode<'__de> for E<'a, T>",
    ] {
        assert!(text.contains(part), "no `{part}` in\n{text}");
    }
    assert!(!text.contains("Missing"), "{text}");
}
