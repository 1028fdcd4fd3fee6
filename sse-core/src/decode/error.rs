//! What is wrong with an event that was read: the fault of the peer.

use alloc::{boxed::Box, string::String};
use core::{error::Error, fmt};

use super::RawEvent;

/// An event whose data or ID is not what its type expects. The stream goes on with the next event.
///
/// What it shows is which event failed, and where. Why is its [`source`](Error::source), as in `expected u32` or
/// `invalid digit found in string`: a report for people shows both.
///
/// ```
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
/// assert_eq!(error.name(), "tick");
/// assert_eq!(error.position(), Some((1, 2)));
/// assert_eq!(error.to_string(), "event `tick` cannot be decoded: its data is wrong at line 1, column 2");
/// let why = std::error::Error::source(&error).unwrap();
/// assert_eq!(why.to_string(), "trailing characters at line 1 column 2");
/// # Ok::<(), sse_core::LimitError>(())
/// ```
#[derive(Debug)]
pub struct DecodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    /// Empty until it is known.
    name: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The data is not JSON, or not JSON of the payload's type.
    Json(serde_json::Error),
    /// The last event ID is not what the ID field's type takes.
    Id(String, Box<dyn Error + Send + Sync>),
    /// The data is an event of another name, if of any.
    Tag(Option<&'static str>),
    /// The event has no `retry:` line, and its type asks for one.
    NoRetry,
    /// The data is not what a codec of the user's takes.
    Data(Box<dyn Error + Send + Sync>),
    /// A decoder of the user's.
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

    /// For derived code: the data says that it is another event than the event's name says.
    #[cold]
    pub(crate) fn tag(raw: &RawEvent<'_>, name: Option<&'static str>) -> Self {
        Self::new(raw, Kind::Tag(name))
    }

    /// For derived code: the event has no `retry:` line.
    #[cold]
    pub(crate) fn no_retry(raw: &RawEvent<'_>) -> Self {
        Self::new(raw, Kind::NoRetry)
    }

    /// For derived code: with the event's name, unless it has one.
    #[cold]
    pub(crate) fn or_named(mut self, raw: &RawEvent<'_>) -> Self {
        if self.0.name.is_empty() {
            self.0.name = raw.name().into();
        }
        self
    }

    /// The data is not what a codec of one's own takes. Where the derive calls the codec, it adds the event's name.
    ///
    /// ```
    /// use sse_core::DecodeError;
    ///
    /// fn decode(data: &str) -> Result<u8, DecodeError> {
    ///     u8::from_str_radix(data, 16).map_err(DecodeError::data)
    /// }
    ///
    /// let error = decode("xy").unwrap_err();
    /// assert_eq!(error.to_string(), "event cannot be decoded: its data is wrong");
    /// assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "invalid digit found in string");
    /// ```
    pub fn data(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Inner { name: String::new(), kind: Kind::Data(cause.into()) }))
    }

    /// An error of a decoder of one's own, which sees the event and not only its data.
    pub fn other(raw: &RawEvent<'_>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(raw, Kind::Other(cause.into()))
    }

    /// The event type of the event that failed; empty where only a codec of the data has spoken so far.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Where in the data the fault lies, as far as it is known: the line from 1, and how many of its bytes were read,
    /// which is 0 where data is missing.
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
                write!(f, ": its data is wrong at line {}, column {}", cause.line(), cause.column())
            }
            Kind::Id(id, _) if id.is_empty() => f.write_str(": it has no ID, and its type asks for one"),
            Kind::Id(id, _) => write!(f, ": its last event ID is {id:?}"),
            Kind::Tag(Some(name)) => write!(f, ": its data is an event `{name}`"),
            Kind::Tag(None) => f.write_str(": its data is a variant that is no event by itself"),
            Kind::NoRetry => f.write_str(": it has no `retry:` line"),
            Kind::Data(_) => f.write_str(": its data is wrong"),
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
