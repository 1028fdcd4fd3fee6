//! The log: the held records, and the cursors of their positions.
//!
//! A *sequence number* counts the records that this node has applied. It is consecutive even if the offsets are not, so
//! it is the position in memory. Readers are sent cursors. The two differ only at epochs and holes, so a short list of
//! runs converts between them.

use std::collections::VecDeque;

use crate::{
    Cursor,
    epochs::{Epoch, EpochKind, Epochs},
    losses::Losses,
    records::{Held, Kind, Records},
};

#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) epochs: Epochs,
    records: Records,
    /// The sequence number of the oldest held record.
    first: u64,
    /// Records with consecutive offsets within one epoch, oldest first. The first run covers the record before the
    /// oldest held one.
    runs: VecDeque<Run>,
    losses: Losses,
    /// Changes when epochs, losses or truncations make the positions of readers invalid.
    version: u64,
    bytes: usize,
    /// The newest event that was evicted, or the start of the log.
    evicted: Cursor,
    /// Its sequence number, or zero.
    evicted_seq: u64,
    /// The newest evicted record that may be a control record.
    evicted_control: Cursor,
}

/// A run of records with consecutive cursors.
#[derive(Clone, Copy, Debug)]
struct Run {
    seq: u64,
    cursor: Cursor,
}

/// The outcome of [`Log::admit`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// The record is the next one.
    Next,
    /// The record is the next one after missing records.
    AfterHole,
    /// The record was already applied, or belongs to an epoch that does not own its offset.
    Stale,
    /// The epoch is unknown, so the epochs have to be read again.
    UnknownEpoch,
}

/// The size of a record in memory in addition to its bytes and the names of its topics: the record itself, its entry in
/// the list of a topic, and the shared header of its bytes.
const RECORD_OVERHEAD: usize = 96;

impl Log {
    /// Creates a log whose next record follows `start`.
    pub(crate) fn new(epochs: Epochs, start: Cursor) -> Self {
        Self {
            epochs,
            records: Records::default(),
            first: 1,
            runs: VecDeque::from([Run { seq: 0, cursor: start }]),
            losses: Losses::default(),
            version: 0,
            bytes: 0,
            evicted: start,
            evicted_seq: 0,
            evicted_control: start,
        }
    }

    /// Forgets everything, for a log whose next record follows `start`.
    pub(crate) fn restart(&mut self, epochs: Epochs, start: Cursor) {
        *self = Self { version: self.version + 1, ..Self::new(epochs, start) };
    }

    /// Returns the sequence number of the newest record.
    pub(crate) const fn tip_seq(&self) -> u64 {
        self.first + self.records.len() as u64 - 1
    }

    /// Returns the sequence number of the oldest held record, or of the next record if none is held.
    pub(crate) const fn first(&self) -> u64 {
        self.first
    }

