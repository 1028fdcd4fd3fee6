//! Why a source waits, and how it ended.

use std::fmt;

use crate::Error;

/// Why an [`EventSource`](crate::EventSource) waits before it connects again.
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitReason {
    /// The server ended the response between two events.
    Ended,
    /// There was no event stream, or it was cut.
    Failed(Error),
    /// [`reconnect`](crate::EventSource::reconnect) was called.
    Requested,
}

impl WaitReason {
    /// Converts the reason into an error, for a source that does not connect again.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Ended | Self::Requested => Error::Incomplete { mid_event: false, cause: None },
        }
    }
}

impl fmt::Display for WaitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ended => f.write_str("the server ended the response"),
            Self::Failed(error) => error.fmt(f),
            Self::Requested => f.write_str("a reconnect was requested"),
        }
    }
}

/// How an [`EventSource`](crate::EventSource) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CloseReason {
    /// The last event arrived: a terminal event, or one that
    /// [`complete_when`](crate::EventSource::complete_when) accepts.
    Completed,
    /// The server answered 204 (No Content): it has nothing more to send.
    NoContent,
    /// The server ended the response, the request is not sent again, and the type of the events has no last event that
    /// is missing.
    Ended,
    /// [`close`](crate::EventSource::close) was called.
    Closed,
    /// The source yielded a final [`Error`].
    Failed,
}
