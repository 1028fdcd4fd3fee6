//! The sizes and counters of a hub.

use sse_core::GapReason;

/// The sizes and counters of a hub, as plain numbers.
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
/// Sizes are current values. Counters start at zero when the hub is created, never decrease, and are kept per node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// The number of events and control records that the hub holds.
    pub held_events: usize,
    /// The size in bytes of the held records, as counted by [`Window::bytes`](crate::Window::bytes).
    pub held_bytes: usize,
    /// The number of topics that hold events, have subscriptions, or ended recently.
    pub topics: usize,
    /// The number of subscriptions.
    pub subscriptions: usize,
    /// The size in bytes of the events that are published but not yet appended to the store. Always zero for a hub in
    /// memory.
    pub pending_bytes: usize,
    /// The number of applied events, including those of other nodes.
    pub events: u64,
    /// The number of evicted events.
    pub evicted: u64,
    /// The number of created subscriptions.
    pub subscribed: u64,
    /// The number of subscriptions that were cut because they lagged.
    pub cut: u64,
    /// The number of bookmarks that were sent: blocks that contain only an ID, and `on_bookmark` events.
    pub bookmarks: u64,
    /// The number of reported gaps, by reason.
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

/// The counters, protected by the lock.
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
