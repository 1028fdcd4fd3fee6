//! Breaks of the requirements on `open`.

use super::{Hooks, SOUND, Wait, moved};
use crate::{Opening, Window};

pub(super) const BREAKS: &[(&str, Hooks)] = &[
    ("`open` returns in time", Hooks { wait: Wait::Forever, ..SOUND }),
    ("`open` succeeds", Hooks { wait: Wait::Fail, ..SOUND }),
    (
        "an empty log has one epoch when it is opened",
        Hooks { opened: |opened, _, _| opened.epochs.extend_from_within(..), ..SOUND },
    ),
    (
        "an open log has an epoch",
        Hooks {
            opened: |opened, opening, _| {
                if opening.leave.is_some() {
                    opened.epochs.clear();
                }
            },
            ..SOUND
        },
    ),
    (
        "the tip of an empty log is its fence",
        Hooks { opened: |opened, _, _| opened.tip = moved(opened.tip, 1), ..SOUND },
    ),
    (
        "the tail starts at or before the tip",
        Hooks { opened: |opened, _, _| opened.start = moved(opened.start, 1), ..SOUND },
    ),
    (
        "opening a log again does not open an epoch",
        Hooks {
            opening: |opening, history| opening.leave = history.epochs.last().map(|epoch| epoch.start.epoch()),
            ..SOUND
        },
    ),
    (
        "the tip is the newest record",
        Hooks { opened: |opened, _, history| opened.tip = history.current().start, ..SOUND },
    ),
    ("the window is loaded", Hooks { opening: |opening, _| limited(opening, 10, 1), ..SOUND }),
    ("the window bounds what is loaded", Hooks { opening: |opening, _| limited(opening, 10, 1000), ..SOUND }),
    (
        "the first record follows the start",
        Hooks { opened: |opened, _, _| opened.start = moved(opened.start, -1), ..SOUND },
    ),
    (
        "all records are loaded if the window has room for them",
        Hooks { opening: |opening, _| limited(opening, 1_000_000, 5), ..SOUND },
    ),
    (
        "the newest record is always loaded",
        Hooks {
            // Loads the oldest record.
            opening: |opening, _| limited(opening, 1, 1000),
            opened: |opened, opening, history| {
                if opening.window.max_events() == 1 {
                    opened.tip = moved(history.current().start, 1);
                }
            },
            records: |records, place, _| {
                if place.opening.window.max_events() == 1 {
                    records.truncate(1);
                }
            },
            ..SOUND
        },
    ),
    (
        "the tip is the fence if no record follows it",
        Hooks {
            opened: |opened, opening, _| {
                if opening.leave.is_some() {
                    opened.tip = moved(opened.tip, -1);
                }
            },
            ..SOUND
        },
    ),
    ("nodes that open an empty log at the same time join the same epoch", Hooks { wait: Wait::RaceToOpen, ..SOUND }),
    (
        "an `open` whose future is dropped has no effect on later ones",
        Hooks {
            wait: Wait::Yield,
            records: |records, _, history| {
                if history.dropped_future {
                    records.remove(0);
                }
            },
            ..SOUND
        },
    ),
    (
        "the epoch of a lost log is above every epoch seen by a hub",
        Hooks {
            opening: |opening, history| opening.seen = opening.seen.filter(|_| !history.epochs.is_empty()),
            ..SOUND
        },
    ),
];

fn limited(opening: &mut Opening, events: usize, to: usize) {
    if opening.window.max_events() == events {
        opening.window = Window::new().events(to);
    }
}
