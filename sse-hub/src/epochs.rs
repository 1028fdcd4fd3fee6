//! The table of epochs, which maps offsets to epochs.

use crate::Cursor;

/// An epoch of a log: one incarnation of its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch {
    /// The cursor of the first record of the epoch, which is its fence.
    pub start: Cursor,
    /// The kind, which is whether records before the epoch were lost.
    pub kind: EpochKind,
}

/// The kind of an [`Epoch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochKind {
    /// The log continues without a loss.
    Fence,
    /// The log continues after records that are known to be lost.
    Break,
}

/// The known epochs, oldest first. An epoch owns the offsets from its start to the start of the next epoch. If a later
/// epoch starts below it, the records from there on were lost, and it owns nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Epochs(Vec<Epoch>);

impl Epochs {
    /// The minimum number of epochs to keep, even if the window does not reach into them.
    const KEPT: usize = 1024;

    pub(crate) fn new(mut table: Vec<Epoch>) -> Self {
        table.sort_unstable_by_key(|epoch| epoch.start.epoch());
        table.dedup_by_key(|epoch| epoch.start.epoch());
        Self(table)
    }

    /// Adds the epochs that a store has read, and forgets the oldest ones that own no offset from `oldest` on.
    pub(crate) fn merge(&mut self, table: &[Epoch], oldest: u64) {
        let mut all = std::mem::take(&mut self.0);
        all.extend_from_slice(table);
        *self = Self::new(all);
        let surplus = self.0.len().saturating_sub(Self::KEPT);
        let needed = self.owner_index(oldest).unwrap_or(0);
        self.0.drain(..surplus.min(needed));
    }

    /// Returns the epochs after `after` up to `until` that are still in the log, oldest first. An epoch is not if a later
    /// one starts at or below its start.
    pub(crate) fn between(&self, after: u64, until: u64) -> Vec<Epoch> {
        let mut lowest = u64::MAX;
        let newest_first = self.0.iter().rev().skip_while(|epoch| epoch.start.epoch() > until);
        let mut between: Vec<_> = newest_first
            .take_while(|epoch| epoch.start.epoch() > after)
            .filter(|epoch| {
                let is_replaced = epoch.start.offset() >= lowest;
                lowest = lowest.min(epoch.start.offset());
                !is_replaced
            })
            .copied()
            .collect();
        between.reverse();
        between
    }

    pub(crate) fn knows(&self, epoch: u64) -> bool {
        self.start(epoch).is_some()
    }

    /// Returns the start of an epoch.
    pub(crate) fn start(&self, epoch: u64) -> Option<Cursor> {
        let index = self.0.binary_search_by_key(&epoch, |epoch| epoch.start.epoch()).ok()?;
        Some(self.0.get(index)?.start)
    }

    /// Returns the first record of the log after `cursor` if a later epoch starts at or below the offset of `cursor`,
    /// so that the record at `cursor` is no longer in the log. The returned record is the start of an epoch.
    pub(crate) fn rewound(&self, cursor: Cursor) -> Option<Cursor> {
        let after = self.0.partition_point(|epoch| epoch.start.epoch() <= cursor.epoch());
        let later = self.0.iter().skip(after).map(|epoch| epoch.start);
        // An epoch that replaces `cursor` may itself be replaced by a later one.
        let last = later.fold(cursor, |at, start| if start.offset() <= at.offset() { start } else { at });
        (last != cursor).then_some(last)
    }

    /// Returns the epoch that owns an offset: the newest one that starts at or below it.
    pub(crate) fn owner(&self, offset: u64) -> Option<u64> {
        Some(self.0.get(self.owner_index(offset)?)?.start.epoch())
    }

    fn owner_index(&self, offset: u64) -> Option<usize> {
        self.0.iter().rposition(|epoch| epoch.start.offset() <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epochs(starts: &[(u64, u64)]) -> Epochs {
        let fence = |&(epoch, offset)| Epoch { start: Cursor::new(epoch, offset), kind: EpochKind::Fence };
        Epochs::new(starts.iter().map(fence).collect())
    }

    #[test]
    fn the_newest_epoch_that_starts_at_or_below_an_offset_owns_it() {
        // Epoch 3 starts below the start of epoch 2, so epoch 2 owns nothing.
        let epochs = epochs(&[(1, 0), (2, 100), (3, 90), (4, 120)]);
        let owners = [(0, 1), (89, 1), (90, 3), (100, 3), (119, 3), (120, 4), (u64::MAX, 4)];
        for (offset, owner) in owners {
            assert_eq!(epochs.owner(offset), Some(owner), "{offset}");
        }
        assert_eq!(self::epochs(&[(5, 10)]).owner(9), None);
    }

    #[test]
    fn a_cursor_is_rewound_if_a_later_epoch_starts_at_or_below_it() {
        let epochs = epochs(&[(1, 0), (2, 100), (3, 90)]);
        for (cursor, start) in [
            ((1, 89), None),
            ((1, 90), Some((3, 90))),
            ((1, 100), Some((3, 90))),
            ((2, 100), Some((3, 90))),
            ((3, 500), None),
        ] {
            let rewound = epochs.rewound(Cursor::new(cursor.0, cursor.1));
            assert_eq!(rewound, start.map(|(epoch, offset)| Cursor::new(epoch, offset)), "{cursor:?}");
        }
    }

    #[test]
    fn the_epochs_between_two_are_those_that_no_later_one_replaces() {
        let epochs = epochs(&[(1, 0), (2, 100), (3, 120), (4, 110), (5, 130)]);
        let between =
            |after, until| epochs.between(after, until).iter().map(|epoch| epoch.start.epoch()).collect::<Vec<_>>();
        assert_eq!((between(1, 5), between(1, 3), between(4, 5)), (vec![2, 4, 5], vec![2, 3], vec![5]));
        assert!(between(5, 5).is_empty());
    }

    #[test]
    fn old_epochs_are_forgotten_when_the_window_has_left_them() {
        let starts: Vec<_> = (1..=3000).map(|epoch| (epoch, epoch * 10)).collect();
        let mut table = epochs(&starts);
        table.merge(&[], 29_995);
        assert!(table.0.len() == 1024 && table.knows(3000) && !table.knows(1976));
        let mut table = epochs(&starts);
        table.merge(&[], 105);
        assert!(table.knows(10) && !table.knows(9));
    }
}
