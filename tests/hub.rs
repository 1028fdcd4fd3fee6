//! The hub across the crates: against a model, over sockets, on several nodes, and in bounds of memory.

mod against_model;
mod deploy;
mod epochs;
mod faults;
mod model;
mod publishing;
mod readers;
mod script;
mod served;
mod trace;

use sse_core::{Gap, SseEvent};

/// The events of these tests.
#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case")]
pub(crate) enum Score {
    Goal {
        number: u64,
    },
    #[sse(terminal)]
    FullTime {
        number: u64,
    },
    Resync(Gap),
    Here,
}

/// Returns the number in an environment variable.
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}
