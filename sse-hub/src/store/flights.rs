//! The records that were handed to the store, until their outcomes are known.

use std::{collections::VecDeque, mem, time::Duration};

use super::{AppendError, Origin, Record, StoreError, writer::Pending};
use crate::{Cursor, PublishError, error::Sent, trace};

/// The maximum number of records per append.
const BATCH: usize = 256;

/// The records of one append, in order.
pub(super) struct Flights {
    node: u128,
    next_number: u64,
    sent: Vec<Flight>,
    /// The epoch under which they were sent.
    epoch: u64,
    /// Whether records are missing in the tail since they were sent. The records may be among them.
    has_hole: bool,
}

struct Flight {
    number: u64,
    state: State,
}

enum State {
    /// The store has not answered yet.
    Open(Pending),
    /// The store did not answer, so the fence decides. `None` if the publisher has already received an outcome.
    Unknown(Option<Pending>),
    /// The store answered that the record is not in the log.
    Fenced(Pending),
    /// The outcome was reported to the publisher. `landed` is whether the record is in the log.
    Settled { landed: bool },
}

/// The outcome of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The outcomes of all records are known.
    Settled,
    /// The outcomes of all records are known, and the store refused some of them temporarily.
    Refused,
    /// Some records are not in the log, or may not be. The next fence decides.
    Unsettled,
}

impl Flights {
    pub(super) fn new() -> Self {
        Self { node: random(), next_number: 0, sent: Vec::new(), epoch: 0, has_hole: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// Returns the epoch of the records if the outcome of any is unknown. It has to be left, so that none of them is
    /// appended later.
    pub(super) fn unsettled(&self) -> Option<u64> {
        let is_unsettled = self.sent.iter().any(|flight| !matches!(flight.state, State::Settled { .. }));
        is_unsettled.then_some(self.epoch)
    }

    /// Takes the next waiting records, and returns them for an append under `epoch`.
    pub(super) fn send(&mut self, epoch: u64, waiting: &mut VecDeque<Pending>) -> Vec<Record> {
        (self.epoch, self.has_hole) = (epoch, false);
        let count = waiting.len().min(BATCH);
        let mut batch = Vec::with_capacity(count);
        for mut pending in waiting.drain(..count) {
            // A record that is sent again keeps its number.
            let number = pending.number.unwrap_or(self.next_number);
            self.next_number = self.next_number.max(number + 1);
            pending.number = Some(number);
            batch.push(Record {
                topics: pending.topics.clone(),
                kind: pending.kind,
                block: pending.block.clone(),
                origin: Origin { node: self.node, number },
            });
            self.sent.push(Flight { number, state: State::Open(pending) });
        }
        batch
    }

    /// Handles the results of the append.
    pub(super) fn answered(&mut self, results: Vec<Result<Cursor, AppendError>>) -> Answer {
        let mut results = results.into_iter();
        let mut is_refused = false;
        for flight in &mut self.sent {
            let missing = || Err(AppendError::Unknown(StoreError::new("there is no result")));
            let result = results.next().unwrap_or_else(missing);
            // The tail may yield a record before the append is answered.
            let State::Open(_) = flight.state else { continue };
            match result {
                Ok(cursor) => flight.land(cursor),
                Err(AppendError::Fenced) => flight.change(State::Fenced),
                Err(AppendError::Unknown(error)) => {
                    trace::store_failed("append", &error);
                    flight.change(|pending| State::Unknown(Some(pending)));
                }
                Err(AppendError::Refused(error)) => {
                    trace::store_failed("append", &error);
                    is_refused = true;
                    flight.fail();
                }
            }
        }
        if self.unsettled().is_some() {
            return Answer::Unsettled;
        }
        self.sent.clear();
        if is_refused { Answer::Refused } else { Answer::Settled }
    }

    /// Handles records that the tail has yielded.
    pub(super) fn landed(&mut self, records: impl IntoIterator<Item = (Origin, Cursor)>) {
        for (origin, cursor) in records.into_iter().filter(|(origin, _)| origin.node == self.node) {
            if let Some(flight) = self.sent.iter_mut().find(|flight| flight.number == origin.number) {
                flight.land(cursor);
            }
        }
    }

    /// Notes that records are missing in the tail.
    pub(super) fn miss(&mut self) {
        self.has_hole = true;
    }

    /// Settles the remaining records after the tail has reached a fence after them. Those that are sent again are put
    /// before the waiting ones.
    pub(super) fn settle_at_fence(&mut self, waiting: &mut VecDeque<Pending>) {
        // In reverse, so that records that are sent again keep their order.
        let mut is_later_landed = false;
        for flight in mem::take(&mut self.sent).into_iter().rev() {
            match flight.state {
                State::Settled { landed } => is_later_landed |= landed,
                State::Unknown(None) => {}
                State::Unknown(Some(mut pending)) | State::Open(mut pending) => {
                    pending.was_unknown = true;
                    // If it were sent again after a later one, it would follow a record that was published later.
                    if self.has_hole || is_later_landed { pending.fail() } else { waiting.push_front(pending) }
                }
                State::Fenced(pending) if is_later_landed => pending.fail(),
                State::Fenced(pending) => waiting.push_front(pending),
            }
        }
        self.has_hole = false;
    }

    /// Reports an outcome to the publishers whose records wait for a fence for longer than `limit`.
    pub(super) fn expire(&mut self, limit: Duration) {
        for flight in &mut self.sent {
            match &mut flight.state {
                State::Unknown(pending) => {
                    if let Some(pending) = pending.take_if(|pending| pending.is_older(limit)) {
                        pending.resolve(Err(PublishError::Unavailable { sent: Sent::Unknown }));
                    }
                }
                State::Fenced(pending) if pending.is_older(limit) => flight.fail(),
                State::Open(_) | State::Fenced(_) | State::Settled { .. } => {}
            }
        }
    }
}

impl Flight {
    /// Reports that the record is in the log, unless an outcome was already reported.
    fn land(&mut self, cursor: Cursor) {
        match mem::replace(&mut self.state, State::Settled { landed: true }) {
            State::Open(pending) | State::Unknown(Some(pending)) | State::Fenced(pending) => {
                pending.resolve(Ok(cursor));
            }
            State::Unknown(None) => {}
            State::Settled { landed } => self.state = State::Settled { landed },
        }
    }

    /// Reports that the record is not in the log, unless an outcome was already reported.
    fn fail(&mut self) {
        match mem::replace(&mut self.state, State::Settled { landed: false }) {
            State::Open(pending) | State::Fenced(pending) => pending.fail(),
            state => self.state = state,
        }
    }

    fn change(&mut self, to: impl FnOnce(Pending) -> State) {
        self.state = match mem::replace(&mut self.state, State::Settled { landed: false }) {
            State::Open(pending) => to(pending),
            state => state,
        };
    }
}

/// Returns a random number, derived from the random keys of a hash map.
fn random() -> u128 {
    use std::hash::{BuildHasher, RandomState};

    let half = || u128::from(RandomState::new().hash_one(0));
    half() << 64 | half()
}
