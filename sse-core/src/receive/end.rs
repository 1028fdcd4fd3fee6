//! The ends of a typed stream, and its errors.

use core::{error::Error, fmt};

use crate::{DecodeError, LimitError};

/// The way in which an `EventStream` or an `EventReader` ended.
///
/// ```
/// use sse_core::{EventReader, SseEvent, StreamEnd};
///
/// #[derive(Debug, SseEvent)]
/// #[sse(unnamed)]
/// enum Answer {
///     #[sse(text)]
///     Word(String),
///     #[sse(literal = "[DONE]", terminal)]
///     Done,
/// }
///
/// let end_of = |source: &'static str| {
///     let mut events = EventReader::<_, Answer>::new(source.as_bytes());
///     assert_eq!(events.ended(), None);
///     events.by_ref().for_each(drop);
///     events.ended()
/// };
/// assert_eq!(end_of("data: Hi\n\ndata: [DONE]\n\n"), Some(StreamEnd::Terminal));
/// assert_eq!(end_of("data: Hi\n\n: keep-alive\n"), Some(StreamEnd::BetweenEvents));
/// assert_eq!(end_of("data: Hi\n\ndata: [DO"), Some(StreamEnd::WithinEvent));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamEnd {
    /// A terminal event was yielded.
    Terminal,
    /// The source ended between two events, without a terminal one.
    BetweenEvents,
    /// The source ended within an event, which is discarded.
    /// [`Decoder::is_between_events`](crate::Decoder::is_between_events) defines where an event begins and ends.
    WithinEvent,
    /// The source failed.
    Failed,
}

/// The error that a typed stream or reader yields in place of an event.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<Err> {
    /// The source of the bytes failed. The stream ends.
    Source(Err),
    /// An event exceeds a limit and is skipped. The stream continues.
    Limit(LimitError),
    /// An event cannot be decoded and is skipped. The stream continues.
    Decode(DecodeError),
    /// The source ended without a terminal event, although `require_terminal` was set. The stream ends.
    Unterminated {
        /// Whether the source ended within an event, which is discarded.
        within_event: bool,
    },
}

impl<Err> fmt::Display for ReceiveError<Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(_) => f.write_str("the source of the stream failed"),
            Self::Limit(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::Unterminated { within_event: false } => f.write_str("the stream ended without a terminal event"),
            Self::Unterminated { within_event: true } => {
                f.write_str("the stream ended within an event, without a terminal event")
            }
        }
    }
}

/// A [`LimitError`] or [`DecodeError`] is displayed in place of this error, so `source` returns its source.
impl<Err: Error + 'static> Error for ReceiveError<Err> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Limit(error) => error.source(),
            Self::Decode(error) => error.source(),
            Self::Unterminated { .. } => None,
        }
    }
}
