//! The sign of life of a stream that is idle.

use std::{
    convert::Infallible,
    fmt,
    marker::PhantomData,
    ops::ControlFlow,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use sse_core::{Comment, EncodeError, SseEvent};
use tokio::time::{Instant, Sleep};

use crate::batch::{Batch, WriteEvent};

/// As the standard advises in its authoring notes (9.2.7), and half of the least that common proxies allow.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

/// What a stream sends when it has sent nothing for a while, so that proxies keep the connection open and a client
/// that is gone is noticed. On by default: an empty comment after 15 seconds, as the standard
/// [advises](https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes).
///
/// The time counts from the last bytes of any kind, so a busy stream never sends one.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use futures_util::stream;
/// use sse_axum::{KeepAlive, Sse};
/// use sse_core::{Comment, SseEvent};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
/// }
///
/// let keep_alive = KeepAlive::new().interval(Duration::from_secs(5)).comment(Comment::from_static(" still here"));
/// let response = Sse::new(stream::pending::<Job>()).keep_alive(keep_alive);
/// ```
pub struct KeepAlive<E> {
    interval: Duration,
    sign: Sign,
    event: PhantomData<fn(E)>,
}

#[derive(Clone)]
enum Sign {
    Comment(Comment),
    /// Without its type, for the body to be `Send` whatever its events are.
    Event(Arc<dyn WriteEvent + Send + Sync>),
}

impl<E> KeepAlive<E> {
    /// An empty comment after 15 seconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(KeepAlive::new());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { interval: DEFAULT_INTERVAL, sign: Sign::Comment(Comment::from_static("")), event: PhantomData }
    }

    /// No keep-alive at all: an idle stream stays silent.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(KeepAlive::off());
    /// ```
    #[must_use]
    pub fn off() -> Self {
        Self { interval: Duration::ZERO, ..Self::new() }
    }

    /// With this time without bytes. Zero turns keep-alive off; timers tick in milliseconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let keep_alive = KeepAlive::new().interval(Duration::from_secs(50));
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(keep_alive);
    /// ```
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// With this comment. Browsers take it for a sign of life of the connection, and scripts never see it.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// use sse_core::Comment;
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let keep_alive = KeepAlive::new().comment(Comment::from_static(" keep-alive"));
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(keep_alive);
    /// ```
    #[must_use]
    pub fn comment(mut self, comment: Comment) -> Self {
        self.sign = Sign::Comment(comment);
        self
    }

    /// With this event, so that scripts in a page see that the stream is alive: a browser hides comments from them.
    ///
    /// It goes the way of all events: one that cannot be encoded is what [`on_error`](crate::Sse::on_error) is asked
    /// about, and a terminal one ends the stream.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// use sse_core::SseEvent;
    ///
    /// #[derive(SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    ///     StillHere, // event: still-here
    /// }
    ///
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(KeepAlive::new().event(Job::StillHere));
    /// ```
    #[must_use]
    pub fn event(mut self, event: E) -> Self
    where
        E: SseEvent + Send + Sync + 'static,
    {
        self.sign = Sign::Event(Arc::new(event));
        self
    }

    /// The same, whatever its events are.
    pub(crate) fn erased(self) -> KeepAlive<Infallible> {
        KeepAlive { interval: self.interval, sign: self.sign, event: PhantomData }
    }

    /// How long a stream may be silent.
    pub(crate) const fn silence(&self) -> Duration {
        self.interval
    }

    /// Writes the sign of life, and says whether the stream goes on after it.
    pub(crate) fn write(&self, batch: &mut Batch) -> Result<ControlFlow<()>, EncodeError> {
        match &self.sign {
            Sign::Event(event) => event.write_event(batch),
            Sign::Comment(comment) => {
                batch.encoder().comment(comment);
                Ok(ControlFlow::Continue(()))
            }
        }
    }
}

impl<E> Default for KeepAlive<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E> Clone for KeepAlive<E> {
    fn clone(&self) -> Self {
        Self { interval: self.interval, sign: self.sign.clone(), event: PhantomData }
    }
}

impl<E> fmt::Debug for KeepAlive<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut keep_alive = f.debug_struct("KeepAlive");
        keep_alive.field("interval", &self.interval);
        if let Sign::Comment(comment) = &self.sign {
            keep_alive.field("comment", comment);
        }
        keep_alive.finish_non_exhaustive()
    }
}

pin_project! {
    /// The clock of one body. It measures only while the body waits, and its timer moves at most once an interval: a
    /// timer set anew for each event would cost more than the event.
    #[derive(Debug)]
    pub(crate) struct Clock {
        idle_since: Option<Instant>,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl Clock {
    pub(crate) const fn new() -> Self {
        Self { idle_since: None, timer: None }
    }

    /// Bytes went out.
    pub(crate) fn restart(self: Pin<&mut Self>) {
        *self.project().idle_since = None;
    }

    /// Waits until it is time for a sign of life: after this long without bytes, or never if it is zero.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>, interval: Duration) -> Poll<()> {
        if interval.is_zero() {
            return Poll::Pending;
        }
        let mut this = self.project();
        let idle_since = *this.idle_since.get_or_insert_with(Instant::now);
        // Beyond what the clock can count: never.
        let Some(due) = idle_since.checked_add(interval) else { return Poll::Pending };
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
        Poll::Ready(())
    }
}
