//! Why a source waits, and how it ended.

use std::fmt;

use reqwest::StatusCode;

use crate::{Error, Head, state::Stop};

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
    /// Returns the status of the response that refused the request, or `None` if there was no such response.
    ///
    /// A wait after 401 (Unauthorized) only serves to get a new token, so a program need not show it as an outage.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Failed(error) => error.head().map(Head::status),
            Self::Ended | Self::Requested => None,
        }
    }

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

/// `{reason:#}` also displays the causes of an error.
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

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Completed => "the last event arrived",
            Self::NoContent => "the server has nothing more to send",
            Self::Ended => "the server ended the response",
            Self::Closed => "closed by the caller",
            Self::Failed => "failed",
        })
    }
}
