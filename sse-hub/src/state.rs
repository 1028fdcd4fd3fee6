//! The state under the hub's lock: log, index and waiters, and how records change them together.

use bytes::Bytes;
use sse_core::GapReason;

use crate::{
    Cursor, Window,
    epochs::{Epoch, EpochKind, Epochs},
    index::Index,
    log::Log,
    quiet::Quiet,
    records::{Held, Kind, TopicSet},
    slab::Key,
    stats::Counts,
    waiters::{Bell, Waiters},
    window::Tick,
};

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) log: Log,
    pub(crate) index: Index,
    pub(crate) waiters: Waiters,
    /// The readers of all events.
    pub(crate) all: Bell,
    pub(crate) all_readers: usize,
    /// The readers whose cursor this node has not reached yet.
    pub(crate) behind: Bell,
    /// The number of times that the tail of the store has caught up with the log.
    pub(crate) catch_ups: u64,
    pub(crate) quiet: Quiet,
    pub(crate) window: Window,
    pub(crate) phase: Phase,
    pub(crate) counts: Counts,
}

/// The life cycle of a hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    Open,
    /// New subscriptions are refused, and existing ones are ended one after another.
    Draining,
    Closed,
}

/// The effect of a new epoch on the held records.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Began {
    /// Whether records before the epoch are missing.
    pub(crate) has_hole: bool,
    /// Whether the epoch begins at or below the oldest held record, so that the store may still have older records.
    pub(crate) is_emptied: bool,
}

/// An event to be appended.
#[derive(Debug)]
pub(crate) struct NewEvent<'a> {
    pub(crate) cursor: Cursor,
    pub(crate) block: Bytes,
    pub(crate) topics: &'a [Key],
    pub(crate) terminal: bool,
    pub(crate) at: Tick,
}

impl State {
    pub(crate) fn new(epochs: Epochs, start: Cursor, window: Window) -> Self {
        let mut waiters = Waiters::new();
        let quiet = Quiet::new(&mut waiters);
        // An empty slab does not run out of keys.
        let mut bell = || waiters.bell().unwrap_or_default();
        Self {
            log: Log::new(epochs, start),
            index: Index::new(start),
            all: bell(),
            all_readers: 0,
            behind: bell(),
            catch_ups: 0,
            waiters,
            quiet,
            window,
            phase: Phase::Open,
            counts: Counts::default(),
        }
    }

    /// Appends an event and rings for its readers. Returns `false` if no keys are left for its topics.
    pub(crate) fn push_event(&mut self, event: NewEvent<'_>, now: Tick) -> bool {
        let Some(set) = self.index.set(event.topics) else { return false };
        let kind = Kind::Event { topics: set, terminal: event.terminal };
        self.push(event.cursor, Held::new(event.block, event.at, kind));
        self.index.add((self.log.tip_seq(), event.cursor), set, event.terminal, now);
        self.counts.events += 1;
        self.index.ring(set, &mut self.waiters);
        self.ring_all();
        true
    }

    /// Appends the end of a topic and rings for its readers.
    pub(crate) fn push_end(&mut self, cursor: Cursor, topic: Key, at: Tick, now: Tick) {
        self.push(cursor, Held::new(Bytes::new(), at, Kind::Control));
        self.index.end(topic, cursor, now);
        if let Some(topic) = self.index.get_mut(topic) {
            topic.ring(&mut self.waiters);
        }
        self.waiters.ring(self.behind);
    }

    /// Appends a record that this node cannot read. It takes up its offset and has no topic.
    pub(crate) fn push_unreadable(&mut self, cursor: Cursor, at: Tick) {
        self.push(cursor, Held::new(Bytes::new(), at, Kind::Control));
        self.counts.unreadable += 1;
        self.waiters.ring(self.behind);
    }

    /// Notes that the tail has caught up with the log, and rings for the readers that wait for this node.
    pub(crate) fn catch_up(&mut self) {
        self.catch_ups += 1;
        self.waiters.ring(self.behind);
    }

    fn push(&mut self, cursor: Cursor, record: Held) {
        let names = self.index.names_len(&record);
        self.log.push(cursor, record, names);
    }

    fn ring_all(&mut self) {
        self.waiters.ring(self.all);
        self.waiters.ring(self.behind);
    }

    /// Begins an epoch. Removes the records that it replaces, and rings for all readers, because each has to evaluate
    /// its cursor again. `table` contains the known epochs: those before `epoch` whose fences this node has not read
    /// begin as well, because records of them may be missing, or may have replaced held ones.
    pub(crate) fn begin_epoch(&mut self, epoch: Epoch, table: &[Epoch], now: Tick) -> Began {
        let mut began = Began::default();
        if epoch.start.epoch() <= self.log.tip().epoch() {
            return began;
        }
        for epoch in self.log.learn(epoch, table) {
            self.pass_fence(epoch, now, &mut began);
        }
        self.ring_everybody();
        began
    }

