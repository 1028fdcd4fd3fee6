//! The derive in surroundings that redefine what generated code might lean on, under lints that it must pass.
#![deny(
    warnings,
    missing_docs,
    unused_qualifications,
    clippy::pedantic,
    clippy::nursery,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used
)]

/// A module whose own types have the names of the prelude's.
pub mod shadows {
    use std::{boxed::Box as StdBox, string::String as StdString, vec::Vec as StdVec};

    /// As the prelude's.
    #[derive(Debug)]
    pub struct Result;
    /// As the prelude's.
    #[derive(Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
    pub struct Option(pub u8);
    /// As the prelude's.
    #[derive(Debug)]
    pub struct Vec;
    /// As the prelude's.
    #[derive(Debug)]
    pub struct String;
    /// As the prelude's.
    #[derive(Debug, PartialEq, Eq)]
    pub struct Box;
    /// As a prelude variant.
    #[derive(Debug)]
    pub struct Some;
    /// As a prelude variant.
    #[derive(Debug)]
    pub struct Ok;
    /// As a prelude variant.
    #[derive(Debug)]
    pub struct Err;
    /// As a common parameter.
    #[derive(Debug)]
    pub struct S;
    /// As a common trait.
    pub trait From {}
    /// As a common trait.
    pub trait Serialize {}
    /// As a common trait.
    pub trait SseDecode {}

    /// Parameters with the names that generated code might choose.
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
            /// Lent.
            text: &'de str,
            /// Lent for another time.
            more: &'a str,
            /// A field with a function.
            #[serde(skip_serializing_if = "StdVec::is_empty", default)]
            list: StdVec<T>,
            /// The module's own.
            option: Option,
        },
        /// The last.
        #[sse(terminal)]
        Done,
        /// One field with a codec, and a time.
        #[sse(with = "super::codec")]
        Coded {
            /// The ID as JSON.
            #[sse(id(json))]
            id: u64,
            /// The time.
            #[sse(retry)]
            wait: std::option::Option<u64>,
            /// The data.
            #[sse(data)]
            text: StdString,
        },
        /// Nothing that travels.
        #[sse(skip)]
        Skipped(Box),
        /// Any other.
        #[sse(other, skip_encode)]
        Other {
            /// Its name.
            event: StdString,
            /// Its data.
            data: StdBox<str>,
        },
    }
}

/// A codec as `with` asks for it.
pub mod codec {
    use sse_core::{DataWriter, DecodeError, EncodeError};

    /// Writes text.
    ///
    /// # Errors
    ///
    /// None.
    pub fn encode(text: &str, data: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        data.push(text);
        Ok(())
    }

    /// Reads text.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn decode(data: &str) -> Result<String, DecodeError> {
        if data.is_empty() { Err(DecodeError::data("there is no text")) } else { Ok(data.into()) }
    }
}

/// The whole enum as data, with fields beside it.
#[derive(Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, sse_core::SseEvent)]
#[serde(tag = "type")]
#[sse(tagged)]
pub enum Beside {
    /// In both places.
    Kept {
        /// The ID.
        #[sse(id(keep))]
        id: u64,
    },
    /// Beside the data.
    Skipped {
        /// The ID.
        #[sse(id)]
        #[serde(skip)]
        id: u64,
        /// The time.
        #[sse(retry)]
        #[serde(skip)]
        wait: Option<u32>,
        /// The data.
        n: u8,
    },
}

