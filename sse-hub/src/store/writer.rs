//! The queue from publishers to the task that appends to the store.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use sse_core::Draft;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::Instant,
};

use super::{Health, RecordKind};
use crate::{Cursor, Publish, PublishError, error::Sent, shared::Shared};

/// The sending half of a hub's queue.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: mpsc::UnboundedSender<Pending>,
    load: Arc<Load>,
}

/// The size of the queue, shared with the task.
#[derive(Debug)]
pub(crate) struct Load {
    pending: AtomicUsize,
    max: usize,
    room: Notify,
    closed: AtomicBool,
    times: Mutex<Times>,
}

/// The times at which the store has answered.
#[derive(Clone, Copy, Debug)]
struct Times {
    tail: Instant,
    /// The last answer on another connection, or `None` if there is none.
    other: Option<Instant>,
    /// The time since which appends fail.
    failing: Option<Instant>,
}

/// A record that waits to be appended.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) topics: Vec<String>,
    pub(crate) kind: RecordKind,
    pub(crate) block: Bytes,
    /// The number of the record on this node, once it was sent.
    pub(crate) number: Option<u64>,
    /// Whether the outcome of an earlier append was unknown. The record is not in the log, but readers on other nodes may
    /// have received it before the log lost it.
    pub(crate) was_unknown: bool,
    since: Instant,
    outcome: Option<oneshot::Sender<Result<Cursor, PublishError>>>,
    /// The size of the record in the queue, which is released on drop.
    size: usize,
    load: Arc<Load>,
    /// Keeps the hub until the record is appended, even if all handles are dropped.
    _hub: Arc<Shared>,
}

/// The size of a queued record in addition to its bytes.
const OVERHEAD: usize = 128;

impl Writer {
    /// Creates the queue and its receiving half.
    pub(crate) fn new(max: usize) -> (Self, mpsc::UnboundedReceiver<Pending>, Arc<Load>) {
        let (queue, receiver) = mpsc::unbounded_channel();
        let load = Arc::new(Load {
            pending: AtomicUsize::new(0),
            max,
            room: Notify::new(),
            closed: AtomicBool::new(false),
            times: Mutex::new(Times { tail: Instant::now(), other: None, failing: None }),
        });
        (Self { queue, load: load.clone() }, receiver, load)
    }

    pub(crate) fn pending(&self) -> usize {
        self.load.pending.load(Ordering::Relaxed)
    }

    pub(crate) fn close(&self) {
        self.load.closed.store(true, Ordering::Relaxed);
        self.load.room.notify_waiters();
    }

    /// Queues an event.
    pub(crate) fn publish<E>(
        &self,
        hub: &Arc<Shared>,
        topics: &[&str],
        draft: Draft<E>,
    ) -> Result<Publish, PublishError> {
        let kind = if draft.is_terminal() { RecordKind::TerminalEvent } else { RecordKind::Event };
        self.queue(hub, topics, kind, draft.into_bytes())
    }

    /// Queues the end of a topic.
    pub(crate) fn end(&self, hub: &Arc<Shared>, topic: &str) -> Result<Publish, PublishError> {
        self.queue(hub, &[topic], RecordKind::End, Bytes::new())
    }

    fn queue(
        &self,
        hub: &Arc<Shared>,
        topics: &[&str],
        kind: RecordKind,
        block: Bytes,
    ) -> Result<Publish, PublishError> {
        if self.load.closed.load(Ordering::Relaxed) {
            return Err(PublishError::Closed);
        }
        let size = block.len() + topics.iter().map(|topic| topic.len()).sum::<usize>() + OVERHEAD;
        let before = self.load.pending.fetch_add(size, Ordering::Relaxed);
        let (outcome, published) = oneshot::channel();
        let pending = Pending {
            topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
            kind,
            block,
            number: None,
            was_unknown: false,
            since: Instant::now(),
            outcome: Some(outcome),
            size,
            load: self.load.clone(),
            _hub: hub.clone(),
        };
        // A record of any size is accepted if the queue is empty.
        if before > 0 && before + size > self.load.max {
            return Err(PublishError::Busy { max: self.load.max });
        }
        match self.queue.send(pending) {
            Ok(()) => Ok(Publish::queued(published)),
            Err(_) => Err(PublishError::Closed),
        }
    }

    /// Returns the health of the connection to the store.
    pub(crate) fn health(&self) -> Health {
        let times = *self.load.times();
        let silence = times.other.map_or(Duration::ZERO, |answered| answered.elapsed());
        Health::new(times.tail.elapsed(), silence, times.failing.map(|since| since.elapsed()))
    }

    /// Waits until less than half of the limit is queued, or the hub is closed.
    pub(crate) async fn room(&self) {
        loop {
            let notified = self.load.room.notified();
            if self.pending() <= self.load.max / 2 || self.load.closed.load(Ordering::Relaxed) {
                return;
            }
            notified.await;
        }
    }
}

impl Load {
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    pub(crate) fn tail_answered(&self) {
        self.times().tail = Instant::now();
    }

    /// Notes the time since the store has answered on another connection.
    pub(crate) fn other_answered(&self, silence: Duration) {
        self.times().other = (!silence.is_zero()).then(|| Instant::now().checked_sub(silence)).flatten();
    }

    pub(crate) fn append_answered(&self) {
        self.times().failing = None;
    }

    pub(crate) fn append_failed(&self) {
        self.times().failing.get_or_insert_with(Instant::now);
    }

    fn times(&self) -> MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    /// Reports the outcome to the publisher.
    pub(crate) fn resolve(mut self, outcome: Result<Cursor, PublishError>) {
        if let Some(sender) = self.outcome.take() {
            // A publisher that dropped the future does not receive the outcome.
            let _ = sender.send(outcome);
        }
    }

    /// Reports that the record is not in the log.
    pub(crate) fn fail(self) {
        let sent = if self.was_unknown { Sent::Unknown } else { Sent::NotSent };
        self.resolve(Err(PublishError::Unavailable { sent }));
    }

    /// Returns whether the record has waited for longer than `limit`.
    pub(crate) fn is_older(&self, limit: Duration) -> bool {
        self.since.elapsed() > limit
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let before = self.load.pending.fetch_sub(self.size, Ordering::Relaxed);
        if before - self.size <= self.load.max / 2 {
            self.load.room.notify_waiters();
        }
    }
}
