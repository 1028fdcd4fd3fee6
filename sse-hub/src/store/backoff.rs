//! The time between attempts to reach a store.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// Doubling times with full jitter, from 100 ms to 2 s. A longer limit would delay publishes after a
/// short failure of the store by more than it spares the store.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    attempts: u32,
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(100);
    const MAX: Duration = Duration::from_secs(2);

    /// Returns the time to wait before the next attempt.
    pub(crate) fn next(&mut self) -> Duration {
        let limit = Self::FIRST.saturating_mul(1 << self.attempts.min(10)).min(Self::MAX);
        self.attempts += 1;
        // Each `RandomState` has its own random keys, so no crate for random numbers is needed.
        let random = RandomState::new().hash_one(self.attempts) % 1000;
        limit.mul_f64(f64::from(u16::try_from(random).unwrap_or_default()) / 1000.0)
    }

    pub(crate) fn reset(&mut self) {
        self.attempts = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_doubles_up_to_its_limit() {
        let mut backoff = Backoff::default();
        for limit in [100, 200, 400, 800, 1600, 2000, 2000, 2000] {
            assert!(backoff.next() < Duration::from_millis(limit));
        }
    }
}
