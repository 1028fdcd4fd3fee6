//! How old a stream may become.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// A tenth of the age is left to chance: streams that began together must not end together, or their clients would
/// all connect again at once.
const CHANCE: u32 = 10;

/// Waits for between nine tenths of the age and the age.
pub(crate) async fn reached(most: Duration) {
    tokio::time::sleep(jittered(most, random())).await;
}

/// The age less a part of its last tenth.
fn jittered(most: Duration, random: u16) -> Duration {
    let part = most / CHANCE / u32::from(u16::MAX) * u32::from(random);
    most.saturating_sub(part)
}

/// Good enough to spread load: the standard library seeds its hashers at random.
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
        let most = Duration::from_secs(100);
        assert_eq!(jittered(most, 0), most);
        let least = jittered(most, u16::MAX);
        assert!(least < Duration::from_millis(90_001), "{least:?}");
        for most in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
            for random in [0, 1, u16::MAX / 2, u16::MAX] {
                let age = jittered(most, random);
                assert!(age <= most && most.saturating_sub(age) <= most / CHANCE, "{age:?} of {most:?}");
            }
        }
    }

    #[test]
    fn streams_that_begin_together_draw_different_ages() {
        let drawn: HashSet<u16> = (0..100).map(|_| random()).collect();
        assert!(drawn.len() > 90, "{} of 100", drawn.len());
    }
}
