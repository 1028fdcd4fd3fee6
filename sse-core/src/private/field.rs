//! Fields that are written on a line outside the data: the event ID and the reconnection time.

use alloc::{boxed::Box, string::ToString};
use core::{error::Error, fmt::Display, str::FromStr, time::Duration};

use crate::{DecodeError, EncodeError, Fields, RawEvent, Retry};

/// The type of a field that is written as the event ID.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as an event ID",
    label = "does not implement `Display`",
    note = "an `#[sse(id)]` field is written with `Display`; write `#[sse(id(json))]`, or implement `Display` if the \
            type is yours",
    note = "an `Option` is recognized by its name; write `Option<..>` instead of an alias"
)]
pub trait EncodeId<'a>: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display + ?Sized> EncodeId<'_> for T {}

/// The type of a field that is read from the last event ID.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from an event ID",
    label = "does not implement `FromStr` with an error that implements `Display`",
    note = "an `#[sse(id)]` field is read with `FromStr`; write `#[sse(id(json))]`, or implement `FromStr` if the type \
            is yours, with an error that implements `Display`",
    note = "an `Option` is recognized by its name; write `Option<..>` instead of an alias"
)]
pub trait DecodeId<'de>: Sized {
    /// Parses the last event ID.
    ///
    /// # Errors
    ///
    /// Returns the error of `FromStr`.
    fn decode_id(id: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>>;
}

#[diagnostic::do_not_recommend]
impl<'de, T: FromStr<Err: Display>> DecodeId<'de> for T {
    fn decode_id(id: &'de str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        id.parse().map_err(|error: T::Err| error.to_string().into())
    }
}

/// Writes the event ID.
///
/// # Errors
///
/// Returns an error if the text is not a valid [`EventId`](crate::EventId::new), or if the `Display` implementation
/// returns an error.
pub fn write_id<'w>(fields: Fields<'w>, id: &(impl Display + ?Sized)) -> Result<Fields<'w>, EncodeError> {
    fields.id(id)
}

/// Writes the event ID, unless it is `None`.
///
/// # Errors
///
/// Returns the same errors as [`write_id`].
pub fn write_optional_id<'w>(fields: Fields<'w>, id: Option<&impl Display>) -> Result<Fields<'w>, EncodeError> {
    match id {
        Some(id) => fields.id(id),
        None => Ok(fields),
    }
}

/// Reads the last event ID.
///
/// # Errors
///
/// Returns an error if the type cannot be parsed from the ID.
pub fn id<'de, T: DecodeId<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    T::decode_id(raw.last_event_id()).map_err(|cause| DecodeError::id(raw, cause))
}

/// Lends the last event ID, or returns `None` if it is empty.
#[must_use]
pub fn optional_lent_id<'de>(raw: &RawEvent<'de>) -> Option<&'de str> {
    Some(raw.last_event_id()).filter(|id| !id.is_empty())
}

/// Reads the last event ID, or returns `None` if it is empty.
///
/// # Errors
///
/// Returns an error if the ID is not empty and the type cannot be parsed from it.
pub fn optional_id<'de, T: DecodeId<'de>>(raw: &RawEvent<'de>) -> Result<Option<T>, DecodeError> {
    if raw.last_event_id().is_empty() { Ok(None) } else { id(raw).map(Some) }
}

/// Writes the event ID as JSON.
///
/// # Errors
///
/// Returns an error if the ID cannot be serialized, or if its JSON is not a valid [`EventId`](crate::EventId::new).
pub fn write_json_id<'w, T: serde::Serialize>(fields: Fields<'w>, id: &T) -> Result<Fields<'w>, EncodeError> {
    fields.json_id(id)
}

/// Writes the event ID as JSON, unless it is `None`.
///
/// # Errors
///
/// Returns the same errors as [`write_json_id`].
pub fn write_optional_json_id<'w, T: serde::Serialize>(
    fields: Fields<'w>,
    id: Option<&T>,
) -> Result<Fields<'w>, EncodeError> {
    match id {
        Some(id) => fields.json_id(id),
        None => Ok(fields),
    }
}

/// Reads the last event ID as JSON.
///
/// # Errors
///
/// Returns an error if the ID is not JSON, or not JSON of this type.
pub fn json_id<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    serde_json::from_str(raw.last_event_id()).map_err(|cause| DecodeError::id(raw, cause.into()))
}

/// Reads the last event ID as JSON, or returns `None` if it is empty or `null`.
///
/// # Errors
///
/// Returns the same errors as [`json_id`], if the ID is not empty.
pub fn optional_json_id<'de, T: serde::Deserialize<'de>>(raw: &RawEvent<'de>) -> Result<Option<T>, DecodeError> {
    if raw.last_event_id().is_empty() { Ok(None) } else { json_id(raw) }
}

/// The type of a field that holds the reconnection time. The lifetime is unused, as in `EncodePayload`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a reconnection time",
    label = "not a `Retry`, `Duration`, `u64` or `u32`",
    note = "a `#[sse(retry)]` field is a `Retry`, a `Duration`, a `u64` or `u32` in milliseconds, or an `Option` of one \
            of these"
)]
pub trait RetryField<'a>: Copy {
    /// Converts the field into the value of the `retry` line.
    fn to_retry(self) -> Retry;

    /// Creates the field from the value of the `retry` line. A number that is too large for the type saturates.
    fn from_retry(retry: Retry) -> Self;
}

impl RetryField<'_> for Retry {
    fn to_retry(self) -> Retry {
        self
    }

    fn from_retry(retry: Retry) -> Self {
        retry
    }
}

impl RetryField<'_> for Duration {
    fn to_retry(self) -> Retry {
        self.into()
    }

    fn from_retry(retry: Retry) -> Self {
        retry.into()
    }
}

impl RetryField<'_> for u64 {
    fn to_retry(self) -> Retry {
        Retry::from_millis(self)
    }

    fn from_retry(retry: Retry) -> Self {
        retry.as_millis()
    }
}

impl RetryField<'_> for u32 {
    fn to_retry(self) -> Retry {
        Retry::from_millis(self.into())
    }

    fn from_retry(retry: Retry) -> Self {
        Self::try_from(retry.as_millis()).unwrap_or(Self::MAX)
    }
}

/// Sets the reconnection time.
pub fn write_retry<'w, 'a, T: RetryField<'a>>(fields: Fields<'w>, retry: &T) -> Fields<'w> {
    fields.retry(retry.to_retry())
}

/// Sets the reconnection time, unless it is `None`.
pub fn write_optional_retry<'w, 'a, T: RetryField<'a>>(fields: Fields<'w>, retry: Option<&T>) -> Fields<'w> {
    match retry {
        Some(retry) => write_retry(fields, retry),
        None => fields,
    }
}

/// Reads the reconnection time that the block of the event sets.
///
/// # Errors
///
/// Returns an error if the block sets none.
pub fn retry<'de, T: RetryField<'de>>(raw: &RawEvent<'de>) -> Result<T, DecodeError> {
    optional_retry(raw).ok_or_else(|| DecodeError::no_retry(raw))
}

/// Reads the reconnection time that the block of the event sets, or returns `None` if it sets none.
#[must_use]
pub fn optional_retry<'de, T: RetryField<'de>>(raw: &RawEvent<'de>) -> Option<T> {
    raw.retry().map(T::from_retry)
}
