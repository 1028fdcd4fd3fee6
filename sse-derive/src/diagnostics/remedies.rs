//! Misuses whose remedy is made from what the user wrote.

pub(super) const REMEDIES: &[(&str, &str, &str)] = &[
    (
        "enum E { #[sse(retry = 5 * 1000)] A }",
        "5 * 1000",
        "the value of `retry` must be a whole number of milliseconds; write `retry = 5000`",
    ),
    (
        "enum E { #[sse(retry = 30s)] A }",
        "30s",
        "the value of `retry` must be a whole number of milliseconds; write `retry = 30000`",
    ),
    (
        r#"enum E { #[sse(retry = "250ms")] A }"#,
        r#""250ms""#,
        "the value of `retry` must be a whole number of milliseconds; write `retry = 250`",
    ),
    (
        "enum E { #[sse(retry = Duration::from_secs(3))] A }",
        "Duration::from_secs(3)",
        "the value of `retry` must be a whole number of milliseconds; write `retry = 3000`",
    ),
    ("enum E { #[sse(retry(5000))] A }", "(5000)", "expected `=` after `retry`; write `retry = 5000`"),
    (
        "enum E { #[sse(retry = MS)] A }",
        "MS",
        "the value of `retry` must be a whole number of milliseconds, because a derive does not see the value of `MS`; write the number of milliseconds, as in `retry = 5000`",
    ),
    (
        "enum E { #[sse(retry)] A }",
        "retry",
        "`retry` needs a value; write the number of milliseconds, as in `retry = 5000`",
    ),
    (
        "enum E { #[sse(event = NAME)] A }",
        "NAME",
        r#"the value of `event` must be a string, because a derive does not see the value of `NAME`; write `event = ".."`"#,
    ),
    (
        "enum E { #[sse(event = names::TICK)] A }",
        "names::TICK",
        r#"the value of `event` must be a string, because a derive does not see the value of `names::TICK`; write `event = ".."`"#,
    ),
    (
        r#"enum E { #[sse(event = concat!("a", "b"))] A }"#,
        r#"concat!("a", "b")"#,
        r#"the value of `event` must be a string; write `event = "ab"`"#,
    ),
    ("enum E { #[sse(event = 'a')] A }", "'a'", r#"the value of `event` must be a string; write `event = "a"`"#),
    (
        "enum E { #[sse(literal = [DONE])] A }",
        "[DONE]",
        r#"the value of `literal` must be a string; write `literal = "[DONE]"`"#,
    ),
    (
        "#[sse(rename_all = snake_case)] enum E { A }",
        "snake_case",
        r#"the value of `rename_all` must be a string; write `rename_all = "snake_case"`"#,
    ),
    (
        r#"#[sse(prefix = "a" + ".")] enum E { A }"#,
        r#""a" + ".""#,
        r#"the value of `prefix` must be a string; write `prefix = "a."`"#,
    ),
    (
        "enum E { #[sse(terminal = false)] A }",
        "false",
        "the value of `terminal` must be a path in quotes; remove `terminal`",
    ),
    ("enum E { #[sse(error = false)] A }", "= false", "`error` takes no value; remove `error`"),
    ("enum E { #[sse(other = true)] A }", "= true", "`other` takes no value; write `other`"),
    (
        "enum E { #[sse(with = hex::codec)] A(u8) }",
        "hex::codec",
        r#"the value of `with` must be a path in quotes; write `with = "hex::codec"`"#,
    ),
    (
        r#"enum E { #[sse(with = "hex::encode")] A(u8) }"#,
        r#""hex::encode""#,
        r#"`with` takes the path of a module, and `encode` is one of its functions; write `with = "hex"`"#,
    ),
    (
        r#"enum E { #[sse(with = "crate::hex::decode")] A(u8) }"#,
        r#""crate::hex::decode""#,
        r#"`with` takes the path of a module, and `decode` is one of its functions; write `with = "crate::hex"`"#,
    ),
    (
        r#"enum E { #[sse(other)] A { #[sse(event = "a")] event: String, data: String } }"#,
        r#"= "a""#,
        r#"`event` takes no value; write `event`, or `event = "a"` on a variant"#,
    ),
    (
        "enum E { A { #[sse(id(text))] a: u8 } }",
        "text",
        "unknown option `text` for `id`; write `id`, because an ID is text by default",
    ),
    (
        "enum E { A { #[sse(data(with))] a: u8 } }",
        "with",
        r#"unknown option `with` for `data`; write `data`, and `with = "module"` on the variant"#,
    ),
    ("enum E { A { #[sse(data(jso))] a: u8 } }", "jso", "unknown option `jso` for `data`; did you mean `json`?"),
    (
        "enum E { A { #[sse(data(number))] a: u8 } }",
        "number",
        "unknown option `number` for `data`; `data` takes `json`, in a catch-all only",
    ),
    (
        "enum E { A(#[sse(data)] u8) }",
        "data",
        "`data` requires a named field; remove `data`, because the value is the whole data",
    ),
    (r#"enum E { #[sse(event_name = "a")] A }"#, "event_name", r#"unknown key `event_name`; write `event = ".."`"#),
    ("enum E { #[sse(done)] A }", "done", "unknown key `done`; write `terminal`"),
    ("enum E { #[sse(end)] A }", "end", "unknown key `end`; write `terminal`"),
    ("#[sse(close)] struct S;", "close", "unknown key `close`; write `terminal`"),
    ("enum E { #[sse(is_terminal)] A }", "is_terminal", "unknown key `is_terminal`; write `terminal`"),
    ("enum E { A { #[sse(event_id)] a: u8 } }", "event_id", "unknown key `event_id`; write `id`"),
    ("enum E { #[sse(event_id)] A }", "event_id", "unknown key `event_id`; write `id` on a field"),
    ("enum E { A { #[sse(payload)] a: u8 } }", "payload", "unknown key `payload`; write `data`"),
    (
        "enum E { #[sse(payload)] A(u8) }",
        "payload",
        r#"unknown key `payload`; remove it for JSON, or write `text` or `with = "module"`"#,
    ),
    (
        r#"enum E { #[sse(format = "text")] A(u8) }"#,
        "format",
        r#"unknown key `format`; remove it for JSON, or write `text` or `with = "module"`"#,
    ),
    (
        "#[sse(keep_alive = 15)] enum E { A }",
        "keep_alive",
        "unknown key `keep_alive`; use `Sse::keep_alive`, because the response sends keep-alives",
    ),
    (
        r#"enum E { #[sse(comment = "a")] A }"#,
        "comment",
        "unknown key `comment`; use `Envelope::with_comment`, because a comment is not part of an event",
    ),
    (
        "#[sse(terminal)] enum E { A }",
        "terminal",
        "`terminal` is not an attribute of an enum; it belongs on a variant or a struct",
    ),
    (
        r#"enum E { #[sse(rename_all = "a")] A }"#,
        "rename_all",
        r#"`rename_all` is not an attribute of a variant; write `#[serde(rename_all = "..")]` to rename its fields"#,
    ),
    (
        "enum E { A { #[sse(text)] a: u8 } }",
        "text",
        "`text` is not an attribute of a field; write `text` on the variant or the struct, and `data` on this field if it has a name",
    ),
    (
        r#"enum E { A { #[sse(literal = "a")] a: u8 } }"#,
        "literal",
        "`literal` is not an attribute of a field; it belongs on a variant or a struct",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A(u8) }"#,
        "u8",
        r#"serde cannot add the tag `t` to this value, because it is not a JSON object; write `A { value: u8 }`, or `content = ".."` next to `tag`"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A(Vec<Tick>) }"#,
        "Vec<Tick>",
        r#"serde cannot add the tag `t` to this value, because it is not a JSON object; write `A { value: Vec<Tick> }`, or `content = ".."` next to `tag`"#,
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A, #[serde(skip)] #[sse(event = "b")] B(Tick) }"#,
        "skip",
        "serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(json)]` to keep it, with the payload alone as the data",
    ),
    (
        r#"#[serde(tag = "t")] #[sse(tagged)] enum E { A, #[serde(skip)] B }"#,
        "skip",
        r#"serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(literal = "")]` to keep it, with empty data"#,
    ),
    (
        "enum E { A, #[serde(skip)] B(Tick) }",
        "skip",
        r#"serde's `skip` on a variant does not apply to the event; write `#[sse(skip)]` to exclude the event too, or `#[sse(event = "B")]` to keep it"#,
    ),
    (
        "enum E { #[sse(other)] A { event: String, data: String, id: String } }",
        "id",
        "`id` is not encoded, because a catch-all keeps `event` and `data`; write `#[sse(id)]` on `id`, or remove it",
    ),
    (
        "enum E { #[sse(other)] A { event: String, data: String, at: u64 } }",
        "at",
        "`at` is not encoded, because a catch-all keeps `event` and `data`; remove `at`, or mark it with `id` or `retry`",
    ),
    (
        "enum E { A { #[sse(data)] a: u8, #[serde(skp)] b: PhantomData<u8> } }",
        "skp",
        "unknown key `skp`; did you mean `skip`?",
    ),
    (
        "enum E { A { #[sse(data)] a: u8, #[serde(skip_serializing)] b: u8 } }",
        "b",
        "`b` is not encoded, because another field is the data; mark it with `id` or `retry`, write `#[serde(skip)]` to leave it out, or remove it",
    ),
    (
        "enum E<'de> { A { #[serde(borrow)] a: Cow<'de, str> } }",
        "'de",
        "serde's derive uses the name `'de` for the lifetime of the data; rename this lifetime, for example to `'a`",
    ),
    (
        r#"enum E { #[sse(alias = ["a", "b"])] A }"#,
        r#"["a", "b"]"#,
        r#"the value of `alias` must be a string; write `alias = "a", alias = "b"`"#,
    ),
    (
        r#"enum E { #[sse(alias("a", "b"))] A }"#,
        r#"("a", "b")"#,
        r#"expected `=` after `alias`; write `alias = "a", alias = "b"`"#,
    ),
    (
        r#"#[sse(ignore = ["a", "b"])] enum E { A }"#,
        r#"= ["a", "b"]"#,
        r#"expected `(` after `ignore`; write `ignore("a", "b")`"#,
    ),
    (
        r#"enum E { #[sse(event = ["a"])] A }"#,
        r#"["a"]"#,
        r#"the value of `event` must be a string; write `event = "a"`"#,
    ),
    (
        "enum E { #[sse(unnamed)] A { a: u8 }, #[sse(unnamed, terminal)] B }",
        "unnamed",
        r#"variant `A` is unnamed too, and the data does not distinguish them; write `literal = ".."` on `B` if its data is always the same text, or name one of them"#,
    ),
    (
        "#[sse(unnamed)] enum E { A, B { b: u8 } }",
        "B",
        r#"variant `A` is unnamed too, and the data does not distinguish them; write `literal = ".."` on `A` if its data is always the same text, or name one of them"#,
    ),
    (
        "#[sse(unnamed)] enum E { A { a: u8 }, B { b: u8 } }",
        "B",
        r#"variant `A` is unnamed too, and the data does not distinguish them; name one of them, or derive serde's traits for the enum and write `#[sse(tagged)]` with `#[serde(untagged)]`, or with `#[serde(tag = "..")]` if the data has a tag"#,
    ),
];
