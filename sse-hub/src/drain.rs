//! Draining: ends all subscriptions evenly over a period.

use std::time::Duration;

use sse_core::SseEvent;
use tokio::time::{Instant, sleep_until};

use crate::{Hub, state::Phase, trace};

/// The time between two groups of ended subscriptions.
const STEP: Duration = Duration::from_millis(50);

impl<E: SseEvent> Hub<E> {
    /// Ends all subscriptions evenly over a period, so that their clients do not all reconnect at once. New
    /// subscriptions are refused from this call on, while publishing continues. Call this before the server shuts down.
    ///
    /// Each stream ends as if it were complete. Its client then reconnects with its last event ID, to another node if
    /// the load balancer no longer routes to this one.
    ///
    /// If the future is dropped, the remaining subscriptions continue, but new ones are still refused.
    ///
    /// # Panics
    ///
    /// Panics if there is no Tokio runtime with the time driver enabled.
    pub async fn drain(&self, over: Duration) {
        let start = Instant::now();
        let total = {
            let mut locked = self.shared.lock();
            locked.state.phase = locked.state.phase.max(Phase::Draining);
            let total = locked.state.waiters.readers();
            locked.finish();
            total
        };
        trace::draining(total);
        let steps = u32::try_from(over.as_millis() / STEP.as_millis()).unwrap_or(u32::MAX).max(1);
        let mut next = 0;
        let mut dismissed = 0;
        for step in 1..=steps {
            if step > 1 {
                sleep_until(start + over * (step - 1) / steps).await;
            }
            // Round up, so that the last step ends the last one.
            let due = (total as u64 * u64::from(step)).div_ceil(u64::from(steps));
            let due = usize::try_from(due).unwrap_or(total);
            let mut locked = self.shared.lock();
            let (after, slice) = locked.state.waiters.dismiss(next, due.saturating_sub(dismissed));
            locked.finish();
            drop(slice);
            (next, dismissed) = (after, due);
        }
    }
}
