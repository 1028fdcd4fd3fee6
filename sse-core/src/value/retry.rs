//! The reconnection time.

use core::{fmt, time::Duration};

/// A reconnection time: how long a client waits before it reconnects, in whole milliseconds.
///
/// ```
/// use std::time::Duration;
///
/// use sse_core::Retry;
///
/// const SLOW: Retry = Retry::from_millis(30_000);
/// assert_eq!(SLOW.as_duration(), Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Retry(u64);

impl Retry {
    /// Creates a reconnection time from milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Returns the time in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns the time as a `Duration`.
    #[must_use]
    pub const fn as_duration(self) -> Duration {
        Duration::from_millis(self.0)
    }

    /// Parses the value of a `retry` line. Returns `None` if the value is not one or more ASCII digits, in which case
    /// the line is ignored (section 9.2.6, "If the field name is `retry`"). A number that is too large saturates.
    pub(crate) fn parse(value: &[u8]) -> Option<Self> {
        if value.is_empty() {
            return None;
        }
        value
            .iter()
            .try_fold(0_u64, |millis, byte| {
                let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
                Some(millis.saturating_mul(10).saturating_add(digit))
            })
            .map(Self)
    }
}

/// Rounds down to whole milliseconds. A duration that is too long saturates.
impl From<Duration> for Retry {
    fn from(time: Duration) -> Self {
        Self(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
    }
}

impl From<Retry> for Duration {
    fn from(retry: Retry) -> Self {
        retry.as_duration()
    }
}

/// Writes the number of milliseconds, as on the wire.
impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
