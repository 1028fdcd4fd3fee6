//! Why a response could not be read.

use std::{error::Error, fmt, time::Duration};

use http::StatusCode;
use sse_core::{DecodeError, LimitError};

/// Why a response could not be read as the events of a type.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The response is no stream of events.
    Refused {
        /// Its status.
        status: StatusCode,
        /// Its content type; empty if it has none.
        content_type: String,
        /// What it says.
        body: String,
    },
    /// The response says that the stream is over, with the status 204 (No Content): [`Over`](crate::Over), or
    /// [`no_content`](crate::no_content).
    Over,
    /// The body failed.
    Body(axum_core::Error),
    /// The body ended within an event.
    Unfinished {
        /// What stands behind the last whole event.
        bytes: String,
    },
    /// The body ended before there were enough frames.
    Ended {
        /// How many there were.
        frames: usize,
    },
    /// An event is not what its type expects.
    Decode(DecodeError),
    /// The type knows no such event.
    Unknown {
        /// The event type.
        event: String,
        /// The data.
        data: String,
    },
    /// An event is too large.
    Limit(LimitError),
    /// The time is over.
    Time {
        /// The time there was.
        limit: Duration,
        /// How many frames the call had read by then.
        frames: usize,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, content_type, body } => {
                write!(
                    f,
                    "the response is no stream of events: status {status}, content type `{content_type}`, {body:?}"
                )
            }
            Self::Over => f.write_str("the stream is over: the response has the status 204 (No Content)"),
            Self::Body(_) => f.write_str("the body failed"),
            Self::Unfinished { bytes } => write!(f, "the body ended within an event: {bytes:?}"),
            Self::Ended { frames } => write!(f, "the body ended after {frames} frames"),
            Self::Decode(error) => error.fmt(f),
            Self::Unknown { event, data } => write!(f, "the type knows no event `{event}`; its data is {data:?}"),
            Self::Limit(error) => error.fmt(f),
            Self::Time { limit, frames } => write!(
                f,
                "the time of {limit:?} is over after {frames} frames; set another time with `Reader::limit`, or read a \
                 stream that does not end with `Reader::next` or `Reader::take`"
            ),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Decode(error) => error.source(),
            Self::Limit(error) => error.source(),
            _ => None,
        }
    }
}
