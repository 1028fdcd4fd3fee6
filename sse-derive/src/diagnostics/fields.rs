//! The rows for fields with a part of their own, modules and skips.

pub(crate) const FIELDS: &[(&str, &str, &str)] = &[
    ("enum E { A { #[sse(id())] a: u8 } }", "()", "these are no options; `id` takes `json` and `keep`"),
    ("enum E { A { #[sse(id(jsn))] a: u8 } }", "jsn", "unknown option `jsn` of `id`; did you mean `json`?"),
    (
        "enum E { A { #[sse(id(number))] a: u8 } }",
        "number",
        "unknown option `number` of `id`; `id` takes `json` and `keep`",
    ),
    ("enum E { A { #[sse(id(keep, keep))] a: u8 } }", "keep", "`keep` is given twice; remove one"),
    (
        r#"enum E { A { #[sse(id("json"))] a: u8 } }"#,
        r#"("json")"#,
        "these are no options; `id` takes `json` and `keep`",
    ),
    (
        r#"enum E { A { #[sse(id = "json")] a: u8 } }"#,
        r#"= "json""#,
        "`id` takes its options in parentheses; write `id`",
    ),
    ("enum E { A { #[sse(retry = 5)] a: u8 } }", "= 5", "`retry` takes no value; write `retry`"),
    ("enum E { A(#[sse(retry)] u8) }", "retry", "`retry` is for a field with a name; write `A { .. }`"),
    (
        "enum E { A { #[sse(retry)] a: u64, #[sse(retry)] b: u64 } }",
        "retry",
        "an event has one reconnection time, and another field is it already; remove this `retry`",
    ),
    (
        "enum E { A { #[sse(data)] a: u64, #[sse(data)] b: u64 } }",
        "data",
        "one field is the data, and another field is it already; remove this `data`",
    ),
    (
        "enum E { #[sse(other)] A { #[sse(event)] a: String, #[sse(event)] b: String } }",
        "event",
        "an event has one name, and another field is it already; remove this `event`",
    ),
    (
        "enum E { A { #[sse(id, data)] a: u64 } }",
        "data",
        "a field has one part in an event; remove `data`, or give it a field of its own",
    ),
    (
        "enum E { A { #[sse(data)] a: u64, b: u8 } }",
        "b",
        "another field is alone the data, so this one is nowhere on the wire; remove it",
    ),
    (
        "enum E { A { #[sse(event)] name: String } }",
        "event",
        r#"only a catch-all has its name in a field; write `event = ".."` on the variant, or make it a catch-all by `other`"#,
    ),
    (
        "enum E { A { #[sse(data)] a: u64, #[sse(id(keep))] b: u8 } }",
        "keep",
        "the data of this event has no fields to keep the ID in; remove `keep`",
    ),
    (
        "enum E { #[sse(other)] A { event: String, data: String, #[sse(id(keep))] b: u8 } }",
        "keep",
        "the data of this event has no fields to keep the ID in; remove `keep`",
    ),
    (
        "enum E { A { #[sse(retry)] #[serde(default)] a: u64 } }",
        "#[serde(default)]",
        "the field is not part of the data, so serde never sees it; remove the attribute",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(id)] id: u8 } }"#,
        "id",
        "serde puts the field into the data; write `id(keep)`, or `#[serde(skip)]` beside it",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(id)] #[serde(skip_serializing)] id: u8 } }"#,
        "id",
        "serde puts the field into the data; write `id(keep)`, or `#[serde(skip)]` beside it",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(retry)] wait: u64 } }"#,
        "retry",
        "serde puts the field into the data; write `#[serde(skip)]` beside it",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(data)] a: u8 } }"#,
        "data",
        "the data is the whole enum; remove `data`",
    ),
    (
        "enum E { A { #[sse(data(json))] a: u8 } }",
        "json",
        "only in a catch-all is the data text if not said otherwise; write `data`",
    ),
    ("enum E { A { #[sse(data(text))] a: u8 } }", "text", "unknown option `text` of `data`; `data` takes `json`"),
    ("enum E { #[sse(data)] A(u8) }", "data", "`data` is not an attribute of a variant; it belongs on a field"),
    ("enum E { A { #[sse(skip)] a: u8 } }", "skip", "unknown key `skip`; write `#[serde(skip)]`"),
    (
        "enum E { #[sse(text)] A { #[sse(id)] at: u8, line: String } }",
        "text",
        "a payload of text is one value; write `A(String)`, or `#[sse(data)]` on the field",
    ),
    (
        r#"enum E { #[sse(literal = "a")] A { #[sse(id)] at: u8, line: String } }"#,
        r#""a""#,
        "the literal is all of the data, and `A` has fields; remove one or the other",
    ),
    (
        "enum E { #[sse(with = hex)] A(u8) }",
        "hex",
        r#"the value of `with` is a path in quotes; write `with = "module"`"#,
    ),
    (
        r#"enum E { #[sse(with = "a b")] A(u8) }"#,
        r#""a b""#,
        r#"the value of `with` is a path in quotes; write `with = "module"`"#,
    ),
    ("enum E { #[sse(with)] A(u8) }", "with", r#"`with` needs a value; write `with = "module"`"#),
    (r#"enum E { #[sse(with = "hex")] A }"#, r#""hex""#, "the payload of a module is one value; write `A(T)`"),
    (
        r#"enum E { #[sse(with = "hex")] A { a: u8 } }"#,
        r#""hex""#,
        "the payload of a module is one value; write `A(T)`, or `#[sse(data)]` on the field",
    ),
    (
        r#"enum E { #[sse(with = "hex")] A(#[serde(default)] u8) }"#,
        "#[serde(default)]",
        "serde never sees the payload of a module; remove the attribute",
    ),
    (r#"enum E { #[sse(with = "hex", text)] A(u8) }"#, "text", "the module of `with` makes the data; remove `text`"),
    (
        r#"enum E { #[sse(with = "hex", literal = "a")] A }"#,
        r#""hex""#,
        "the literal is all of the data; remove `with`",
    ),
    (r#"enum E { #[sse(other, with = "hex")] A }"#, r#""hex""#, "a catch-all keeps the data as it is; remove `with`"),
    (
        r#"enum E { #[sse(with = "hex")] A(u8), #[sse(skip, skip_encode)] B }"#,
        "skip_encode",
        "`skip` says it already; remove `skip_encode`",
    ),
    (
        "enum E { A, #[sse(skip_encode, skip_decode)] B }",
        "skip_decode",
        "`skip_encode` and `skip_decode` together are `skip`; write `skip` in place of both",
    ),
    (
        r#"enum E { #[sse(skip_decode, alias = "b")] A }"#,
        r#""b""#,
        "an alias is for reading, and this variant is never read; remove it",
    ),
    (
        "enum E { #[sse(skip_encode, retry = 5)] A }",
        "retry",
        "`retry` is for writing, and this variant is never written; remove it",
    ),
    ("enum E { #[sse(other, skip)] A }", "skip", "a catch-all is there to be read; remove `skip`"),
    ("enum E { #[sse(other, skip_decode)] A }", "skip_decode", "a catch-all is there to be read; remove `skip_decode`"),
    (
        "enum E { #[sse(skip_serializing)] A }",
        "skip_serializing",
        "unknown key `skip_serializing`; write `skip_encode`",
    ),
    (r#"enum E { A, #[sse(skip, event = "b")] B }"#, r#""b""#, "a skipped variant is no event; remove this, or `skip`"),
    ("enum E { A, #[sse(terminal, skip)] B }", "terminal", "a skipped variant is no event; remove this, or `skip`"),
    ("enum E { A, #[sse(skip, text)] B }", "text", "a skipped variant is no event; remove this, or `skip`"),
    (
        "enum E { #[sse(retry = 5)] A { #[sse(retry)] wait: u64 } }",
        "retry",
        "the time is always that of the field `wait`; remove `retry`",
    ),
    ("#[sse(skip)] struct S;", "skip", "`skip` is not an attribute of a struct; it belongs on a variant"),
];
