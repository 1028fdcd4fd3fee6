//! A topic: its events by ordinal, what was evicted, and how it ended.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    Cursor,
    over::{Over, OverBy},
    waiters::{Bell, Waiters},
};

/// A topic.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: Arc<str>,
    /// The sequence numbers of the held events.
    events: VecDeque<u64>,
    /// The number of events that were evicted: the ordinal of the first held one.
    evicted_count: u64,
    /// The newest event that was evicted.
    pub(crate) evicted: Cursor,
    bell: Bell,
    /// The number of times that the bell was rung.
    rings: u64,
    /// The number of readers.
    pub(crate) readers: u32,
    /// How the topic ended, if its last record ended it.
    pub(crate) over: Option<Over>,
    /// Its last `end` record.
    ended: Option<Ended>,
}

/// An `end` record.
#[derive(Clone, Copy, Debug)]
struct Ended {
    cursor: Cursor,
    /// The ordinal of the first event after it.
    next: u64,
}

impl Topic {
    /// Creates a topic. `forgotten` is the newest event that may have been evicted from it earlier.
    pub(crate) const fn new(name: Arc<str>, forgotten: Cursor, bell: Bell) -> Self {
        Self {
            name,
            events: VecDeque::new(),
            evicted_count: 0,
            evicted: forgotten,
            bell,
            rings: 0,
            readers: 0,
            over: None,
            ended: None,
        }
    }

    /// Wakes the readers that wait for the topic.
    pub(crate) fn ring(&mut self, waiters: &mut Waiters) {
        self.rings += 1;
        waiters.ring(self.bell);
    }

    /// Returns the number of times that the topic has rung.
    pub(crate) const fn rings(&self) -> u64 {
        self.rings
    }

    pub(crate) const fn bell(&self) -> Bell {
        self.bell
    }

    /// Returns the ordinal of the first held event.
    pub(crate) const fn first(&self) -> u64 {
        self.evicted_count
    }

    /// Returns the ordinal after the newest event for a subscription created at `since`: that of the next event, or of
    /// the first event after the end of the topic if the topic has ended since.
    pub(crate) fn end(&self, since: Cursor) -> u64 {
        match self.ended_after(since) {
            Some(ended) => ended.next,
            None => self.next(),
        }
    }

    /// Returns whether the topic has ended since a subscription was created.
    pub(crate) fn has_ended(&self, since: Cursor) -> bool {
        self.ended_after(since).is_some()
    }

    fn ended_after(&self, since: Cursor) -> Option<Ended> {
        self.ended.filter(|ended| ended.cursor > since)
    }

    /// Returns the sequence number of an event.
    pub(crate) fn event(&self, ordinal: u64) -> Option<u64> {
        let index = ordinal.checked_sub(self.evicted_count)?;
        self.events.get(usize::try_from(index).ok()?).copied()
    }

    /// Returns the sequence number of the newest event.
    pub(crate) fn newest(&self) -> Option<u64> {
        self.events.back().copied()
    }

    /// Returns the ordinal of the first event after a sequence number.
    pub(crate) fn after(&self, seq: u64) -> u64 {
        self.evicted_count + self.events.partition_point(|event| *event <= seq) as u64
    }

    /// Returns whether the topic has readers, holds events, or ended recently.
    pub(crate) fn is_needed(&self) -> bool {
        self.readers > 0 || self.over.is_some() || !self.events.is_empty()
    }

    /// Adds an event. A topic that was over is reopened, unless the event is terminal.
    pub(crate) fn push(&mut self, seq: u64, cursor: Cursor, terminal: bool) {
        self.events.push_back(seq);
        self.over = terminal.then_some(Over { cursor, by: OverBy::TerminalEvent });
    }

    /// Ends the topic.
    pub(crate) fn end_at(&mut self, cursor: Cursor) {
        self.over = Some(Over { cursor, by: OverBy::End });
        self.ended = Some(Ended { cursor, next: self.next() });
    }

    /// Removes the oldest event, which has left the window.
    pub(crate) fn evict(&mut self, cursor: Cursor) {
        self.events.pop_front();
        self.evicted_count += 1;
        self.evicted = self.evicted.max(cursor);
        if self.events.len() < self.events.capacity() / 4 {
            self.events.shrink_to(self.events.len() * 2);
        }
    }

    /// Removes the newest event, which is no longer in the log. [`settle`](Self::settle) has to be called afterwards.
    pub(crate) fn retract(&mut self) {
        self.events.pop_back();
    }

    /// Updates whether the topic is over, after the records from an offset on were removed. `terminal` returns the cursor
    /// of an event if it is terminal, and `is_remembered` whether the topic is over until the time since then is up.
    pub(crate) fn settle(
        &mut self,
        offset: u64,
        terminal: impl FnOnce(u64) -> Option<Cursor>,
        is_remembered: impl FnOnce(Cursor) -> bool,
    ) {
        self.ended = self.ended.filter(|ended| ended.cursor.offset() < offset);
        let last_end = self.ended.filter(|ended| ended.next == self.next());
        let over = match (last_end, self.newest().and_then(terminal)) {
            (Some(Ended { cursor, .. }), _) => Some(Over { cursor, by: OverBy::End }),
            (None, Some(cursor)) => Some(Over { cursor, by: OverBy::TerminalEvent }),
            (None, None) => None,
        };
        self.over = over.filter(|over| is_remembered(over.cursor));
    }

    /// Forgets the evicted records after a cursor, because they are no longer in the log.
    pub(crate) fn go_back(&mut self, before: Cursor) {
        self.evicted = self.evicted.min(before);
        self.ended = self.ended.filter(|ended| ended.cursor <= before);
    }

    /// Forgets all records, for a log that continues after `start`.
    pub(crate) fn restart(&mut self, start: Cursor) {
        // Ordinals are not used again, so that no reader takes a new event for one that it has passed.
        self.evicted_count = self.next();
        self.events = VecDeque::new();
        (self.evicted, self.over, self.ended) = (start, None, None);
    }

    /// Returns the ordinal of the next event.
    fn next(&self) -> u64 {
        self.evicted_count + self.events.len() as u64
    }
}
