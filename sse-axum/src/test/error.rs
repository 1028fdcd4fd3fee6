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
    /// The status is 204 (No Content), which tells clients to stop: the answer of
    /// [`StopReconnecting`](crate::StopReconnecting).
    NoContent,
    /// The body failed.
    Body(axum_core::Error),
    /// The body ended within an event.
    Unfinished {
        /// What stands behind the last whole event.
        bytes: String,
    },
    /// The body ended before there were enough envelopes.
    Ended {
        /// How many there were.
        envelopes: usize,
    },
    /// An event is not what its type expects.
    Decode(DecodeError),
    /// The type knows no such event.
    Unknown {
        /// Its name.
        name: String,
        /// The data.
        data: String,
    },
    /// An event is too large.
    Limit(LimitError),
    /// The time is over.
    Timeout {
        /// The time there was.
        limit: Duration,
        /// How many envelopes the call had read by then.
        envelopes: usize,
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
            Self::NoContent => f.write_str("the stream is over: the response has the status 204 (No Content)"),
            Self::Body(_) => f.write_str("the body failed"),
            Self::Unfinished { bytes } => write!(f, "the body ended within an event: {bytes:?}"),
            Self::Ended { envelopes } => write!(f, "the body ended after {envelopes} envelopes"),
            Self::Decode(error) => error.fmt(f),
            Self::Unknown { name, data } => write!(f, "the type knows no event `{name}`; its data is {data:?}"),
            Self::Limit(error) => error.fmt(f),
            Self::Timeout { limit, envelopes } => write!(
                f,
                "the time of {limit:?} is over after {envelopes} envelopes; set another time with `ResponseReader::timeout`, or read a \
                 stream that does not end with `ResponseReader::next` or `ResponseReader::take`"
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
