//! For derived code, and no one else: outside the promise of semantic versioning.

mod field;

use alloc::{boxed::Box, string::ToString};
use core::{error::Error, fmt::Display, str::FromStr};

pub use ::core;
pub use ::serde;
#[cfg(feature = "derive")]
pub use ::serde_derive::{Deserialize, Serialize};

pub use self::field::{
    DecodeId, EncodeId, RetryField, id, json_id, optional_id, optional_json_id, optional_lent_id, optional_retry,
    retry, write_id, write_json_id, write_optional_id, write_optional_json_id, write_optional_retry, write_retry,
};
pub use crate::encode::Json;
use crate::{DecodeError, Decoded, EncodeError, Fields, RawEvent, Written, stage::behind_prefix};
pub use crate::{
    spec::distinct,
    stage::{Stage, by_stages},
};

/// A payload that can be written. The lifetime has no meaning: rustc takes a bound with a lifetime as one to check
/// where the implementation is used, so that a type which cannot be written still derives its reading half.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the payload of an event, and cannot be written",
    label = "has no `Serialize`",
    note = "put `#[derive(serde::Serialize)]` on `{Self}`; if it is a type of events itself, put `#[sse(flatten)]` on the variant"
)]
pub trait EncodePayload<'a>: serde::Serialize {}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + ?Sized> EncodePayload<'_> for T {}

/// A payload that can be read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the payload of an event, and cannot be read",
    label = "has no `Deserialize`",
    note = "put `#[derive(serde::Deserialize)]` on `{Self}`; if it is a type of events itself, put `#[sse(flatten)]` on the variant"
)]
pub trait DecodePayload<'de>: serde::Deserialize<'de> {}

#[diagnostic::do_not_recommend]
impl<'de, T: serde::Deserialize<'de>> DecodePayload<'de> for T {}

/// A type of events, nested in another, that can be written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be written",
    label = "not an event",
    note = "what `flatten` and `other` stand on is a type of events: put `#[derive(SseEvent)]` on it, or leave the key out \
            if it is the payload of one event",
    note = "what `other` keeps is a `RawEventBuf`, `{{ event: String, data: String }}`, or nothing in a unit"
)]
pub trait EncodeEvent<'a>: crate::SseEvent {}

#[diagnostic::do_not_recommend]
impl<T: crate::SseEvent + ?Sized> EncodeEvent<'_> for T {}

/// A type of events, nested in another, that can be read. Were `SseDecode` a part of it, the compiler would speak of what
/// is no type of events where the bound stands too.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be read",
    label = "not an event",
    note = "what `flatten` and `other` stand on is a type of events: put `#[derive(SseEvent)]` on it, or leave the key out \
            if it is the payload of one event",
    note = "what `other` keeps is a `RawEventBuf`, `{{ event: String, data: String }}`, or nothing in a unit"
)]
pub trait DecodeEvent<'de>: Sized {
    /// Reads any event.
    ///
    /// # Errors
    ///
    /// Those of the type.
    fn decode_any(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError>;

    /// Reads an event that belongs to the type at this stage.
    ///
    /// # Errors
    ///
    /// Those of the type.
    fn decode_plain(raw: RawEvent<'de>, stage: Stage) -> Result<Decoded<Self>, DecodeError>;

    /// As `decode_plain`, of names behind a prefix.
    ///
    /// # Errors
    ///
    /// Those of the type.
    fn decode_behind(raw: RawEvent<'de>, prefix: &str, stage: Stage) -> Result<Decoded<Self>, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: crate::SseDecode<'de>> DecodeEvent<'de> for T {
    fn decode_any(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Self::decode(raw)
    }

    fn decode_plain(raw: RawEvent<'de>, stage: Stage) -> Result<Decoded<Self>, DecodeError> {
        Self::decode_at(raw, stage)
    }

    fn decode_behind(raw: RawEvent<'de>, prefix: &str, stage: Stage) -> Result<Decoded<Self>, DecodeError> {
        behind_prefix(raw, prefix, stage)
    }
}

/// What stands in bounds for the data of a tagged enum, which is the enum. Were the enum itself the type that lacks
/// serde's trait, the compiler would say of it that it is no event.
#[derive(Debug)]
pub struct Whole;

/// Writes a tagged enum.
#[diagnostic::on_unimplemented(
    message = "`{E}` is the data of its events, as it is tagged, and cannot be written",
    label = "`{E}` has no `Serialize`",
    note = "put `#[derive(serde::Serialize)]` on `{E}`"
)]
pub trait EncodeTagged<'a, E: ?Sized> {
    /// Writes the event as its own data.
    ///
    /// # Errors
    ///
    /// When it cannot be serialized.
    fn write_tagged(fields: Fields<'_>, event: &E) -> Result<Written, EncodeError>;
}

#[diagnostic::do_not_recommend]
impl<E: serde::Serialize + ?Sized> EncodeTagged<'_, E> for Whole {
    fn write_tagged(fields: Fields<'_>, event: &E) -> Result<Written, EncodeError> {
        fields.json(event)
    }
}

