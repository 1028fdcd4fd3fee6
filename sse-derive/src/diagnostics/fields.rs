//! Misuses of keys on fields, and of `with` and `skip` on variants.

pub(crate) const FIELDS: &[(&str, &str, &str)] = &[
    ("enum E { A { #[sse(id())] a: u8 } }", "()", "expected option names; `id` takes `json` and `keep`"),
    ("enum E { A { #[sse(id(jsn))] a: u8 } }", "jsn", "unknown option `jsn` for `id`; did you mean `json`?"),
    (
        "enum E { A { #[sse(id(number))] a: u8 } }",
        "number",
        "unknown option `number` for `id`; `id` takes `json` and `keep`",
    ),
    ("enum E { A { #[sse(id(keep, keep))] a: u8 } }", "keep", "duplicate option `keep`; remove one"),
    (
        r#"enum E { A { #[sse(id("json"))] a: u8 } }"#,
        r#"("json")"#,
        "expected option names; `id` takes `json` and `keep`",
    ),
    (
        r#"enum E { A { #[sse(id = "json")] a: u8 } }"#,
        r#"= "json""#,
        "`id` takes options in parentheses; write `id(json)`",
    ),
    ("enum E { A { #[sse(id = keep)] a: u8 } }", "= keep", "`id` takes options in parentheses; write `id(keep)`"),
    (r#"enum E { A { #[sse(id = "x")] a: u8 } }"#, r#"= "x""#, "`id` takes no value; write `id`"),
    (
        "enum E { A { #[sse(retry = 5)] a: u8 } }",
        "= 5",
        "`retry` takes no value; write `retry`, or `retry = 5` on a variant",
    ),
    ("enum E { A(#[sse(retry)] u8) }", "retry", "`retry` requires a named field; write `A { .. }`"),
    (
        "enum E { A { #[sse(retry)] a: u64, #[sse(retry)] b: u64 } }",
        "retry",
        "only one field can be the reconnection time; remove this `retry`",
    ),
    (
        "enum E { A { #[sse(data)] a: u64, #[sse(data)] b: u64 } }",
        "data",
        "only one field can be the data; remove this `data`",
    ),
    (
        "enum E { #[sse(other)] A { #[sse(event)] a: String, #[sse(event)] b: String } }",
        "event",
        "only one field can be the event name; remove this `event`",
    ),
    (
        "enum E { A { #[sse(id, data)] a: u64 } }",
        "data",
        "`data` cannot be combined with `id`; remove `data`, or put it on another field",
    ),
    (
        "enum E { A { #[sse(data)] a: u64, b: u8 } }",
        "b",
        "`b` is not encoded, because another field is the data; mark it with `id` or `retry`, write `#[serde(skip)]` to leave it out, or remove it",
    ),
    (
        "enum E { A { #[sse(event)] name: String } }",
        "event",
        r#"only a catch-all can have its event name in a field; write `event = ".."` on the variant, or make it a catch-all with `other`"#,
    ),
    (
        "enum E { A { #[sse(data)] a: u64, #[sse(id(keep))] b: u8 } }",
        "keep",
        "`keep` requires the data to be a JSON object; remove `keep`",
    ),
    (
        "enum E { #[sse(other)] A { event: String, data: String, #[sse(id(keep))] b: u8 } }",
        "keep",
        "`keep` requires the data to be a JSON object; remove `keep`",
    ),
    (
        "enum E { A { #[sse(retry)] #[serde(default)] a: u64 } }",
        "#[serde(default)]",
        "serde attributes have no effect on a field outside the data; remove this attribute",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(id)] id: u8 } }"#,
        "id",
        "serde includes this field in the data; write `id(keep)`, or add `#[serde(skip)]`",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(id)] #[serde(skip_serializing)] id: u8 } }"#,
        "id",
        "serde still reads this field from the data; write `#[serde(skip)]` instead of `skip_serializing`",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(retry)] #[serde(skip_deserializing)] wait: u64 } }"#,
        "retry",
        "serde still writes this field to the data; write `#[serde(skip)]` instead of `skip_deserializing`",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(retry)] wait: u64 } }"#,
        "retry",
        "serde includes this field in the data; add `#[serde(skip)]`",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A { #[sse(data)] a: u8 } }"#,
        "data",
        "the data of a `tagged` enum is the whole enum; remove `data`",
    ),
    (
        "enum E { A { #[sse(data(json))] a: u8 } }",
        "json",
        "`data(json)` is only for a catch-all, whose data is text by default; write `data`",
    ),
    (
        "enum E { A { #[sse(data(text))] a: u8 } }",
        "text",
        "unknown option `text` for `data`; write `data`, and `text` on the variant unless it is a catch-all",
    ),
    ("enum E { #[sse(data)] A(u8) }", "data", "`data` is not an attribute of a variant; it belongs on a field"),
    ("enum E { A { #[sse(skip)] a: u8 } }", "skip", "`skip` is not an attribute of a field; write `#[serde(skip)]`"),
    (
        "enum E { #[sse(text)] A { #[sse(id)] at: u8, line: String } }",
        "text",
        "`text` requires a single value; write `A(String)`, or `#[sse(data)]` on the field",
    ),
    (
        r#"enum E { #[sse(literal = "a")] A { #[sse(id)] at: u8, line: String } }"#,
        r#""a""#,
        "the literal is the whole data, so the fields would not be encoded; remove `literal`, or the fields without `id` or `retry`",
    ),
    (
        "enum E { #[sse(with = hex)] A(u8) }",
        "hex",
        r#"the value of `with` must be a path in quotes; write `with = "hex"`"#,
    ),
    (
        r#"enum E { #[sse(with = "a b")] A(u8) }"#,
        r#""a b""#,
        r#"the value of `with` must be a path in quotes; write `with = "module"`"#,
    ),
    ("enum E { #[sse(with)] A(u8) }", "with", r#"`with` needs a value; write `with = "module"`"#),
    (r#"enum E { #[sse(with = "hex")] A }"#, r#""hex""#, "`with` requires a single value; write `A(T)`"),
    (
        r#"enum E { #[sse(with = "hex")] A { a: u8 } }"#,
        r#""hex""#,
        "`with` requires a single value; write `A(T)`, or `#[sse(data)]` on the field",
    ),
    (
        r#"enum E { #[sse(with = "hex")] A(#[serde(default)] u8) }"#,
        "#[serde(default)]",
        "serde attributes have no effect with `with`; remove this attribute",
    ),
    (r#"enum E { #[sse(with = "hex", text)] A(u8) }"#, "text", "`with` already determines the data; remove `text`"),
    (
        r#"enum E { #[sse(with = "hex", literal = "a")] A }"#,
        r#""hex""#,
        "`literal` already determines the data; remove `with`",
    ),
    (r#"enum E { #[sse(other, with = "hex")] A }"#, r#""hex""#, "a catch-all keeps the data unchanged; remove `with`"),
    (
        r#"enum E { #[sse(with = "hex")] A(u8), #[sse(skip, skip_encode)] B }"#,
        "skip_encode",
        "`skip` already includes `skip_encode`; remove `skip_encode`",
    ),
    (
        "enum E { A, #[sse(skip_encode, skip_decode)] B }",
        "skip_decode",
        "`skip_encode` and `skip_decode` together mean `skip`; write `skip` instead of both",
    ),
    (
        r#"enum E { #[sse(skip_decode, alias = "b")] A }"#,
        r#""b""#,
        "`alias` has no effect on a variant with `skip_decode`; remove `alias`",
    ),
    (
        "enum E { #[sse(skip_encode, retry = 5)] A }",
        "retry",
        "`retry` has no effect on a variant with `skip_encode`; remove `retry`",
    ),
    ("enum E { #[sse(other, skip)] A }", "skip", "a catch-all cannot be skipped when decoding; remove `skip`"),
    (
        "enum E { #[sse(other, skip_decode)] A }",
        "skip_decode",
        "a catch-all cannot be skipped when decoding; remove `skip_decode`",
    ),
    (
        "enum E { #[sse(skip_serializing)] A }",
        "skip_serializing",
        "unknown key `skip_serializing`; write `skip_encode`",
    ),
    (
        r#"enum E { A, #[sse(skip, event = "b")] B }"#,
        r#""b""#,
        "`event` has no effect on a skipped variant; remove `event` or `skip`",
    ),
    (
        r#"enum E { A, #[sse(skip, literal = "b")] B }"#,
        r#""b""#,
        "`literal` has no effect on a skipped variant; remove `literal` or `skip`",
    ),
    (
        r#"enum E { A, #[sse(skip, with = "m")] B(u8) }"#,
        r#""m""#,
        "`with` has no effect on a skipped variant; remove `with` or `skip`",
    ),
    (
        "enum E { A, #[sse(terminal, skip)] B }",
        "terminal",
        "`terminal` has no effect on a skipped variant; remove `terminal` or `skip`",
    ),
    (
        "enum E { A, #[sse(skip, text)] B }",
        "text",
        "`text` has no effect on a skipped variant; remove `text` or `skip`",
    ),
    (
        "enum E { #[sse(retry = 5)] A { #[sse(retry)] wait: u64 } }",
        "retry",
        "field `wait` always sets the reconnection time; remove `retry`",
    ),
    ("#[sse(skip)] struct S;", "skip", "`skip` is not an attribute of a struct; it belongs on a variant"),
];
