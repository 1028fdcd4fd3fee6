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

/// Lets all runners run once to get warm, then `rounds` times, every second round in reverse order.
///
/// Returns the median time of each.
pub fn race(rounds: usize, runners: &mut [Runner<'_>]) -> Vec<Duration> {
    let mut times = vec![Vec::with_capacity(rounds); runners.len()];
    for run in runners.iter_mut() {
        run();
    }
    for round in 0..rounds {
        let mut entries: Vec<_> = runners.iter_mut().zip(&mut times).collect();
        if round % 2 == 1 {
            entries.reverse();
        }
        for (run, times) in entries {
            let start = thread_time();
            run();
            times.push(thread_time().saturating_sub(start));
        }
    }
    times.into_iter().map(median).collect()
}

/// The one in the middle.
#[must_use]
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How many times shorter `own` is than `other`.
#[must_use]
pub fn times_faster(own: Duration, other: Duration) -> f64 {
    other.as_secs_f64() / own.as_secs_f64()
}
