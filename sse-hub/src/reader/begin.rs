//! The start of a reader, and its position after the epochs have changed.

use sse_core::GapReason;

use super::{Behind, PendingGap, Position, Reader, wait::QUIET_POLLS};
use crate::{
    Cursor,
    filter::{Filter, Head, Named},
    judge::{Horizon, Verdict, judge},
    shared::Shared,
    start::{At, Start},
    state::State,
    waiters::SeatKey,
};

/// The number of times that a tail catches up with the log while a reader waits for its cursor. The first time may refer
/// to a state of the log from before the subscription. At the second, the cursor is not in the log.
const CATCH_UPS: u64 = 2;

impl Reader {
    pub(crate) fn new(seat: SeatKey, filter: Filter, start: &Start, hub: &Shared, state: &State) -> Self {
        let several = filter.named().is_none_or(|named| named.len() != 1);
        let mut reader = Self {
            seat,
            filter,
            after: state.log.tip(),
            after_seq: state.log.tip_seq(),
            since: state.log.tip(),
            version: state.log.version(),
            gap: None,
            position: Position::Reading,
            announce: !matches!(start.at, At::Id(_)),
            floor: start.floor.map(Box::new),
            conflate: false,
            several,
            cut: None,
            quiet_polls: QUIET_POLLS,
            early: None,
        };
        match start.at {
            At::Now if reader.is_late(state) => reader.start_at_newest(state),
            At::Now => reader.seek(state.log.tip(), state),
            At::Newest => reader.start_at_newest(state),
            At::Earliest => reader.seek(reader.lowest(state), state),
            At::Id(asked) => reader.resume(asked, hub, state),
            At::Cursor(cursor) => reader.resume(Some(cursor), hub, state),
        }
        reader.end_topics(state);
        reader
    }

    /// Returns whether the only topic is over but still holds events.
    fn is_late(&self, state: &State) -> bool {
        let Some([named]) = self.filter.named() else { return false };
        state.index.get(named.topic()).is_some_and(|topic| topic.over.is_some() && topic.newest().is_some())
    }

    fn start_at_newest(&mut self, state: &State) {
        self.seek(self.lowest(state), state);
        self.filter.seek_newest(self.since, state);
        if let Head::At(newest) = self.head(state) {
            self.announce = false;
            self.after_seq = newest - 1;
            self.after = state.log.before(newest);
        } else {
            self.seek(state.log.tip(), state);
        }
    }

    /// Returns the lowest cursor that the reader may start after.
    pub(super) fn lowest(&self, state: &State) -> Cursor {
        self.floor.as_deref().map_or(state.log.oldest(), |floor| (*floor).min(state.log.tip()).max(state.log.oldest()))
    }

    pub(super) fn resume(&mut self, asked: Option<Cursor>, hub: &Shared, state: &State) {
        let tip = state.log.tip();
        match (judge(asked, self.horizon(hub, state)), asked) {
            (Verdict::Behind, Some(asked)) => self.wait_for(asked, state),
            (Verdict::Behind, None) => self.seek(tip, state),
            (Verdict::Continue { after, gap }, _) => {
                self.gap = gap.map(|reason| Box::new(PendingGap { reason, from: asked }));
                self.seek(after, state);
            }
        }
    }

    fn horizon<'a>(&self, hub: &Shared, state: &'a State) -> Horizon<'a> {
        Horizon {
            epochs: &state.log.epochs,
            tip: state.log.tip(),
            oldest: state.log.oldest(),
            evicted: self.evicted(state),
            floor: self.floor.as_deref().copied(),
            shared: hub.is_shared(),
        }
    }

    /// Returns the newest event for this reader that is no longer held.
    pub(super) fn evicted(&self, state: &State) -> Cursor {
        match self.filter.named() {
            None => state.log.evicted(),
            Some(named) => {
                let topics = named.iter().filter(|named| !named.has_ended()).map(Named::topic);
                state.evicted_of(topics).unwrap_or(Cursor::new(0, 0))
            }
        }
    }

    /// Continues after a cursor.
    pub(super) fn seek(&mut self, after: Cursor, state: &State) {
        self.after = after;
        self.after_seq = state.log.seq(after);
        self.version = state.log.version();
        self.filter.seek(self.after_seq, state);
    }

    /// Waits until this node has read the log up to a cursor.
    fn wait_for(&mut self, asked: Cursor, state: &State) {
        self.position = Position::Behind(Box::new(Behind { asked, tip: state.log.tip(), since: state.catch_ups }));
    }

    /// Evaluates the cursor of a reader that waits for this node. Returns whether the reader can continue.
    pub(super) fn try_to_catch_up(
        &mut self,
        Behind { asked, tip, since }: Behind,
        hub: &Shared,
        state: &State,
    ) -> bool {
        if judge(Some(asked), self.horizon(hub, state)) != Verdict::Behind {
            self.position = Position::Reading;
            self.resume(Some(asked), hub, state);
            return true;
        }
        if state.catch_ups < since.saturating_add(CATCH_UPS) {
            return false;
        }
        self.position = Position::Reading;
        self.gap = Some(Box::new(PendingGap { reason: GapReason::Unknown, from: None }));
        // Records that have arrived since the subscription was created are still delivered, unless they have left the
        // window or were replaced. Those of the cursor's epoch are below it, so the client already has them.
        let now = state.log.tip();
        let start = if asked.epoch() == now.epoch() { now } else { tip };
        if let Verdict::Continue { after, .. } = judge(Some(start), self.horizon(hub, state)) {
            self.seek(after, state);
        }
        true
    }

    /// Evaluates the last ID of the reader again, after the epochs have changed.
    pub(super) fn judge_again(&mut self, hub: &Shared, state: &State) {
        let told = self.after;
        if let Verdict::Continue { after, gap } = judge(Some(told), self.horizon(hub, state)) {
            let reason = gap.map(|gap| if gap == GapReason::Evicted { GapReason::Slow } else { gap });
            if let Some(reason) = reason {
                self.gap.get_or_insert_with(|| Box::new(PendingGap { reason, from: None }));
            }
            self.seek(after, state);
            if self.gap.as_ref().is_some_and(|gap| gap.reason == GapReason::Slow) {
                self.filter.seek_newest(self.since, state);
            }
        } else {
            // This node has gone back to before the last ID of the reader, which waits until the node reaches that ID
            // again.
            self.wait_for(told, state);
        }
    }
}
