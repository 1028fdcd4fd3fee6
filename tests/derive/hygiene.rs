//! Derived types in unusual surroundings. They are defined in the library, where lints treat them as public.

use sse_core::{Decoded, Decoder, SseDecode, TypedEvent as _};
use sse_tests::hygiene::{Configured, Made, Many, Names, Tagged, nested, qualified, shadows};

use super::{decode, encode, round_trip};

#[test]
fn types_that_shadow_the_prelude_do_not_affect_generated_code() {
    let event: shadows::Shadowed<'_, '_, u8, char> =
        shadows::Shadowed::Three { id: 1, text: "a", more: "b", list: Vec::new(), option: shadows::Option(3) };
    assert_eq!(encode(&event), "event: three\nid: 1\ndata: {\"text\":\"a\",\"more\":\"b\",\"option\":3}\n\n");
    let rest = [shadows::Shadowed::One(1), shadows::Shadowed::Two(1, 'x'), shadows::Shadowed::Done];
    assert_eq!(
        rest.iter().map(encode).collect::<String>(),
        "event: one\ndata: 1\n\nevent: two\ndata: [1,\"x\"]\n\nevent: done\ndata: \n\n"
    );
}

#[test]
fn codecs_and_defaults_work_among_shadowed_names() {
    use shadows::Codecs;

    round_trip(Codecs::Maybe(Some("a".into())), "event: Maybe\ndata: a\n\n");
    round_trip(Codecs::Number(Some(1)), "event: Number\ndata: 1\n\n");
    round_trip(Codecs::List(vec![1]), "event: List\ndata: [1]\n\n");
    round_trip(Codecs::Coded("a".into()), "event: Coded\ndata: a\n\n");
    assert_eq!(decode("event: Count\ndata\n\n"), Decoded::Event(Codecs::Count(0)));
    assert!(Codecs::List(Vec::new()).is_terminal());
    let settings = shadows::Settings { limit: 0, theme: Some("dark".into()) };
    assert_eq!(decode("event: Settings\ndata\n\n"), Decoded::Event(settings));
}

#[test]
fn fields_on_their_own_lines_work_in_any_type() {
    type Shadowed = shadows::Shadowed<'static, 'static, u8, char>;
    let coded = Shadowed::Coded { id: 1, wait: Some(5), text: "a".into() };
    assert_eq!(encode(&coded), "event: coded\nid: 1\nretry: 5\ndata: a\n\n");
    round_trip(Tagged::Kept { id: 1 }, "event: Kept\nid: 1\ndata: {\"type\":\"Kept\",\"id\":1}\n\n");
    round_trip(
        Tagged::Skipped { id: 1, wait: Some(5), n: 2 },
        "event: Skipped\nid: 1\nretry: 5\ndata: {\"type\":\"Skipped\",\"n\":2}\n\n",
    );
    round_trip(Many::Dg, "event: Dg\ndata: \n\n");
}

#[test]
fn types_that_nest_others_are_hygienic() {
    type Nested<'a> = nested::Outer<'a, 'a, u8, char>;
    let text = |text: &str| nested::Text(text.into());
    for (event, bytes) in [
        (Nested::r#match(nested::Inner::Type(1)), "event: größe/type\ndata: 1\n\n"),
        (Nested::r#match(nested::Inner::Lent("a".into())), "event: größe/Lent\ndata: \"a\"\n\n"),
        (Nested::r#match(nested::Inner::Done), "data: [DONE]\n\n"),
        (Nested::Boxed(Box::new(shadows::Shadowed::One('x'))), "event: b.one\ndata: \"x\"\n\n"),
        (Nested::There(text("a")), "event: c.Text\ndata: a\n\n"),
    ] {
        assert_eq!(encode(&event), bytes);
        let mut decoder = Decoder::new();
        let mut events = decoder.feed(bytes.as_bytes());
        let raw = events.next_event().unwrap().unwrap();
        let Decoded::Event(read) = nested::Outer::<u8, char>::decode(raw).unwrap() else { panic!("{bytes}") };
        assert_eq!(encode(&read), bytes);
    }
    assert_eq!(encode(&nested::Plain::Inner(nested::Inner::Type(1))), "event: in.type\ndata: 1\n\n");
    round_trip(Made::Nested(text("a")), "event: nested.Text\ndata: a\n\n");
}

#[test]
fn raw_and_non_ascii_identifiers_keep_their_names() {
    for (event, bytes) in [
        (Names::r#type, "event: type\ndata: \n\n"),
        (Names::r#match { r#fn: 1 }, "event: match\ndata: {\"fn\":1}\n\n"),
        (Names::Größe(1), "event: Größe\ndata: 1\n\n"),
        (Names::価格 { 値: 1 }, "event: 価格\ndata: {\"値\":1}\n\n"),
        (Names::snake_case { camelCase: 1 }, "event: snake_case\ndata: {\"camelCase\":1}\n\n"),
    ] {
        assert_eq!(encode(&event), bytes);
        assert_eq!(decode(bytes), Decoded::Event(event));
    }
}

#[test]
fn a_macro_may_generate_the_enum() {
    assert_eq!(encode(&Made::Tick(shadows::Option(1))), "event: tick\ndata: 1\n\n");
    assert_eq!(encode(&Made::Maybe(None)), "event: maybe\ndata: \n\n");
    assert_eq!(decode("event: Fields\ndata: {}\n\n"), Decoded::Event(Made::Fields { inner: None }));
}

#[test]
fn cfg_attributes_are_respected() {
    assert_eq!(encode(&Configured::There { a: 1 }), "event: there\ndata: {\"b\":1}\n\n");
}

#[test]
fn an_enum_may_be_local_to_a_function() {
    #[derive(serde::Deserialize, serde::Serialize, Debug, PartialEq)]
    struct Local(u8);

    #[derive(Debug, PartialEq, sse_core::SseEvent)]
    enum Events {
        A(Local),
        B { local: Local },
    }
    assert_eq!(encode(&Events::B { local: Local(1) }), "event: B\ndata: {\"local\":1}\n\n");
    assert_eq!(decode("event: A\ndata: 1\n\n"), Decoded::Event(Events::A(Local(1))));
}

#[test]
fn types_that_are_qualified_without_need_cause_no_warning_in_generated_code() {
    use qualified::{Feed, Nested, Tick};

    round_trip(Feed::<u8>::Tick(Tick(1)), "event: Tick\ndata: 1\n\n");
    round_trip(Feed::Ticks(vec![1]), "event: Ticks\ndata: [1]\n\n");
    round_trip(Feed::<u8>::Fields { id: "a".into(), tick: None }, "event: Fields\nid: a\ndata: {}\n\n");
    round_trip(Feed::<u8>::Nested(Nested(1)), "event: Nested\ndata: 1\n\n");
    round_trip(Feed::<u8>::Coded("a".into()), "event: Coded\ndata: a\n\n");
}
