//! The losses of the log: the places where records are missing.

use crate::Cursor;

/// The known losses, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    /// The cursors after which the log is complete again.
    ends: Vec<Cursor>,
    /// The last record before each loss.
    starts: Vec<Cursor>,
}

impl Losses {
    /// The number of losses that are kept. A reader before an older one receives an `evicted` gap instead.
    const MAX: usize = 1024;

    /// Returns the cursors after which the log is complete again.
    pub(crate) fn ends(&self) -> &[Cursor] {
        &self.ends
    }

    /// Adds a loss after the newest record `tip`.
    pub(crate) fn push(&mut self, tip: Cursor, end: Cursor) {
        self.starts.push(tip);
        self.ends.push(end);
    }

    /// Forgets the losses after a cursor.
    pub(crate) fn truncate(&mut self, cursor: Cursor) {
        let kept = self.ends.partition_point(|end| *end <= cursor);
        self.ends.truncate(kept);
        self.starts.truncate(kept);
    }

    /// Forgets the losses after a cursor. If the cursor is within one, its first part remains.
    pub(crate) fn cut(&mut self, cursor: Cursor) {
        let kept = self.ends.partition_point(|end| *end <= cursor);
        let is_within = self.starts.get(kept).is_some_and(|start| *start < cursor);
        if let (true, Some(end)) = (is_within, self.ends.get_mut(kept)) {
            *end = cursor;
        }
        self.truncate(cursor);
    }

    /// Forgets the oldest losses if there are too many. A reader before an evicted loss still receives a gap for it, so
    /// losses are not forgotten with the records.
    pub(crate) fn trim(&mut self) {
        let surplus = self.ends.len().saturating_sub(Self::MAX);
        self.ends.drain(..surplus);
        self.starts.drain(..surplus);
    }
}
