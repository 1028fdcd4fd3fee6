//! The keep-alive of an idle stream.

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

/// The interval that the standard advises in its authoring notes (section 9.2.7). It is half of the shortest idle
/// timeout of common proxies.
pub(crate) const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

/// A comment or event that a stream sends while it is idle.
///
/// It prevents proxies from closing the connection as idle, and it lets the server notice a client that has
/// disconnected. Keep-alive is on by default: [`Sse`](crate::Sse) sends an empty comment after 15 seconds, as the
/// standard [advises](https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes).
///
/// The interval is measured from the last bytes of any kind, so a busy stream sends no keep-alive. `E` is the type of
/// the stream's events, one of which can be the keep-alive. It is usually inferred.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
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
    content: Content,
    event: PhantomData<fn(E)>,
}

#[derive(Clone)]
enum Content {
    Comment(Comment),
    /// An event with its type erased, so that the body is `Send` for every event type.
    Event(Arc<dyn WriteEvent + Send + Sync>),
}

impl<E> KeepAlive<E> {
    /// Creates the default keep-alive: an empty comment after 15 seconds.
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
        Self { interval: DEFAULT_INTERVAL, content: Content::Comment(Comment::from_static("")), event: PhantomData }
    }

    /// Turns keep-alive off.
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

    /// Sets the time without bytes after which the keep-alive is sent. Zero turns it off.
    ///
    /// The resolution of the timer is one millisecond.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
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

    /// Sets the comment to send. It keeps the connection open, but a browser does not pass it to scripts.
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
        self.content = Content::Comment(comment);
        self
    }

    /// Sets an event to send in place of a comment. A browser passes it to scripts, which can then detect that the
    /// stream is alive.
    ///
    /// It is handled like every other event: [`on_error`](crate::Sse::on_error) is called if it cannot be encoded, and
    /// the body ends after it if it is terminal.
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
        self.content = Content::Event(Arc::new(event));
        self
    }

    /// Erases the event type.
    pub(crate) fn erased(self) -> KeepAlive<Infallible> {
        KeepAlive { interval: self.interval, content: self.content, event: PhantomData }
    }

    /// Returns the time without bytes after which the keep-alive is sent; zero if it is turned off.
    pub(crate) const fn idle_time(&self) -> Duration {
        self.interval
    }

    /// Writes the comment or the event. Returns `Break` if the event is terminal.
    pub(crate) fn write(&self, batch: &mut Batch) -> Result<ControlFlow<()>, EncodeError> {
        match &self.content {
            Content::Event(event) => event.write_event(batch),
            Content::Comment(comment) => {
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
        Self { interval: self.interval, content: self.content.clone(), event: PhantomData }
    }
}

impl<E> fmt::Debug for KeepAlive<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut keep_alive = f.debug_struct("KeepAlive");
        keep_alive.field("interval", &self.interval);
        if let Content::Comment(comment) = &self.content {
            keep_alive.field("comment", comment);
        }
        keep_alive.finish_non_exhaustive()
    }
}

pin_project! {
    /// The idle timer of a body.
    ///
    /// It is polled only while the body waits, and its deadline moves at most once per interval: resetting the timer
    /// for each event would cost more than the event itself.
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

    /// Restarts the interval, because bytes were sent.
    pub(crate) fn restart(self: Pin<&mut Self>) {
        *self.project().idle_since = None;
    }

    /// Waits until no bytes have been sent for `interval`. Never ready if `interval` is zero.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>, interval: Duration) -> Poll<()> {
        if interval.is_zero() {
            return Poll::Pending;
        }
        let mut this = self.project();
        let idle_since = *this.idle_since.get_or_insert_with(Instant::now);
        // The deadline is beyond the range of `Instant`, so it is never reached.
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
