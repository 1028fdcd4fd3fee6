//! The error of a source, and its causes.

use std::{error::Error as StdError, fmt, time::Duration};

use sse_core::{DecodeError, LimitError, Report};

use crate::{excerpt::Excerpt, head::Head};

/// A boxed error of any type, as returned by the function of [`EventSource::with`](crate::EventSource::with).
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// An error of the function of [`EventSource::with`](crate::EventSource::with) that ends the source.
///
/// Other errors of the function are retried. The source ends with [`Error::Make`], which contains the inner error.
///
/// ```no_run
/// use sse_client::{Attempt, BoxError, EventSource, Permanent};
/// # use reqwest::RequestBuilder;
/// # use sse_core::RawEventBuf;
/// # #[derive(Clone)] struct Session;
/// # impl Session {
/// #     async fn token(&self) -> Result<Option<String>, BoxError> { Ok(None) }
/// #     fn request(&self, token: String) -> RequestBuilder { reqwest::Client::new().get(token) }
/// # }
/// # fn follow(session: Session) -> EventSource<RawEventBuf> {
///
/// EventSource::with(move |_: Attempt| {
///     let session = session.clone();
///     async move {
///         match session.token().await? {
///             Some(token) => Ok::<_, BoxError>(session.request(token)),
///             None => Err(Permanent("the session was revoked".into()).into()),
///         }
///     }
/// })
/// # }
/// ```
#[derive(Debug)]
pub struct Permanent(pub BoxError);

impl fmt::Display for Permanent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Permanent {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}

/// The error that an [`EventSource`](crate::EventSource) yields: for one bad event, or as its last item.
///
/// [`is_final`](Self::is_final) distinguishes the two. Connections that are lost and made again are not errors; see
/// [`Update::Waiting`](crate::Update::Waiting).
///
/// `{error}` is the error without its causes, and `{error:#}` is followed by them, as in a [`Report`]:
///
/// ```text
/// no response
/// no response: client error (Connect): tcp connect error: Connection refused (os error 111)
/// ```
///
/// Messages contain no URL, because URLs often contain keys. Text from the server is escaped and cut to a bounded
/// length. The errors of the caller's function in [`Make`](Self::Make) are displayed unchanged.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request cannot be sent: it is invalid, or it was redirected too often or to an invalid address.
    Request(BoxError),
    /// The function of [`EventSource::with`](crate::EventSource::with) returned this error.
    Make(BoxError),
    /// There was no response: the host was not found, the connection or its TLS failed, or a timeout expired.
    Connect(BoxError),
    /// The response is not an event stream.
    #[non_exhaustive]
    Refused {
        /// The status and the headers.
        head: Head,
        /// The beginning of the body: up to 1 KiB, which arrived within 5 seconds.
        body: String,
    },
    /// The stream ended before its last event, and the request is not sent again.
    #[non_exhaustive]
    Incomplete {
        /// Whether the stream was cut within an event.
        mid_event: bool,
        /// The error of the connection, or `None` if the server ended the response.
        cause: Option<BoxError>,
    },
    /// The number of attempts in a row without progress reached the limit of the [`Policy`](crate::Policy).
    #[non_exhaustive]
    GaveUp {
        /// The number of attempts.
        tries: u32,
        /// The error of the last attempt.
        last: Box<Error>,
    },
    /// An event cannot be decoded and is skipped. The source continues.
    Decode(DecodeError),
    /// An event exceeds a limit and is skipped. The source continues.
    Limit(LimitError),
    /// The body of the request is a stream, which can be sent only once, but the request may have to be sent again. It
    /// was not sent at all.
    NotRepeatable,
    /// The server sent an event ID that cannot be sent back in a header, so the stream cannot be resumed.
    #[non_exhaustive]
    LastEventId {
        /// The beginning of the ID, escaped.
        id: String,
    },
}

