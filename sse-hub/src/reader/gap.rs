//! The gaps of a reader: which one comes next, and what it contains.

use sse_core::{Gap, GapReason};

use super::{PendingGap, Position, Reader, Step};
use crate::{
    Cursor,
    filter::Head,
    judge::{Crossing, crossing},
    state::State,
};

impl Reader {
    /// Returns the first gap of the reader, or a loss that lies ahead.
    pub(crate) fn first_gap(&mut self, state: &State) -> Option<Gap> {
        if self.position != Position::Reading {
            return None;
        }
        let head = self.head(state);
        let ahead = self.has_loss_ahead(state).then_some(Gap::new(GapReason::Lost));
        self.crossed(head, state).map(|(gap, _)| gap).or(ahead)
    }

    pub(super) fn has_loss_ahead(&self, state: &State) -> bool {
        state.log.losses().last().is_some_and(|loss| *loss > self.after)
    }

    /// Returns the gap between the reader and its next event, with its ID.
    pub(super) fn crossed(&self, head: Head, state: &State) -> Option<(Gap, Cursor)> {
        let next = match head {
            Head::At(seq) => Some(seq),
            _ => None,
        };
        if self.gap.is_none() && !self.has_loss_ahead(state) {
            return None;
        }
        let (reason, id) = crossing(Crossing {
            after: self.after,
            pending: self.gap.as_ref().map(|gap| gap.reason),
            next: next.map(|seq| state.log.cursor(seq)),
            before_next: next.map_or_else(|| state.log.tip(), |seq| state.log.before(seq)),
            evicted: self.evicted(state),
            losses: state.log.losses(),
        })?;
        let gap = self.missed(reason, state).map_or(Gap::new(reason), |missed| Gap::new(reason).with_missed(missed));
        Some((gap, id))
    }

    /// Returns the number of events that a reader of all events has missed, if every missing record is an event of one
    /// epoch.
    fn missed(&self, reason: GapReason, state: &State) -> Option<u64> {
        let asked = self.gap.as_ref().filter(|gap| gap.reason == reason)?.from?;
        let oldest = state.log.oldest();
        let is_exact = reason == GapReason::Evicted
            && self.filter.named().is_none()
            && self.floor.as_deref().is_none_or(|floor| *floor <= oldest)
            && asked.epoch() == oldest.epoch()
            && state.log.evicted_control() <= asked
            && state.log.losses().iter().all(|loss| *loss <= asked || *loss > oldest);
        is_exact.then(|| oldest.offset().saturating_sub(asked.offset()))
    }

    /// Continues after events that were evicted before the reader received them.
    pub(super) fn miss(&mut self, state: &State) {
        // More events are missing than were known at the start, so they cannot be counted.
        let reason = self.gap.as_ref().map_or(GapReason::Slow, |gap| gap.reason);
        self.gap = Some(Box::new(PendingGap { reason, from: None }));
        if reason == GapReason::Slow {
            self.filter.seek_newest(self.since, state);
        } else {
            // The client is not slow: it has not been sent its first event.
            self.filter.seek_oldest(state);
        }
    }

    /// Reports a gap, with its ID.
    pub(super) fn tell(&mut self, gap: Gap, id: Cursor, state: &mut State) -> Step {
        self.gap = None;
        self.after = id;
        self.after_seq = state.log.seq(id);
        self.announce = false;
        self.end_topics(state);
        state.count_gap(gap.reason);
        Step::Gap { gap, id }
    }
}
