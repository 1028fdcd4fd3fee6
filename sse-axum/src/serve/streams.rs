//! A handle to the event streams of a listener, which ends them and waits for them.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use slab::Slab;
use tokio::sync::watch;

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
    end: Mutex<End>,
    taken_over: watch::Sender<usize>,
    /// Read only when a write stalls. Zero if it is turned off.
    write_timeout: Mutex<Duration>,
}

#[derive(Debug, Default)]
struct End {
    has_come: bool,
    /// The tasks that wait for it. A slab takes 16 bytes for each, a waiter of tokio's `Notify` 64, and these make an idle
    /// stream's task a size class larger.
    waiting: Slab<Waker>,
}

impl Streams {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            end: Mutex::default(),
            taken_over: watch::Sender::new(0),
            write_timeout: Mutex::new(DEFAULT_WRITE_TIMEOUT),
        }))
    }

    /// Ends all event streams, those that are open and those that open later.
    ///
    /// A stream has half a second to end by itself, so that it can send a [last event](crate::Sse::shutdown_with). It then
    /// ends between two events.
    pub fn end(&self) {
        let waiting = {
            let mut end = self.lock_end();
            end.has_come = true;
            mem::take(&mut end.waiting)
        };
        waiting.into_iter().for_each(|(_, waker)| waker.wake());
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

    fn lock_end(&self) -> MutexGuard<'_, End> {
        // The state is whole between any two statements, so a panic elsewhere does not matter.
        self.0.end.lock().unwrap_or_else(PoisonError::into_inner)
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

/// Waits for [`Streams::end`].
#[derive(Debug)]
pub(super) struct AtEnd {
    streams: Streams,
    /// The key of the waiting task, once the end was waited for.
    key: Option<usize>,
}

impl AtEnd {
    pub(super) const fn new(streams: Streams) -> Self {
        Self { streams, key: None }
    }

    pub(super) const fn streams(&self) -> &Streams {
        &self.streams
    }

    /// Waits for the end. Unlike a future, it can be polled after it was ready.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut end = self.streams.lock_end();
        if end.has_come {
            return Poll::Ready(());
        }
        let replaced = match self.key.and_then(|key| end.waiting.get_mut(key)) {
            Some(waker) if waker.will_wake(cx.waker()) => None,
            Some(waker) => Some(mem::replace(waker, cx.waker().clone())),
            None => {
                self.key = Some(end.waiting.insert(cx.waker().clone()));
                None
            }
        };
        // A waker can hold the last reference to its task. Dropping it under the lock could drop another `AtEnd`, which
        // takes the lock.
        drop(end);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            // Dropped without the lock, as above. `None` after the end, which has taken all wakers.
            let waker = self.streams.lock_end().waiting.try_remove(key);
            drop(waker);
        }
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
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.taken_over.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A task that counts how often it is woken, and waits for the end of the streams as long as it exists.
    struct Task {
        woken: AtomicUsize,
        at_end: Mutex<Option<AtEnd>>,
    }

    impl std::task::Wake for Task {
        fn wake(self: Arc<Self>) {
            self.woken.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn task(at_end: Option<AtEnd>) -> Arc<Task> {
        Arc::new(Task { woken: AtomicUsize::new(0), at_end: Mutex::new(at_end) })
    }

    fn poll(at_end: &mut AtEnd, task: &Arc<Task>) -> bool {
        at_end.poll(&mut Context::from_waker(&Waker::from(Arc::clone(task)))).is_ready()
    }

    #[test]
    fn the_end_wakes_the_last_task_that_waited_and_only_those_that_still_wait() {
        let streams = Streams::new();
        let (first, second, gone) = (task(None), task(None), task(None));
        let mut at_end = AtEnd::new(streams.clone());
        assert!(!poll(&mut at_end, &first) && !poll(&mut at_end, &second) && !poll(&mut at_end, &second));
        let mut dropped = AtEnd::new(streams.clone());
        assert!(!poll(&mut dropped, &gone));
        drop(dropped);
        assert_eq!((Arc::strong_count(&first), Arc::strong_count(&gone)), (1, 1), "a waker was kept");
        streams.end();
        let woken = [first, second.clone(), gone].map(|task| task.woken.load(Ordering::Relaxed));
        assert_eq!(woken, [0, 1, 0]);
        assert!(poll(&mut at_end, &second) && poll(&mut at_end, &second));
        assert!(poll(&mut AtEnd::new(streams.clone()), &second), "the end came before");
        streams.end();
    }

    #[test]
    fn a_waker_that_holds_the_last_reference_to_a_waiting_task_can_be_replaced_and_dropped() {
        let streams = Streams::new();
        for is_replaced in [true, false] {
            let inner = AtEnd::new(streams.clone());
            let waiting = task(Some(inner));
            assert!(!poll(waiting.at_end.lock().unwrap().as_mut().unwrap(), &task(None)));
            let mut outer = AtEnd::new(streams.clone());
            assert!(!poll(&mut outer, &waiting));
            // From here on the waker of `outer` holds the task, whose drop removes its own waker.
            drop(waiting);
            if is_replaced {
                assert!(!poll(&mut outer, &task(None)));
            }
            drop(outer);
            assert!(streams.lock_end().waiting.is_empty());
        }
    }
}
