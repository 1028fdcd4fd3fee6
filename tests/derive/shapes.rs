//! The shapes of variants.

use sse_core::SseEvent;

use super::{Tick, round_trip};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Shapes {
    UnitShape,
    Newtype(Tick),
    Pair(u8, String),
    EmptyTuple(),
    #[sse(event = "object")]
    Struct {
        a: u32,
        r#type: Option<String>,
    },
    EmptyStruct {},
    Null(()),
    Optional(Option<Tick>),
    #[sse(terminal)]
    Closed {
        #[sse(id)]
        at: u64,
        reason: String,
    },
    Maybe {
        #[sse(id)]
        at: Option<u64>,
    },
}

#[test]
fn a_unit_is_an_empty_data_line() {
    round_trip(Shapes::UnitShape, "event: unit_shape\ndata: \n\n");
}

#[test]
fn a_newtype_is_its_value() {
    round_trip(Shapes::Newtype(Tick { price: 3 }), "event: newtype\ndata: {\"price\":3}\n\n");
}

#[test]
fn all() {
    round_trip(Shapes::Pair(1, "x".into()), "event: pair\ndata: [1,\"x\"]\n\n");
    round_trip(Shapes::EmptyTuple(), "event: empty_tuple\ndata: []\n\n");
    round_trip(Shapes::EmptyStruct {}, "event: empty_struct\ndata: {}\n\n");
    round_trip(Shapes::Struct { a: 1, r#type: None }, "event: object\ndata: {\"a\":1,\"type\":null}\n\n");
    round_trip(Shapes::Null(()), "event: null\ndata: null\n\n");
    round_trip(Shapes::Optional(None), "event: optional\ndata: \n\n");
    round_trip(Shapes::Optional(Some(Tick { price: 1 })), "event: optional\ndata: {\"price\":1}\n\n");
    round_trip(Shapes::Closed { at: 3, reason: "r".into() }, "event: closed\nid: 3\ndata: {\"reason\":\"r\"}\n\n");
    round_trip(Shapes::Maybe { at: None }, "event: maybe\ndata: {}\n\n");
    round_trip(Shapes::Maybe { at: Some(5) }, "event: maybe\nid: 5\ndata: {}\n\n");
}

mod concrete {
    use std::{borrow::Cow, marker::PhantomData};

    use serde::{Deserialize, Serialize};
    use sse_core::SseEvent;

    use crate::derive::{Tick, encode};

    fn is_default<T: Default + PartialEq>(value: &T) -> bool {
        *value == T::default()
    }

    mod hex {
        use serde::{Deserialize, Deserializer, Serializer};

        pub(super) fn serialize<S: Serializer>(value: &u32, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(&format!("{value:x}"))
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
            let text = <&str>::deserialize(deserializer)?;
            u32::from_str_radix(text, 16).map_err(serde::de::Error::custom)
        }
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Concrete<'a, T, const N: usize> {
        Skips {
            #[serde(skip_serializing_if = "is_default", default)]
            count: u32,
            #[serde(skip_serializing_if = "Option::is_none")]
            value: Option<T>,
            #[serde(with = "hex")]
            color: u32,
            #[serde(borrow)]
            text: Cow<'a, str>,
            #[serde(skip)]
            cache: PhantomData<[T; N]>,
            other: T,
            #[serde(rename = "old", alias = "older")]
            new: Tick,
        },
        Tuple(#[serde(with = "hex")] u32, #[serde(skip)] u8, T),
        One(#[serde(with = "hex")] u32),
    }

    #[derive(Debug, PartialEq, SseEvent)]
    enum Named<T> {
        #[serde(rename_all = "camelCase")]
        More {
            the_value: T,
            #[serde(flatten)]
            rest: T,
        },
    }

    #[test]
    fn it() {
        let event: Concrete<'_, Tick, 3> = Concrete::Skips {
            count: 0,
            value: None,
            color: 255,
            text: "x".into(),
            cache: PhantomData,
            other: Tick { price: 1 },
            new: Tick { price: 2 },
        };
        assert_eq!(
            encode(&event),
            "event: Skips\ndata: {\"color\":\"ff\",\"text\":\"x\",\"other\":{\"price\":1},\"old\":{\"price\":2}}\n\n"
        );
        assert_eq!(
            encode(&Named::More { the_value: Tick { price: 1 }, rest: Tick { price: 2 } }),
            "event: More\ndata: {\"theValue\":{\"price\":1},\"price\":2}\n\n"
        );
    }

    #[derive(Serialize)]
    struct W;
    #[derive(Debug, Deserialize, PartialEq)]
    struct R;

    #[derive(SseEvent)]
    enum OnlyW {
        A(W),
        B { w: W, o: Option<W> },
        C(W, Vec<W>),
    }
    #[derive(SseEvent, Debug, PartialEq)]
    enum OnlyR {
        A(R),
        B { w: R, o: Option<R> },
        C(R, Vec<R>),
    }

    #[test]
    fn half() {
        assert_eq!(encode(&OnlyW::C(W, vec![W])), "event: C\ndata: [null,[null]]\n\n");
        assert_eq!(
            crate::derive::decode::<OnlyR>("event: C\ndata: [null,[null]]\n\n"),
            sse_core::Decoded::Event(OnlyR::C(R, vec![R]))
        );
        let _ = (OnlyW::A(W), OnlyW::B { w: W, o: None }, OnlyR::A(R), OnlyR::B { w: R, o: None });
    }
}
