//! The error for an event that cannot be encoded: a fault of this program, not of the peer.

use alloc::{boxed::Box, string::String};
use core::{error::Error, fmt};

use crate::InvalidValue;

/// The error returned if an event cannot be encoded. Nothing of the event is written.
#[derive(Debug)]
pub struct EncodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    name: Option<String>,
    kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    /// The `Serialize` implementation of the payload failed.
    Json(serde_json::Error),
    /// The `Serialize` implementation of an ID that is written as JSON failed.
    JsonId(serde_json::Error),
    /// A `Display` implementation returned an error.
    Display,
    /// An invalid name or ID.
    Value(InvalidValue),
    /// A variant that is never encoded.
    NeverEncoded(&'static str),
    /// The error of a custom codec.
    Other(Box<dyn Error + Send + Sync>),
}

impl EncodeError {
    pub(crate) fn new(name: Option<String>, kind: Kind) -> Self {
        Self(Box::new(Inner { name, kind }))
    }

    /// Creates an error for an event that a custom codec cannot encode.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = sse_core::EncodeError::other("the picture is too large");
    /// assert_eq!(error.to_string(), "event cannot be encoded");
    /// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the picture is too large");
    /// ```
    pub fn other(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(None, Kind::Other(cause.into()))
    }

    /// Adds the name of the event, unless the error has one.
    #[cold]
    pub(crate) fn or_named(mut self, name: Option<String>) -> Self {
        self.0.name = self.0.name.take().or(name);
        self
    }

    /// Creates an error for a variant that is never encoded, for derived code.
    #[cold]
    pub(crate) fn never_encoded(variant: &'static str) -> Self {
        Self::new(None, Kind::NeverEncoded(variant))
    }

    /// Returns the name of the event, or `None` if the event is unnamed or failed before its name was written.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{EncodeError, Encoder, EventInfo, EventSpec, EventWriter, SseEvent, TypedEvent, Written};
    ///
    /// struct Picture;
    ///
    /// impl TypedEvent for Picture {
    ///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("picture"))];
    /// }
    ///
    /// impl SseEvent for Picture {
    ///     fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
    ///         writer.try_name("picture")?.data(|_| Err(EncodeError::other("too large")))
    ///     }
    /// }
    ///
    /// assert_eq!(Encoder::new().event(&Picture).unwrap_err().name(), Some("picture"));
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

impl From<InvalidValue> for EncodeError {
    fn from(invalid: InvalidValue) -> Self {
        Self::new(None, Kind::Value(invalid))
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.name {
            Some(name) => write!(f, "event `{name}` cannot be encoded")?,
            None => f.write_str("event cannot be encoded")?,
        }
        match &self.0.kind {
            Kind::Json(_) => f.write_str(": its payload does not serialize to JSON"),
            Kind::Display => f.write_str(": a `Display` implementation returned an error"),
            Kind::JsonId(_) => f.write_str(": its ID does not serialize to JSON"),
            Kind::NeverEncoded(variant) => write!(f, ": variant `{variant}` is never encoded"),
            Kind::Value(_) | Kind::Other(_) => Ok(()),
        }
    }
}

impl Error for EncodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            Kind::Json(cause) | Kind::JsonId(cause) => Some(cause),
            Kind::Value(cause) => Some(cause),
            Kind::Other(cause) => Some(cause.as_ref()),
            Kind::Display | Kind::NeverEncoded(_) => None,
        }
    }
}
