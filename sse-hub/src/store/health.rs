//! The health of the connection between a hub and its store.

use std::time::Duration;

/// The health of the connection between a hub and its store, for example for the readiness check of a load balancer.
///
/// ```
/// use sse_hub::{Hub, Options};
/// # use sse_core::{Gap, SseEvent};
/// # #[derive(SseEvent)]
/// # enum Score { Goal(u8), Resync(Gap) }
///
/// let hub: Hub<Score> = Hub::memory(Options::new());
/// assert!(hub.health().is_ready());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Health {
    /// The time since the store last answered a read of its tail. An error is not an answer. Zero for a hub in memory.
    pub tail: Duration,
    /// The time since the store last answered on its other connection, to within a second. Zero if there is none.
    pub silence: Duration,
    /// The time since appends began to fail, or `None` if the last one succeeded.
    pub appends_failing: Option<Duration>,
}

impl Health {
    /// The maximum time without an answer for which a hub is ready.
    pub const MAX_SILENCE: Duration = Duration::from_secs(8);

    pub(crate) const fn new(tail: Duration, silence: Duration, appends_failing: Option<Duration>) -> Self {
        Self { tail, silence, appends_failing }
    }

    /// Returns whether the hub should receive new subscriptions, which is the case if the store has answered within
    /// [`MAX_SILENCE`](Self::MAX_SILENCE) on all its connections. A hub that is not ready continues to serve the events
    /// that it holds.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.tail <= Self::MAX_SILENCE && self.silence <= Self::MAX_SILENCE
    }
}
