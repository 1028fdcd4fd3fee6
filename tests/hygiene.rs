//! Derived types in modules that shadow the names generated code might use, under lints that generated code must pass.
#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    clippy::pedantic,
    clippy::nursery,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used
)]

/// A module whose types shadow those of the prelude.
pub mod shadows {
    use std::{
        borrow::Cow, boxed::Box as StdBox, default::Default as StdDefault, option::Option as StdOption,
        string::String as StdString, vec::Vec as StdVec,
    };

    /// Shadows the type of the prelude.
    #[derive(Debug)]
    pub struct Result;
    /// Shadows the type of the prelude.
    #[derive(Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
    pub struct Option(pub u8);
    /// Shadows the type of the prelude.
    #[derive(Debug)]
    pub struct Vec;
    /// Shadows the type of the prelude.
    #[derive(Debug)]
    pub struct String;
    /// Shadows the type of the prelude.
    #[derive(Debug, PartialEq, Eq)]
    pub struct Box;
    /// Shadows a variant of the prelude.
    #[derive(Debug)]
    pub struct Some;
    /// Shadows a variant of the prelude.
    #[derive(Debug)]
    pub struct Ok;
    /// Shadows a variant of the prelude.
    #[derive(Debug)]
    pub struct Err;
    /// Has the name of a common type parameter.
    #[derive(Debug)]
    pub struct S;
    /// Shadows a trait of the prelude.
    pub trait From {}
    /// Shadows a trait of the prelude.
    pub trait Default {}
    /// Has the name of serde's trait.
    pub trait Serialize {}
    /// Has the name of the trait in `sse_core`.
    pub trait SseDecode {}

    /// An enum whose parameters have names that generated code might choose.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(rename_all = "snake_case")]
    pub enum Shadowed<'de, 'a, T, E> {
        /// A newtype.
        One(T),
        /// A tuple.
        Two(T, E),
        /// A struct.
        Three {
            /// The ID.
            #[sse(id)]
            id: u64,
            /// Borrowed text.
            text: &'de str,
            /// Borrowed text with another lifetime.
            more: &'a str,
            /// A field with a function in its attribute.
            #[serde(skip_serializing_if = "StdVec::is_empty", default)]
            list: StdVec<T>,
            /// A type of this module.
            option: Option,
        },
        /// The terminal event.
        #[sse(terminal)]
        Done,
        /// A field with a codec, and a reconnection time.
        #[sse(with = "super::codec")]
        Coded {
            /// The ID as JSON.
            #[sse(id(json))]
            id: u64,
            /// The reconnection time.
            #[sse(retry)]
            wait: std::option::Option<u64>,
            /// The data.
            #[sse(data)]
            text: StdString,
        },
        /// A variant that is not an event.
        #[sse(skip)]
        Skipped(Box),
        /// The catch-all.
        #[sse(other, skip_encode)]
        Other {
            /// Its name.
            event: StdString,
            /// Its data.
            data: StdBox<str>,
        },
    }

    /// An enum with codecs for its variants.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(text)]
    pub enum Codecs {
        /// Optional text that is owned.
        Maybe(std::option::Option<Cow<'static, str>>),
        /// Optional text that is parsed.
        Number(std::option::Option<u8>),
        /// A list that may end the stream.
        #[sse(json, terminal = "StdVec::is_empty")]
        List(StdVec<u8>),
        /// A value with a default.
        #[sse(json)]
        Count(#[serde(default)] u8),
        /// A value with a codec of its own.
        #[sse(with = "super::codec")]
        Coded(StdString),
    }

    /// A struct with a default.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[serde(default)]
    pub struct Settings<Option> {
        /// A field of the parameter's type.
        pub limit: Option,
        /// A field of the prelude's type.
        pub theme: StdOption<StdString>,
    }

    impl<Option: StdDefault> StdDefault for Settings<Option> {
        fn default() -> Self {
            Self { limit: Option::default(), theme: StdOption::Some("dark".into()) }
        }
    }
}

/// A codec for `with`.
pub mod codec {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    /// Writes text.
    ///
    /// # Errors
    ///
    /// Never returns an error.
    pub fn encode(text: &str, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(text);
        Ok(())
    }

