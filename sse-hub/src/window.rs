//! The bounds of what a hub holds.

use std::time::Duration;

use tokio::time::Instant;

/// The bounds of the events that a hub holds for readers that reconnect. The oldest events are evicted as soon as any
/// bound is exceeded.
///
/// ```
/// use std::time::Duration;
///
/// use sse_hub::Window;
///
/// let window = Window::new().events(200_000).bytes(64 << 20).age(Duration::from_secs(3600));
/// assert_eq!(window.max_events(), 200_000);
/// ```
///
/// Choose the bounds by the rate of events and by how long clients may be disconnected: at 100 events per second, 60
/// 000 events cover ten minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    events: usize,
    bytes: usize,
    age: Duration,
}

impl Window {
    /// The default maximum number of events.
    pub const DEFAULT_EVENTS: usize = 100_000;
    /// The default maximum size in bytes.
    pub const DEFAULT_BYTES: usize = 64 << 20;
    /// The default maximum age.
    pub const DEFAULT_AGE: Duration = Duration::from_secs(3600);
    /// The upper limit of the maximum age. A longer age is reduced to it.
    pub const MAX_AGE: Duration = Duration::from_secs(180 * 24 * 3600);

    /// Creates the default window: 100 000 events, 64 MiB, one hour.
    #[must_use]
    pub const fn new() -> Self {
        Self { events: Self::DEFAULT_EVENTS, bytes: Self::DEFAULT_BYTES, age: Self::DEFAULT_AGE }
    }

    /// Sets the maximum number of events. The newest event is always held, because readers receive it from the window.
    #[must_use]
    pub const fn events(self, events: usize) -> Self {
        Self { events, ..self }
    }

    /// Sets the maximum size in bytes. It includes the encoded events, the names of their topics, and the memory that
    /// the hub allocates to hold them.
    #[must_use]
    pub const fn bytes(self, bytes: usize) -> Self {
        Self { bytes, ..self }
    }

    /// Sets the maximum age of an event, counted from its arrival at this node. An idle hub evicts old events on the
    /// next publish or subscription, or when a reader is polled that has found nothing three times since its last event.
    #[must_use]
    pub const fn age(self, age: Duration) -> Self {
        let age = if age.as_secs() < Self::MAX_AGE.as_secs() { age } else { Self::MAX_AGE };
        Self { age, ..self }
    }

    /// Returns the maximum number of events.
    #[must_use]
    pub const fn max_events(&self) -> usize {
        self.events
    }

    /// Returns the maximum size in bytes.
    #[must_use]
    pub const fn max_bytes(&self) -> usize {
        self.bytes
    }

    /// Returns the maximum age.
    #[must_use]
    pub const fn max_age(&self) -> Duration {
        self.age
    }
}

impl Default for Window {
    fn default() -> Self {
        Self::new()
    }
}

/// A point in time, in units of [`Tick::UNIT`] since the hub was created. It wraps around after more than a year, so
/// only differences of up to half of that are meaningful, which [`Window::MAX_AGE`] ensures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tick(u32);

impl Tick {
    const UNIT: Duration = Duration::from_millis(8);

    /// Returns whether more than `age` has passed since this tick.
    pub(crate) fn is_older(self, age: Duration, now: Self) -> bool {
        let passed = now.0.wrapping_sub(self.0);
        // Round up, so that nothing is evicted early.
        u128::from(passed) > age.as_millis().div_ceil(Self::UNIT.as_millis())
    }

    /// Returns the tick `ago` before this one.
    pub(crate) fn minus(self, ago: Duration) -> Self {
        Self(self.0.wrapping_sub(wrapped(ago)))
    }
}

fn wrapped(time: Duration) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "ticks wrap around")]
    let ticks = (time.as_millis() / Tick::UNIT.as_millis()) as u32;
    ticks
}

/// The monotonic clock of a hub. It follows Tokio's clock, which tests can pause.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(self) -> Tick {
        Tick(wrapped(self.0.elapsed()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_exceeded_not_reached_also_when_ticks_wrap_around() {
        let age = Duration::from_millis(80);
        for start in [0, u32::MAX - 4] {
            let at = Tick(start);
            assert!(!at.is_older(age, Tick(start.wrapping_add(10))));
            assert!(at.is_older(age, Tick(start.wrapping_add(11))));
            assert!(Tick(start.wrapping_add(11)).minus(age) == Tick(start.wrapping_add(1)));
        }
    }

    #[test]
    fn an_unlimited_age_is_reduced_to_the_greatest() {
        assert_eq!(Window::new().age(Duration::MAX).max_age(), Window::MAX_AGE);
    }
}
