//! The lists in which a reader waits.

use super::{Filter, Named, Topics};
use crate::state::State;

/// A count that is never reached.
pub(super) const NOT_WAITING: u64 = u64::MAX;

impl Filter {
    /// Waits for the next event, or until an ID is due. `told` is the sequence number of the last ID that was sent to
    /// the reader.
    pub(crate) fn wait(&mut self, told: u64, state: &mut State) {
        match self {
            Self::All(all) => state.waiters.wait(all.place, state.all),
            Self::Topics(topics) => {
                for named in &mut topics.named {
                    named.wait(state);
                }
                topics.wait_quietly(told, state);
            }
        }
    }

    /// Waits until this node has read more of the log.
    pub(crate) fn wait_behind(&mut self, state: &mut State) {
        let place = match self {
            Self::All(all) => all.place,
            Self::Topics(topics) => {
                (topics.quiet_at, topics.generation) = (u64::MAX, NOT_WAITING);
                topics.quiet
            }
        };
        state.waiters.wait(place, state.behind);
    }
}

impl Topics {
    /// Waits until an ID is due. A reader that was sent an ID since moves to the newer generation, if it is not in it.
    fn wait_quietly(&mut self, told: u64, state: &mut State) {
        let (bell, generation) = state.quiet.newer();
        let has_new_id = self.quiet_at != told;
        self.quiet_at = told;
        if has_new_id && self.generation != generation || !state.waiters.is_waiting(self.quiet) {
            self.generation = generation;
            state.waiters.wait(self.quiet, bell);
        }
    }
}

impl Named {
    /// Waits for the next event of the topic. If the topic has not rung since the last time, the place is still in its
    /// list and is not touched: a reader of many topics waits after each event, and most events belong to few topics.
    fn wait(&mut self, state: &mut State) {
        match state.index.get(self.topic).filter(|_| !self.ended) {
            Some(topic) if topic.rings() == self.rings => {}
            Some(topic) => {
                self.rings = topic.rings();
                state.waiters.wait(self.place, topic.bell());
            }
            None => {
                self.rings = NOT_WAITING;
                state.waiters.leave(self.place);
            }
        }
    }
}
