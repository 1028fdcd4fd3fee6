//! Misuses of `flatten`, `prefix`, `borrow` and `bound`.

pub(super) const NESTED: &[(&str, &str, &str)] = &[
    ("enum E { #[sse(flatten)] A }", "flatten", "`flatten` requires a tuple variant with one field; write `A(Inner)`"),
    (
        "enum E { #[sse(flatten)] A { a: B } }",
        "flatten",
        "`flatten` requires a tuple variant with one field; write `A(Inner)`",
    ),
    (
        "enum E { #[sse(flatten)] A(B, C) }",
        "flatten",
        "`flatten` requires a tuple variant with one field; write `A(Inner)`",
    ),
    ("#[sse(flatten)] struct S(B);", "flatten", "`flatten` is not an attribute of a struct; it belongs on a variant"),
    ("#[sse(flatten)] enum E { A(B) }", "flatten", "`flatten` is not an attribute of an enum; it belongs on a variant"),
    (
        "enum E { A { #[sse(flatten)] a: B } }",
        "flatten",
        "`flatten` is not an attribute of a field; write `#[serde(flatten)]`",
    ),
    (
        r#"enum E { #[sse(flatten = "a.")] A(B) }"#,
        r#"= "a.""#,
        r#"`flatten` takes its prefix in parentheses; write `flatten(prefix = "a.")`"#,
    ),
    (
        "enum E { #[sse(flatten())] A(B) }",
        "()",
        r#"`flatten()` has no prefix; write `flatten`, or `flatten(prefix = "..")`"#,
    ),
    (
        r#"enum E { #[sse(flatten("a."))] A(B) }"#,
        r#""a.""#,
        r#"expected a key, found `"a."`; write `flatten(prefix = "a.")`"#,
    ),
    (
        "enum E { #[sse(flatten(prefix = a))] A(B) }",
        "a",
        r#"the value of `prefix` must be a string; write `flatten(prefix = "..")`"#,
    ),
    ("enum E { #[sse(flatten(prefix))] A(B) }", "prefix", r#"`prefix` needs a value; write `flatten(prefix = "..")`"#),
    (
        r#"enum E { #[sse(flatten(prefx = "a."))] A(B) }"#,
        "prefx",
        "unknown key `prefx` in `flatten`; did you mean `prefix`?",
    ),
    (
        r#"enum E { #[sse(flatten(suffix_of = "a."))] A(B) }"#,
        "suffix_of",
        "unknown key `suffix_of` in `flatten`; `flatten` takes `prefix`",
    ),
    (
        r#"enum E { #[sse(flatten(prefix = "a.", prefix = "b."))] A(B) }"#,
        "prefix",
        "duplicate key `prefix`; remove one",
    ),
    (r#"enum E { #[sse(flatten(prefix = ""))] A(B) }"#, r#""""#, "an empty `prefix` has no effect; write `flatten`"),
    (
        r#"enum E { #[sse(flatten(prefix = "a\n"))] A(B) }"#,
        r#""a\n""#,
        "a prefix must be a single line; remove the line ending",
    ),
    ("enum E { #[sse(flatten, flatten)] A(B) }", "flatten", "duplicate key `flatten`; remove one"),
    (
        r#"enum E { #[sse(flatten, event = "a")] A(B) }"#,
        r#""a""#,
        r#"a flattened variant takes its event names from the nested type; remove `event`, or write `flatten(prefix = "..")` instead"#,
    ),
    (
        r#"enum E { #[sse(flatten, alias = "a")] A(B) }"#,
        r#""a""#,
        r#"a flattened variant takes its event names from the nested type; remove `alias`, or write `flatten(prefix = "..")` instead"#,
    ),
    (
        "enum E { #[sse(flatten, terminal)] A(B) }",
        "terminal",
        "`terminal` has no effect on a flattened variant; write it on the events of the nested type",
    ),
    (
        "enum E { #[sse(flatten, retry = 5)] A(B) }",
        "retry",
        "`retry` has no effect on a flattened variant; write it on the events of the nested type",
    ),
    (
        "enum E { #[sse(flatten, unnamed)] A(B) }",
        "unnamed",
        "`unnamed` has no effect on a flattened variant; write it on the events of the nested type",
    ),
    (
        "enum E { #[sse(flatten, other)] A(B) }",
        "other",
        "a flattened variant cannot be a catch-all; remove `other` or `flatten`",
    ),
    (
        r#"enum E { #[sse(flatten, literal = "a")] A(B) }"#,
        r#""a""#,
        "a flattened variant takes its data from the nested type; remove `literal`",
    ),
    (
        r#"enum E { #[sse(flatten, with = "m")] A(B) }"#,
        r#""m""#,
        "a flattened variant takes its data from the nested type; remove `with`",
    ),
    (
        r#"enum E<'a> { #[sse(with = "m", borrow)] A(Cow<'a, str>) }"#,
        "borrow",
        "`borrow` is not needed with `with`; remove `borrow`",
    ),
    (
        "enum E { #[sse(flatten)] A(#[serde(default)] B) }",
        "#[serde(default)]",
        "serde attributes have no effect on a nested type; remove this attribute",
    ),
    (
        "enum E { B, #[sse(flatten)] A(Box<Self>) }",
        "Box<Self>",
        "`E` cannot be flattened into itself; remove `flatten`",
    ),
    ("enum E { #[sse(flatten)] A(Vec<B>) }", "Vec<B>", "a flattened variant holds exactly one event; write `A(B)`"),
    (
        "enum E { #[sse(flatten)] A(Option<b::B<u8>>) }",
        "Option<b::B<u8>>",
        "a flattened variant holds exactly one event; write `A(b::B<u8>)`",
    ),
    (
        "enum E { #[sse(flatten)] A(String) }",
        "String",
        "a flattened variant holds an event, and this type is plain data; remove `flatten`",
    ),
    (
        "enum E { #[sse(flatten)] A(Vec<u8>) }",
        "Vec<u8>",
        "a flattened variant holds an event, and this type is plain data; remove `flatten`",
    ),
    ("enum E { B, #[sse(flatten)] A(E) }", "E", "`E` cannot be flattened into itself; remove `flatten`"),
    (
        "enum E<'a> { #[sse(borrow)] A { a: Cow<'a, str> } }",
        "borrow",
        "`borrow` requires a tuple variant with one field; write `#[serde(borrow)]` on the field",
    ),
    ("enum E { #[sse(borrow)] A }", "borrow", "`borrow` requires a tuple variant with one field; remove `borrow`"),
    ("enum E { #[sse(borrow)] A(String) }", "borrow", "`borrow` requires a type with a lifetime; remove `borrow`"),
    (
        "enum E<'a> { #[sse(text, borrow)] A(Cow<'a, str>) }",
        "borrow",
        "`borrow` is not needed with `text`; remove `borrow`",
    ),
    (
        "enum E<'a> { #[sse(borrow)] A(Option<Cow<'a, str>>) }",
        "borrow",
        "`borrow` has no effect on an `Option`; remove `borrow`",
    ),
    (
        "#[sse(tagged)] enum E<'a> { #[sse(borrow)] A(Cow<'a, str>) }",
        "borrow",
        "serde deserializes a `tagged` enum; write `#[serde(borrow)]` instead",
    ),
    ("enum E { #[sse(borrow = true)] A(B) }", "= true", "`borrow` takes no value; write `borrow`"),
    (
        "enum E<'a> { A { #[sse(borrow)] a: Cow<'a, str> } }",
        "borrow",
        "`borrow` is not an attribute of a field; write `#[serde(borrow)]`",
    ),
    (
        r#"#[sse(prefix = "a.")] enum E { #[sse(event = "a")] A }"#,
        r#""a.""#,
        "no event name is made from a variant name, so `prefix` has no effect; remove `prefix`",
    ),
    (
        r#"#[sse(prefix = "a.")] enum E { #[serde(rename = "a")] A, #[sse(event = "b")] B }"#,
        r#""a.""#,
        "no event name is made from a variant name, so `prefix` has no effect; remove `prefix`",
    ),
    (
        r#"#[sse(unnamed, prefix = "a.")] enum E { A }"#,
        r#""a.""#,
        "no event name is made from a variant name, so `prefix` has no effect; remove `prefix`",
    ),
    (
        r#"#[sse(prefix = "a.")] enum E { #[sse(flatten)] A(B) }"#,
        r#""a.""#,
        r#"no event name is made from a variant name, so `prefix` has no effect; remove `prefix`, or write `flatten(prefix = "..")`"#,
    ),
    (r#"#[sse(bound = "T: Copy")] enum E { A }"#, "bound", "`E` has no type parameters; remove `bound`"),
    (
        r#"#[sse(bound = "T +")] enum E<T> { A(T) }"#,
        r#""T +""#,
        r#"expected the predicates of a `where` clause; write `bound = "T: Trait"`"#,
    ),
    ("#[sse(bound = T)] enum E<T> { A(T) }", "T", r#"the value of `bound` must be a string; write `bound = ".."`"#),
    ("#[sse(bound)] enum E<T> { A(T) }", "bound", r#"`bound` needs a value; write `bound = ".."`"#),
    (
        r#"#[sse(bound(serialize = "T: Copy"))] enum E<T> { A(T) }"#,
        "serialize",
        "unknown key `serialize` in `bound`; write `encode`",
    ),
    (
        r#"#[sse(bound(deserialize = "T: Copy"))] enum E<T> { A(T) }"#,
        "deserialize",
        "unknown key `deserialize` in `bound`; write `decode`",
    ),
    (
        r#"enum E<T> { #[sse(bound = "")] A(T) }"#,
        "bound",
        "`bound` is not an attribute of a variant; it belongs on an enum or a struct",
    ),
];
