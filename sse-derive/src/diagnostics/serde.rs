//! Misuses of serde's attributes that serde's derives would not report, or would report in generated code.

pub(super) const SERDE: &[(&str, &str, &str)] = &[
    (
        r#"#[serde(renam_all = "lowercase")] enum E { A }"#,
        "renam_all",
        "unknown key `renam_all`; did you mean `rename_all`?",
    ),
    (
        r#"#[serde(rename_all = "camel")] enum E { A }"#,
        r#""camel""#,
        "unknown case rule `camel`; did you mean `camelCase`?",
    ),
    (
        r#"#[serde(rename_all(serialize = "snakecase", deserialize = "lowercase"))] enum E { A }"#,
        r#""snakecase""#,
        "unknown case rule `snakecase`; did you mean `snake_case`?",
    ),
    (
        r#"#[serde(rename_all = "dot.case")] enum E { A }"#,
        r#""dot.case""#,
        r#"serde has no case rule `dot.case`; write `#[sse(rename_all = "dot.case")]`"#,
    ),
    (
        r#"#[serde(rename_all_fields = "camelcase")] enum E { A { a: u8 } }"#,
        r#""camelcase""#,
        "unknown case rule `camelcase`; did you mean `camelCase`?",
    ),
    ("#[serde(rename_all)] enum E { A }", "rename_all", r#"`rename_all` needs a value; write `rename_all = ".."`"#),
    ("#[serde(tagged)] enum E { A }", "tagged", "unknown key `tagged`; write `#[sse(tagged)]`"),
    (
        r#"#[serde(into = "String")] enum E { A }"#,
        "into",
        "serde's `into` has no effect on the data without `tagged`; write `#[sse(tagged)]`, or remove `into`",
    ),
    (r#"enum E { #[serde(event = "a")] A }"#, "event", r#"unknown key `event`; write `#[sse(event = "..")]`"#),
    (r#"enum E { #[serde(renam = "a")] A }"#, "renam", "unknown key `renam`; did you mean `rename`?"),
    ("enum E { #[serde(rename = a)] A }", "a", r#"the value of `rename` must be a string; write `rename = ".."`"#),
    (r#"enum E { #[serde(rename(encode = "a"))] A }"#, "encode", "unknown key `encode` in `rename`; write `serialize`"),
    (
        r#"enum E { #[serde(rename_all = "Camel")] A { a: u8 } }"#,
        r#""Camel""#,
        "unknown case rule `Camel`; did you mean `camelCase`?",
    ),
    (
        r#"enum E { #[serde(rename_all = "dot.case")] A { a: u8 } }"#,
        r#""dot.case""#,
        "unknown case rule `dot.case`; the rules are `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case` and `SCREAMING-KEBAB-CASE`",
    ),
    (
        "enum E { #[serde(flatten)] A(u8) }",
        "flatten",
        "serde's `flatten` is not an attribute of a variant; write `#[sse(flatten)]`",
    ),
    (
        "enum E { A, #[serde(skip)] B }",
        "skip",
        r#"serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(event = "B")]` to keep it"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A, #[serde(skip)] B(u8) }"#,
        "skip",
        "serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(json)]` to keep it, with the payload alone as the data",
    ),
    (
        "enum E { A, #[serde(skip_serializing)] B }",
        "skip_serializing",
        r#"serde's `skip_serializing` on a variant does not apply to the event; write `#[sse(skip_encode)]` to exclude the event from encoding too, or `#[sse(event = "B")]` to keep it"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A, #[serde(skip_deserializing)] B }"#,
        "skip_deserializing",
        r#"serde's `skip_deserializing` on a variant does not apply to the event; write `#[sse(skip_decode)]` to exclude the event from decoding too, or `#[sse(literal = "")]` to keep it, with empty data"#,
    ),
    (
        "enum E { A, #[serde(other)] B }",
        "other",
        "serde's `other` on a variant does not apply to the event; write `#[sse(other)]` too",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A, #[serde(other)] B }"#,
        "other",
        "serde's `other` on a variant does not apply to the event; write `#[sse(other)]` too",
    ),
    (
        r#"enum E { #[serde(with = "m")] A(u8) }"#,
        "with",
        r#"serde's `with` on a variant does not apply to the event; move `#[serde(with = "..")]` to the field"#,
    ),
    (
        "enum E { A, #[serde(untagged)] B(u8) }",
        "untagged",
        "serde's `untagged` on a variant does not apply to the event; remove `untagged`, or write `#[sse(tagged)]` on the enum",
    ),
    (
        "#[sse(unnamed)] enum E { #[serde(skip)] A }",
        "skip",
        "serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(unnamed)]` to keep it",
    ),
    (
        r#"enum E { #[serde(alias = "b", rename(serialize = "a", deserialize = "b"))] A }"#,
        r#""b""#,
        "variant `A` already has the name `b`; remove this `alias`",
    ),
    (
        r#"enum E { #[sse(alias = "b")] #[serde(alias = "b")] A }"#,
        r#""b""#,
        "variant `A` already has the name `b`; remove this `alias`",
    ),
    (r#"enum E { A { #[serde(renam = "b")] a: u8 } }"#, "renam", "unknown key `renam`; did you mean `rename`?"),
    ("enum E { A { #[serde(id)] a: u8 } }", "id", "unknown key `id`; write `#[sse(id)]`"),
    ("enum E { A { #[serde(rename)] a: u8 } }", "rename", r#"`rename` needs a value; write `rename = ".."`"#),
    ("enum E { A { #[serde(flatten = true)] a: u8 } }", "= true", "`flatten` takes no value; write `flatten`"),
    (
        "enum E { A { #[serde(default = f)] a: u8 } }",
        "f",
        r#"the value of `default` must be a string; write `default = "f"`"#,
    ),
    (r#"enum E { A { #[serde(default rename = "b")] a: u8 } }"#, "rename", "missing comma; write `,` before `rename`"),
    (
        "enum E { A { #[serde(skip_serializing_if)] a: u8 } }",
        "skip_serializing_if",
        r#"`skip_serializing_if` needs a value; write `skip_serializing_if = ".."`"#,
    ),
    (r#"enum E { A(#[serde(wih = "m")] u8) }"#, "wih", "unknown key `wih`; did you mean `with`?"),
    (
        r#"enum E { A { #[serde(tag = "t")] a: u8 } }"#,
        "tag",
        "serde's `tag` is not an attribute of a field; it belongs on an enum or a struct",
    ),
    (
        "enum E { #[serde(default)] A { a: u8 } }",
        "default",
        "serde's `default` is not an attribute of a variant; it belongs on a field or a struct",
    ),
    (
        "#[serde(default)] enum E { A }",
        "default",
        "serde's `default` is not an attribute of an enum; it belongs on a field or a struct",
    ),
    (
        "#[serde(transparent)] enum E { A(u8) }",
        "transparent",
        "serde's `transparent` is not an attribute of an enum; it belongs on a struct",
    ),
    (
        "#[serde(default)] struct S(u8);",
        "default",
        "serde's `default` has no effect on data without fields; remove `default`",
    ),
    (
        r#"#[serde(default = "f")] struct S { #[sse(id)] a: u8 }"#,
        "default",
        "serde's `default` has no effect on data without fields; remove `default`",
    ),
    (
        "#[serde(default)] struct S;",
        "default",
        "serde's `default` has no effect on data without fields; remove `default`",
    ),
    (r#"#[serde(renam = "s")] struct S { a: u8 }"#, "renam", "unknown key `renam`; did you mean `rename`?"),
    (r#"#[serde(event = "s")] struct S { a: u8 }"#, "event", r#"unknown key `event`; write `#[sse(event = "..")]`"#),
];
