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
    #[derive(Debug)]
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
        /// Any other.
        #[sse(other)]
        Other {
            /// Its name.
            event: StdString,
            /// Its data.
            data: StdBox<str>,
        },
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
