//! Breaks of the requirements on epochs.

use super::{BrokenTail, Flow, History, Hooks, SOUND, Wait, moved, moved_records, moved_results, refused};
use crate::{AppendError, Cursor, Epoch, EpochKind, Opened, Opening, Step};

pub(super) const BREAKS: &[(&str, Hooks)] = &[
    (
        "a new epoch is above the one that is left",
        Hooks {
            opened: |opened, opening, _| {
                left(opened, opening, |epoch| epoch.start = Cursor::new(1, epoch.start.offset()));
            },
            ..SOUND
        },
    ),
    (
        "a new epoch is a break only if records are lost",
        Hooks { opened: |opened, opening, _| left(opened, opening, |epoch| epoch.kind = EpochKind::Break), ..SOUND },
    ),
    (
        "a fence takes the next offset",
        Hooks {
            opened: |opened, opening, _| left(opened, opening, |epoch| epoch.start = moved(epoch.start, 1)),
            ..SOUND
        },
    ),
    (
        "records follow the fence under its epoch",
        Hooks {
            appended: |results, history| {
                if history.epochs.len() == 2 && results.len() == 1 {
                    moved_results(results, 1);
                }
            },
            ..SOUND
        },
    ),
    (
        "leaving an epoch that is no longer current does not open another one",
        Hooks {
            opening: |opening, history| {
                if opening.leave.is_some() && opening.seen.is_some() {
                    opening.leave = Some(history.current().start.epoch());
                }
            },
            ..SOUND
        },
    ),
    (
        "leaving an epoch that is no longer current does not open another one",
        Hooks {
            opening: |opening, history| {
                let is_known = history.epochs.iter().any(|epoch| opening.leave == Some(epoch.start.epoch()));
                if opening.leave.is_some() && !is_known {
                    opening.leave = Some(history.current().start.epoch());
                }
            },
            ..SOUND
        },
    ),
    (
        "appends under an earlier epoch are fenced",
        Hooks { append: |epoch, _, history| *epoch = history.current().start.epoch(), ..SOUND },
    ),
    (
        "appends under an earlier epoch are fenced",
        Hooks {
            appended: |results, _| {
                for result in results.iter_mut().filter(|result| result.is_err()) {
                    *result = refused();
                }
            },
            ..SOUND
        },
    ),
    (
        "a fenced record is not in the log",
        Hooks {
            append: |epoch, _, history| *epoch = history.current().start.epoch(),
            appended: |results, history| {
                if history.epochs.len() == 2 && history.batches.len() == 1 {
                    for result in results {
                        *result = Err(AppendError::Fenced);
                    }
                }
            },
            ..SOUND
        },
    ),
    (
        "the tail yields the fence",
        Hooks {
            step: |step, place, _| {
                let is_fence = matches!(step, Step::Epoch { .. });
                if is_fence && place.opening.seen.is_none() { Flow::Skip } else { Flow::Yield }
            },
            ..SOUND
        },
    ),
    (
        "the fence takes an offset between the records",
        Hooks {
            appended: |results, history| {
                if is_between_two(history) && history.epochs.len() == 2 {
                    moved_results(results, 1);
                }
            },
            records: |records, _, history| {
                if is_between_two(history) && history.epochs.len() == 2 {
                    let current = history.current().start.epoch();
                    let later = records.partition_point(|record| record.cursor.epoch() < current);
                    moved_records(&mut records[later..], 1);
                }
            },
            ..SOUND
        },
    ),
    (
        "the table of a step contains its epoch",
        Hooks {
            step: |step, _, _| {
                if let Step::Epoch { table, .. } = step {
                    table.pop();
                }
                Flow::Yield
            },
            ..SOUND
        },
    ),
    (
        "the table of a step contains all epochs, oldest first",
        Hooks {
            step: |step, _, _| {
                if let Step::Epoch { table, .. } = step {
                    table.reverse();
                }
                Flow::Yield
            },
            ..SOUND
        },
    ),
    (
        "the table of a step contains all epochs, oldest first",
        Hooks {
            step: |step, _, _| {
                if let Step::Epoch { epoch, table } = step {
                    table.retain(|known| known == epoch);
                }
                Flow::Yield
            },
            ..SOUND
        },
    ),
    (
        "an opening returns all epochs, oldest first",
        Hooks {
            opened: |opened, _, _| {
                if opened.epochs.len() > 2 {
                    opened.epochs.reverse();
                }
            },
            ..SOUND
        },
    ),
    (
        "an opening returns all epochs, oldest first",
        Hooks {
            opened: |opened, _, _| {
                let surplus = opened.epochs.len().saturating_sub(2);
                opened.epochs.drain(..surplus);
            },
            ..SOUND
        },
    ),
    (
        "each epoch is above all earlier ones, and begins after their records",
        Hooks {
            // The fourth epoch is called 1.
            opening: |opening, history| {
                if opening.leave == Some(1) {
                    opening.leave = Some(history.current().start.epoch());
                }
            },
            opened: |opened, _, _| {
                if let Some(epoch) = opened.epochs.get_mut(3) {
                    epoch.start = Cursor::new(1, epoch.start.offset());
                }
            },
            append: |epoch, _, history| {
                if *epoch == 1 {
                    *epoch = history.current().start.epoch();
                }
            },
            ..SOUND
        },
    ),
    (
        "each epoch is above all earlier ones, and begins after their records",
        Hooks {
            opened: |opened, _, _| {
                if let Some(epoch) = opened.epochs.get_mut(3) {
                    epoch.start = moved(epoch.start, -1);
                }
            },
            ..SOUND
        },
    ),
    ("nodes that leave an epoch at the same time open one epoch", Hooks { wait: Wait::RaceToLeave, ..SOUND }),
    (
        "every tail yields the fences of other nodes",
        Hooks {
            step: |step, place, _| {
                if let Step::Epoch { epoch, table } = step
                    && place.number == 2
                {
                    epoch.kind = EpochKind::Break;
                    table.push(*epoch);
                }
                Flow::Yield
            },
            ..SOUND
        },
    ),
    (
        "the appends of all nodes are in one log",
        Hooks {
            appended: |results, history| {
                if is_between_two(history) && history.epochs.len() == 1 && history.opened == 2 {
                    moved_results(results, -2);
                }
            },
            ..SOUND
        },
    ),
    (
        "a tail yields the records of all nodes",
        Hooks {
            records: |records, place, history| {
                if place.number == 2 && is_between_two(history) {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
];

/// Changes the epoch that is opened by a hub that has read the tip.
fn left(opened: &mut Opened<BrokenTail>, opening: &Opening, change: fn(&mut Epoch)) {
    if let (Some(_), Some(_), Some(epoch)) = (opening.seen, opening.leave, opened.epochs.last_mut()) {
        change(epoch);
    }
}
fn is_between_two(history: &History) -> bool {
    history.batches == [2, 2]
}
