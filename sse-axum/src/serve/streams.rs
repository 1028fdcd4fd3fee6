//! A handle to the event streams of a listener, which ends them and waits for them.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, futures::OwnedNotified, watch};

/// The time without an accepted byte after which a stream is cut by default.
const DEFAULT_WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The event streams of a [`TakeOver`](super::TakeOver) listener.
///
/// It is needed only if you call `axum::serve` yourself: it ends the streams when the server shuts down, and waits until
/// the last one has ended. Clones refer to the same streams.
///
/// # Examples
///
/// ```no_run
/// use axum::Router;
/// use sse_axum::serve::{MakeTakeOver, TakeOver};
/// use tokio::net::TcpListener;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let app: Router = Router::new();
/// let listener = TakeOver::new(TcpListener::bind("127.0.0.1:3000").await?);
/// let streams = listener.streams();
/// let signal = {
///     let streams = streams.clone();
///     async move {
///         let _ = tokio::signal::ctrl_c().await;
///         streams.end();
///     }
/// };
/// axum::serve(listener, MakeTakeOver::new(app.into_make_service())).with_graceful_shutdown(signal).await?;
/// streams.ended().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Streams(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    is_ending: AtomicBool,
    end: Arc<Notify>,
    taken_over: watch::Sender<usize>,
    /// Read only when a write stalls. Zero if it is turned off.
    write_timeout: Mutex<Duration>,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            is_ending: AtomicBool::new(false),
            end: Arc::default(),
            taken_over: watch::Sender::new(0),
            write_timeout: Mutex::new(DEFAULT_WRITE_TIMEOUT),
        }))
    }

    /// Ends all event streams, those that are open and those that open later.
    ///
    /// A stream has half a second to end by itself, so that it can send a [last event](crate::Sse::shutdown_with). It then
    /// ends between two events.
    pub fn end(&self) {
        // The order matters: whoever creates its future after the notification sees the flag.
        self.0.is_ending.store(true, Ordering::SeqCst);
        self.0.end.notify_waiters();
    }

    /// Waits until no connection is taken over. Call it after `axum::serve` has returned, because only then no other one
    /// can be.
    pub async fn ended(&self) {
        // An error would mean that the sender is dropped, which `self` holds.
        let _ = self.0.taken_over.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Returns the number of connections that are taken over at present. Event streams that stay with the HTTP server, such as
    /// those over HTTP/2, are not counted.
    #[must_use]
    pub fn taken_over(&self) -> usize {
        *self.0.taken_over.borrow()
    }

    pub(super) fn is_ending(&self) -> bool {
        self.0.is_ending.load(Ordering::SeqCst)
    }

    /// Returns a future that completes when the streams are ended after this call.
    pub(super) fn at_end(&self) -> OwnedNotified {
        Arc::clone(&self.0.end).notified_owned()
    }

    pub(super) fn set_write_timeout(&self, timeout: Duration) {
        *self.0.write_timeout.lock().unwrap_or_else(PoisonError::into_inner) = timeout;
    }

    /// Returns the write timeout, or `None` if it is turned off.
    pub(super) fn write_timeout(&self) -> Option<Duration> {
        let timeout = *self.0.write_timeout.lock().unwrap_or_else(PoisonError::into_inner);
        (!timeout.is_zero()).then_some(timeout)
    }
}

/// Counts a connection as taken over until it is dropped.
#[derive(Debug)]
pub(super) struct Counted(Streams);

impl Counted {
    pub(super) fn new(streams: Streams) -> Self {
        streams.0.taken_over.send_modify(|count| *count += 1);
        Self(streams)
    }

    pub(super) const fn streams(&self) -> &Streams {
        &self.0
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.taken_over.send_modify(|count| *count -= 1);
    }
}
