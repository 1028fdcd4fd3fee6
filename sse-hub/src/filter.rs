//! The events that a reader receives, and its position among them.

mod wait;

use self::wait::NOT_WAITING;
use crate::{
    Cursor,
    over::OverBy,
    records::Kind,
    slab::Key,
    state::State,
    waiters::{LinkKey, SeatKey},
};

/// The maximum number of records that are skipped in one step while the lock is held.
const STRIDE: usize = 256;

/// The events of a reader.
#[derive(Debug)]
pub(crate) enum Filter {
    All(All),
    Topics(Topics),
}

/// All events.
#[derive(Debug)]
pub(crate) struct All {
    place: LinkKey,
    /// The sequence number of the next record.
    next: u64,
    /// Events before this sequence number are skipped unless they are the newest of one of their topics.
    newest_before: u64,
}

/// The events of some topics.
#[derive(Debug)]
pub(crate) struct Topics {
    /// The place among the quiet readers.
    quiet: LinkKey,
    /// The sequence number of the last ID that was sent to the reader when it last waited, or `u64::MAX`.
    quiet_at: u64,
    /// The generation of quiet readers whose list the reader has joined, or `NOT_WAITING`.
    generation: u64,
    named: Box<[Named]>,
}

/// A topic of a reader.
#[derive(Debug)]
pub(crate) struct Named {
    topic: Key,
    place: LinkKey,
    /// The ordinal of the next event in the topic.
    next: u64,
    /// The number of times that the topic had rung when the place was moved to its list, or `NOT_WAITING`.
    rings: u64,
    /// Whether the topic has ended for the reader.
    ended: bool,
}

/// The next event of a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// No event is available.
    None,
    /// The event with this sequence number.
    At(u64),
    /// Events were evicted before the reader received them.
    Missed,
    /// Unknown, because many records were skipped and more remain.
    Further,
}

impl Filter {
    pub(crate) fn all(state: &mut State, seat: SeatKey) -> Option<Self> {
        let place = state.waiters.place(seat)?;
        state.all_readers += 1;
        Some(Self::All(All { place, next: 0, newest_before: 0 }))
    }

    pub(crate) fn topics(state: &mut State, seat: SeatKey, names: &[&str]) -> Option<Self> {
        let quiet = state.waiters.place(seat)?;
        let mut followed = Vec::with_capacity(names.len());
        for name in names {
            let topic = state.index.entry(name, &mut state.waiters)?;
            let place = state.waiters.place(seat)?;
            state.index.get_mut(topic)?.readers += 1;
            followed.push(Named { topic, place, next: 0, rings: NOT_WAITING, ended: false });
        }
        Some(Self::Topics(Topics { quiet, quiet_at: u64::MAX, generation: NOT_WAITING, named: followed.into() }))
    }

    /// Removes the reader from all lists and counts.
    pub(crate) fn remove(&self, state: &mut State) {
        match self {
            Self::All(all) => {
                state.waiters.remove_place(all.place);
                state.all_readers -= 1;
            }
            Self::Topics(Topics { quiet, named, .. }) => {
                state.waiters.remove_place(*quiet);
                for Named { topic, place, .. } in named {
                    state.waiters.remove_place(*place);
                    if let Some(topic) = state.index.get_mut(*topic) {
                        topic.readers -= 1;
                    }
                    state.index.forget_unneeded(*topic, &mut state.waiters);
                }
            }
        }
    }

    /// Continues after a sequence number.
    pub(crate) fn seek(&mut self, after: u64, state: &State) {
        match self {
            Self::All(all) => (all.next, all.newest_before) = (after + 1, 0),
            Self::Topics(topics) => {
                // Sequence numbers may be used again: the next event is a new ID even if it has the last one's number.
                topics.quiet_at = u64::MAX;
                for named in &mut topics.named {
                    named.next = state.index.get(named.topic).map_or(0, |topic| topic.after(after));
                }
            }
        }
    }

    /// Continues with the newest event of each topic. `since` is the tip of the log when the subscription was created.
    pub(crate) fn seek_newest(&mut self, since: Cursor, state: &State) {
        match self {
            Self::All(all) => {
                all.next = all.next.max(state.log.first());
                all.newest_before = state.log.tip_seq() + 1;
            }
            Self::Topics(topics) => {
                for named in &mut topics.named {
                    let Some(topic) = state.index.get(named.topic) else { continue };
                    // Events that were already delivered are not delivered again.
                    named.next = named.next.max(topic.end(since).saturating_sub(1)).max(topic.first());
                }
            }
        }
    }

