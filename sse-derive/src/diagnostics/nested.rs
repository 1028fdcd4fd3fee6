//! Misuses of `flatten`, `prefix`, `borrow` and `bound`.

pub(super) const NESTED: &[(&str, &str, &str)] = &[
    (
        "enum E { #[sse(flatten)] A }",
        "flatten",
        "`flatten` is for a variant around one type of events; write `A(Inner)`",
    ),
    (
        "enum E { #[sse(flatten)] A { a: B } }",
        "flatten",
        "`flatten` is for a variant around one type of events; write `A(Inner)`",
    ),
    (
        "enum E { #[sse(flatten)] A(B, C) }",
        "flatten",
        "`flatten` is for a variant around one type of events; write `A(Inner)`",
    ),
    ("#[sse(flatten)] struct S(B);", "flatten", "`flatten` is not an attribute of a struct; it belongs on a variant"),
    ("#[sse(flatten)] enum E { A(B) }", "flatten", "`flatten` is not an attribute of an enum; it belongs on a variant"),
    ("enum E { A { #[sse(flatten)] a: B } }", "flatten", "unknown key `flatten`; write `#[serde(flatten)]`"),
    (
        r#"enum E { #[sse(flatten = "a.")] A(B) }"#,
        r#"= "a.""#,
        r#"`flatten` takes its prefix in parentheses; write `flatten(prefix = "..")`"#,
    ),
    (
        "enum E { #[sse(flatten())] A(B) }",
        "()",
        r#"the parentheses of `flatten` are empty; write `flatten(prefix = "..")`"#,
    ),
    (r#"enum E { #[sse(flatten("a."))] A(B) }"#, r#""a.""#, r#"`"a."` is not a key; write `flatten(prefix = "..")`"#),
    (
        "enum E { #[sse(flatten(prefix = a))] A(B) }",
        "a",
        r#"the value of `prefix` is a string; write `flatten(prefix = "..")`"#,
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
        "`prefix` is given twice; remove one",
    ),
    (r#"enum E { #[sse(flatten(prefix = ""))] A(B) }"#, r#""""#, "an empty prefix changes no name; write `flatten`"),
    (
        r#"enum E { #[sse(flatten(prefix = "a\n"))] A(B) }"#,
        r#""a\n""#,
        "an event name is one line; remove the line end",
    ),
    ("enum E { #[sse(flatten, flatten)] A(B) }", "flatten", "`flatten` is given twice; remove one"),
    (
        r#"enum E { #[sse(flatten, event = "a")] A(B) }"#,
        r#""a""#,
        "a flattened variant has the names of its type's events; remove it, or write a `prefix`",
    ),
    (
        r#"enum E { #[sse(flatten, alias = "a")] A(B) }"#,
        r#""a""#,
        "a flattened variant has the names of its type's events; remove it, or write a `prefix`",
    ),
    (
        "enum E { #[sse(flatten, terminal)] A(B) }",
        "terminal",
        "`terminal` has no effect on a flattened variant; write it on the events of its type",
    ),
    (
        "enum E { #[sse(flatten, retry = 5)] A(B) }",
        "retry",
        "`retry` has no effect on a flattened variant; write it on the events of its type",
    ),
    (
        "enum E { #[sse(flatten, unnamed)] A(B) }",
        "unnamed",
        "`unnamed` has no effect on a flattened variant; write it on the events of its type",
    ),
    (
        "enum E { #[sse(flatten, other)] A(B) }",
        "other",
        "a flattened type brings its own catch-all; remove `other` or `flatten`",
    ),
    (
        r#"enum E { #[sse(flatten, literal = "a")] A(B) }"#,
        r#""a""#,
        "the data of a flattened variant is that of its type's events; remove `literal`",
    ),
    (
        r#"enum E { #[sse(flatten, with = "m")] A(B) }"#,
        r#""m""#,
        "the data of a flattened variant is that of its type's events; remove `with`",
    ),
    (
        r#"enum E<'a> { #[sse(with = "m", borrow)] A(Cow<'a, str>) }"#,
        "borrow",
        "the module of `with` is lent the data; remove `borrow`",
    ),
    (
        "enum E { #[sse(flatten)] A(#[serde(default)] B) }",
        "#[serde(default)]",
        "serde never sees a flattened type; remove the attribute",
    ),
    (
        "enum E { B, #[sse(flatten)] A(Box<Self>) }",
        "Box<Self>",
        "the events of `E` cannot be among themselves; remove `flatten`",
    ),
    ("enum E { B, #[sse(flatten)] A(E) }", "E", "the events of `E` cannot be among themselves; remove `flatten`"),
    (
        "enum E<'a> { #[sse(borrow)] A { a: Cow<'a, str> } }",
        "borrow",
        "`borrow` is for a variant around one value; write `#[serde(borrow)]` on the field",
    ),
    ("enum E { #[sse(borrow)] A(String) }", "borrow", "a type without a lifetime lends nothing; remove `borrow`"),
    ("enum E<'a> { #[sse(text, borrow)] A(Cow<'a, str>) }", "borrow", "text is lent without it; remove `borrow`"),
    (
        "enum E<'a> { #[sse(borrow)] A(Option<Cow<'a, str>>) }",
        "borrow",
        "what stands in an `Option` is not lent; remove `borrow`",
    ),
    (
        "#[sse(tagged)] enum E<'a> { #[sse(borrow)] A(Cow<'a, str>) }",
        "borrow",
        "serde reads a tagged enum; write `#[serde(borrow)]`",
    ),
    ("enum E { #[sse(borrow = true)] A(B) }", "= true", "`borrow` takes no value; write `borrow`"),
    ("enum E<'a> { A { #[sse(borrow)] a: Cow<'a, str> } }", "borrow", "unknown key `borrow`; write `#[serde(borrow)]`"),
    (
        r#"#[sse(prefix = "a.")] enum E { #[sse(event = "a")] A }"#,
        r#""a.""#,
        "no name is made of a variant's here; remove `prefix`",
    ),
    (
        r#"#[sse(unnamed, prefix = "a.")] enum E { A }"#,
        r#""a.""#,
        "no name is made of a variant's here; remove `prefix`",
    ),
    (
        r#"#[sse(prefix = "a.")] enum E { #[sse(flatten)] A(B) }"#,
        r#""a.""#,
        "no name is made of a variant's here; remove `prefix`",
    ),
    (
        r#"#[sse(bound = "T: Copy")] enum E { A }"#,
        "bound",
        "`E` has no type parameter to ask anything of; remove `bound`",
    ),
    (
        r#"#[sse(bound = "T +")] enum E<T> { A(T) }"#,
        r#""T +""#,
        r#"this is not what a `where` takes; write `bound = "T: Trait"`"#,
    ),
    ("#[sse(bound = T)] enum E<T> { A(T) }", "T", r#"the value of `bound` is a string; write `bound = ".."`"#),
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
