//! Sinks for decoded events.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Receives the events of a decoder.
pub trait Sink: Default {
    /// Receives one event: its event name, its data, and the last event ID, or an empty string without one.
    fn event(&mut self, event: &str, data: &str, id: &str);
}

/// The sink of timed runs. Counts events and adds up their lengths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The number of events.
    pub events: usize,
    /// The total length of their names, data and IDs in bytes.
    pub bytes: usize,
}

impl Sink for Tally {
    #[inline]
    fn event(&mut self, event: &str, data: &str, id: &str) {
        self.events += 1;
        self.bytes += event.len() + data.len() + id.len();
    }
}

/// The sink of checked runs. Hashes every byte of the events, and compares equal if the events are the same.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    tally: Tally,
    hasher: DefaultHasher,
}

impl Digest {
    /// Returns the number of events and their total length.
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
