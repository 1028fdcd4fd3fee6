//! Time and chance: the only file that reads a clock, sets a timer or draws a random number.

use std::{
    future::Future as _,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

pub(crate) use tokio::time::{Instant, timeout};
use tokio::time::{Sleep, sleep_until};

pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Returns the time of day, to compare with a date that a server sent.
pub(crate) fn today() -> SystemTime {
    SystemTime::now()
}

/// Returns a random number from 0 to 1.
pub(crate) fn luck() -> f64 {
    fastrand::f64()
}

/// A timer that can be set again without an allocation.
#[derive(Debug)]
pub(crate) struct Timer(Pin<Box<Sleep>>);

impl Timer {
    pub(crate) fn after(delay: Duration) -> Self {
        Self(Box::pin(sleep_until(deadline(delay))))
    }

    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().poll(cx)
    }

    /// Returns whether the timer is set to go off before `time`.
    pub(crate) fn is_before(&self, time: Instant) -> bool {
        self.0.deadline() < time
    }

    pub(crate) fn reset(&mut self, time: Instant) {
        self.0.as_mut().reset(time);
    }
}

/// Returns the instant after `delay`. A delay that the clock cannot represent is as good as a year.
pub(crate) fn deadline(delay: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
    now() + delay.min(YEAR)
}
