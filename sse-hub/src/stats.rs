//! Counters and sizes.

use sse_core::GapReason;

/// The sizes and counters of a hub as plain numbers.
///
/// ```
/// use sse_hub::{Hub, Options};
/// # use sse_core::{Gap, SseEvent};
/// # #[derive(SseEvent)]
/// # enum Score { Goal(u8), Resync(Gap) }
///
/// let hub: Hub<Score> = Hub::memory(Options::new());
/// assert_eq!(hub.stats().held_events, 0);
/// ```
///
/// Sizes are those of this moment. Counters only grow, from zero when the hub is created, and count this node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The number of events and control records that are held.
    pub held_events: usize,
    /// The size in bytes of what is held, as [`Window::bytes`](crate::Window::bytes) counts it.
    pub held_bytes: usize,
    /// The number of topics that hold events, have subscriptions, or have ended not long ago.
    pub topics: usize,
    /// The number of subscriptions.
    pub subscriptions: usize,
    /// The size in bytes of the events that are published but not yet appended to the store. Always zero in memory.
    pub pending_bytes: usize,
    /// The number of events that were applied, of all nodes.
    pub events: u64,
    /// The number of events that were evicted.
    pub evicted: u64,
    /// The number of subscriptions that were made.
    pub subscribed: u64,
    /// The number of subscriptions that were cut because they were behind.
    pub cut: u64,
    /// The number of `id:`-only blocks and events of `on_bookmark` that were sent.
    pub bookmarks: u64,
    /// The number of gaps that were told, by reason.
    pub gaps: Gaps,
    /// The number of epochs that began.
    pub epochs: u64,
    /// The number of records that could not be read.
    pub unreadable: u64,
}

/// The number of gaps by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gaps {
    /// Gaps with the reason [`GapReason::Evicted`].
    pub evicted: u64,
    /// Gaps with the reason [`GapReason::Slow`].
    pub slow: u64,
    /// Gaps with the reason [`GapReason::Restarted`].
    pub restarted: u64,
    /// Gaps with the reason [`GapReason::Rewound`].
    pub rewound: u64,
    /// Gaps with the reason [`GapReason::Lost`].
    pub lost: u64,
    /// Gaps with the reason [`GapReason::Unknown`].
    pub unknown: u64,
}

/// The counters, under the lock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) events: u64,
    pub(crate) evicted: u64,
    pub(crate) subscribed: u64,
    pub(crate) cut: u64,
    pub(crate) bookmarks: u64,
    pub(crate) epochs: u64,
    pub(crate) unreadable: u64,
    pub(crate) gaps: Gaps,
}

impl Counts {
    pub(crate) fn gap(&mut self, reason: GapReason) {
        let gaps = &mut self.gaps;
        let counter = match reason {
            GapReason::Evicted => &mut gaps.evicted,
            GapReason::Slow => &mut gaps.slow,
            GapReason::Restarted => &mut gaps.restarted,
            GapReason::Rewound => &mut gaps.rewound,
            GapReason::Lost => &mut gaps.lost,
            _ => &mut gaps.unknown,
        };
        *counter += 1;
    }
}
