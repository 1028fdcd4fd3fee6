//! What is wrong with an event that was read: the fault of the peer.

use alloc::{boxed::Box, string::String};
use core::{error::Error, fmt};

use super::RawEvent;

/// An event whose data or ID is not what its type expects. The stream goes on with the next event.
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
/// assert_eq!(error.event(), "tick");
/// assert_eq!(error.position(), Some((1, 2)));
/// assert_eq!(error.to_string(), "event `tick` cannot be decoded: its data is wrong at line 1, column 2");
/// # Ok::<(), sse_core::LimitError>(())
/// ```
#[derive(Debug)]
pub struct DecodeError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    event: String,
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
    /// A codec of the user's.
    Other(Box<dyn Error + Send + Sync>),
}

impl DecodeError {
    #[cold]
    fn new(raw: &RawEvent<'_>, kind: Kind) -> Self {
        Self(Box::new(Inner { event: raw.event().into(), kind }))
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

    /// An error of a codec of one's own.
    pub fn other(raw: &RawEvent<'_>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(raw, Kind::Other(cause.into()))
    }

    /// The event type of the event that failed.
    #[must_use]
    pub fn event(&self) -> &str {
        &self.0.event
    }

    /// Where in the data the fault lies, as far as it is known: the line from 1, and how many of its bytes were read,
    /// which is 0 where data is missing.
    #[must_use]
    pub fn position(&self) -> Option<(usize, usize)> {
        match &self.0.kind {
            Kind::Json(cause) => Some((cause.line(), cause.column())),
            Kind::Id(..) | Kind::Tag(_) | Kind::Other(_) => None,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event `{}` cannot be decoded", self.event())?;
        match &self.0.kind {
            Kind::Json(cause) => {
                write!(f, ": its data is wrong at line {}, column {}", cause.line(), cause.column())
            }
            Kind::Id(id, _) => write!(f, ": its last event ID is {id:?}"),
            Kind::Tag(Some(name)) => write!(f, ": its data is an event `{name}`"),
            Kind::Tag(None) => f.write_str(": its data is a variant that is no event by itself"),
            Kind::Other(_) => Ok(()),
        }
    }
}

impl Error for DecodeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.kind {
            Kind::Json(cause) => Some(cause),
            Kind::Tag(_) => None,
            Kind::Id(_, cause) | Kind::Other(cause) => Some(cause.as_ref()),
        }
    }
}
