//! The readers that have not been sent an ID for some time.

use crate::waiters::{Bell, Waiters};

/// Quiet readers by the age of their last ID, in two generations. When a quarter of the window has passed, the readers
/// of the older generation are woken to send an ID before their last one leaves the window.
#[derive(Debug)]
pub(crate) struct Quiet {
    older: Bell,
    newer: Bell,
    /// The number of times that the readers of the newer generation have left its list or become the older one.
    generation: u64,
    /// The sequence number at which the newer generation began.
    since: u64,
    /// Readers whose last ID is below this sequence number send another one.
    due_before: u64,
}

impl Quiet {
    pub(crate) fn new(waiters: &mut Waiters) -> Self {
        // An empty slab does not run out of keys.
        let mut bell = || waiters.bell().unwrap_or_default();
        Self { older: bell(), newer: bell(), generation: 0, since: 1, due_before: 0 }
    }

    /// Returns the list in which quiet readers wait, and its generation.
    pub(crate) const fn newer(&self) -> (Bell, u64) {
        (self.newer, self.generation)
    }

    /// Returns the sequence number at which the newer generation began.
    pub(crate) const fn since(&self) -> u64 {
        self.since
    }

    /// Returns whether a reader whose last ID is that of record `seq` has to send another ID if it is idle.
    pub(crate) const fn is_due(&self, seq: u64) -> bool {
        seq < self.due_before
    }

    /// Rings for all quiet readers.
    pub(crate) fn ring(&mut self, waiters: &mut Waiters) {
        waiters.ring(self.older);
        waiters.ring(self.newer);
        self.generation += 1;
    }

    /// Begins a generation at the sequence number `next`, and wakes the readers of the older one. `middle` is the middle
    /// of the window.
    pub(crate) fn turn(&mut self, middle: u64, next: u64, waiters: &mut Waiters) {
        self.due_before = self.since;
        if self.since < middle {
            // Many records were evicted at once, or the window has just become full: the newer generation is due too.
            waiters.ring(self.newer);
            self.due_before = middle;
        }
        waiters.ring(self.older);
        std::mem::swap(&mut self.older, &mut self.newer);
        self.generation += 1;
        self.since = next;
    }

    /// Goes back to the sequence number `from`, because those from there on are used again.
    pub(crate) fn go_back(&mut self, from: u64) {
        self.since = self.since.min(from);
        self.due_before = self.due_before.min(from);
    }

    /// Begins again, for a log that is loaded again from the sequence number `first` on.
    pub(crate) const fn restart(&mut self, first: u64) {
        (self.since, self.due_before) = (first, 0);
    }
}
