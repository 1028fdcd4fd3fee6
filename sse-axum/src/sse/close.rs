//! `Sse::on_close` and `Sse::count_in`: reporting how a stream ended, and counting those that are open.

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use super::Sse;
use crate::{close::StreamClosed, open_streams::OpenStreams};

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
