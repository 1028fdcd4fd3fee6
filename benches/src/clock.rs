//! CPU time of the current thread, and races measured in it.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// Returns the CPU time used by the current thread. It does not advance while other threads have the CPU.
#[must_use]
pub fn thread_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// A contender in a [`race`]. Each call does the whole work once.
pub type Runner<'a> = Box<dyn FnMut() + 'a>;

/// The times of one contender, one per round.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Returns the median.
    #[must_use]
    pub fn median(&self) -> Duration {
        median(self.0.clone())
    }

    /// Returns the median over the rounds of the ratio of `other` to these times; see [`per_round`].
    #[must_use]
    pub fn share_of(&self, other: &Self) -> f64 {
        per_round([self, other], |[own, other]| other / own)
    }
}

/// Calculates a figure from the times of each round, in seconds, and returns the median.
///
/// A disturbance of the machine that lasts longer than a round slows down all contenders, and does not change a ratio.
pub fn per_round<const N: usize>(times: [&Times; N], figure: impl Fn([f64; N]) -> f64) -> f64 {
    let rounds = times.iter().map(|times| times.0.len()).min().unwrap_or_default();
    let seconds = |round: usize| times.map(|times| times.0.get(round).copied().unwrap_or_default().as_secs_f64());
    let mut figures: Vec<_> = (0..rounds).map(|round| figure(seconds(round))).collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

/// Runs every runner once as a warm-up, then times all of them for `rounds` rounds, every second one in reverse order.
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

/// Returns the median of the times.
#[must_use]
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
