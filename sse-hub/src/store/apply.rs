//! Applies the steps of a tail. The log of a hub with a store is changed only here.

use std::time::Duration;

use bytes::Bytes;
use sse_core::Draft;

use super::{Origin, Record, RecordKind, Step, Stored};
use crate::{
    Cursor,
    log::Admission,
    shared::Shared,
    state::{NewEvent, State},
    trace,
    window::Tick,
};

/// The outcome of applying a step.
#[derive(Debug, Default)]
pub(crate) struct Applied {
    /// The records of all nodes that are now in the log.
    pub(crate) landed: Vec<(Origin, Cursor)>,
    /// Whether records are missing.
    pub(crate) has_hole: bool,
    /// Whether a record belongs to an unknown epoch, so that the store has to be opened again.
    pub(crate) is_lost: bool,
}

/// A record with its encoded bytes, which are created before the lock is taken.
struct Ready {
    cursor: Cursor,
    topics: Vec<String>,
    kind: Option<RecordKind>,
    block: Bytes,
    origin: Origin,
    age: Duration,
}

/// Applies a step of a tail.
pub(crate) fn apply(step: Step, shared: &Shared) -> Applied {
    match step {
        Step::Alive => Applied::default(),
        Step::Epoch { epoch, table } => {
            let now = shared.clock.now();
            let mut locked = shared.lock();
            let hole = locked.state.begin_epoch(epoch, &table, now);
            locked.state.evict(now);
            locked.finish();
            trace::epoch(epoch);
            Applied { has_hole: hole, ..Applied::default() }
        }
        Step::Records(records) => {
            let records: Vec<_> = records.into_iter().map(ready).collect();
            let now = shared.clock.now();
            let mut locked = shared.lock();
            let mut applied = Applied::default();
            for record in records {
                if !apply_record(record, &mut locked.state, now, &mut applied) {
                    break;
                }
            }
            locked.state.evict(now);
            locked.finish();
            applied
        }
    }
}

fn ready(Stored { cursor, record, age }: Stored) -> Ready {
    let Record { topics, kind, block, origin } = record;
    let (kind, block) = match kind {
        RecordKind::End => (Some(kind), Bytes::new()),
        RecordKind::Event | RecordKind::TerminalEvent => match with_id(block, cursor) {
            Ok(block) => (Some(kind), block),
            Err(error) => {
                trace::unreadable(cursor, &error);
                (None, Bytes::new())
            }
        },
    };
    Ready { cursor, topics, kind, block, origin, age }
}

fn with_id(block: Bytes, id: Cursor) -> Result<Bytes, Box<dyn std::error::Error>> {
    let draft = Draft::<()>::from_stored(block, false)?;
    Ok(draft.with_id(&id)?.into_bytes())
}

/// Applies a record. Returns `false` if the rest cannot be applied.
fn apply_record(record: Ready, state: &mut State, now: Tick, applied: &mut Applied) -> bool {
    match state.log.admit(record.cursor) {
        Admission::Stale => return true,
        Admission::UnknownEpoch => {
            applied.is_lost = true;
            return false;
        }
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
            state.push_event(
                NewEvent { cursor: record.cursor, block: record.block, topics: &topics, terminal, at },
                now,
            );
        }
    }
    true
}
