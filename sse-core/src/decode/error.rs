//! The error for an event that cannot be decoded: a fault of the peer.

use alloc::{boxed::Box, string::String};
use core::{error::Error, fmt};

use super::RawEvent;

/// The error returned if an event cannot be decoded into its type.
///
/// Its data, ID or reconnection time is not what the type expects. Only this event is affected: the decoder continues
/// with the next one.
///
/// The message contains the event name and, for JSON, the position in the data. The cause is the
/// [`source`](Error::source), such as `expected u32` or `invalid digit found in string`. A report should contain both.
///
/// ```
/// use std::error::Error;
///
/// use sse_core::{Decoder, SseDecode, SseEvent};
///
/// #[derive(Debug, SseEvent)]
/// enum Feed {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: tick\ndata: 4x\n\n");
/// let error = Feed::decode(events.next_event().unwrap()?).unwrap_err();
/// assert_eq!(error.to_string(), "event `tick` cannot be decoded: invalid data at line 1, column 2");
/// assert_eq!(error.source().unwrap().to_string(), "trailing characters at line 1 column 2");
/// assert_eq!((error.name(), error.position()), ("tick", Some((1, 2))));
/// # Ok::<(), sse_core::LimitError>(())
/// ```
#[derive(Debug)]
pub struct DecodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    /// The event name. Empty until it is known.
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The data is not JSON, or not JSON of the payload's type.
    Json(serde_json::Error),
    /// The last event ID is not valid for the type of the ID field.
    Id(String, Box<dyn Error + Send + Sync>),
    /// The data is that of another variant: of the event with this name, or of a variant outside the tag.
    Tag(Option<&'static str>),
    /// The event has no `retry` line, but its type requires one.
    NoRetry,
    /// A custom codec rejected the data.
    Data(Box<dyn Error + Send + Sync>),
    /// `FromStr` or a custom decoder rejected the event.
    Other(Box<dyn Error + Send + Sync>),
}

impl DecodeError {
    #[cold]
    fn new(raw: &RawEvent<'_>, kind: Kind) -> Self {
        Self(Box::new(Inner { name: raw.whole_name().into(), kind }))
    }

    pub(crate) fn json(raw: &RawEvent<'_>, cause: serde_json::Error) -> Self {
        Self::new(raw, Kind::Json(cause))
    }

    pub(crate) fn id(raw: &RawEvent<'_>, cause: Box<dyn Error + Send + Sync>) -> Self {
        Self::new(raw, Kind::Id(raw.last_event_id().into(), cause))
    }

    /// For derived code: creates an error for data whose variant does not have the event name. `name` is the one that
    /// it has, or `None` if it is outside the tag.
    #[cold]
    pub(crate) fn tag(raw: &RawEvent<'_>, name: Option<&'static str>) -> Self {
        Self::new(raw, Kind::Tag(name))
    }

    /// For derived code: creates an error for an event without a `retry` line.
    #[cold]
    pub(crate) fn no_retry(raw: &RawEvent<'_>) -> Self {
        Self::new(raw, Kind::NoRetry)
    }

    /// For derived code: adds the event name, unless the error has one.
    #[cold]
    pub(crate) fn or_named(mut self, raw: &RawEvent<'_>) -> Self {
        if self.0.name.is_empty() {
            self.0.name = raw.name().into();
        }
        self
    }

    /// Creates an error for data that a custom codec rejects. If the derive calls the codec, it adds the event name.
    ///
    /// ```
    /// use sse_core::DecodeError;
    ///
    /// fn decode(data: &str) -> Result<u8, DecodeError> {
    ///     u8::from_str_radix(data, 16).map_err(DecodeError::data)
    /// }
    ///
    /// let error = decode("xy").unwrap_err();
    /// assert_eq!(error.to_string(), "event cannot be decoded: invalid data");
    /// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "invalid digit found in string");
    /// ```
    pub fn data(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { name: String::new(), kind: Kind::Data(cause.into()) }))
    }

    /// Creates an error for an event that a custom decoder rejects. Unlike [`data`](Self::data), it has the event name
    /// from the start.
    pub fn other(raw: &RawEvent<'_>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(raw, Kind::Other(cause.into()))
    }

    /// Returns the name of the event that failed. It is empty if the error is from [`data`](Self::data) and the derive
    /// has not added the name yet.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Returns the position in the data at which JSON decoding failed, or `None` for other failures.
    ///
    /// The position is the line, counted from 1, and the number of bytes of that line that were read, which is 0 if
    /// data is missing.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        match &self.0.kind {
            Kind::Json(cause) => Some((cause.line(), cause.column())),
            Kind::Id(..) | Kind::Tag(_) | Kind::NoRetry | Kind::Data(_) | Kind::Other(_) => None,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            "" => f.write_str("event cannot be decoded")?,
            name => write!(f, "event `{name}` cannot be decoded")?,
        }
        match &self.0.kind {
            Kind::Json(cause) => {
                write!(f, ": invalid data at line {}, column {}", cause.line(), cause.column())
            }
            Kind::Id(id, _) if id.is_empty() => f.write_str(": missing event ID"),
            Kind::Id(id, _) => write!(f, ": invalid last event ID {id:?}"),
            Kind::Tag(Some(name)) => write!(f, ": its data is that of event `{name}`"),
            Kind::Tag(None) => f.write_str(": its data is that of a variant outside the tag"),
            Kind::NoRetry => f.write_str(": missing `retry` line"),
            Kind::Data(_) => f.write_str(": invalid data"),
            Kind::Other(_) => Ok(()),
        }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            Kind::Json(cause) => Some(cause),
            Kind::Tag(_) | Kind::NoRetry => None,
            Kind::Id(_, cause) | Kind::Data(cause) | Kind::Other(cause) => Some(cause.as_ref()),
        }
    }
}
