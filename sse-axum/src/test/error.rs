//! The error type of the test helpers.

use std::{error::Error, fmt, time::Duration};

use http::StatusCode;
use sse_core::{DecodeError, LimitError};

/// The error returned if a response cannot be read as typed events.
///
/// # Examples
///
/// ```
/// use axum::http::StatusCode;
/// use sse_axum::test::{self, ReadError};
/// # use sse_core::SseEvent;
/// # #[derive(Debug, SseEvent)]
/// # enum Job { Progress(u8) }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let response = (StatusCode::BAD_GATEWAY, "no upstream");
/// let error = test::events::<Job>(response).await.unwrap_err();
/// assert!(matches!(error, ReadError::NotEventStream { status: StatusCode::BAD_GATEWAY, .. }));
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The response is not a stream of events.
    NotEventStream {
        /// The status of the response.
        status: StatusCode,
        /// The content type of the response, or an empty string if it has none.
        content_type: String,
        /// The body of the response.
        body: String,
    },
    /// The response has the status 204 (No Content), which stops clients from reconnecting. A handler sends it with
    /// [`StopReconnecting`](crate::StopReconnecting).
    NoContent,
    /// The body failed, for example because it was cut.
    Body(axum_core::Error),
    /// The body ended within an event.
    Unfinished {
        /// The bytes of the unfinished event. Invalid UTF-8 is replaced.
        bytes: String,
    },
    /// The body ended before [`ResponseReader::take`](super::ResponseReader::take) had read enough envelopes.
    Ended {
        /// The number of envelopes that the call had read.
        envelopes: usize,
    },
    /// An event could not be decoded.
    Decode(DecodeError),
    /// The type does not have this event.
    Unknown {
        /// The name of the event.
        name: String,
        /// The data of the event.
        data: String,
    },
    /// An event exceeds a limit of the decoder.
    Limit(LimitError),
    /// The call exceeded its time limit.
    Timeout {
        /// The time limit.
        limit: Duration,
        /// The number of envelopes that the call had read.
        envelopes: usize,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEventStream { status, content_type, body } => {
                write!(
                    f,
                    "the response is not a stream of events: status {status}, content type `{content_type}`, body \
                     {body:?}"
                )
            }
            Self::NoContent => f.write_str("the stream is over: the response has the status 204 (No Content)"),
            Self::Body(_) => f.write_str("the body failed"),
            Self::Unfinished { bytes } => write!(f, "the body ended within an event: {bytes:?}"),
            Self::Ended { envelopes } => write!(f, "the body ended too early (envelopes read: {envelopes})"),
            Self::Decode(error) => error.fmt(f),
            Self::Unknown { name, data } => write!(f, "unknown event `{name}` with the data {data:?}"),
            Self::Limit(error) => error.fmt(f),
            Self::Timeout { limit, envelopes } => write!(
                f,
                "the time limit of {limit:?} was exceeded (envelopes read: {envelopes}); raise it with \
                 `ResponseReader::timeout`, or read an endless stream with `ResponseReader::next` or \
                 `ResponseReader::take`"
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
