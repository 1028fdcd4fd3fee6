//! Where decoders put their events.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Takes the events of a decoder.
pub trait Sink: Default {
    /// One event: its type, its data and the last event ID, empty where there is none.
    fn event(&mut self, event: &str, data: &str, id: &str);
}

/// Adds up lengths: what a timed run does with its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many events there were.
    pub events: usize,
    /// The bytes of their types, data and IDs.
    pub bytes: usize,
}

impl Sink for Tally {
    #[inline]
    fn event(&mut self, event: &str, data: &str, id: &str) {
        self.events += 1;
        self.bytes += event.len() + data.len() + id.len();
    }
}

/// Remembers every byte: what a checked run does with its events.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    tally: Tally,
    hasher: DefaultHasher,
}

impl Digest {
    /// How many events there were, and how many bytes they had.
    #[must_use]
    pub const fn tally(&self) -> Tally {
        self.tally
    }
}

impl Sink for Digest {
    fn event(&mut self, event: &str, data: &str, id: &str) {
        self.tally.event(event, data, id);
        (event, data, id).hash(&mut self.hasher);
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.tally == other.tally && self.hasher.finish() == other.hasher.finish()
    }
}

impl Eq for Digest {}
