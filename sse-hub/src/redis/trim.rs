//! The oldest record that is kept in the log, computed from what the tail has read.

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;

use crate::{Cursor, Window};

/// The number of records from one mark to the next. The log is trimmed by that many at a time.
const STRIDE: u64 = 256;

/// The number of bytes from one mark to the next, if the records are large.
const STRIDE_BYTES: u64 = 1 << 20;

/// Marks at regular distances in the log.
#[derive(Debug, Default)]
pub(super) struct Horizon {
    marks: VecDeque<Mark>,
    newest: Option<Cursor>,
    /// The bytes of all records that were read.
    bytes: u64,
    records: u64,
}

/// A record, and what was read before it.
#[derive(Clone, Copy, Debug)]
struct Mark {
    cursor: Cursor,
    records: u64,
    bytes: u64,
    at: Instant,
}

impl Horizon {
    /// Adds the next record. A record that was already added is ignored.
    pub(super) fn push(&mut self, cursor: Cursor, bytes: usize, age: Duration, now: Instant) {
        if self.newest.is_some_and(|newest| cursor <= newest) {
            return;
        }
        self.newest = Some(cursor);
        // A later epoch may replace records.
        while let Some(lost) = self.marks.back().filter(|mark| mark.cursor.offset() >= cursor.offset()) {
            (self.records, self.bytes) = (lost.records, lost.bytes);
            self.marks.pop_back();
        }
        let is_due = self
            .marks
            .back()
            .is_none_or(|mark| self.records - mark.records >= STRIDE || self.bytes - mark.bytes >= STRIDE_BYTES);
        if is_due {
            let at = now.checked_sub(age).unwrap_or(now);
            self.marks.push_back(Mark { cursor, records: self.records, bytes: self.bytes, at });
        }
        self.records += 1;
        self.bytes += bytes as u64;
    }

    /// Returns the oldest record to keep. A window is covered by the marks, so what is kept is up to one stride more than
    /// the window.
    pub(super) fn oldest(&mut self, window: Window, now: Instant) -> Option<Cursor> {
        // A mark is left when the next one is already beyond a bound, so that no record of the window is trimmed.
        while let Some(next) = self.marks.get(1) {
            let is_beyond = self.records - next.records > window.max_events() as u64
                || self.bytes - next.bytes > window.max_bytes() as u64
                || now.duration_since(next.at) > window.max_age();
            if !is_beyond {
                break;
            }
            self.marks.pop_front();
        }
        self.marks.front().map(|mark| mark.cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(records: u64, bytes: usize, now: Instant) -> Horizon {
        let mut horizon = Horizon::default();
        for offset in 1..=records {
            horizon.push(Cursor::new(5, offset), bytes, Duration::ZERO, now);
        }
        horizon
    }

    #[test]
    fn nothing_is_trimmed_below_the_bounds() {
        let now = Instant::now();
        assert_eq!(Horizon::default().oldest(Window::new(), now), None);
        let mut horizon = filled(5000, 100, now);
        assert_eq!(horizon.oldest(Window::new(), now), Some(Cursor::new(5, 1)));
    }

    #[test]
    fn each_bound_keeps_the_window_and_at_most_two_strides_more() {
        let now = Instant::now();
        for window in [Window::new().events(1000), Window::new().bytes(100_000)] {
            let oldest = filled(5000, 100, now).oldest(window, now).unwrap().offset();
            assert!((4001 - 2 * STRIDE..=4001).contains(&oldest), "{oldest}");
        }
    }

    #[test]
    fn large_records_are_kept_by_their_bytes() {
        let now = Instant::now();
        let window = Window::new().bytes(8 << 20);
        let oldest = filled(100, 1 << 20, now).oldest(window, now).unwrap().offset();
        // Eight records, and at most two strides more.
        assert!((91..=93).contains(&oldest), "{oldest}");
    }

    #[test]
    fn old_records_are_trimmed_by_their_age_here() {
        let start = Instant::now();
        let mut horizon = filled(1000, 100, start);
        let later = start + Duration::from_secs(100);
        for offset in 1001..=2000 {
            horizon.push(Cursor::new(5, offset), 100, Duration::ZERO, later);
        }
        let window = Window::new().age(Duration::from_secs(60));
        let oldest = horizon.oldest(window, later).unwrap().offset();
        assert!((1001 - STRIDE..=1001).contains(&oldest), "{oldest}");
        // The newest mark stays, however old it is.
        let oldest = horizon.oldest(window, later + Duration::from_secs(1000)).unwrap().offset();
        assert!(oldest > 2000 - STRIDE, "{oldest}");
    }

    #[test]
    fn records_that_are_read_again_or_replaced_do_not_count() {
        let now = Instant::now();
        let window = Window::new().events(1000);
        let mut horizon = filled(1000, 100, now);
        horizon.push(Cursor::new(5, 1000), 100, Duration::ZERO, now);
        assert_eq!(horizon.records, 1000);
        for offset in 301..=1000 {
            horizon.push(Cursor::new(6, offset), 100, Duration::ZERO, now);
        }
        assert!(horizon.oldest(window, now).unwrap() == Cursor::new(5, 1), "{horizon:?}");
    }

    #[test]
    fn the_number_of_marks_is_bounded_by_the_window() {
        let now = Instant::now();
        let mut horizon = Horizon::default();
        for offset in 1..=100_000 {
            horizon.push(Cursor::new(5, offset), 100, Duration::ZERO, now);
            horizon.oldest(Window::new().events(1000), now);
        }
        assert!(horizon.marks.len() <= 6, "{}", horizon.marks.len());
    }
}
