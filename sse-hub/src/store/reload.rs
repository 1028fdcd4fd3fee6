//! A window that is loaded again.

use super::Step;
use crate::Cursor;

/// The steps of a window that is loaded again. They are collected and then applied at once, so that no reader takes a
/// part of the window for the whole.
pub(super) struct Reload {
    /// The record before the first one.
    start: Cursor,
    /// The newest record when the store was opened.
    tip: Cursor,
    /// The last record of `steps`.
    last: Cursor,
    steps: Vec<Step>,
}

/// The outcome of [`Reload::push`].
pub(super) enum Loading {
    /// More steps follow.
    Incomplete(Reload),
    /// The steps contain everything that the hub has applied, and what the store had when it was opened and has still.
    Complete { start: Cursor, steps: Vec<Step> },
}

impl Reload {
    pub(super) const fn new(start: Cursor, tip: Cursor) -> Self {
        Self { start, tip, last: start, steps: Vec::new() }
    }

    /// Adds a step. `applied` is the newest record that the hub has applied.
    pub(super) fn push(mut self, step: Step, applied: Cursor) -> Loading {
        self.last = match &step {
            Step::Records(records) => records.last().map_or(self.last, |record| record.cursor.max(self.last)),
            Step::Epoch { epoch, .. } => epoch.start.max(self.last),
            // The newest records were removed from the store since it was opened.
            Step::Alive | Step::CaughtUp if self.last >= applied => return self.complete(),
            Step::Alive | Step::CaughtUp => return Loading::Incomplete(self),
        };
        self.steps.push(step);
        if self.last >= self.tip.max(applied) { self.complete() } else { Loading::Incomplete(self) }
    }

    fn complete(self) -> Loading {
        Loading::Complete { start: self.start, steps: self.steps }
    }
}
