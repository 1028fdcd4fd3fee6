//! Turns the entries of the stream into the steps of a tail.

use std::{collections::VecDeque, mem, time::Duration};

use bytes::Bytes;
use redis::Value;
use tokio::time::Instant;

use super::{
    entry::{self, Body, Entry},
    node::Noted,
};
use crate::{Cursor, Epoch, EpochKind, Origin, Record, RecordKind, Step, StoreError, Stored};

/// The records of a step.
pub(super) type Note = Vec<Noted>;

/// The steps of a read.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) steps: VecDeque<(Step, Note)>,
    /// The average size of the entries, if there were any.
    pub(super) average: Option<usize>,
}

/// The position in the stream, by which entries become steps.
pub(super) struct Position {
    /// The last entry that was read, also if it was skipped.
    pub(super) read: Cursor,
    /// The last record that was yielded.
    pub(super) last: Cursor,
    pub(super) epochs: Vec<Epoch>,
    /// The newest ID when the epochs were read.
    pub(super) known_to: Cursor,
    /// The newest record of the window that is loaded. The ages of records up to it are computed from `clock`.
    pub(super) loaded: Option<Cursor>,
    /// The time of the server in milliseconds, and when it was read.
    pub(super) clock: (u64, Instant),
    /// The newest yielded record that a fence has replaced, until a break follows.
    pub(super) rewound: Option<Cursor>,
}

impl Position {
    /// Turns entries into steps.
    pub(super) fn steps(&mut self, entries: Vec<Value>) -> Result<Batch, StoreError> {
        let mut steps = Steps::default();
        let (mut bytes, read) = (0, entries.len());
        for entry in entries.into_iter().filter_map(entry::read) {
            bytes += entry.bytes;
            self.read = self.read.max(entry.cursor);
            if let Body::Fence(kind) = entry.body
                && self.is_fence(entry.cursor)
            {
                self.begin(Epoch { start: entry.cursor, kind }, &mut steps, Some(&entry));
                continue;
            }
            if entry.cursor.epoch() != self.last.epoch() {
                match self.epochs.iter().find(|epoch| epoch.start.epoch() == entry.cursor.epoch()) {
                    // Its fence is no longer in the stream.
                    Some(&epoch) if entry.cursor >= epoch.start => self.begin(epoch, &mut steps, None),
                    // No hub has opened this epoch.
                    _ if entry.cursor <= self.known_to => continue,
                    _ => return Err(StoreError::new("a record belongs to an unknown epoch")),
                }
            }
            self.last = entry.cursor;
            let age = self.age(&entry);
            steps.push(entry, age);
        }
        Ok(Batch { steps: steps.finish(), average: bytes.checked_div(read) })
    }

    /// Returns whether an entry is the first one of an epoch, known or not.
    fn is_fence(&self, cursor: Cursor) -> bool {
        let known = self.epochs.iter().find(|epoch| epoch.start.epoch() == cursor.epoch());
        cursor.epoch() > self.last.epoch() && known.is_none_or(|epoch| epoch.start == cursor)
    }

    /// Begins an epoch, whose fence is `entry` if it is still in the stream.
    fn begin(&mut self, epoch: Epoch, steps: &mut Steps, entry: Option<&Entry>) {
        if !self.epochs.iter().any(|known| known.start == epoch.start) {
            self.epochs.push(epoch);
        }
        if epoch.kind == EpochKind::Break {
            self.rewound = None;
        } else if epoch.start.offset() <= self.last.offset() {
            self.rewound.get_or_insert(self.last);
        }
        self.last = epoch.start;
        steps.epoch(epoch, self.epochs.clone(), entry);
    }

    /// Returns the step for the newest epoch, if it has no entries left in the stream.
    pub(super) fn missing_epoch(&mut self) -> Option<Step> {
        let epoch = self.epochs.iter().copied().max_by_key(|epoch| epoch.start.epoch())?;
        if epoch.start.epoch() <= self.last.epoch() {
            return None;
        }
        self.last = epoch.start;
        Some(Step::Epoch { epoch, table: self.epochs.clone() })
    }

    /// Returns the age of an entry of the window. Others have just arrived.
    fn age(&self, entry: &Entry) -> Duration {
        match (self.loaded, entry.at) {
            (Some(loaded), Some(at)) if entry.cursor <= loaded => {
                let (clock, read_at) = self.clock;
                Duration::from_millis(clock.saturating_sub(at)) + read_at.elapsed()
            }
            _ => Duration::ZERO,
        }
    }
}

/// Steps that are being built.
#[derive(Default)]
struct Steps {
    done: VecDeque<(Step, Note)>,
    records: Vec<Stored>,
    note: Note,
}

impl Steps {
    fn push(&mut self, entry: Entry, age: Duration) {
        self.note.push(Noted { cursor: entry.cursor, origin: entry.origin.clone(), bytes: entry.bytes, age });
        let record = match entry.body {
            Body::Record(record) => record,
            // A record without a block cannot be read, and takes up its offset.
            Body::Fence(_) | Body::Unreadable => Record {
                topics: Vec::new(),
                kind: RecordKind::Event,
                block: Bytes::new(),
                origin: Origin { node: 0, number: 0 },
            },
        };
        self.records.push(Stored { cursor: entry.cursor, record, age });
    }

    fn epoch(&mut self, epoch: Epoch, table: Vec<Epoch>, entry: Option<&Entry>) {
        self.flush();
        let origin = entry.and_then(|entry| entry.origin.clone());
        let bytes = entry.map_or(0, |entry| entry.bytes);
        let note = vec![Noted { cursor: epoch.start, origin, bytes, age: Duration::ZERO }];
        self.done.push_back((Step::Epoch { epoch, table }, note));
    }

