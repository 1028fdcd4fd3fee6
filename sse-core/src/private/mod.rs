//! For derived code only: not covered by semantic versioning.

mod call;
mod data;
mod field;

use alloc::{boxed::Box, string::ToString};
use core::{error::Error, fmt::Display, str::FromStr};

pub use ::core;
pub use ::serde;
#[cfg(feature = "derive")]
pub use ::serde_derive::{Deserialize, Serialize};

pub use self::{
    call::{Absent, Call, Decodes, Encodes, HasDecode, HasEncode, Nested, Recognizes, absent, traits},
    data::{
        array, json, object, optional_json, optional_lent_text, optional_text, owned, text, with, write_optional,
        write_optional_text,
    },
    field::{
        DecodeId, EncodeId, RetryField, id, json_id, optional_id, optional_json_id, optional_lent_id, optional_retry,
        retry, write_id, write_json_id, write_optional_id, write_optional_json_id, write_optional_retry, write_retry,
    },
};
pub use crate::encode::Json;
use crate::{DecodeError, Decoded, EncodeError, Fields, RawEvent, Written, stage::decode_prefixed};
pub use crate::{
    spec::{Clash, clash, distinct},
    stage::{KnownTag, Stage, by_stages, own_tag},
};

/// A payload that can be encoded.
///
/// The lifetime is unused. It makes rustc check the bound only where the implementation is used, so that a type with a
/// payload that cannot be encoded can still be decoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as the payload of an event",
    label = "does not implement `Serialize`",
    note = "add `#[derive(serde::Serialize)]` to `{Self}`; if another crate defines it, enable that crate's feature for \
            serde",
    note = "if `{Self}` is itself an event, add `#[sse(flatten)]` to the variant"
)]
pub trait EncodePayload<'a>: serde::Serialize {}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + ?Sized> EncodePayload<'_> for T {}

/// A payload that can be encoded, whose type is written with the types that it is made of, such as `Vec<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as the payload of an event",
    label = "does not implement `Serialize`",
    note = "add `#[derive(serde::Serialize)]` to the types that `{Self}` is made of; for an `Rc` or an `Arc`, enable \
            serde's feature `rc`",
    note = "for a type of another crate, enable that crate's feature for serde; if it has none, hold a type of your own, \
            or text"
)]
pub trait EncodePayloadOf<'a>: serde::Serialize {}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + ?Sized> EncodePayloadOf<'_> for T {}

/// A payload that can be decoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as the payload of an event",
    label = "does not implement `Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to `{Self}`; if another crate defines it, enable that crate's feature \
            for serde",
    note = "if `{Self}` is itself an event, add `#[sse(flatten)]` to the variant"
)]
pub trait DecodePayload<'de>: serde::Deserialize<'de> {}

#[diagnostic::do_not_recommend]
impl<'de, T: serde::Deserialize<'de>> DecodePayload<'de> for T {}

/// A payload that can be decoded, whose type is written with the types that it is made of, such as `Vec<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as the payload of an event",
    label = "does not implement `Deserialize`",
    note = "add `#[derive(serde::Deserialize)]` to the types that `{Self}` is made of; for an `Rc` or an `Arc`, enable \
            serde's feature `rc`",
    note = "for a type of another crate, enable that crate's feature for serde; if it has none, hold a type of your own, \
            or text"
)]
pub trait DecodePayloadOf<'de>: serde::Deserialize<'de> {}

#[diagnostic::do_not_recommend]
impl<'de, T: serde::Deserialize<'de>> DecodePayloadOf<'de> for T {}

/// A nested type that can be encoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as an event",
    label = "does not implement `SseEvent`",
    note = "a variant with `flatten` or `other` holds events; add `#[derive(SseEvent)]` to `{Self}`, or remove \
            `flatten` or `other` if `{Self}` is the payload of a single event",
    note = "a variant with `other` can hold a `RawEventBuf`, the fields `{{ event: String, data: String }}`, or nothing; \
            for JSON data, add `#[sse(data(json))]` to `data`"
)]
pub trait EncodeEvent<'a>: crate::SseEvent {}

