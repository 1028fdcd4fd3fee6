//! The topics that are over.

use std::{collections::VecDeque, time::Duration};

use crate::{Cursor, slab::Key, window::Tick};

/// The record that ended a topic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Over {
    pub(crate) cursor: Cursor,
    pub(crate) by: OverBy,
}

/// The kind of record that ended a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OverBy {
    TerminalEvent,
    End,
}

/// The records that ended topics, oldest first. They are remembered for longer than they are held, but for a limited
/// time and up to a limited number. A topic that was reopened remains in the list, so its entry has to be compared
/// with the state of the topic.
#[derive(Debug, Default)]
pub(crate) struct Endings(VecDeque<Ending>);

#[derive(Clone, Copy, Debug)]
struct Ending {
    topic: Key,
    cursor: Cursor,
    at: Tick,
}

impl Endings {
    /// Adds a record, which is newer than all others.
    pub(crate) fn push(&mut self, topic: Key, cursor: Cursor, at: Tick) {
        self.0.push_back(Ending { topic, cursor, at });
    }

    /// Returns whether a record is remembered.
    pub(crate) fn contains(&self, cursor: Cursor) -> bool {
        self.0.binary_search_by_key(&cursor, |ending| ending.cursor).is_ok()
    }

    /// Forgets the records from an offset on, and returns their topics.
    pub(crate) fn remove_from(&mut self, offset: u64) -> impl Iterator<Item = Key> + use<> {
        let kept = self.0.partition_point(|ending| ending.cursor.offset() < offset);
        self.0.split_off(kept).into_iter().map(|ending| ending.topic)
    }

    /// Removes and returns the oldest record if it is older than `age`, or if more than `max` are remembered.
    pub(crate) fn pop_expired(&mut self, max: usize, age: Duration, now: Tick) -> Option<(Key, Cursor)> {
        let is_expired = self.0.len() > max || self.0.front()?.at.is_older(age, now);
        let Ending { topic, cursor, .. } = is_expired.then(|| self.0.pop_front())??;
        if self.0.len() < self.0.capacity() / 4 {
            self.0.shrink_to(self.0.len() * 2);
        }
        Some((topic, cursor))
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_forgotten_by_age_by_number_and_by_a_rewind() {
        let key = |raw| Key::from_raw(raw).unwrap();
        let at = |offset| Cursor::new(1, offset);
        let mut endings = Endings::default();
        for offset in 1..=6 {
            endings.push(key(u32::try_from(offset).unwrap()), at(offset), Tick::default());
        }
        let age = Duration::from_secs(60);
        assert_eq!(endings.pop_expired(5, age, Tick::default()), Some((key(1), at(1))));
        assert_eq!(endings.pop_expired(5, age, Tick::default()), None);
        assert!(!endings.contains(at(1)) && endings.contains(at(2)));
        assert_eq!(endings.remove_from(5).collect::<Vec<_>>(), [key(5), key(6)]);
        assert!(!endings.contains(at(5)) && endings.contains(at(4)));
        let mut old = Endings::default();
        old.push(key(1), at(1), Tick::default().minus(age));
        assert_eq!(old.pop_expired(5, age, Tick::default()), None);
        old = Endings::default();
        old.push(key(1), at(1), Tick::default().minus(age + Duration::from_millis(8)));
        assert_eq!(old.pop_expired(5, age, Tick::default()), Some((key(1), at(1))));
    }
}
