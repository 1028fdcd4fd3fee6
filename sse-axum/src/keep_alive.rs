//! The sign of life of a stream that is idle.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use pin_project_lite::pin_project;
use sse_core::{Comment, Encoder};
use tokio::time::{Instant, Sleep};

/// What a stream sends when it has sent nothing for a while, so that proxies keep the connection open and a client
/// that is gone is noticed. On by default: an empty comment after 15 seconds.
///
/// The time counts from the last bytes of any kind, so a busy stream never sends one.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use futures_util::stream;
/// use sse_axum::{KeepAlive, Sse, sse_core::{Comment, RawEventBuf}};
///
/// let events = stream::pending::<RawEventBuf>();
/// let keep_alive = KeepAlive::new().interval(Duration::from_secs(5)).comment(Comment::from_static(" still here"));
/// let response = Sse::new(events).keep_alive(keep_alive);
/// ```
#[derive(Clone, Debug)]
pub struct KeepAlive {
    interval: Duration,
    comment: Comment,
}

impl KeepAlive {
    /// The default interval: half of the shortest idle time that proxies commonly allow, which is 30 seconds.
    pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

    /// An empty comment, after [`DEFAULT_INTERVAL`](Self::DEFAULT_INTERVAL).
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_axum::KeepAlive;
    ///
    /// let keep_alive = KeepAlive::new();
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { interval: Self::DEFAULT_INTERVAL, comment: Comment::from_static("") }
    }

    /// No keep-alive at all: an idle stream stays silent.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse, sse_core::RawEventBuf};
    ///
    /// let response = Sse::new(stream::pending::<RawEventBuf>()).keep_alive(KeepAlive::off());
    /// ```
    #[must_use]
    pub const fn off() -> Self {
        Self::new().interval(Duration::ZERO)
    }

    /// With this time without bytes. Zero turns keep-alive off; timers tick in milliseconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use sse_axum::KeepAlive;
    ///
    /// let keep_alive = KeepAlive::new().interval(Duration::from_secs(50));
    /// ```
    #[must_use]
    pub const fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// With this comment.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_axum::{KeepAlive, sse_core::Comment};
    ///
    /// let keep_alive = KeepAlive::new().comment(Comment::from_static(" keep-alive"));
    /// ```
    #[must_use]
    pub fn comment(mut self, comment: Comment) -> Self {
        self.comment = comment;
        self
    }

    fn block(&self) -> Bytes {
        let mut encoder = Encoder::new();
        encoder.comment(&self.comment);
        encoder.into_bytes().into()
    }
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self::new()
    }
}

pin_project! {
    /// The clock of one body. It measures only while the body waits, and its timer moves at most once an interval: a
    /// timer set anew for each event would cost more than the event.
    #[derive(Debug)]
    pub(crate) struct Clock {
        keep_alive: KeepAlive,
        idle_since: Option<Instant>,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl Clock {
    pub(crate) const fn new(keep_alive: KeepAlive) -> Self {
        Self { keep_alive, idle_since: None, timer: None }
    }

    /// Bytes went out.
    pub(crate) fn restart(self: Pin<&mut Self>) {
        *self.project().idle_since = None;
    }

    /// Waits until it is time for a sign of life.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Bytes> {
        let mut this = self.project();
        if this.keep_alive.interval.is_zero() {
            return Poll::Pending;
        }
        let idle_since = *this.idle_since.get_or_insert_with(Instant::now);
        // Beyond what the clock can count: never.
        let Some(due) = idle_since.checked_add(this.keep_alive.interval) else { return Poll::Pending };
        if this.timer.is_none() {
            this.timer.set(Some(tokio::time::sleep_until(due)));
        }
        let Some(mut timer) = this.timer.as_pin_mut() else { return Poll::Pending };
        ready!(timer.as_mut().poll(cx));
        if timer.deadline() < due {
            timer.as_mut().reset(due);
            ready!(timer.poll(cx));
        }
        *this.idle_since = None;
        Poll::Ready(this.keep_alive.block())
    }
}