    /// Continues with the oldest held events, after events that were evicted.
    pub(crate) fn seek_oldest(&mut self, state: &State) {
        match self {
            Self::All(all) => all.next = all.next.max(state.log.first()),
            Self::Topics(topics) => {
                for named in &mut topics.named {
                    let Some(topic) = state.index.get(named.topic) else { continue };
                    named.next = named.next.max(topic.first());
                }
            }
        }
    }

    /// Returns the next event. If `conflate` is set, events that are not the newest of any of their topics are skipped.
    /// `since` is the tip of the log when the subscription was created.
    pub(crate) fn head(&mut self, state: &State, since: Cursor, conflate: bool) -> Head {
        match self {
            Self::All(all) => all.head(state, conflate),
            Self::Topics(topics) => topics.head(state, since, conflate),
        }
    }

    /// Moves past an event. `conflate` is whether events before it were skipped.
    pub(crate) fn pass(&mut self, seq: u64, state: &State, conflate: bool) {
        match self {
            Self::All(all) => all.next = seq + 1,
            Self::Topics(topics) => {
                if let ([named], false) = (&mut *topics.named, conflate) {
                    named.next += 1;
                    return;
                }
                for named in &mut topics.named {
                    let Some(topic) = state.index.get(named.topic) else { continue };
                    if topic.event(named.next) == Some(seq) {
                        named.next += 1;
                    } else if conflate {
                        // Events were skipped.
                        named.next = named.next.max(topic.after(seq));
                    }
                }
            }
        }
    }

    /// Returns the topics, or `None` for all events.
    pub(crate) fn named(&self) -> Option<&[Named]> {
        match self {
            Self::All(_) => None,
            Self::Topics(topics) => Some(&topics.named),
        }
    }

    pub(crate) fn named_mut(&mut self) -> Option<&mut [Named]> {
        match self {
            Self::All(_) => None,
            Self::Topics(topics) => Some(&mut topics.named),
        }
    }
}

impl All {
    fn head(&mut self, state: &State, conflate: bool) -> Head {
        let first = state.log.first();
        if self.next < first {
            // Control records are not counted as missed.
            if state.log.evicted_seq() >= self.next {
                return Head::Missed;
            }
            self.next = first;
        }
        for _ in 0..STRIDE {
            let Some(record) = state.log.get(self.next) else { return Head::None };
            if let Kind::Event { topics, .. } = record.kind() {
                let any = !conflate && self.next >= self.newest_before;
                if any || state.is_newest_somewhere(self.next, topics) {
                    return Head::At(self.next);
                }
            }
            self.next += 1;
        }
        Head::Further
    }
}

impl Topics {
    fn head(&mut self, state: &State, since: Cursor, conflate: bool) -> Head {
        let mut head = Head::None;
        for named in self.named.iter_mut().filter(|named| !named.ended) {
            let Some(topic) = state.index.get(named.topic) else { continue };
            let end = topic.end(since);
            if named.next >= end {
                named.ended = topic.has_ended(since);
                continue;
            }
            if named.next < topic.first() && !(conflate && topic.first() < end) {
                return Head::Missed;
            }
            // Conflation would have skipped the evicted events.
            let Some(next) = topic.event(if conflate { end - 1 } else { named.next }) else { continue };
            match head {
                Head::At(earlier) if earlier <= next => {}
                _ => head = Head::At(next),
            }
        }
        head
    }
}

impl Named {
    pub(crate) const fn topic(&self) -> Key {
        self.topic
    }

    pub(crate) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Ends the topic for the reader, after which it receives no more events of it.
    pub(crate) const fn end(&mut self) {
        self.ended = true;
    }

    /// Returns whether the last record of the topic ended it, and the reader has received the last event. `several` is
    /// whether the reader has several topics, for which terminal events are ordinary events.
    pub(crate) fn is_over(&self, several: bool, state: &State) -> bool {
        let Some(topic) = state.index.get(self.topic) else { return false };
        let ends = topic.over.is_some_and(|over| over.by == OverBy::End || !several);
        ends && topic.event(self.next).is_none() && self.next >= topic.first()
    }
}
