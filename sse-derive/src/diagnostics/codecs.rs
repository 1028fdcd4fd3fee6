//! Misuses of `json`, of `text` and `with` on an enum, and of functions in `terminal`.

pub(super) const CODECS: &[(&str, &str, &str)] = &[
    ("enum E { #[sse(json)] A(u8) }", "json", "the data of `A` is already JSON; remove `json`"),
    ("enum E { #[sse(json)] A { a: u8 } }", "json", "the data of `A` is already JSON; remove `json`"),
    (
        "#[sse(text)] enum E { A(u8), #[sse(json)] B { b: u8 } }",
        "json",
        "the data of `B` is already JSON; remove `json`",
    ),
    ("#[sse(text)] enum E { A(u8), #[sse(json)] B(u8, u8) }", "json", "the data of `B` is already JSON; remove `json`"),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { #[sse(json)] A }"#,
        "json",
        r#"`json` requires a payload; write `literal = ""` for empty data"#,
    ),
    ("enum E { #[sse(json)] A }", "json", r#"`json` requires a payload; write `literal = ""` for empty data"#),
    ("enum E { #[sse(json = true)] A(u8) }", "= true", "`json` takes no value; write `json`"),
    ("enum E { #[sse(text, json)] A(u8) }", "json", "`text` already determines the data; remove `json`"),
    (r#"enum E { #[sse(json, with = "m")] A(u8) }"#, "json", "`with` already determines the data; remove `json`"),
    (r#"enum E { #[sse(json, literal = "a")] A }"#, "json", "`literal` already determines the data; remove `json`"),
    (
        "enum E { #[sse(flatten, json)] A(B) }",
        "json",
        "`json` has no effect on a flattened variant; write it on the events of the nested type",
    ),
    ("enum E { #[sse(other, json)] A(RawEventBuf) }", "json", "`json` has no effect on a catch-all; remove `json`"),
    (
        "enum E { A, #[sse(skip, json)] B(u8) }",
        "json",
        "`json` has no effect on a skipped variant; remove `json` or `skip`",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged, unnamed)] enum E { A, #[sse(json)] B(u8) }"#,
        "B",
        "variant `A` is unnamed too, and the data does not distinguish them; name one of them",
    ),
    (r#"#[sse(text, with = "m")] enum E { A(u8) }"#, "text", "`with` already determines the data; remove `text`"),
    (
        "#[sse(text)] enum E { A, B { b: u8 }, C(u8, u8), #[sse(json)] D(u8), #[sse(flatten)] F(G) }",
        "text",
        "`text` applies to no variant; remove `text`, or add a variant with a single value",
    ),
    (
        r#"#[sse(with = "m")] enum E { #[sse(text)] A(u8), #[sse(skip)] B(u8), #[sse(other)] C(RawEventBuf) }"#,
        r#""m""#,
        "`with` applies to no variant; remove `with`, or add a variant with a single value",
    ),
    ("#[sse(with)] enum E { A(u8) }", "with", r#"`with` needs a value; write `with = "module"`"#),
    (
        "#[sse(text)] enum E { A(#[serde(default)] u8) }",
        "#[serde(default)]",
        "serde attributes have no effect with `text`; remove this attribute",
    ),
    (
        r#"#[sse(with = "m")] enum E<'a> { #[sse(borrow)] A(Cow<'a, str>) }"#,
        "borrow",
        "`borrow` is not needed with `with`; remove `borrow`",
    ),
    (
        "#[sse(text)] enum E { #[serde(skip)] A(u8) }",
        "skip",
        r#"serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(event = "A")]` to keep it"#,
    ),
    (
        "enum E { A(#[sse(text)] u8) }",
        "text",
        "`text` is not an attribute of a field; write `text` on the variant or the struct, and `data` on this field if it has a name",
    ),
    ("#[sse(borrow)] struct S(Cow<'static, str>);", "borrow", "a `Cow<'static, str>` owns its text; remove `borrow`"),
    (r#"enum E { #[sse(terminal = "f")] A }"#, r#""f""#, r#"`terminal = ".."` requires a single value; write `A(T)`"#),
    (
        r#"enum E { #[sse(terminal = "f")] A(u8, u8) }"#,
        r#""f""#,
        r#"`terminal = ".."` requires a single value; write `A(T)`"#,
    ),
    (
        r#"enum E { #[sse(terminal = "f")] A { a: u8 } }"#,
        r#""f""#,
        r#"`terminal = ".."` requires a single value; write `A(T)`, or `#[sse(data)]` on the field"#,
    ),
    (
        r#"enum E { #[sse(terminal = "f", literal = "a")] A }"#,
        r#""f""#,
        r#"`terminal = ".."` requires a single value; write `A(T)`"#,
    ),
    (
        "enum E { #[sse(terminal = true)] A }",
        "true",
        "the value of `terminal` must be a path in quotes; write `terminal`",
    ),
    (
        "enum E { #[sse(terminal = is_last)] A(u8) }",
        "is_last",
        r#"the value of `terminal` must be a path in quotes; write `terminal = "is_last"`"#,
    ),
    (
        r#"enum E { #[sse(terminal = "a b")] A(u8) }"#,
        r#""a b""#,
        r#"the value of `terminal` must be a path in quotes; write `terminal = "function"`, or only `terminal`"#,
    ),
    (
        "enum E { #[sse(terminal(is_last))] A(u8) }",
        "(is_last)",
        r#"expected `=` after `terminal`; write `terminal = "is_last"`"#,
    ),
    (
        "enum E { #[sse(terminal = )] A(u8) }",
        "terminal",
        r#"`terminal` needs a value; write `terminal = "function"`, or only `terminal`"#,
    ),
    (r#"enum E { #[sse(terminal, terminal = "f")] A(u8) }"#, "terminal", "duplicate key `terminal`; remove one"),
    (
        r#"enum E { #[sse(flatten, terminal = "f")] A(B) }"#,
        "terminal",
        "`terminal` has no effect on a flattened variant; write it on the events of the nested type",
    ),
    (
        r#"enum E { #[sse(other, terminal = "f")] A(RawEventBuf) }"#,
        "terminal",
        "a catch-all cannot end the stream; remove `terminal`",
    ),
    (
        r#"enum E { A, #[sse(skip, terminal = "f")] B(u8) }"#,
        "terminal",
        "`terminal` has no effect on a skipped variant; remove `terminal` or `skip`",
    ),
    ("#[serde(terminal)] struct S(u8);", "terminal", "unknown key `terminal`; write `#[sse(terminal)]`"),
];
