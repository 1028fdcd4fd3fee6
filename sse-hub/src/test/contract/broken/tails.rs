//! Breaks of the requirements on the tail.

use std::time::Duration;

use super::{Flow, Hooks, SOUND, moved};
use crate::{Step, Stored};

pub(super) const BREAKS: &[(&str, Hooks)] = &[
    ("a tail yields an item every few seconds", Hooks { step: |_, _, _| Flow::Skip, ..SOUND }),
    (
        "a tail yields an item every few seconds",
        Hooks { step: |step, _, _| if *step == Step::CaughtUp { Flow::Skip } else { Flow::Yield }, ..SOUND },
    ),
    ("a tail does not end while the store answers", Hooks { step: |_, _, _| Flow::End, ..SOUND }),
    (
        "a tail does not end while the store answers",
        Hooks { step: |step, _, _| if *step == Step::CaughtUp { Flow::End } else { Flow::Yield }, ..SOUND },
    ),
    (
        "a tail does not end while the store answers",
        Hooks { step: |step, _, _| if *step == Step::CaughtUp { Flow::Fail } else { Flow::Yield }, ..SOUND },
    ),
    (
        NEWEST,
        Hooks {
            step: |step, _, _| {
                *step = Step::CaughtUp;
                Flow::Yield
            },
            ..SOUND
        },
    ),
    (NEWEST, Hooks { step: |_, _, _| Flow::Spin, ..SOUND }),
    (
        "each record is yielded",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == 3 {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
    (
        "the tail starts after `seen`",
        Hooks {
            opened: |opened, opening, _| {
                if opening.seen.is_some() {
                    opened.start = moved(opened.start, -1);
                }
            },
            ..SOUND
        },
    ),
    (
        "only records after `seen` are yielded",
        Hooks {
            opening: |opening, _| opening.seen = opening.seen.map(|seen| moved(seen, -1)),
            opened: |opened, opening, _| opened.start = opening.seen.unwrap_or(opened.start),
            ..SOUND
        },
    ),
    (
        "all tails yield the same records",
        Hooks {
            records: |records, place, history| {
                if place.number == 2 && history.last_batch() == 20 {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
    (
        "a tail after the tip yields only later records",
        Hooks {
            opening: |opening, history| {
                if history.last_batch() == 5 {
                    opening.seen = opening.seen.map(|seen| moved(seen, -1));
                }
            },
            ..SOUND
        },
    ),
    (
        "reading a tail removes nothing from the log",
        Hooks {
            records: |records, place, history| {
                if place.number > 2 && history.last_batch() == 8 {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
    (
        "a tail continues from an earlier epoch over the fence",
        Hooks {
            opening: |opening, history| {
                let current = history.epochs.last().map(|epoch| epoch.start);
                opening.seen = opening.seen.map(|seen| current.map_or(seen, |current| seen.max(current)));
            },
            ..SOUND
        },
    ),
    (
        "dropping a tail does not affect other tails",
        Hooks {
            records: |records, _, history| {
                if history.dropped_tail && history.last_batch() == 3 {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
    (
        "a tail reports every few seconds that it has caught up, also while records arrive",
        Hooks {
            step: |step, _, history| {
                let is_busy = history.last_batch() == BUSY;
                if is_busy && *step == Step::CaughtUp { Flow::Skip } else { Flow::Yield }
            },
            ..SOUND
        },
    ),
    (
        "a tail that reports that it has caught up has yielded the records up to its last report",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == BUSY {
                    records.clear();
                }
            },
            ..SOUND
        },
    ),
    (
        "a tail that reports that it has caught up has yielded its tip",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == 12 {
                    records.clear();
                }
            },
            ..SOUND
        },
    ),
    (AGE, Hooks { records: |records, _, _| aged(records, Duration::ZERO), ..SOUND }),
    (AGE, Hooks { records: |records, _, _| aged(records, Duration::from_secs(3600)), ..SOUND }),
];

/// The number of records that a busy tail receives at a time.
const BUSY: usize = 11;

const NEWEST: &str = "the tail yields the records and fences up to the newest one";
const AGE: &str = "the age of a record is the time since it was appended";

fn aged(records: &mut [Stored], age: Duration) {
    for record in records {
        record.age = age;
    }
}