    fn pass_fence(&mut self, epoch: Epoch, now: Tick, began: &mut Began) {
        let had_records = self.log.len() > 0;
        self.truncate(epoch.start.offset());
        let is_below = epoch.start.offset() <= self.log.tip().offset();
        if is_below {
            // The evicted records are lost as well.
            let before = self.log.go_back(epoch);
            self.index.go_back(before);
        }
        let has_hole = epoch.start.offset() > self.log.tip().offset() + 1;
        if has_hole && epoch.kind == EpochKind::Fence {
            self.log.skip_to(epoch.start);
        }
        began.has_hole |= has_hole;
        began.is_emptied |= self.log.len() == 0 && (had_records || is_below);
        self.log.begin(epoch);
        self.push(epoch.start, Held::new(Bytes::new(), now, Kind::Control));
        self.counts.epochs += 1;
    }

    /// Forgets all records, for a log that is loaded again after `start`.
    pub(crate) fn restart(&mut self, epochs: Epochs, start: Cursor) {
        self.log.restart(epochs, start);
        self.index.restart(start, &mut self.waiters);
        self.quiet.restart(self.log.first());
        self.ring_everybody();
    }

    /// Marks the records before `next` as missing.
    pub(crate) fn skip_to(&mut self, next: Cursor) {
        self.log.skip_to(next);
        self.ring_everybody();
    }

    /// Rings for all waiting readers. Each is in a list of quiet readers, in that of the readers of all events, or in that of
    /// the readers whose cursor this node has not reached.
    pub(crate) fn ring_everybody(&mut self) {
        self.quiet.ring(&mut self.waiters);
        self.ring_all();
    }

    /// Removes the records from an offset on.
    fn truncate(&mut self, offset: u64) {
        let mut touched = Vec::new();
        let mut from = self.log.tip_seq() + 1;
        while self.log.tip_seq() >= self.log.first() && self.log.tip().offset() >= offset {
            let index = &self.index;
            let Some((seq, record)) = self.log.pop_back(|record| index.names_len(record)) else { break };
            touched.extend_from_slice(self.index.retract(&record).keys());
            from = seq;
        }
        touched.extend(self.index.forget_endings(offset));
        touched.sort_unstable();
        touched.dedup();
        for topic in touched {
            let log = &self.log;
            let terminal = |seq| match log.get(seq)?.kind() {
                Kind::Event { terminal: true, .. } => Some(log.cursor(seq)),
                _ => None,
            };
            self.index.settle(topic, offset, terminal);
            self.index.forget_unneeded(topic, &mut self.waiters);
        }
        // Sequence numbers are reused here. Readers notice by the version of the log.
        self.quiet.go_back(from);
    }

    /// Evicts the records beyond the bounds of the window. Returns whether any were evicted.
    pub(crate) fn evict(&mut self, now: Tick) -> bool {
        let first = self.log.first();
        let age = self.window.max_age();
        while let Some(oldest) = self.log.front() {
            let is_full = self.log.len() > self.window.max_events() || self.log.bytes() > self.window.max_bytes();
            // The newest event is always held, because readers receive it from here.
            if !(is_full && self.log.len() > 1 || oldest.at.is_older(age, now)) {
                break;
            }
            let index = &self.index;
            let Some((cursor, record)) = self.log.pop_front(|record| index.names_len(record)) else { break };
            self.index.evict(cursor, &record, &mut self.waiters);
            self.counts.evicted += u64::from(record.kind() != Kind::Control);
        }
        self.index.expire(self.window.max_events(), age, now, &mut self.waiters);
        self.turn_generation(now);
        self.log.first() != first
    }

    /// Wakes the readers that have not been sent an ID for long, if the window has moved by a quarter of its length.
    fn turn_generation(&mut self, now: Tick) {
        let (first, held) = (self.log.first(), self.log.len() as u64);
        if first + held - held / 4 > self.quiet.since() && self.is_nearly_full(now) {
            self.quiet.turn(first + held / 2, self.log.tip_seq() + 1, &mut self.waiters);
        }
    }

    /// Returns whether three quarters of a bound of the window are reached. Below that, no ID is about to leave the
    /// window.
    fn is_nearly_full(&self, now: Tick) -> bool {
        let nearly = |used: usize, max: usize| used >= max - max / 4;
        let age = self.window.max_age();
        nearly(self.log.len(), self.window.max_events())
            || nearly(self.log.bytes(), self.window.max_bytes())
            || self.log.front().is_none_or(|oldest| oldest.at.is_older(age / 4 * 3, now))
    }

    /// Counts a gap.
    pub(crate) fn count_gap(&mut self, reason: GapReason) {
        self.counts.gap(reason);
    }

    /// Returns the newest event of the topics that is no longer held.
    pub(crate) fn evicted_of(&self, topics: impl Iterator<Item = Key>) -> Option<Cursor> {
        topics.filter_map(|topic| Some(self.index.get(topic)?.evicted)).max()
    }

    /// Returns whether a record is the newest event of any of its topics, or has no topics.
    pub(crate) fn is_newest_somewhere(&self, seq: u64, topics: TopicSet) -> bool {
        let mut newest = topics == TopicSet::None;
        self.index.each(topics, |topic| newest |= topic.newest() == Some(seq));
        newest
    }
}