    /// Reads text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is empty.
    pub fn decode(data: &str) -> Result<String, DecodeError> {
        if data.is_empty() { Err(DecodeError::data("the text is empty")) } else { Ok(data.into()) }
    }
}

/// A tagged enum with fields on their own lines.
#[derive(Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, sse_core::SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
pub enum Tagged {
    /// The ID is on its line and in the data.
    Kept {
        /// The ID.
        #[sse(id(keep))]
        id: u64,
    },
    /// The ID and the reconnection time are only on their lines.
    Skipped {
        /// The ID.
        #[sse(id)]
        #[serde(skip)]
        id: u64,
        /// The reconnection time.
        #[sse(retry)]
        #[serde(skip)]
        wait: Option<u32>,
        /// The data.
        n: u8,
    },
}

macro_rules! many {
    ($($variant:ident),*) => {
        /// An enum with enough variants for decoding to match names by length and a byte.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, sse_core::SseEvent)]
        pub enum Many {
            $(#[doc = "One of many variants."] $variant,)*
        }
    };
}

many!(
    Aa, Ab, Ac, Ad, Ae, Af, Ag, Ah, Ai, Ba, Bb, Bc, Bd, Be, Bf, Bg, Bh, Bi, Ca, Cb, Cc, Cd, Ce, Cf, Cg, Ch, Ci, Da, Db,
    Dc, Dd, De, Df, Dg
);

/// Types that nest others, in a module that shadows names generated code might use.
pub mod nested {
    use std::{borrow::Cow, string::String as StdString};

    use super::shadows::Shadowed;

    /// Has the name of a constant in generated code.
    pub const VARIANTS: u8 = 1;
    /// Shadows the type of the prelude.
    #[derive(Debug)]
    pub struct Vec;
    /// Has the name of a type in `sse_core`.
    #[derive(Debug)]
    pub enum Stage {}
    /// Has the name of a type in `sse_core`.
    #[derive(Debug)]
    pub enum Decoded {}
    /// Returns [`VARIANTS`]. Has the name of a function in `sse_core`.
    #[must_use]
    pub const fn distinct() -> u8 {
        VARIANTS
    }

    /// A nested type with many attributes.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(bound(encode = "T: serde::Serialize", decode = "T: serde::Deserialize<'de>"), ignore("ping"))]
    pub enum Inner<'a, T> {
        /// Borrowed text.
        #[sse(borrow)]
        Lent(Cow<'a, str>),
        /// A payload of the parameter's type.
        #[sse(event = "type")]
        Type(T),
        /// An unnamed event.
        #[sse(unnamed, literal = "[DONE]", terminal)]
        Done,
    }

    /// An enum whose parameters have the names of prelude types.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[expect(non_camel_case_types, reason = "a name that a macro may generate")]
    pub enum Outer<'de, 'a, Result, Option> {
        /// A nested type with a prefix that is not ASCII.
        #[sse(flatten(prefix = "größe/"))]
        r#match(Inner<'a, Result>),
        /// A boxed nested type.
        #[sse(flatten(prefix = "b."))]
        Boxed(Box<Shadowed<'de, 'a, Option, u8>>),
        /// A variant that is compiled out.
        #[cfg(any())]
        #[sse(flatten)]
        Gone(NoSuchType),
        /// A variant that is compiled in.
        #[cfg(not(any()))]
        #[cfg_attr(not(any()), sse(flatten(prefix = "c.")))]
        There(Text),
        /// A deprecated variant.
        #[deprecated = "generated code must not cause a warning"]
        #[sse(flatten(prefix = "old."))]
        Old(Text),
    }

    /// A struct event of plain text.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(text)]
    pub struct Text(pub StdString);

    /// An enum without type parameters, so its names are checked at its definition.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    pub enum Plain<'a> {
        /// The first nested type.
        #[sse(flatten)]
        Text(Text),
        /// The second nested type.
        #[sse(flatten(prefix = "in."))]
        Inner(Inner<'a, u8>),
    }
}

/// Identifiers that are keywords, not ASCII, or in an unusual case.
#[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
#[expect(non_camel_case_types, non_snake_case, reason = "names that a macro may generate")]
pub enum Names {
    /// A keyword.
    r#type,
    /// A keyword with a field that is a keyword.
    r#match {
        /// A keyword.
        r#fn: u8,
    },
    /// A name that is not ASCII.
    Größe(u8),
    /// A name that is not ASCII, with fields.
    価格 {
        /// The field.
        値: u8,
    },
    /// A name in snake case.
    snake_case {
        /// The field.
        camelCase: u8,
    },
}

/// A path to `sse_core` for the macro below.
pub mod elsewhere {
    pub use sse_core as sse;
}

macro_rules! events {
    ($(#[$meta:meta])* $name:ident { $($variant:ident($ty:ty) = $event:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, PartialEq, Eq, $crate::hygiene::elsewhere::sse::SseEvent)]
        #[sse(crate = $crate::hygiene::elsewhere::sse)]
        pub enum $name {
            $(
                #[doc = "An event of the macro."]
                #[sse(event = $event)]
                $variant($ty),
            )*
            #[doc = "A nested type."]
            #[sse(flatten(prefix = "nested."))]
            Nested($crate::hygiene::nested::Text),
            #[doc = "A variant with fields."]
            Fields {
                #[doc = "A field with an attribute."]
                #[serde(skip_serializing_if = "Option::is_none")]
                inner: Option<$crate::hygiene::shadows::Option>,
            },
        }
    };
}

events! {
    /// A type that the macro generates.
    Made { Tick(shadows::Option) = "tick", Maybe(Option<u8>) = "maybe" }
}

/// Events whose payload types are qualified without need, in each kind of generated bound.
#[expect(unused_qualifications, reason = "only the user's own tokens cause the warning")]
pub mod qualified {
    /// A payload.
    #[derive(Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
    pub struct Tick(pub u8);

    /// A nested type.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    pub struct Nested(pub u8);

    /// An enum with each kind of bound.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    pub enum Feed<T> {
        /// A payload.
        Tick(crate::hygiene::qualified::Tick),
        /// A generic payload.
        Ticks(std::vec::Vec<T>),
        /// Fields that a helper struct holds.
        Fields {
            /// The ID.
            #[sse(id)]
            id: std::string::String,
            /// A field whose real type the helper struct needs.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            tick: std::option::Option<crate::hygiene::qualified::Tick>,
        },
        /// A nested type.
        #[sse(flatten)]
        Nested(crate::hygiene::qualified::Nested),
        /// A value with a codec.
        #[sse(with = "crate::hygiene::codec")]
        Coded(std::string::String),
    }
}

/// An enum with parts that are compiled out.
#[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
pub enum Configured {
    /// A variant that is compiled out.
    #[cfg(any())]
    Gone(NoSuchType),
    /// A variant that is compiled in.
    #[cfg(not(any()))]
    #[cfg_attr(not(any()), sse(event = "there"))]
    There {
        /// A field that is compiled out.
        #[cfg(any())]
        gone: NoSuchType,
        /// A field that is compiled in.
        #[cfg_attr(not(any()), serde(rename = "b"))]
        a: u8,
    },
    /// A deprecated variant.
    #[deprecated = "generated code must not cause a warning"]
    Old(u8),
}
