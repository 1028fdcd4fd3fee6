//! CPU time of this thread, and races on it.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The CPU time that this thread has used. It does not run while others have the CPU.
#[must_use]
pub fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// One contestant of a race: does the whole work once each time it is called.
pub type Runner<'a> = Box<dyn FnMut() + 'a>;

/// The times of one contestant, round by round.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// The one in the middle.
    #[must_use]
    pub fn median(&self) -> Duration {
        median(self.0.clone())
    }

    /// What share of these times `other` takes: the median of the shares within each round. What disturbs a machine for
    /// longer than a round disturbs both, and leaves the shares alone.
    #[must_use]
    pub fn share_of(&self, other: &Self) -> f64 {
        let mut shares: Vec<_> =
            self.0.iter().zip(&other.0).map(|(own, other)| other.as_secs_f64() / own.as_secs_f64()).collect();
        shares.sort_unstable_by(f64::total_cmp);
        shares.get(shares.len() / 2).copied().unwrap_or_default()
    }
}

/// Lets all runners run once to get warm, then `rounds` times, every second round in reverse order.
pub fn race(rounds: usize, runners: &mut [Runner<'_>]) -> Vec<Times> {
    let mut times = vec![Times(Vec::with_capacity(rounds)); runners.len()];
    for run in runners.iter_mut() {
        run();
    }
    for round in 0..rounds {
        let mut entries: Vec<_> = runners.iter_mut().zip(&mut times).collect();
        if round % 2 == 1 {
            entries.reverse();
        }
        for (run, Times(times)) in entries {
            let start = thread_time();
            run();
            times.push(thread_time().saturating_sub(start));
        }
    }
    times
}

/// The one in the middle.
#[must_use]
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