    pub(crate) const fn len(&self) -> usize {
        self.records.len()
    }

    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) const fn version(&self) -> u64 {
        self.version
    }

    pub(crate) const fn evicted(&self) -> Cursor {
        self.evicted
    }

    /// Returns the sequence number of the newest event that was evicted, or zero.
    pub(crate) const fn evicted_seq(&self) -> u64 {
        self.evicted_seq
    }

    pub(crate) const fn evicted_control(&self) -> Cursor {
        self.evicted_control
    }

    /// Returns the cursors after which the log is complete again, of all known losses.
    pub(crate) fn losses(&self) -> &[Cursor] {
        self.losses.ends()
    }

    pub(crate) fn tip(&self) -> Cursor {
        self.cursor(self.tip_seq())
    }

    /// Returns the cursor before the oldest held record, or the tip if none is held.
    pub(crate) fn oldest(&self) -> Cursor {
        self.before(self.first)
    }

    /// Returns the cursor before a record: that of the record before it, or the end of the hole between them.
    pub(crate) fn before(&self, seq: u64) -> Cursor {
        let before = self.cursor(seq - 1);
        if seq > self.tip_seq() { before } else { self.end_of_hole(before, self.cursor(seq)) }
    }

    /// Returns the last cursor of the hole between two records, or the first of them if no record is missing.
    fn end_of_hole(&self, before: Cursor, next: Cursor) -> Cursor {
        let offset = next.offset().saturating_sub(1);
        if offset <= before.offset() {
            return before;
        }
        let epoch = self.epochs.owner(offset).unwrap_or_default();
        Cursor::new(epoch.max(before.epoch()), offset)
    }

    pub(crate) fn get(&self, seq: u64) -> Option<&Held> {
        self.records.get(usize::try_from(seq.checked_sub(self.first)?).ok()?)
    }

    /// Returns the cursor at a sequence number from that of [`oldest`](Self::oldest) on.
    pub(crate) fn cursor(&self, seq: u64) -> Cursor {
        let is_before = |run: &&Run| run.seq <= seq;
        // Almost always the last run, which is found faster without an iterator.
        let run = self.runs.back().filter(is_before).or_else(|| self.runs.iter().rfind(is_before));
        run.or_else(|| self.runs.front()).map_or(Cursor::new(0, 0), |run| at(run.cursor, seq.saturating_sub(run.seq)))
    }

    /// Returns the sequence number of the last record at or before a cursor, but at least that of the record before the
    /// oldest held one.
    pub(crate) fn seq(&self, cursor: Cursor) -> u64 {
        let Some(index) = self.runs.iter().rposition(|run| run.cursor <= cursor) else { return self.first - 1 };
        let Some(run) = self.runs.get(index) else { return self.first - 1 };
        let last = self.runs.get(index + 1).map_or(self.tip_seq(), |next| next.seq - 1);
        let passed =
            if cursor.epoch() == run.cursor.epoch() { cursor.offset() - run.cursor.offset() } else { u64::MAX };
        run.seq.saturating_add(passed).min(last).max(self.first - 1)
    }

    /// Returns how a record that a store yields fits the end of the log.
    pub(crate) fn admit(&self, cursor: Cursor) -> Admission {
        let tip = self.tip();
        if cursor <= tip {
            return Admission::Stale;
        }
        if !self.epochs.knows(cursor.epoch()) {
            return Admission::UnknownEpoch;
        }
        if cursor.offset() <= tip.offset() || self.epochs.owner(cursor.offset()) != Some(cursor.epoch()) {
            return Admission::Stale;
        }
        if cursor.offset() == tip.offset() + 1 { Admission::Next } else { Admission::AfterHole }
    }

    /// Marks all records between the tip and the record at `next` as missing.
    pub(crate) fn skip_to(&mut self, next: Cursor) {
        self.losses.push(self.tip(), self.end_of_hole(self.tip(), next));
        self.version += 1;
    }

    /// Appends a record, whose cursor is above the tip.
    pub(crate) fn push(&mut self, cursor: Cursor, record: Held, names: usize) {
        let seq = self.tip_seq() + 1;
        if at(self.tip(), 1) != cursor {
            self.runs.push_back(Run { seq, cursor });
        }
        self.bytes += cost(&record, names);
        self.records.push(record);
    }

    /// Goes back to before the held records, for an epoch that begins there. No records may be held. Returns the record
    /// before that epoch.
    pub(crate) fn go_back(&mut self, epoch: Epoch) -> Cursor {
        let offset = epoch.start.offset().saturating_sub(1);
        let before = Cursor::new(self.epochs.owner(offset).unwrap_or_default(), offset);
        self.runs = VecDeque::from([Run { seq: self.first - 1, cursor: before }]);
        self.losses.cut(before);
        self.evicted = self.evicted.min(before);
        self.evicted_control = self.evicted_control.min(before);
        before
    }

    /// Learns of the epochs up to `epoch`, and returns those whose fences follow the tip. Later epochs are added when
    /// the log reaches them.
    pub(crate) fn learn(&mut self, epoch: Epoch, table: &[Epoch]) -> Vec<Epoch> {
        let oldest = self.oldest().offset();
        let known: Vec<_> = table.iter().filter(|known| known.start < epoch.start).chain([&epoch]).copied().collect();
        self.epochs.merge(&known, oldest);
        self.epochs.between(self.tip().epoch(), epoch.start.epoch())
    }

    /// Begins an epoch. Records at and after its start must already be removed.
    pub(crate) fn begin(&mut self, epoch: Epoch) {
        if epoch.kind == EpochKind::Break {
            self.losses.push(self.tip(), epoch.start);
        }
        self.version += 1;
    }

    /// Removes the newest record.
    pub(crate) fn pop_back(&mut self, names: impl FnOnce(&Held) -> usize) -> Option<(u64, Held)> {
        let seq = self.tip_seq();
        let record = self.records.pop_back()?;
        self.bytes -= cost(&record, names(&record));
        if self.runs.len() > 1 && self.runs.back().is_some_and(|run| run.seq == seq) {
            self.runs.pop_back();
        }
        self.losses.truncate(self.tip());
        self.version += 1;
        Some((seq, record))
    }

    /// Returns the oldest held record.
    pub(crate) fn front(&self) -> Option<&Held> {
        self.records.get(0)
    }

    /// Removes the oldest record.
    pub(crate) fn pop_front(&mut self, names: impl FnOnce(&Held) -> usize) -> Option<(Cursor, Held)> {
        let cursor = self.cursor(self.first);
        let record = self.records.pop_front()?;
        self.bytes -= cost(&record, names(&record));
        match record.kind() {
            Kind::Control => self.evicted_control = cursor,
            Kind::Event { .. } => {
                self.evicted = self.evicted.max(cursor);
                self.evicted_seq = self.first;
            }
        }
        self.first += 1;
        while self.runs.get(1).is_some_and(|next| next.seq < self.first) {
            self.runs.pop_front();
        }
        self.losses.trim();
        Some((cursor, record))
    }
}

fn cost(record: &Held, names: usize) -> usize {
    record.block.len() + names + RECORD_OVERHEAD
}

const fn at(start: Cursor, records: u64) -> Cursor {
    Cursor::new(start.epoch(), start.offset().saturating_add(records))
}
