//! The idle timeout: how long a server may be silent.

use std::{
    task::{Context, Poll, ready},
    time::Duration,
};

use crate::clock::{Instant, Timer, deadline};

/// Detects that nothing arrives while the caller waits.
///
/// The time runs only while the caller waits: it starts when nothing is there to read, and the next arrival ends it.
/// When the time is over, the body gets one last look. If the thread was busy for a while, bytes may be waiting in the
/// socket, because hyper could not read either.
///
/// One timer serves the whole connection. An arrival only clears the deadline; the timer is set again when it goes off,
/// not with each chunk.
#[derive(Debug)]
pub(crate) struct Idle {
    limit: Duration,
    timer: Timer,
    /// The time at which the silence is too long, or `None` after an arrival.
    deadline: Option<Instant>,
    /// Whether the last look has begun.
    last_look: bool,
}

/// How long the last look takes: enough for hyper to read what is there.
const LAST_LOOK: Duration = Duration::from_millis(50);

impl Idle {
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit, timer: Timer::after(limit), deadline: None, last_look: false }
    }

    pub(crate) const fn limit(&self) -> Duration {
        self.limit
    }

    /// Records that something arrived.
    pub(crate) const fn arrived(&mut self) {
        self.deadline = None;
        self.last_look = false;
    }

    /// Waits until nothing has arrived for too long. Called when nothing is there to read.
    pub(crate) fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let end = *self.deadline.get_or_insert_with(|| deadline(self.limit));
            ready!(self.timer.poll(cx));
            if self.timer.is_before(end) {
                self.timer.reset(end);
            } else if self.last_look {
                return Poll::Ready(());
            } else {
                self.last_look = true;
                let end = deadline(LAST_LOOK);
                self.deadline = Some(end);
                self.timer.reset(end);
            }
        }
    }
}
