//! The error for an event that cannot be decoded: a fault of the peer.

use alloc::{boxed::Box, string::String};
use core::{error::Error, fmt};

use super::RawEvent;

/// The error returned if an event cannot be decoded into its type.
///
/// Its data, ID or reconnection time is not what the type expects. Only this event is affected: the decoder continues
/// with the next one.
///
/// The message contains the event name. The cause is the [`source`](Error::source), such as `invalid digit found in
/// string` or, for JSON, `expected value at line 1 column 1`. A report should contain both.
///
/// Neither of them contains the data, which may be confidential, except for single values that a cause quotes. The
/// start of the data is the [`payload`](Self::payload).
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
/// assert_eq!(error.to_string(), "event `tick` cannot be decoded: invalid data");
/// assert_eq!(error.source().unwrap().to_string(), "trailing characters at line 1 column 2");
/// assert_eq!((error.name(), error.payload(), error.position()), ("tick", "4x", Some((1, 2))));
/// # Ok::<(), sse_core::LimitError>(())
/// ```
pub struct DecodeError(Box<Inner>);

struct Inner {
    /// The event that failed, or `None` until it is known.
    event: Option<FailedEvent>,
    kind: Kind,
}

/// The part of a failed event that its error keeps.
struct FailedEvent {
    name: String,
    payload: String,
}

/// The maximum size of a payload that an error keeps, in bytes: enough to recognize an error page or another format.
const PAYLOAD: usize = 1 << 10;

impl FailedEvent {
    fn of(raw: &RawEvent<'_>) -> Self {
        let (data, end) = (raw.data(), raw.data().len().min(PAYLOAD));
        let end = (0..=end).rev().find(|end| data.is_char_boundary(*end)).unwrap_or_default();
        Self { name: raw.whole_name().into(), payload: data.get(..end).unwrap_or_default().into() }
    }
}

#[derive(Debug)]
enum Kind {
    /// The data is not JSON, or not JSON of the payload's type.
    Json(serde_json::Error),
    /// The last event ID is not valid for the type of the ID field.
    Id(String, Box<dyn Error + Send + Sync>),
    /// The data is that of another variant: of the event with this name, or of a variant that is not tagged.
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
        Self(Box::new(Inner { event: Some(FailedEvent::of(raw)), kind }))
    }

    pub(crate) fn json(raw: &RawEvent<'_>, cause: serde_json::Error) -> Self {
        Self::new(raw, Kind::Json(cause))
    }

    pub(crate) fn id(raw: &RawEvent<'_>, cause: Box<dyn Error + Send + Sync>) -> Self {
        Self::new(raw, Kind::Id(raw.last_event_id().into(), cause))
    }

    /// Creates an error for data whose variant does not have the event name, for derived code. `name` is the name that
    /// the variant has, or `None` if it is not tagged.
    #[cold]
    pub(crate) fn tag(raw: &RawEvent<'_>, name: Option<&'static str>) -> Self {
        Self::new(raw, Kind::Tag(name))
    }

    /// Creates an error for an event without a `retry` line, for derived code.
    #[cold]
    pub(crate) fn no_retry(raw: &RawEvent<'_>) -> Self {
        Self::new(raw, Kind::NoRetry)
    }

    /// Adds the name and the data of the event, unless the error has them.
    #[cold]
    pub(crate) fn or_event(mut self, raw: &RawEvent<'_>) -> Self {
        self.0.event.get_or_insert_with(|| FailedEvent::of(raw));
        self
    }

    /// Creates an error for data that a custom codec rejects. Derived code that calls the codec adds the name and the
    /// data of the event.
    ///
    /// # Examples
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
        Self(Box::new(Inner { event: None, kind: Kind::Data(cause.into()) }))
    }

    /// Creates an error for an event that a custom decoder rejects. Unlike that of [`data`](Self::data), the error
    /// already contains the name and the data of the event.
    pub fn other(raw: &RawEvent<'_>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(raw, Kind::Other(cause.into()))
    }

    /// Returns the name of the event that failed, with all prefixes. It is empty if the error is from
    /// [`data`](Self::data) and the name has not been added yet.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.event.as_ref().map_or("", |event| &event.name)
    }

    /// Returns the data of the event that failed, or the first KiB of it, cut at a character boundary. It is empty if
    /// the error is from [`data`](Self::data) and the data has not been added yet.
    ///
    /// Use it to log what the peer sent instead, such as the error page of a proxy. It may be confidential, so neither
    /// `Display` nor `Debug` contains it.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{EventReader, ReceiveError, SseEvent};
    ///
    /// #[derive(Debug, SseEvent)]
    /// #[sse(unnamed)]
    /// enum Feed {
    ///     Tick(u32),
    /// }
    ///
    /// let source: &[u8] = b"data: <html>502 Bad Gateway</html>\n\n";
    /// let Some(Err(ReceiveError::Decode(error))) = EventReader::<_, Feed>::new(source).next() else { unreachable!() };
    /// assert_eq!(error.payload(), "<html>502 Bad Gateway</html>");
    /// ```
    #[must_use]
    pub fn payload(&self) -> &str {
        self.0.event.as_ref().map_or("", |event| &event.payload)
    }

    /// Returns the position in the data at which JSON decoding failed, or `None` if it is not known.
    ///
    /// The position is the line, counted from 1, and the number of bytes of that line that were read, which is 0 if
    /// data is missing. It is not known if serde buffers the data before decoding it, as for an internally tagged or an
    /// untagged enum.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        match &self.0.kind {
            // `serde_json` counts lines from 1. An error without a position has the line 0.
            Kind::Json(cause) => (cause.line() > 0).then(|| (cause.line(), cause.column())),
            Kind::Id(..) | Kind::Tag(_) | Kind::NoRetry | Kind::Data(_) | Kind::Other(_) => None,
        }
    }
}

/// Omits the data, which may be confidential.
impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError").field("name", &self.name()).field("kind", &self.0.kind).finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            "" => f.write_str("event cannot be decoded")?,
            name => write!(f, "event `{name}` cannot be decoded")?,
        }
        match &self.0.kind {
            // The source of a JSON error contains the position.
            Kind::Json(_) | Kind::Data(_) => f.write_str(": invalid data"),
            Kind::Id(id, _) if id.is_empty() => f.write_str(": missing event ID"),
            Kind::Id(id, _) => write!(f, ": invalid last event ID {id:?}"),
            Kind::Tag(Some(name)) => write!(f, ": its data is that of event `{name}`"),
            Kind::Tag(None) => f.write_str(": its data is that of a variant that is not tagged"),
            Kind::NoRetry => f.write_str(": missing `retry` line"),
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
