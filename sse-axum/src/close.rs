//! Reporting how a stream ended.

use std::{
    fmt, thread,
    time::{Duration, Instant},
};

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use crate::{OpenStreams, Sse, open_streams::Counted, trace::Trace};

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
    /// completed.
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

impl<S, I> Sse<S>
where
    S: Stream<Item = I> + Send + 'static,
    I: StreamItem<Error: Into<BoxError>>,
{
    /// Sets a callback that is called when the stream has ended, for logs and metrics. It receives the reason, the
    /// duration, and the number of events and bytes sent.
    ///
    /// The callback is called exactly once, even if the body is never polled. It runs in the task that drives the
    /// response, right after the stream is dropped, so it must not block. A second call of `on_close` replaces the
    /// callback.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use futures_util::stream;
    /// use sse_axum::{CloseReason, Sse};
    /// use sse_core::SseEvent;
    ///
    /// static EVENTS: AtomicU64 = AtomicU64::new(0);
    /// static FAILED: AtomicU64 = AtomicU64::new(0);
    ///
    /// #[derive(SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    /// }
    ///
    /// let response = Sse::new(stream::iter([Job::Progress(50), Job::Progress(100)])).on_close(|closed| {
    ///     EVENTS.fetch_add(closed.events, Ordering::Relaxed);
    ///     FAILED.fetch_add(u64::from(closed.reason == CloseReason::Error), Ordering::Relaxed);
    /// });
    /// ```
    pub fn on_close(mut self, on_close: impl FnOnce(StreamClosed) + Send + 'static) -> Self {
        self.body.options().closer.on_close(on_close);
        self
    }

    /// Counts the stream in `open` from now until it ends. A second call replaces the first.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::response::{IntoResponse, Response};
    /// use futures_util::stream;
    /// use sse_axum::{OpenStreams, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let open = OpenStreams::new();
    /// let response: Response = Sse::new(stream::pending::<Job>()).count_in(&open).into_response();
    /// assert_eq!(open.count(), 1);
    /// drop(response);
    /// assert_eq!(open.count(), 0);
    /// ```
    pub fn count_in(mut self, open: &OpenStreams) -> Self {
        self.body.options().closer.counted = Some(open.enter());
        self
    }
}

type OnClose = Box<dyn FnOnce(StreamClosed) + Send>;

/// Reports how a stream ended when it is dropped. Every body is dropped exactly once, but not every body is polled to
/// its end.
pub(crate) struct Closer {
    closed: StreamClosed,
    opened: Instant,
    on_close: Option<OnClose>,
    counted: Option<Counted>,
    pub(crate) trace: Option<Trace>,
}

impl Closer {
    pub(crate) fn on_close(&mut self, on_close: impl FnOnce(StreamClosed) + Send + 'static) {
        self.on_close = Some(Box::new(on_close));
    }

    pub(crate) const fn count(&mut self, events: u64, bytes: usize) {
        self.closed.events += events;
        self.closed.bytes += bytes as u64;
    }

    /// Sets the reason. Without this call the body was dropped before its end, so the client is gone.
    pub(crate) const fn close(&mut self, reason: CloseReason) {
        self.closed.reason = reason;
    }
}

impl Default for Closer {
    fn default() -> Self {
        let closed = StreamClosed { reason: CloseReason::ClientGone, events: 0, bytes: 0, duration: Duration::ZERO };
        Self { closed, opened: Instant::now(), on_close: None, counted: None, trace: None }
    }
}

impl Drop for Closer {
    fn drop(&mut self) {
        // If a panic drops a body that is still open, its stream has panicked. A body that has ended keeps its reason,
        // because the panic happened elsewhere.
        if self.closed.reason == CloseReason::ClientGone && thread::panicking() {
            self.close(CloseReason::Error);
        }
        self.closed.duration = self.opened.elapsed();
        // Before the callback, which may read the count.
        self.counted = None;
        if let Some(trace) = &self.trace {
            trace.closed(self.closed);
        }
        if let Some(on_close) = self.on_close.take() {
            on_close(self.closed);
        }
    }
}

impl fmt::Debug for Closer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closer").field("closed", &self.closed).finish_non_exhaustive()
    }
}
