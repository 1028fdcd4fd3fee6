//! The number of entries in a read.

use crate::Options;

/// The maximum number of entries in a read.
const MAX_COUNT: usize = 1000;

/// The intended size of a read in bytes.
const READ_BYTES: usize = 4 << 20;

/// Chooses the number of entries in the next read. A server limits a read by this number only, so the size of the entries
/// is estimated from those that were read.
#[derive(Debug)]
pub(super) struct ReadSize {
    /// The estimated size of an entry.
    entry: usize,
    limit: usize,
}

impl Default for ReadSize {
    /// Until entries are read, they are assumed to be as large as the events of a hub can be.
    fn default() -> Self {
        Self { entry: Options::DEFAULT_MAX_EVENT, limit: MAX_COUNT }
    }
}

impl ReadSize {
    pub(super) fn count(&self) -> usize {
        (READ_BYTES / self.entry.max(1)).clamp(1, self.limit)
    }

    /// Notes an answer by the average size of its entries. The estimate rises at once and falls slowly.
    pub(super) fn answered(&mut self, average: usize) {
        self.entry = average.max((self.entry.saturating_mul(3).saturating_add(average)) / 4);
        self.limit = (self.limit * 2).min(MAX_COUNT);
    }

    /// Notes that an answer has not arrived in time. It may have been too large for the network.
    pub(super) fn late(&mut self) {
        self.limit = (self.count() / 2).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_has_at_most_four_mebibytes_of_entries_like_those_before() {
        let mut size = ReadSize::default();
        // The first read has at most 4 MiB of events of any size.
        assert_eq!(size.count(), 16);
        let counts: Vec<_> = (0..20)
            .map(|_| {
                size.answered(200);
                size.count()
            })
            .collect();
        assert!(counts.is_sorted() && counts[0] == 21 && counts[19] == 1000, "{counts:?}");
        size.answered(1 << 20);
        assert_eq!(size.count(), 4);
        size.answered(100 << 20);
        assert_eq!(size.count(), 1);
    }

    #[test]
    fn reads_that_are_late_are_halved_until_one_is_answered() {
        let mut size = ReadSize::default();
        (0..20).for_each(|_| size.answered(200));
        for expected in [500, 250, 125, 62, 31, 15, 7, 3, 1, 1] {
            size.late();
            assert_eq!(size.count(), expected);
        }
        size.answered(200);
        assert_eq!(size.count(), 2);
    }
}
