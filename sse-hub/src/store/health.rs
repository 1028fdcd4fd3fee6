//! Whether a hub follows its store.

use std::time::Duration;

/// How well a hub is connected to its store, for a load balancer to ask.
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
    /// The time since the store has last answered a read of its tail. An error is not an answer. Zero in memory.
    pub tail: Duration,
    /// The time for which appends have failed, or `None` if the last one succeeded.
    pub appends_failing: Option<Duration>,
}

impl Health {
    /// The time without an answer after which a hub is not ready.
    pub const MAX_SILENCE: Duration = Duration::from_secs(8);

    pub(crate) const fn new(tail: Duration, appends_failing: Option<Duration>) -> Self {
        Self { tail, appends_failing }
    }

    /// Returns whether the hub should get new subscriptions: whether the store has answered within
    /// [`MAX_SILENCE`](Self::MAX_SILENCE). A hub that is not ready goes on serving what it holds.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.tail <= Self::MAX_SILENCE
    }
}
