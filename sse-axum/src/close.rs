//! How a stream ended.

use std::{fmt, thread};

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use crate::{Sse, trace::Trace};

/// How a stream ended, and what went out until then: what [`Sse::on_close`](crate::Sse::on_close) is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamClosed {
    /// Why it ended.
    pub reason: CloseReason,
    /// How many events were handed to the server, among them those of a keep-alive and of
    /// [`on_error`](crate::Sse::on_error). What a lost connection still held is counted too.
    pub events: u64,
    /// How many bytes were handed to the server: the events, and all comments and reconnection times.
    pub bytes: u64,
}

/// Why a stream ended.
///
/// It is shown as a word, which is also its label for metrics:
///
/// ```
/// use sse_axum::CloseReason;
///
/// assert_eq!(CloseReason::ClientGone.as_str(), "client_gone");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CloseReason {
    /// The stream yielded its last item.
    Finished,
    /// An event went out that is marked as terminal.
    Terminal,
    /// The body was dropped before its end: the client went away, or its connection failed, or it had asked for the
    /// head alone.
    ClientGone,
    /// The signal of [`Sse::shutdown`](crate::Sse::shutdown) was ready.
    Shutdown,
    /// The age of [`Sse::max_age`](crate::Sse::max_age) was reached.
    MaxAge,
    /// The stream yielded an error, or an event that cannot be encoded, and that ended the body, in order or not; or
    /// the stream panicked.
    Error,
}

impl CloseReason {
    /// The reason as a word: `finished`, `terminal`, `client_gone`, `shutdown`, `max_age` or `error`.
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

impl<S, O> Sse<S>
where
    S: Stream<Item = O> + Send + 'static,
    O: StreamItem<Error: Into<BoxError>>,
{
    /// Calls this when the stream has ended, with the reason and with what went out: for logs and metrics.
    ///
    /// It is called exactly once, also for a body that nobody asks for; given more than once, the last one counts. It
    /// runs in the task of the connection, when the body is dropped and right behind its stream, and ought to be brief.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
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
}

type OnClose = Box<dyn FnOnce(StreamClosed) + Send>;

/// Tells how a stream ended, once: when it is dropped, which is the one thing that happens to every body.
pub(crate) struct Closer {
    closed: StreamClosed,
    on_close: Option<OnClose>,
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

    /// Until this is called, whoever drops the body ends the stream.
    pub(crate) const fn close(&mut self, reason: CloseReason) {
        self.closed.reason = reason;
    }
}

impl Default for Closer {
    fn default() -> Self {
        let closed = StreamClosed { reason: CloseReason::ClientGone, events: 0, bytes: 0 };
        Self { closed, on_close: None, trace: None }
    }
}

impl Drop for Closer {
    fn drop(&mut self) {
        if self.closed.reason == CloseReason::ClientGone && thread::panicking() {
            self.close(CloseReason::Error);
        }
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