/// Reads a tagged enum.
#[diagnostic::on_unimplemented(
    message = "`{E}` is the data of its events, as it is tagged, and cannot be read",
    label = "`{E}` has no `Deserialize`",
    note = "put `#[derive(serde::Deserialize)]` on `{E}`"
)]
pub trait DecodeTagged<'de, E> {
    /// Reads the data as the enum, and holds the variant that it is to the names of that variant.
    ///
    /// # Errors
    ///
    /// As [`json`], and when the event has none of those names.
    fn tagged(
        raw: &RawEvent<'de>,
        names: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<'de, E: serde::Deserialize<'de>> DecodeTagged<'de, E> for Whole {
    fn tagged(
        raw: &RawEvent<'de>,
        names: impl FnOnce(&E) -> &'static [&'static str],
    ) -> Result<Decoded<E>, DecodeError> {
        let event = json(raw)?;
        let names = names(&event);
        if names.contains(&raw.name()) {
            Ok(Decoded::Event(event))
        } else {
            Err(DecodeError::tag(raw, names.first().copied()))
        }
    }
}

/// A field that reading fills in where the data has none.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default value",
    label = "has no `Default`",
    note = "a field that reading may not find needs `Default`, or `#[serde(default = \"path\")]`"
)]
pub trait DefaultField<'de>: Default {}

#[diagnostic::do_not_recommend]
impl<T: Default> DefaultField<'_> for T {}

/// A field of a catch-all that is written as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text that can be written",
    label = "has no `AsRef<str>`",
    note = "the `event` and `data` of a catch-all are text, such as `String`; put `#[sse(data(json))]` on a field with JSON"
)]
pub trait EncodeStr<'a>: AsRef<str> {}

#[diagnostic::do_not_recommend]
impl<T: AsRef<str> + ?Sized> EncodeStr<'_> for T {}

/// A field of a catch-all that is read as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text that can be read",
    label = "has no `From<&str>`",
    note = "the `event` and `data` of a catch-all are text, such as `String`; put `#[sse(data(json))]` on a field with JSON"
)]
pub trait DecodeStr<'de>: From<&'de str> {}

#[diagnostic::do_not_recommend]
impl<'de, T: From<&'de str>> DecodeStr<'de> for T {}

/// A payload that is written as text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the payload of an event of text, and cannot be written",
    label = "has no `Display`",
    note = "a `#[sse(text)]` payload is written with `Display`; implement it for `{Self}`"
)]
pub trait EncodeText<'a>: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> EncodeText<'_> for T {}

/// A payload that is read from text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is the payload of an event of text, and cannot be read",
    label = "has no `FromStr` with a printable error",
    note = "a `#[sse(text)]` payload is read with `FromStr`; implement it for `{Self}`"
)]
pub trait DecodeText<'de>: Sized {
    /// Reads the data.
    ///
    /// # Errors
    ///
    /// Those of `FromStr`.
    fn decode_text(text: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromStr<Err: Display>> DecodeText<'de> for T {
    fn decode_text(text: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        text.parse().map_err(|error: T::Err| error.to_string().into())
    }
}

/// Reads the data as text.
///
/// # Errors
///
/// When the type does not take it.
pub fn text<'de, T: DecodeText<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    T::decode_text(raw.data()).map_err(|cause| DecodeError::other(raw, cause))
}

/// Reads the data as JSON.
///
/// # Errors
///
/// When it is not JSON, or not JSON of this type.
pub fn json<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    serde_json::from_str(raw.data()).map_err(|error| DecodeError::json(raw, error))
}

/// Reads the data of fields none of which stands in it: no data is as good as `empty`, the object or array that is written.
///
/// # Errors
///
/// As [`json`].
pub fn json_of_no_fields<'de, T: serde::Deserialize<'de>>(
    raw: &RawEvent<'de>,
    empty: &'static str,
) -> Result<T, DecodeError> {
    let data = if raw.data().is_empty() { empty } else { raw.data() };
    serde_json::from_str(data).map_err(|error| DecodeError::json(raw, error))
}

/// Reads the data of a newtype around an `Option`: no data and `null` are `None`.
///
/// # Errors
///
/// As [`json`].
pub fn optional_json<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<Option<T>, DecodeError> {
    if raw.data().is_empty() { Ok(None) } else { json(raw) }
}

/// Writes the data of a newtype around an `Option`: `None` is an empty data line.
///
/// # Errors
///
/// When the payload cannot be serialized.
pub fn write_optional<T: serde::Serialize>(fields: Fields<'_>, value: Option<&T>) -> Result<Written, EncodeError> {
    match value {
        Some(value) => fields.json(value),
        None => fields.empty(),
    }
}

/// Reads the data by a codec of the user's.
///
/// # Errors
///
/// Those of the codec, with the event's name.
pub fn with<'de, T>(
    raw: &RawEvent<'de>,
    decode: impl FnOnce(&'de str) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    decode(raw.data()).map_err(|error| error.or_named(raw))
}

/// Refuses to write a variant that has no written form.
///
/// # Errors
///
/// Always.
pub fn never_written(variant: &'static str) -> Result<Written, EncodeError> {
    Err(EncodeError::never_written(variant))
}

/// Whether an event has no name.
#[must_use]
pub fn is_unnamed(raw: &RawEvent<'_>) -> bool {
    raw.is_unnamed()
}
