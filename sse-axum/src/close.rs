//! How a stream ended.

use std::{fmt, time::Duration};

/// A report of how a stream ended and how much it sent, passed to the callback of
/// [`Sse::on_close`](crate::Sse::on_close).
///
/// # Examples
///
/// ```
/// use futures_util::stream;
/// use sse_axum::{Sse, StreamClosed};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// fn log(closed: StreamClosed) {
///     println!("stream closed after {:?}: {}, {} events", closed.duration, closed.reason, closed.events);
/// }
///
/// let response = Sse::new(stream::iter([Job::Progress(50), Job::Progress(100)])).on_close(log);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamClosed {
    /// The reason why the stream ended.
    pub reason: CloseReason,
    /// The number of events passed to the server, including those of the keep-alive and of
    /// [`on_error`](crate::Sse::on_error). Events that were still buffered when the connection was lost are counted
    /// too.
    pub events: u64,
    /// The number of bytes passed to the server, including comments and `retry` lines.
    pub bytes: u64,
    /// The time from the creation of the response to the end of the stream.
    pub duration: Duration,
}

/// The reason why a stream ended.
///
/// It is displayed in snake case, such as `client_gone`, for use as the label of a metric.
///
/// # Examples
///
/// ```
/// use futures_util::stream;
/// use sse_axum::{CloseReason, Sse};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// let response = Sse::new(stream::iter([Job::Progress(50)])).on_close(|closed| match closed.reason {
///     CloseReason::Error => eprintln!("a stream failed after {} events", closed.events),
///     reason => println!("a stream closed: {reason}"),
/// });
///
/// assert_eq!(CloseReason::ClientGone.to_string(), "client_gone");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The stream of the handler ended.
    Finished,
    /// A terminal event was sent.
    Terminal,
    /// The body was dropped before its end: the client disconnected, the connection failed, or the request was a `HEAD`
    /// request.
    ClientGone,
    /// The signal of [`Sse::shutdown`](crate::Sse::shutdown) or [`Sse::shutdown_with`](crate::Sse::shutdown_with)
    /// completed, or `serve` ended the stream at the signal of its graceful shutdown.
    Shutdown,
    /// The age set with [`Sse::max_age`](crate::Sse::max_age) was reached.
    MaxAge,
    /// The body ended or was cut because of an error of the stream or an event that cannot be encoded. Also used if the
    /// stream panicked.
    Error,
}

impl CloseReason {
    /// Returns the reason in snake case: `finished`, `terminal`, `client_gone`, `shutdown`, `max_age` or `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Terminal => "terminal",
            Self::ClientGone => "client_gone",
            Self::Shutdown => "shutdown",
            Self::MaxAge => "max_age",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for CloseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