#[diagnostic::do_not_recommend]
impl<T: crate::SseEvent + ?Sized> EncodeEvent<'_> for T {}

/// A nested type that can be decoded.
///
/// `SseDecode` is not a supertrait: the compiler would then also report a missing implementation at the bound.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as an event",
    label = "does not implement `SseDecode`",
    note = "a variant with `flatten` or `other` holds events; add `#[derive(SseEvent)]` to `{Self}`, or remove \
            `flatten` or `other` if `{Self}` is the payload of a single event",
    note = "a variant with `other` can hold a `RawEventBuf`, the fields `{{ event: String, data: String }}`, or nothing; \
            for JSON data, add `#[sse(data(json))]` to `data`"
)]
pub trait DecodeEvent<'de>: Sized {
    /// Decodes an event, at any stage.
    ///
    /// # Errors
    ///
    /// Returns an error if the event belongs to the type but cannot be decoded.
    fn decode_any(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError>;

    /// Decodes an event if it belongs to the type at this stage.
    ///
    /// # Errors
    ///
    /// Returns an error if the event belongs to the type but cannot be decoded.
    fn decode_plain(raw: RawEvent<'de>, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError>;

    /// Like [`decode_plain`](Self::decode_plain), for a nested type with a name prefix.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`decode_plain`](Self::decode_plain).
    fn decode_prefixed(raw: RawEvent<'de>, prefix: &str, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: crate::SseDecode<'de>> DecodeEvent<'de> for T {
    fn decode_any(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Self::decode(raw)
    }

    fn decode_plain(raw: RawEvent<'de>, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError> {
        Self::decode_at(raw, stage)
    }

    fn decode_prefixed(raw: RawEvent<'de>, prefix: &str, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError> {
        decode_prefixed(raw, prefix, stage)
    }
}

/// A stand-in for a type in the bounds on the type itself: on a tagged enum, which is the data of its events, and on a
/// struct with serde's `default`.
///
/// If the bound were on the type, the compiler would report that the type is not an event, and not that it does not
/// implement the trait of the bound.
#[derive(Debug)]
pub struct Whole;

/// Encodes a tagged enum.
#[diagnostic::on_unimplemented(
    message = "`{E}` is `tagged` but does not implement `Serialize`",
    label = "the data of each event is the serialized enum",
    note = "add `#[derive(serde::Serialize)]` to `{E}`"
)]
pub trait EncodeTagged<'a, E: ?Sized> {
    /// Encodes the enum as the data of the event.
    ///
    /// # Errors
    ///
    /// Returns an error if the enum cannot be serialized.
    fn write_tagged(fields: Fields<'_>, event: &E) -> Result<Written, EncodeError>;
}

#[diagnostic::do_not_recommend]
impl<E: serde::Serialize + ?Sized> EncodeTagged<'_, E> for Whole {
    fn write_tagged(fields: Fields<'_>, event: &E) -> Result<Written, EncodeError> {
        fields.json(event)
    }
}

/// Decodes a tagged enum.
#[diagnostic::on_unimplemented(
    message = "`{E}` is `tagged` but does not implement `Deserialize`",
    label = "the data of each event is the serialized enum",
    note = "add `#[derive(serde::Deserialize)]` to `{E}`"
)]
pub trait DecodeTagged<'de, E> {
    /// Reads the enum from the data, and checks that the event name is one of the words of its variant: the names and
    /// the tags.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`json`]. Also returns an error if the event has another name.
    fn tagged(
        raw: &RawEvent<'de>,
        words: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError>;

    /// Reads the enum from data with a tag that it has, and checks that the variant has the tag. If the event has a
    /// name, it is checked too.
    ///
    /// # Errors
    ///
    /// The same errors as [`tagged`](Self::tagged).
    fn by_tag(
        raw: &RawEvent<'de>,
        tag: &KnownTag,
        words: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<'de, E: serde::Deserialize<'de>> DecodeTagged<'de, E> for Whole {
    fn tagged(
        raw: &RawEvent<'de>,
        words: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError> {
        whole(raw, &[raw.name()], words)
    }

    fn by_tag(
        raw: &RawEvent<'de>,
        tag: &KnownTag,
        words: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError> {
        let name = if raw.is_unnamed() { tag.value() } else { raw.name() };
        whole(raw, &[name, tag.value()], words)
    }
}

/// Reads a tagged enum from the data. Its variant has to have all the words by which the event was identified.
fn whole<'de, E: serde::Deserialize<'de>>(
    raw: &RawEvent<'de>,
    identified: &[&str],
    words: impl FnOnce(&E) -> &'static [&'static str],
) -> Result<Decoded<E>, DecodeError> {
    let event = json(raw)?;
    let words = words(&event);
    if identified.iter().all(|word| words.contains(word)) {
        Ok(Decoded::Event(event))
    } else {
        Err(DecodeError::tag(raw, words.first().copied()))
    }
}

/// A field that is filled in if the data does not contain it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default value",
    label = "does not implement `Default`",
    note = "the field may be missing from the data; add `#[serde(default = \"path\")]`, or implement `Default` if the \
            type is yours"
)]
pub trait DefaultField<'de>: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> DefaultField<'_> for T {}