macro_rules! many {
    ($($variant:ident),*) => {
        /// So many that reading goes by length and byte.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, sse_core::SseEvent)]
        pub enum Many {
            $(#[doc = "One of many."] $variant,)*
        }
    };
}

many!(
    Aa, Ab, Ac, Ad, Ae, Af, Ag, Ah, Ai, Ba, Bb, Bc, Bd, Be, Bf, Bg, Bh, Bi, Ca, Cb, Cc, Cd, Ce, Cf, Cg, Ch, Ci, Da, Db,
    Dc, Dd, De, Df, Dg
);

/// Types that nest others, among names that their code might use.
pub mod nested {
    use std::{borrow::Cow, string::String as StdString};

    use super::shadows::Shadowed;

    /// As the constant that generated code makes.
    pub const VARIANTS: u8 = 1;
    /// As the prelude's.
    #[derive(Debug)]
    pub struct Vec;
    /// As one of the crate's.
    #[derive(Debug)]
    pub enum Stage {}
    /// As one of the crate's.
    #[derive(Debug)]
    pub enum Decoded {}
    /// As a common function.
    #[must_use]
    pub const fn distinct() -> u8 {
        VARIANTS
    }

    /// An inner type with all keys of a variant.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(bound(encode = "T: serde::Serialize", decode = "T: serde::Deserialize<'de>"), ignore("ping"))]
    pub enum Inner<'a, T> {
        /// Lent.
        #[sse(borrow)]
        Lent(Cow<'a, str>),
        /// Of the parameter.
        #[sse(event = "type")]
        Type(T),
        /// Without a name.
        #[sse(unnamed, literal = "[DONE]", terminal)]
        Done,
    }

    /// The parameters' names are those of prelude types.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[expect(non_camel_case_types, reason = "a name as it may come out of a macro")]
    pub enum Outer<'de, 'a, Result, Option> {
        /// Behind a prefix beyond ASCII.
        #[sse(flatten(prefix = "größe/"))]
        r#match(Inner<'a, Result>),
        /// A box of one.
        #[sse(flatten(prefix = "b."))]
        Boxed(Box<Shadowed<'de, 'a, Option, u8>>),
        /// Not there.
        #[cfg(any())]
        #[sse(flatten)]
        Gone(NoSuchType),
        /// There.
        #[cfg(not(any()))]
        #[cfg_attr(not(any()), sse(flatten(prefix = "c.")))]
        There(Text),
        /// Old.
        #[deprecated = "to see that generated code does not warn"]
        #[sse(flatten(prefix = "old."))]
        Old(Text),
    }

    /// An event.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    #[sse(text)]
    pub struct Text(pub StdString);

    /// Without parameters: checked where it is defined.
    #[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
    pub enum Plain<'a> {
        /// The first.
        #[sse(flatten)]
        Text(Text),
        /// The second.
        #[sse(flatten(prefix = "in."))]
        Inner(Inner<'a, u8>),
    }
}

/// Identifiers that are keywords, or not ASCII, or in another case than usual.
#[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
#[expect(non_camel_case_types, non_snake_case, reason = "names as they may come out of a macro")]
pub enum Names {
    /// A keyword.
    r#type,
    /// A keyword in a field.
    r#match {
        /// The keyword.
        r#fn: u8,
    },
    /// Beyond ASCII.
    Größe(u8),
    /// Beyond ASCII, with fields.
    価格 {
        /// The field.
        値: u8,
    },
    /// In another case.
    snake_case {
        /// The field.
        camelCase: u8,
    },
}

/// Where a macro's crate finds `sse_core`.
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
                #[doc = "Of the macro."]
                #[sse(event = $event)]
                $variant($ty),
            )*
            #[doc = "Of another type."]
            #[sse(flatten(prefix = "nested."))]
            Nested($crate::hygiene::nested::Text),
            #[doc = "Of the macro, too."]
            Fields {
                #[doc = "With an attribute."]
                #[serde(skip_serializing_if = "Option::is_none")]
                inner: Option<$crate::hygiene::shadows::Option>,
            },
        }
    };
}

events! {
    /// Out of a macro.
    Made { Tick(shadows::Option) = "tick", Maybe(Option<u8>) = "maybe" }
}

/// Attributes that take parts of it away.
#[derive(Debug, PartialEq, Eq, sse_core::SseEvent)]
pub enum Configured {
    /// Not there.
    #[cfg(any())]
    Gone(NoSuchType),
    /// There.
    #[cfg(not(any()))]
    #[cfg_attr(not(any()), sse(event = "there"))]
    There {
        /// Not there.
        #[cfg(any())]
        gone: NoSuchType,
        /// There.
        #[cfg_attr(not(any()), serde(rename = "b"))]
        a: u8,
    },
    /// Old.
    #[deprecated = "to see that generated code does not warn"]
    Old(u8),
}
