//! The data of an event: JSON, text, or the format of a custom codec.

use alloc::string::String;
use core::fmt::Display;

use super::DecodeText;
use crate::{DecodeError, EncodeError, Fields, RawEvent, Written};

/// Decodes the data as text.
///
/// # Errors
///
/// Returns an error if the type cannot be parsed from the data.
pub fn text<'de, T: DecodeText<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    T::decode_text(raw.data()).map_err(|cause| DecodeError::other(raw, cause))
}

/// Decodes the data of a newtype that holds an `Option`, as text. Empty data is `None`.
///
/// # Errors
///
/// Returns the same errors as [`text`], if the data is not empty.
pub fn optional_text<'de, T: DecodeText<'de>>(raw: &RawEvent<'de>) -> Result<Option<T>, DecodeError> {
    if raw.data().is_empty() { Ok(None) } else { text(raw).map(Some) }
}

/// Lends the data as text, or returns `None` if it is empty.
#[must_use]
pub fn optional_lent_text<'de>(raw: &RawEvent<'de>) -> Option<&'de str> {
    Some(raw.data()).filter(|data| !data.is_empty())
}

/// Copies text into a type that owns it: a `Cow<'static, str>`.
#[must_use]
pub fn owned<T: From<String>>(text: &str) -> T {
    T::from(String::from(text))
}

/// Writes the data of a newtype that holds an `Option`, as text. `None` is written as an empty `data:` line.
///
/// # Errors
///
/// Returns an error if the `Display` implementation of the value returns an error.
pub fn write_optional_text(fields: Fields<'_>, value: Option<&impl Display>) -> Result<Written, EncodeError> {
    match value {
        Some(value) => fields.display(value),
        None => fields.empty(),
    }
}

/// Decodes the data as JSON.
///
/// # Errors
///
/// Returns an error if the data is not JSON, or not JSON of this type.
pub fn json<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    serde_json::from_str(raw.data()).map_err(|error| DecodeError::json(raw, error))
}

/// Decodes the data of a struct variant as JSON. Empty data is read as an object without fields, so that only a
/// required field makes it an error.
///
/// # Errors
///
/// Returns the same errors as [`json`].
pub fn object<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    serde_json::from_str(data_or(raw, "{}")).map_err(|cause| of_fields(raw, cause))
}

/// Decodes the data of a tuple variant as JSON. Empty data is read as an array without elements, like [`object`].
///
/// # Errors
///
/// Returns the same errors as [`json`].
pub fn array<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    serde_json::from_str(data_or(raw, "[]")).map_err(|cause| of_fields(raw, cause))
}

/// Returns the data of a variant with fields. Empty data is replaced by `none`, the JSON without any of them.
#[inline]
fn data_or<'de>(raw: &RawEvent<'de>, none: &'static str) -> &'de str {
    let data = raw.data();
    if data.is_empty() { none } else { data }
}

/// Returns the error for the fields of a variant. If the data is empty, the error's cause is that of empty JSON,
/// because the position in `cause` refers to the JSON that replaced the data.
#[cold]
fn of_fields(raw: &RawEvent<'_>, cause: serde_json::Error) -> DecodeError {
    let of_empty = raw.data().is_empty().then(|| serde_json::from_str::<serde::de::IgnoredAny>("").err());
    DecodeError::json(raw, of_empty.flatten().unwrap_or(cause))
}

/// Decodes the data of a newtype that holds an `Option`. Empty data and `null` are `None`.
///
/// # Errors
///
/// Returns the same errors as [`json`].
pub fn optional_json<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<Option<T>, DecodeError> {
    if raw.data().is_empty() { Ok(None) } else { json(raw) }
}

/// Writes the data of a newtype that holds an `Option`. `None` is written as an empty `data:` line.
///
/// # Errors
///
/// Returns an error if the payload cannot be serialized.
pub fn write_optional<T: serde::Serialize>(fields: Fields<'_>, value: Option<&T>) -> Result<Written, EncodeError> {
    match value {
        Some(value) => fields.json(value),
        None => fields.empty(),
    }
}

/// Decodes the data with a custom codec.
///
/// # Errors
///
/// Returns the error of the codec, with the name and the data of the event added to it.
pub fn with<'de, T>(
    raw: &RawEvent<'de>,
    decode: impl FnOnce(&'de str) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    decode(raw.data()).map_err(|error| error.or_event(raw))
}