/// Creates the value of a struct whose fields replace those that are missing from the data.
#[diagnostic::on_unimplemented(
    message = "`{E}` has no default value",
    label = "`{E}` does not implement `Default`",
    note = "its fields may be missing from the data; implement `Default`, or write `#[serde(default = \"path\")]`"
)]
pub trait DefaultStruct<'de, E> {
    /// Returns `E::default()`.
    fn default_struct() -> E;
}

#[diagnostic::do_not_recommend]
impl<E: Default> DefaultStruct<'_, E> for Whole {
    fn default_struct() -> E {
        E::default()
    }
}

/// A field of a catch-all that is written as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as text",
    label = "does not implement `AsRef<str>`",
    note = "the `event` and `data` of a catch-all are text, such as `String`; for JSON data, add `#[sse(data(json))]`"
)]
pub trait EncodeStr<'a>: AsRef<str> {}

#[diagnostic::do_not_recommend]
impl<T: AsRef<str> + ?Sized> EncodeStr<'_> for T {}

/// A field of a catch-all that is read as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from text",
    label = "does not implement `From<&str>`",
    note = "the `event` and `data` of a catch-all are text, such as `String`; for JSON data, add `#[sse(data(json))]`"
)]
pub trait DecodeStr<'de>: From<&'de str> {}

#[diagnostic::do_not_recommend]
impl<'de, T: From<&'de str>> DecodeStr<'de> for T {}

/// A payload that is encoded as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as the text payload of an event",
    label = "does not implement `Display`",
    note = "a `#[sse(text)]` payload is encoded with `Display`; remove `text` for JSON, write `#[sse(with = \
            \"module\")]`, or implement `Display` if the type is yours",
    note = "an `Option` is recognized by its name; write `Option<..>` instead of an alias"
)]
pub trait EncodeText<'a>: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> EncodeText<'_> for T {}

/// A payload that is decoded from text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from the text payload of an event",
    label = "does not implement `FromStr` with an error that implements `Display`",
    note = "a `#[sse(text)]` payload is decoded with `FromStr`; remove `text` for JSON, write `#[sse(with = \
            \"module\")]`, or implement `FromStr` if the type is yours, with an error that implements `Display`",
    note = "an `Option` is recognized by its name; write `Option<..>` instead of an alias"
)]
pub trait DecodeText<'de>: Sized {
    /// Parses the data.
    ///
    /// # Errors
    ///
    /// Returns the error of `FromStr`.
    fn decode_text(text: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromStr<Err: Display>> DecodeText<'de> for T {
    fn decode_text(text: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        text.parse().map_err(|error: T::Err| error.to_string().into())
    }
}

/// Returns the error for a variant that is never encoded.
///
/// # Errors
///
/// Always returns an error.
pub fn never_encoded(variant: &'static str) -> Result<Written, EncodeError> {
    Err(EncodeError::never_encoded(variant))
}

/// Returns whether an event is unnamed.
#[must_use]
pub fn is_unnamed(raw: &RawEvent<'_>) -> bool {
    raw.is_unnamed()
}
