//! Breaks of the requirements on `append`.

use super::{Hooks, SOUND, Wait, moved_records, moved_results, refused};
use crate::RecordKind;

pub(super) const BREAKS: &[(&str, Hooks)] = &[
    ("`append` returns in time", Hooks { wait: Wait::ForeverToAppend, ..SOUND }),
    ("an append succeeds", Hooks { appended: |results, _| results.fill_with(refused), ..SOUND }),
    (
        "offsets are dense and in order",
        Hooks {
            appended: |results, _| {
                if results.len() == 50 {
                    moved_results(results, 1);
                }
            },
            ..SOUND
        },
    ),
    (
        "the tail yields the cursors of the appends",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == 5 {
                    moved_records(records, 1);
                }
            },
            ..SOUND
        },
    ),
    (
        "records are stored unchanged",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == 5 {
                    for record in records {
                        record.record.block = "data: other\n\n".into();
                    }
                }
            },
            ..SOUND
        },
    ),
    (
        "records without topics, with many topics and with 256 KiB are accepted",
        Hooks { append: |_, batch, _| batch.retain(|record| !record.topics.is_empty()), ..SOUND },
    ),
    (
        "records without topics, with many topics and with 256 KiB are accepted",
        Hooks { append: |_, batch, _| batch.retain(|record| record.topics.len() < 256), ..SOUND },
    ),
    (
        "records without topics, with many topics and with 256 KiB are accepted",
        Hooks { append: |_, batch, _| batch.retain(|record| record.block.len() < 256 * 1024), ..SOUND },
    ),
    (
        UNCHANGED,
        Hooks { append: |_, batch, _| batch.iter_mut().for_each(|record| record.topics.truncate(255)), ..SOUND },
    ),
    (
        UNCHANGED,
        Hooks {
            append: |_, batch, _| {
                for record in batch.iter_mut().filter(|record| record.kind == RecordKind::End) {
                    record.kind = RecordKind::Event;
                }
            },
            ..SOUND
        },
    ),
    (
        UNCHANGED,
        Hooks {
            append: |_, batch, _| {
                for record in batch.iter_mut().filter(|record| record.block.is_empty()) {
                    record.block = "data\n\n".into();
                }
            },
            ..SOUND
        },
    ),
    (
        UNCHANGED,
        Hooks {
            append: |_, batch, _| {
                for record in batch {
                    record.origin.number = record.origin.number.min(i64::MAX.unsigned_abs());
                }
            },
            ..SOUND
        },
    ),
    (
        "an append has a result for each record",
        Hooks {
            appended: |results, _| {
                if results.len() == 1000 {
                    results.pop();
                }
            },
            ..SOUND
        },
    ),
    (
        "an append has a result for each record",
        Hooks {
            appended: |results, history| {
                if history.last_batch() == 0 {
                    results.push(Ok(history.current().start));
                }
            },
            ..SOUND
        },
    ),
    (
        "the records of an append are in the log in their order",
        Hooks {
            append: |_, batch, _| {
                if batch.len() == 1000 {
                    batch.reverse();
                }
            },
            ..SOUND
        },
    ),
    (
        "the records of an append are in order, even if others are appended meanwhile",
        Hooks {
            appended: |results, _| {
                if results.len() == 40 {
                    results.reverse();
                }
            },
            ..SOUND
        },
    ),
    (
        "no two records have the same cursor",
        Hooks {
            appended: |results, history| {
                if results.len() == 40 {
                    *results = history.first.iter().copied().map(Ok).collect();
                }
            },
            ..SOUND
        },
    ),
    (
        "the tail yields the records of all appends in order",
        Hooks {
            records: |records, _, history| {
                if history.last_batch() == 40 {
                    records.swap(0, 1);
                }
            },
            ..SOUND
        },
    ),
    (
        "an append that is dropped leaves no hole",
        Hooks {
            wait: Wait::Yield,
            appended: |results, history| {
                if history.dropped_future {
                    moved_results(results, 1);
                }
            },
            records: |records, _, history| {
                if history.dropped_future {
                    moved_records(records, 1);
                }
            },
            ..SOUND
        },
    ),
];

const UNCHANGED: &str = "topics, kind, block and origin are stored unchanged";
