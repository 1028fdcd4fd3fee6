//! How long to wait before the next connection, and how many attempts to make.

use std::time::Duration;

/// The waits between the connections of an [`EventSource`](crate::EventSource), and the number of attempts after which
/// it gives up.
///
/// ```
/// use std::time::Duration;
///
/// use sse_client::{Policy, Tries};
///
/// let policy = Policy::new().base(Duration::from_secs(1)).tries(Tries::AtMost(10));
/// # assert_ne!(policy, Policy::default());
/// ```
///
/// # Waits
///
/// *Progress* is an event that the type does not ignore, even if it is unknown or cannot be decoded; a last event ID
/// that changed; or a connection that lived longer than the [`cap`](Self::cap).
///
/// - After a connection with progress, the wait is the server's `retry`, or the [`base`](Self::base) if it has sent
///   none, plus up to half of it.
/// - After the k-th attempt in a row without progress, it is a random time up to `base * 2^k`, at most the
///   [`cap`](Self::cap).
///
/// These waits are at least the server's `retry`, the `Retry-After` of a response that refused the request, and the
/// [`floor`](Self::floor). The wait after a first 401 ignores `retry`, and the one after
/// [`reconnect`](crate::EventSource::reconnect) also ignores `Retry-After`. No wait is longer than
/// [`longest`](Self::longest), which takes precedence over the server's wishes. Waits below that have a random part, so
/// that the clients of a server that restarts do not all return at the same instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Policy {
    pub(crate) tries: Tries,
    pub(crate) base: Duration,
    pub(crate) floor: Duration,
    pub(crate) cap: Duration,
    pub(crate) longest: Duration,
}

/// The number of attempts in a row that may end without progress, before the source gives up.
///
/// [`Policy`] defines progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tries {
    /// At most this number until an attempt makes progress for the first time, and then any number. A wrong host or
    /// certificate is thus reported soon, and a feed that worked is followed for as long as it takes.
    ///
    /// The default is `Initially(5)`.
    Initially(u32),
    /// At most this number, at any time.
    AtMost(u32),
    /// Any number, for a client that may be started before its server.
    Unlimited,
}

/// The wishes of the server about the next wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// The reconnection time that it sent last, in a `retry` line.
    pub(crate) retry: Option<Duration>,
    /// The `Retry-After` of the response that refused the request.
    pub(crate) retry_after: Option<Duration>,
}

/// The shortest and the longest wait that a policy can ask for.
const MIN: Duration = Duration::from_millis(1);
const MAX: Duration = Duration::from_secs(365 * 24 * 3600);

impl Policy {
    /// Creates the default policy: a base of 3 seconds, a floor of 100 ms, a cap of 30 seconds, waits of at most an
    /// hour, and [`Tries::Initially(5)`](Tries::Initially).
    pub const fn new() -> Self {
        Self {
            tries: Tries::Initially(5),
            base: Duration::from_secs(3),
            floor: Duration::from_millis(100),
            cap: Duration::from_secs(30),
            longest: Duration::from_secs(3600),
        }
    }

    /// Sets the number of attempts without progress after which the source gives up.
    pub const fn tries(self, tries: Tries) -> Self {
        Self { tries, ..self }
    }

    /// Sets the wait after a connection with progress. A `retry` of the server replaces it.
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// Sets the minimum of every wait. A floor below a millisecond counts as a millisecond.
    pub const fn floor(self, floor: Duration) -> Self {
        Self { floor, ..self }
    }

    /// Sets the maximum to which waits grow if attempts keep failing. A connection that lives longer than this counts
    /// as progress, even if it carries no event.
    ///
    /// A cap below the base counts as the base.
    pub const fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// Sets the maximum of every wait. It limits what a server can ask for with `retry` or `Retry-After`.
    ///
    /// A value below the floor counts as the floor, and one of more than a year as a year.
    pub const fn longest(self, longest: Duration) -> Self {
        Self { longest, ..self }
    }

    /// Returns whether a connection of this age is progress.
    pub(crate) fn is_long(&self, age: Duration) -> bool {
        age > self.cap
    }

    /// Returns whether the source gives up after `failures` attempts in a row without progress. `settled` is whether
    /// any attempt has made progress before.
    pub(crate) const fn gives_up(&self, failures: u32, settled: bool) -> bool {
        match self.tries {
            // Zero tries are one: the attempt has been made when this is asked.
            Tries::Initially(tries) => !settled && failures > 0 && failures >= tries,
            Tries::AtMost(tries) => failures > 0 && failures >= tries,
            Tries::Unlimited => false,
        }
    }

    /// Returns the wait after `failures` attempts in a row without progress. `luck` is a random number from 0 to 1.
    ///
    /// The low end is what the server asks for, so that neither the random part nor the cap goes below it (section
    /// 9.2.3: a client waits *at least* the reconnection time). The high end is at least half as much again, so that
    /// clients spread out even if the server names one time to all of them.
    pub(crate) fn wait(&self, failures: u32, wishes: Wishes, luck: f64) -> Duration {
        let base = wishes.retry.unwrap_or(self.base);
        let grown = base.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(self.cap.max(base));
        let (low, high) = if failures == 0 { (base, base) } else { (wishes.retry.unwrap_or_default(), grown) };
        self.between(low, high, wishes.retry_after, luck)
    }

    /// Returns the shortest wait, for an attempt that is expected to do better.
    pub(crate) fn short_wait(&self, wishes: Wishes, luck: f64) -> Duration {
        self.between(Duration::ZERO, Duration::ZERO, wishes.retry_after, luck)
    }

    fn between(&self, low: Duration, high: Duration, retry_after: Option<Duration>, luck: f64) -> Duration {
        let floor = self.floor.clamp(MIN, MAX);
        let longest = self.longest.clamp(floor, MAX);
        let low = low.max(floor).max(retry_after.unwrap_or_default()).min(longest);
        let high = high.max(low + low / 2).min(longest);
        low + high.saturating_sub(low).mul_f64(luck.clamp(0.0, 1.0))
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self::new()
    }
}
