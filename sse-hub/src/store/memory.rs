//! A store in the memory of one process, for several hubs in that process.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};

use super::{AppendError, Opened, Opening, Record, Step, Store, StoreError, Stored};
use crate::{Cursor, Epoch, EpochKind};

/// The number of records in a step of the tail.
const STEP: usize = 256;

/// The interval at which the tail reports that it has caught up.
const REPORT: Duration = Duration::from_secs(2);

/// A store in the memory of this process, for tests of several nodes. Hubs that open clones of the store are nodes of
/// one log. A single hub does not need a store: see [`Hub::memory`](crate::Hub::memory).
///
/// Clones share the log, which is never trimmed.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    log: Arc<Mutex<Log>>,
}

/// The log that the handles share.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Sorted by cursor. Records that a later epoch replaces are removed.
    entries: Vec<Entry>,
    epochs: Vec<Epoch>,
    tails: Vec<Waker>,
}

#[derive(Clone, Debug)]
enum Entry {
    Fence(Epoch),
    Record { cursor: Cursor, record: Record, at: Instant },
}

impl Entry {
    const fn cursor(&self) -> Cursor {
        match self {
            Self::Fence(epoch) => epoch.start,
            Self::Record { cursor, .. } => *cursor,
        }
    }
}

impl MemoryStore {
    /// Creates a store with an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log {
    pub(crate) fn tip(&self) -> Option<Cursor> {
        self.entries.last().map(Entry::cursor)
    }

    fn current(&self) -> Option<Epoch> {
        self.epochs.last().copied()
    }

    /// Opens an epoch above all known epochs and above `seen`. It begins after the newest record.
    pub(crate) fn open_epoch(&mut self, kind: EpochKind, seen: Option<Cursor>) -> Epoch {
        let known = self.current().map_or(0, |epoch| epoch.start.epoch()).max(seen.map_or(0, Cursor::epoch));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros());
        let epoch = u64::try_from(now).unwrap_or(u64::MAX).max(known.saturating_add(1));
        let offset = self.tip().map_or(0, |tip| tip.offset() + 1);
        let epoch = Epoch { start: Cursor::new(epoch, offset), kind };
        self.epochs.push(epoch);
        self.entries.push(Entry::Fence(epoch));
        self.wake();
        epoch
    }

    fn append(&mut self, epoch: u64, record: Record) -> Result<Cursor, AppendError> {
        let (Some(current), Some(tip)) = (self.current(), self.tip()) else { return Err(AppendError::Fenced) };
        if current.start.epoch() != epoch {
            return Err(AppendError::Fenced);
        }
        let cursor = Cursor::new(epoch, tip.offset() + 1);
        self.entries.push(Entry::Record { cursor, record, at: Instant::now() });
        self.wake();
        Ok(cursor)
    }

    /// Removes the newest records, like a crash. An epoch must be opened afterwards.
    #[cfg(feature = "test")]
    pub(crate) fn lose_newest(&mut self, records: usize) {
        let kept = self.entries.len().saturating_sub(records).max(1);
        self.entries.truncate(kept);
    }

    fn wake(&mut self) {
        self.tails.drain(..).for_each(Waker::wake);
    }
}

impl Store for MemoryStore {
    type Tail = MemoryTail;

    async fn open(&self, opening: Opening) -> Result<Opened<MemoryTail>, StoreError> {
        let mut log = self.log();
        let current = match log.current() {
            Some(epoch) if opening.leave != Some(epoch.start.epoch()) => epoch,
            _ => log.open_epoch(EpochKind::Fence, opening.seen),
        };
        let tip = log.tip().unwrap_or(current.start);
        let start = opening.seen.unwrap_or_else(|| log.before_window(opening.window.max_events()));
        let tail = MemoryTail { log: self.log.clone(), last: start, goal: None, report: Box::pin(sleep(REPORT)) };
        Ok(Opened::new(log.epochs.clone(), start, tip, tail))
    }

    async fn append(&self, epoch: u64, batch: Vec<Record>) -> Vec<Result<Cursor, AppendError>> {
        let mut log = self.log();
        batch.into_iter().map(|record| log.append(epoch, record)).collect()
    }
}

impl Log {
    /// Returns the record before the newest `records`.
    fn before_window(&self, records: usize) -> Cursor {
        let before = self.entries.len().saturating_sub(records.saturating_add(1));
        self.entries.get(before).map_or(Cursor::new(0, 0), Entry::cursor)
    }
}

/// The tail of a [`MemoryStore`].
#[derive(Debug)]
pub struct MemoryTail {
    log: Arc<Mutex<Log>>,
    /// The last record that was yielded.
    last: Cursor,
    /// The newest record when the next report was due, which the tail has not reached yet.
    goal: Option<Cursor>,
    report: Pin<Box<Sleep>>,
}

impl Stream for MemoryTail {
    type Item = Result<Step, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let shared = self.log.clone();
        let mut log = shared.lock().unwrap_or_else(PoisonError::into_inner);
        if self.report.as_mut().poll(cx).is_ready() {
            self.report.as_mut().reset(Instant::now() + REPORT);
            self.goal = self.goal.or(log.tip());
        }
        let next = log.entries.partition_point(|entry| entry.cursor() <= self.last);
        let entries = log.entries.get(next..).unwrap_or_default();
        if self.goal.is_some_and(|goal| goal <= self.last || entries.is_empty()) {
            self.goal = None;
            return Poll::Ready(Some(Ok(Step::CaughtUp)));
        }
        let step = match entries {
            [] => {
                if !log.tails.iter().any(|waker| waker.will_wake(cx.waker())) {
                    log.tails.push(cx.waker().clone());
                }
                return Poll::Pending;
            }
            [Entry::Fence(epoch), ..] => {
                self.last = epoch.start;
                Step::Epoch { epoch: *epoch, table: log.epochs.clone() }
            }
            records => {
                let records = records.iter().take(STEP).map_while(|entry| match entry {
                    Entry::Fence(_) => None,
                    Entry::Record { cursor, record, at } => {
                        Some(Stored { cursor: *cursor, record: record.clone(), age: at.elapsed() })
                    }
                });
                let records: Vec<_> = records.collect();
                self.last = records.last().map_or(self.last, |last| last.cursor);
                Step::Records(records)
            }
        };
        Poll::Ready(Some(Ok(step)))
    }
}
