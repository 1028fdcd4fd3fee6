//! How a reader waits for its next event. All but [`Reader::still_waits`] runs under the hub's lock.

use std::task::Waker;

use super::{Position, Reader};
use crate::{
    state::{Phase, State},
    waiters::Rings,
};

/// The number of polls after an event that find nothing and need neither the lock nor the time. The response body polls
/// once for more to send in the same frame, and hyper polls the body once after it has taken the frame and once after it
/// has sent it.
pub(super) const QUIET_POLLS: u8 = 3;

impl Reader {
    /// Returns whether the event that was delivered last is the end of the log, and nothing else is to be sent.
    pub(crate) fn is_at_tip(&self, state: &State) -> bool {
        self.after_seq == state.log.tip_seq()
            && self.gap.is_none()
            && !self.announce
            && self.position == Position::Reading
            && self.version == state.log.version()
            && state.phase == Phase::Open
            && !self.has_loss_ahead(state)
            // A topic that is over ends for the reader when it is polled again, unless it has events by then.
            && !self.filter.named().unwrap_or_default().iter().any(|named| named.is_over(self.several, state))
    }

    /// Waits for the next event already when the last one, which is the [end of the log](Self::is_at_tip), is returned.
    /// Returns the old waker, because dropping it may run arbitrary code.
    ///
    /// A caller that does not poll again at once may be woken for nothing, once for each event.
    pub(crate) fn wait_early(&mut self, waker: &Waker, state: &mut State) -> Option<Waker> {
        if let Some(cut) = &mut self.cut {
            cut.backlog = Some(0);
        }
        self.early = Some(state.waiters.rings().awaited(waker));
        self.join_list(waker, state)
    }

    /// Returns whether the reader has waited since its last event was returned and is not to be woken. Only for the
    /// [first polls](QUIET_POLLS): the next one takes the lock, because it may find more than events, such as records
    /// that are too old.
    pub(crate) fn still_waits(&mut self, rings: &Rings, waker: &Waker) -> bool {
        let waits = !self.is_quiet() && self.early.is_some_and(|early| early == rings.awaited(waker));
        if waits {
            self.quiet_polls += 1;
        } else {
            self.early = None;
        }
        waits
    }

    /// Returns whether the [first polls](QUIET_POLLS) after the last event have found nothing. The hub may then be idle,
    /// so the caller evicts by age. Before that, the publisher of the event has just done so.
    pub(crate) const fn is_quiet(&self) -> bool {
        self.quiet_polls >= QUIET_POLLS
    }

    /// Waits for the next event. Returns the old waker, because dropping it may run arbitrary code.
    pub(crate) fn wait(&mut self, waker: &Waker, state: &mut State) -> Option<Waker> {
        self.quiet_polls = (self.quiet_polls + 1).min(QUIET_POLLS);
        self.join_list(waker, state)
    }

    fn join_list(&mut self, waker: &Waker, state: &mut State) -> Option<Waker> {
        match self.position {
            Position::Behind(_) => self.filter.wait_behind(state),
            _ => self.filter.wait(self.after_seq, state),
        }
        state.waiters.set_waker(self.seat, waker)
    }
}