    fn flush(&mut self) {
        if !self.records.is_empty() {
            let step = Step::Records(mem::take(&mut self.records));
            self.done.push_back((step, mem::take(&mut self.note)));
        }
    }

    fn finish(mut self) -> VecDeque<(Step, Note)> {
        self.flush();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn entry(epoch: u64, offset: u64, kind: &str) -> Value {
        let fields = ["t", "a", "d", "data: 1\n\n", "x", kind, "n", "1:2", "at", "40000"].map(bulk);
        Value::Array(vec![bulk(&format!("{epoch}-{offset}")), Value::Array(fields.to_vec())])
    }

    fn epoch(epoch: u64, offset: u64, kind: EpochKind) -> Epoch {
        Epoch { start: Cursor::new(epoch, offset), kind }
    }

    /// A position after `5-10`, of epochs 5 and 7, when the log ended at `7-20`.
    fn position() -> Position {
        Position {
            read: Cursor::new(5, 10),
            last: Cursor::new(5, 10),
            epochs: vec![epoch(5, 1, EpochKind::Fence), epoch(7, 15, EpochKind::Fence)],
            known_to: Cursor::new(7, 20),
            loaded: Some(Cursor::new(5, 12)),
            clock: (100_000, Instant::now()),
            rewound: None,
        }
    }

    /// The cursors of the records and fences of each step.
    fn cursors(position: &mut Position, entries: Vec<Value>) -> Vec<(&'static str, Vec<(u64, u64)>)> {
        let steps = position.steps(entries).unwrap().steps;
        let at = |cursor: Cursor| (cursor.epoch(), cursor.offset());
        let steps = steps.into_iter().map(|(step, note)| {
            let noted: Vec<_> = note.iter().map(|noted| at(noted.cursor)).collect();
            match step {
                Step::Records(records) => {
                    assert!(records.iter().map(|record| at(record.cursor)).eq(noted.iter().copied()));
                    ("records", noted)
                }
                Step::Epoch { epoch, table } => {
                    assert!(table.contains(&epoch) && noted == [at(epoch.start)]);
                    ("epoch", noted)
                }
                Step::Alive | Step::CaughtUp => ("report", noted),
            }
        });
        steps.collect()
    }

    #[test]
    fn a_fence_separates_the_records_before_and_after_it() {
        let entries = vec![entry(5, 11, "-"), entry(5, 12, "-"), entry(7, 15, "fence"), entry(7, 16, "-")];
        let mut position = position();
        let expected = [("records", vec![(5, 11), (5, 12)]), ("epoch", vec![(7, 15)]), ("records", vec![(7, 16)])];
        assert_eq!(cursors(&mut position, entries), expected);
        assert_eq!((position.last, position.rewound), (Cursor::new(7, 16), None));
    }

    #[test]
    fn an_epoch_whose_fence_is_gone_begins_before_its_first_record() {
        let mut position = position();
        let expected = [("epoch", vec![(7, 15)]), ("records", vec![(7, 18)])];
        assert_eq!(cursors(&mut position, vec![entry(7, 18, "-")]), expected);
    }

    #[test]
    fn an_epoch_without_entries_begins_when_nothing_else_follows() {
        let mut position = position();
        let missing = position.missing_epoch();
        assert!(matches!(missing, Some(Step::Epoch { epoch, .. }) if epoch.start == Cursor::new(7, 15)));
        assert_eq!(position.missing_epoch(), None);
    }

    #[test]
    fn an_epoch_that_no_hub_has_opened_is_skipped() {
        let mut position = position();
        assert_eq!(cursors(&mut position, vec![entry(6, 3, "-"), entry(5, 11, "-")]).len(), 1);
        assert_eq!(position.read, Cursor::new(6, 3));
        // Another node may have opened this one since.
        assert!(position.steps(vec![entry(9, 30, "-")]).is_err());
    }

    #[test]
    fn an_entry_that_claims_to_be_a_fence_within_an_epoch_takes_its_offset() {
        let mut position = position();
        let entries = vec![entry(5, 11, "fence"), entry(5, 12, "?")];
        assert_eq!(cursors(&mut position, entries), [("records", vec![(5, 11), (5, 12)])]);
    }

    #[test]
    fn the_newest_record_that_a_fence_replaces_without_a_break_is_noted() {
        for (kind, rewound) in [("fence", Some(Cursor::new(5, 10))), ("break", None)] {
            let mut position = position();
            assert_eq!(cursors(&mut position, vec![entry(9, 8, kind)]), [("epoch", vec![(9, 8)])]);
            assert_eq!(position.rewound, rewound, "{kind}");
        }
        let mut position = position();
        position.steps(vec![entry(9, 8, "fence"), entry(11, 7, "fence")]).unwrap();
        assert_eq!(position.rewound, Some(Cursor::new(5, 10)), "the first one replaces more");
        let mut position = self::position();
        position.steps(vec![entry(9, 8, "fence"), entry(11, 9, "break")]).unwrap();
        assert_eq!(position.rewound, None, "a break follows");
    }

    #[test]
    fn only_the_records_of_the_loaded_window_have_an_age() {
        let mut position = position();
        let steps = position.steps(vec![entry(5, 12, "-"), entry(5, 13, "-")]).unwrap().steps;
        let Some((Step::Records(records), _)) = steps.front() else { panic!("{steps:?}") };
        let ages: Vec<_> = records.iter().map(|record| record.age.as_secs()).collect();
        assert!((60..70).contains(&ages[0]) && ages[1] == 0, "{ages:?}");
    }
}
