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
            Self::Body(_) => f.write_str("the body failed"),
            Self::Unfinished { bytes } => write!(f, "the body ended within an event: {bytes:?}"),
            Self::Ended { frames } => write!(f, "the body ended after {frames} frames"),
            Self::Decode(error) => error.fmt(f),
            Self::Unknown { event, data } => write!(f, "the type knows no event `{event}`; its data is {data:?}"),
            Self::Limit(error) => error.fmt(f),
            Self::Time { limit } => write!(f, "nothing more came within {limit:?}; set another time with `limit`"),
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
