//! The position of a reader in the log, and its next step.
//!
//! All of this runs under the hub's lock, except for one check in `wait.rs`. No event is encoded and no task is woken here.

mod begin;
mod gap;
mod wait;

use std::task::Waker;

use bytes::Bytes;
use sse_core::{Gap, GapReason};

use crate::{
    Cursor,
    filter::{Filter, Head, Named},
    records::Kind,
    shared::Shared,
    state::{Phase, State},
    taken::{MAX_BYTES, MAX_TAKEN, Taken},
    waiters::{Awaited, SeatKey},
};

#[derive(Debug)]
pub(crate) struct Reader {
    seat: SeatKey,
    filter: Filter,
    /// The reader continues after this cursor, which is the last ID that was sent unless a gap is pending.
    after: Cursor,
    /// The sequence number of `after`.
    after_seq: u64,
    /// The newest record when the subscription was made.
    since: Cursor,
    /// The version of the log that the positions refer to.
    version: u64,
    /// The gap that is sent next.
    gap: Option<Box<PendingGap>>,
    position: Position,
    /// Whether the reader first sends the ID of its start, because the client may not have an ID yet.
    announce: bool,
    floor: Option<Box<Cursor>>,
    conflate: bool,
    several: bool,
    cut: Option<Box<Cut>>,
    /// The number of polls that have found nothing since the last event, up to `QUIET_POLLS`.
    quiet_polls: u8,
    /// Set if the reader already waits when its last event is returned.
    early: Option<Awaited>,
}

/// A gap that has not been sent yet.
#[derive(Clone, Copy, Debug)]
struct PendingGap {
    reason: GapReason,
    /// The cursor from which missing events are counted, or `None` if they cannot be counted.
    from: Option<Cursor>,
}

/// The state of a reader.
#[derive(Debug, PartialEq, Eq)]
enum Position {
    Behind(Box<Behind>),
    Reading,
    /// The reader has received the last event of its topic, or was cut or ended.
    Over,
}

/// A wait until this node has read the log up to a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Behind {
    asked: Cursor,
    /// The tip of the log when the wait began.
    tip: Cursor,
    /// The number of times that the tail had caught up when the wait began.
    since: u64,
}

/// The distance from the end of the log at which a reader is cut.
#[derive(Clone, Copy, Debug)]
struct Cut {
    behind: u64,
    /// The smallest distance since the reader resumed, which is tolerated in addition to `behind`.
    backlog: Option<u64>,
}

/// The outcome of [`Reader::step`].
#[derive(Debug)]
pub(crate) enum Step {
    Event {
        block: Bytes,
        ends: bool,
    },
    Gap {
        gap: Gap,
        id: Cursor,
    },
    /// An ID without an event.
    Id(Cursor),
    /// The lock has been held long enough, and more records remain.
    Again,
    Wait,
    /// The reader lags too far and is cut.
    Cut,
    Over,
}

impl Reader {
    fn head(&mut self, state: &State) -> Head {
        self.filter.head(state, self.since, self.conflate)
    }

    pub(crate) fn conflate(&mut self) {
        self.conflate = true;
    }

    pub(crate) fn cut_when_behind(&mut self, behind: u64) {
        self.cut = Some(Box::new(Cut { behind, backlog: None }));
    }

    pub(crate) fn is_over(&self) -> bool {
        self.position == Position::Over
    }

    /// Takes the next step.
    pub(crate) fn step(&mut self, hub: &Shared, state: &mut State) -> Step {
        let is_ended = match state.phase {
            Phase::Open => false,
            Phase::Draining => state.waiters.is_dismissed(self.seat),
            Phase::Closed => true,
        };
        if self.is_over() || is_ended {
            self.position = Position::Over;
            return Step::Over;
        }
        if let Position::Behind(behind) = &self.position {
            if !self.try_to_catch_up(**behind, hub, state) {
                return Step::Wait;
            }
        } else if self.version != state.log.version() {
            self.judge_again(hub, state);
        }
        let mut head = self.head(state);
        if head == Head::Missed {
            self.miss(state);
            head = self.head(state);
        }
        if head == Head::Further {
            return Step::Again;
        }
        if let Some((gap, id)) = self.crossed(head, state) {
            return self.tell(gap, id, state);
        }
        if std::mem::take(&mut self.announce) {
            state.counts.bookmarks += 1;
            return Step::Id(self.after);
        }
        match head {
            Head::At(seq) => self.deliver(seq, state),
            _ => self.rest(state),
        }
    }

