//! Why a source waits, and how it ended.

use std::fmt;

use crate::{Error, state::Stop};

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
    /// Returns how the source ends if it stops instead of waiting, and its final error.
    pub(crate) fn at_stop(self, stop: Stop) -> (CloseReason, Option<Error>) {
        match stop {
            Stop::Completed => (CloseReason::Completed, None),
            Stop::NoContent => (CloseReason::NoContent, None),
            Stop::Ended => (CloseReason::Ended, None),
            Stop::Closed => (CloseReason::Closed, None),
            Stop::Failed => (CloseReason::Failed, Some(self.into_error())),
            Stop::GaveUp { tries } => {
                (CloseReason::Failed, Some(Error::GaveUp { tries, last: Box::new(self.into_error()) }))
            }
        }
    }

    fn into_error(self) -> Error {
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
    /// The server ended the response between two events, no last event was expected, and the request is not sent again.
    Ended,
    /// [`close`](crate::EventSource::close) was called.
    Closed,
    /// The source yielded a final [`Error`].
    Failed,
}
