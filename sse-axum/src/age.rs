//! The maximum age of a stream.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// The divisor for the random part of an age, which is a tenth. Streams that began together must not end together, or
/// all of their clients would reconnect at once.
const JITTER: u32 = 10;

/// Waits for a random time between nine tenths of `max` and `max`.
pub(crate) async fn reached(max: Duration) {
    tokio::time::sleep(jittered(max, random())).await;
}

/// Subtracts a part of the last tenth of `max`: nothing at 0, all of it at `u16::MAX`.
fn jittered(max: Duration, random: u16) -> Duration {
    let part = max / JITTER / u32::from(u16::MAX) * u32::from(random);
    max.saturating_sub(part)
}

/// Returns a number that is random enough to spread load: the standard library seeds its hashers at random.
fn random() -> u16 {
    let [a, b, ..] = RandomState::new().hash_one(0_u8).to_le_bytes();
    u16::from_le_bytes([a, b])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_stream_ends_within_the_last_tenth_of_its_age() {
        let max = Duration::from_secs(100);
        assert_eq!(jittered(max, 0), max);
        let min = jittered(max, u16::MAX);
        assert!(min < Duration::from_millis(90_001), "{min:?}");
        for max in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            for random in [0, 1, u16::MAX / 2, u16::MAX] {
                let age = jittered(max, random);
                assert!(age <= max && max.saturating_sub(age) <= max / JITTER, "{age:?} of {max:?}");
            }
        }
    }

    #[test]
    fn streams_that_begin_together_get_different_ages() {
        let drawn: HashSet<u16> = (0..100).map(|_| random()).collect();
        assert!(drawn.len() > 90, "{} of 100", drawn.len());
    }
}