    fn deliver(&mut self, seq: u64, state: &mut State) -> Step {
        if self.is_to_be_cut(state.log.tip_seq() + 1 - seq) {
            self.position = Position::Over;
            state.counts.cut += 1;
            return Step::Cut;
        }
        let Some(record) = state.log.get(seq) else { return Step::Again };
        let block = record.block.clone();
        let ends = !self.several && matches!(record.kind(), Kind::Event { terminal: true, .. });
        self.filter.pass(seq, state, self.conflate);
        self.quiet_polls = 0;
        self.after = state.log.cursor(seq);
        self.after_seq = seq;
        if ends {
            self.position = Position::Over;
        }
        Step::Event { block, ends }
    }

    /// Takes the events after the one that was delivered last. They are delivered before the next step, whatever happens
    /// to the log meanwhile, so the position of the reader is that after them.
    pub(crate) fn take_more(&mut self, taken: &mut Taken, state: &State) {
        // A reader that conflates decides at the time of delivery.
        if self.conflate || self.has_loss_ahead(state) {
            return;
        }
        let mut records = [None; MAX_TAKEN];
        let (mut bytes, mut ends) = (0, false);
        for slot in &mut records {
            if bytes >= MAX_BYTES {
                break;
            }
            let Head::At(seq) = self.head(state) else { break };
            let Some(record) = state.log.get(seq) else { break };
            *slot = Some(record);
            bytes += record.block.len();
            self.filter.pass(seq, state, false);
            self.after_seq = seq;
            ends = !self.several && matches!(record.kind(), Kind::Event { terminal: true, .. });
            if ends {
                self.position = Position::Over;
                break;
            }
        }
        if records[0].is_none() {
            return;
        }
        self.after = state.log.cursor(self.after_seq);
        if let Some(Cut { backlog: Some(backlog), .. }) = self.cut.as_deref_mut() {
            *backlog = (*backlog).min(state.log.tip_seq() + 1 - self.after_seq);
        }
        taken.fill(&records, ends);
    }

    fn is_to_be_cut(&mut self, distance: u64) -> bool {
        let Some(cut) = &mut self.cut else { return false };
        let backlog = cut.backlog.map_or(distance, |backlog| backlog.min(distance));
        cut.backlog = Some(backlog);
        distance > cut.behind.saturating_add(backlog)
    }

    /// Ends, sends an ID, or waits, after the last event was delivered.
    fn rest(&mut self, state: &mut State) -> Step {
        if let Some(cut) = &mut self.cut {
            cut.backlog = Some(0);
        }
        self.end_topics(state);
        if self.is_over() {
            return Step::Over;
        }
        if state.quiet.is_due(self.after_seq) && self.after < state.log.tip() && self.filter.named().is_some() {
            self.after = state.log.tip();
            self.after_seq = state.log.tip_seq();
            state.counts.bookmarks += 1;
            return Step::Id(self.after);
        }
        Step::Wait
    }

    /// Ends the topics that are over for the reader, and ends the reader if all of them are.
    fn end_topics(&mut self, state: &State) {
        // A pending gap is sent before the end. The exception is an `unknown` gap of topics that hold no events.
        let is_told = self.gap.as_ref().is_none_or(|gap| gap.reason == GapReason::Unknown && self.is_empty(state));
        if !is_told || self.has_loss_ahead(state) || self.position != Position::Reading {
            return;
        }
        let several = self.several;
        let Some(named) = self.filter.named_mut() else { return };
        for topic in named.iter_mut().filter(|topic| !topic.has_ended()) {
            if topic.is_over(several, state) {
                topic.end();
            }
        }
        if !named.is_empty() && named.iter().all(Named::has_ended) {
            self.position = Position::Over;
        }
    }

    /// Returns whether none of the topics holds an event.
    fn is_empty(&self, state: &State) -> bool {
        let mut topics = self.filter.named().unwrap_or_default().iter().map(Named::topic);
        topics.all(|topic| state.index.get(topic).is_none_or(|topic| topic.newest().is_none()))
    }

    /// Removes the reader. Returns its waker, because dropping it may run arbitrary code.
    pub(crate) fn leave(&self, state: &mut State) -> Option<Waker> {
        self.filter.remove(state);
        state.waiters.stand_up(self.seat)
    }
}
