//! Applies the steps of a tail. The log of a hub with a store is changed only here.

use std::time::Duration;

use bytes::Bytes;
use sse_core::Draft;

use super::{Origin, Record, RecordKind, Step, Stored};
use crate::{
    Cursor, Epoch,
    epochs::Epochs,
    log::Admission,
    shared::Shared,
    state::{NewEvent, State},
    trace,
    window::Tick,
};

/// The outcome of applying steps.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// The records of all nodes that are now in the log.
    pub(crate) landed: Vec<(Origin, Cursor)>,
    /// Whether records are missing.
    pub(crate) has_hole: bool,
    /// Whether an epoch has replaced all held records, so that the window has to be loaded again.
    pub(crate) is_emptied: bool,
    /// Whether a record belongs to an unknown epoch, so that the store has to be opened again.
    pub(crate) is_lost: bool,
}

/// A step whose events are encoded, which is done before the lock is taken.
enum Ready {
    Records(Vec<ReadyRecord>),
    Epoch { epoch: Epoch, table: Vec<Epoch> },
    Alive,
    CaughtUp,
}

struct ReadyRecord {
    cursor: Cursor,
    topics: Vec<String>,
    kind: Option<RecordKind>,
    block: Bytes,
    origin: Origin,
    age: Duration,
}

/// Applies a step of a tail. `table` contains the epochs that were known when the store was opened.
pub(crate) fn apply(step: Step, table: &[Epoch], shared: &Shared) -> Applied {
    let step = ready(step);
    if matches!(step, Ready::Alive) {
        return Applied::default();
    }
    let now = shared.clock.now();
    let mut applied = Applied::default();
    let mut locked = shared.lock();
    apply_ready(&step, table, &mut locked.state, now, &mut applied);
    locked.state.evict(now);
    locked.finish();
    trace_epoch(&step);
    applied
}

/// Replaces all held records with those that a store has yielded after `start`. Readers see all of them at once.
pub(crate) fn replace(steps: Vec<Step>, start: Cursor, table: &[Epoch], shared: &Shared) -> Applied {
    let steps: Vec<_> = steps.into_iter().map(ready).collect();
    let now = shared.clock.now();
    let mut applied = Applied::default();
    let mut locked = shared.lock();
    locked.state.restart(known_at(start, table), start);
    for step in &steps {
        apply_ready(step, table, &mut locked.state, now, &mut applied);
        // The bounds of the window apply to the load too.
        locked.state.evict(now);
    }
    locked.finish();
    steps.iter().for_each(trace_epoch);
    applied
}

/// Returns the epochs that a log knows if its next record follows `start`.
pub(crate) fn known_at(start: Cursor, table: &[Epoch]) -> Epochs {
    Epochs::new(table.iter().filter(|epoch| epoch.start.epoch() <= start.epoch()).copied().collect())
}

fn trace_epoch(step: &Ready) {
    if let Ready::Epoch { epoch, .. } = step {
        trace::epoch(*epoch);
    }
}

fn ready(step: Step) -> Ready {
    match step {
        Step::Alive => Ready::Alive,
        Step::CaughtUp => Ready::CaughtUp,
        Step::Epoch { epoch, table } => Ready::Epoch { epoch, table },
        Step::Records(records) => Ready::Records(records.into_iter().map(ready_record).collect()),
    }
}

fn ready_record(Stored { cursor, record, age }: Stored) -> ReadyRecord {
    let Record { topics, kind, block, origin } = record;
    let (kind, block) = match kind {
        RecordKind::End => (Some(kind), Bytes::new()),
        RecordKind::TerminalEvent if topics.len() != 1 => {
            trace::unreadable(cursor, &"a terminal event does not have exactly one topic");
            (None, Bytes::new())
        }
        RecordKind::Event | RecordKind::TerminalEvent => match with_id(block, cursor) {
            Ok(block) => (Some(kind), block),
            Err(error) => {
                trace::unreadable(cursor, &error);
                (None, Bytes::new())
            }
        },
    };
    ReadyRecord { cursor, topics, kind, block, origin, age }
}

fn with_id(block: Bytes, id: Cursor) -> Result<Bytes, Box<dyn std::error::Error>> {
    let draft = Draft::<()>::from_stored(block, false)?;
    Ok(draft.with_id(&id)?.into_bytes())
}

fn apply_ready(step: &Ready, table: &[Epoch], state: &mut State, now: Tick, applied: &mut Applied) {
    match step {
        Ready::Alive => {}
        Ready::CaughtUp => state.catch_up(),
        Ready::Epoch { epoch, table } => begin(*epoch, table, state, now, applied),
        Ready::Records(records) => {
            for record in records {
                if !apply_record(record, table, state, now, applied) {
                    applied.is_lost = true;
                    return;
                }
            }
        }
    }
}

fn begin(epoch: Epoch, table: &[Epoch], state: &mut State, now: Tick, applied: &mut Applied) {
    let began = state.begin_epoch(epoch, table, now);
    applied.has_hole |= began.has_hole;
    applied.is_emptied |= began.is_emptied;
}

/// Applies a record. Returns `false` if its epoch is unknown.
fn apply_record(record: &ReadyRecord, table: &[Epoch], state: &mut State, now: Tick, applied: &mut Applied) -> bool {
    let mut admission = state.log.admit(record.cursor);
    if admission == Admission::UnknownEpoch {
        // The fence is missing in the tail, for example because the log was trimmed after it.
        let Some(epoch) = table.iter().find(|epoch| epoch.start.epoch() == record.cursor.epoch()) else { return false };
        begin(*epoch, table, state, now, applied);
        admission = state.log.admit(record.cursor);
    }
    match admission {
        Admission::Stale => return true,
        Admission::UnknownEpoch => return false,
        Admission::AfterHole => {
            state.skip_to(record.cursor);
            applied.has_hole = true;
        }
        Admission::Next => {}
    }
    applied.landed.push((record.origin, record.cursor));
    let at = now.minus(record.age.min(state.window.max_age()));
    let State { index, waiters, .. } = state;
    let topics: Vec<_> = record.topics.iter().filter_map(|name| index.entry(name, waiters)).collect();
    match record.kind {
        None => state.push_unreadable(record.cursor, at),
        Some(RecordKind::End) => match topics.first() {
            Some(topic) => state.push_end(record.cursor, *topic, at, now),
            None => state.push_unreadable(record.cursor, at),
        },
        Some(kind) => {
            let terminal = kind == RecordKind::TerminalEvent;
            let block = record.block.clone();
            state.push_event(NewEvent { cursor: record.cursor, block, topics: &topics, terminal, at }, now);
        }
    }
    true
}