impl Error {
    /// Returns whether the source has ended with this error. Otherwise the error concerns one event, and the next one
    /// follows.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::Decode(_) | Self::Limit(_))
    }

    /// Returns the head of the response that is not an event stream, also that of the last attempt before the source
    /// gave up.
    #[must_use]
    pub fn head(&self) -> Option<&Head> {
        match self {
            Self::Refused { head, .. } => Some(head),
            Self::GaveUp { last, .. } => last.head(),
            _ => None,
        }
    }

    pub(crate) fn last_event_id(id: &str) -> Self {
        Self::LastEventId { id: Excerpt(id).to_string() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)?;
        match self.source().filter(|_| f.alternate()) {
            Some(cause) => write!(f, ": {}", Report::new(cause)),
            None => Ok(()),
        }
    }
}

impl Error {
    /// Writes the error without its causes.
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(_) => f.write_str("the request could not be made"),
            Self::Request(_) => f.write_str("the request cannot be sent"),
            Self::Connect(_) => f.write_str("no response"),
            Self::Refused { head, body } => match head.refusal() {
                Some(refusal) if body.is_empty() => write!(f, "{refusal}"),
                Some(refusal) => write!(f, "{refusal}; the body begins with `{}`", Excerpt(body)),
                None => f.write_str("the response is not an event stream"),
            },
            Self::Incomplete { mid_event: true, .. } => f.write_str("the stream was cut within an event"),
            Self::Incomplete { cause: Some(_), .. } => f.write_str("the stream was cut between two events"),
            Self::Incomplete { cause: None, .. } => f.write_str("the stream ended before its last event"),
            Self::GaveUp { tries: 1, .. } => f.write_str("gave up after 1 attempt without progress"),
            Self::GaveUp { tries, .. } => write!(f, "gave up after {tries} attempts without progress"),
            Self::Decode(error) => write!(f, "{error}"),
            Self::Limit(error) => write!(f, "{error}"),
            Self::NotRepeatable => f.write_str(
                "the body of the request can be sent only once; make the request anew with `EventSource::with`, or \
                 connect only once with `.once()`",
            ),
            Self::LastEventId { id } => write!(
                f,
                "the last event ID `{id}` contains a control character, so it cannot be sent back; the server has to \
                 send other IDs"
            ),
        }
    }
}

/// A [`DecodeError`] or [`LimitError`] is displayed in place of this error, so `source` returns its source.
impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Make(cause)
            | Self::Request(cause)
            | Self::Connect(cause)
            | Self::Incomplete { cause: Some(cause), .. } => Some(&**cause),
            Self::GaveUp { last, .. } => Some(last),
            Self::Decode(error) => error.source(),
            Self::Limit(error) => error.source(),
            Self::Refused { .. }
            | Self::Incomplete { cause: None, .. }
            | Self::NotRepeatable
            | Self::LastEventId { .. } => None,
        }
    }
}

/// The cause of a connection that the idle timeout ended.
#[derive(Debug)]
pub(crate) struct Silence(pub(crate) Duration);

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing arrived for {:?}, the idle timeout", self.0)
    }
}

impl StdError for Silence {}

/// The cause of a connection that a timeout of `reqwest` ended.
#[derive(Debug)]
pub(crate) struct ClientTimeout;

impl fmt::Display for ClientTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "reqwest's own timeout expired; use `EventSource::idle_timeout` instead of `timeout` or `read_timeout`",
        )
    }
}

impl StdError for ClientTimeout {}

/// The cause of a request that this build of `reqwest` cannot send.
#[derive(Debug)]
pub(crate) struct NoTls;

impl fmt::Display for NoTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the URL is https, which needs a TLS feature of `reqwest`, such as `rustls`")
    }
}

impl StdError for NoTls {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_errors_of_one_event_are_not_final() {
        assert!(!Error::Limit(LimitError::Line { limit: 1 }).is_final());
        assert!(!Error::Decode(DecodeError::data("bad")).is_final());
        assert!(Error::NotRepeatable.is_final());
        assert!(Error::GaveUp { tries: 1, last: Box::new(Error::Limit(LimitError::Line { limit: 1 })) }.is_final());
    }
}
