//! The settings of a hub.

use crate::Window;

/// The settings of a hub: its window and its limits.
///
/// ```
/// use std::time::Duration;
///
/// use sse_hub::{Options, Window};
///
/// let options = Options::new().window(Window::new().age(Duration::from_secs(600))).max_event(64 * 1024);
/// ```
///
/// Each limit has a default, which is an associated constant. The error for an exceeded limit names the option to
/// raise.
#[derive(Clone, Debug)]
#[must_use]
pub struct Options {
    pub(crate) window: Window,
    pub(crate) max_event: usize,
    pub(crate) max_name: usize,
    pub(crate) max_topics: usize,
    pub(crate) max_live_topics: usize,
    pub(crate) max_subscriptions: usize,
    pub(crate) max_pending: usize,
    pub(crate) epoch: Option<u64>,
}

impl Options {
    /// The default maximum size of an encoded event in bytes.
    pub const DEFAULT_MAX_EVENT: usize = 256 * 1024;
    /// The default maximum length of a topic name in bytes.
    pub const DEFAULT_MAX_NAME: usize = 255;
    /// The default maximum number of topics per event or subscription.
    pub const DEFAULT_MAX_TOPICS: usize = 256;
    /// The default number of live topics above which subscriptions to new topics are refused.
    pub const DEFAULT_MAX_LIVE_TOPICS: usize = 1_000_000;
    /// The default maximum number of subscriptions.
    pub const DEFAULT_MAX_SUBSCRIPTIONS: usize = 1_000_000;
    /// The default maximum size in bytes of the events that wait to be appended to the store.
    pub const DEFAULT_MAX_PENDING: usize = 8 << 20;

    /// Creates the default settings.
    pub const fn new() -> Self {
        Self {
            window: Window::new(),
            max_event: Self::DEFAULT_MAX_EVENT,
            max_name: Self::DEFAULT_MAX_NAME,
            max_topics: Self::DEFAULT_MAX_TOPICS,
            max_live_topics: Self::DEFAULT_MAX_LIVE_TOPICS,
            max_subscriptions: Self::DEFAULT_MAX_SUBSCRIPTIONS,
            max_pending: Self::DEFAULT_MAX_PENDING,
            epoch: None,
        }
    }

    /// Sets the window of events that the hub holds.
    pub const fn window(self, window: Window) -> Self {
        Self { window, ..self }
    }

    /// Sets the maximum size of an encoded event in bytes, excluding its ID.
    pub const fn max_event(self, max_event: usize) -> Self {
        Self { max_event, ..self }
    }

    /// Sets the maximum length of a topic name in bytes.
    pub const fn max_name(self, max_name: usize) -> Self {
        Self { max_name, ..self }
    }

    /// Sets the maximum number of topics per event or subscription.
    pub const fn max_topics(self, max_topics: usize) -> Self {
        Self { max_topics, ..self }
    }

    /// Sets the number of live topics above which subscriptions to new topics are refused.
    ///
    /// A topic is live while it holds events or has subscriptions. Publishing is not limited, because all nodes have to
    /// apply the same log.
    pub const fn max_live_topics(self, max_live_topics: usize) -> Self {
        Self { max_live_topics, ..self }
    }

    /// Sets the maximum number of subscriptions.
    pub const fn max_subscriptions(self, max_subscriptions: usize) -> Self {
        Self { max_subscriptions, ..self }
    }

    /// Sets the maximum size in bytes of the events that wait to be appended to the store.
    pub const fn max_pending(self, max_pending: usize) -> Self {
        Self { max_pending, ..self }
    }

    /// Sets the epoch of a hub in memory, which makes its event IDs predictable in tests. The default is the time of
    /// creation in microseconds since the Unix epoch, so that a hub created later has a greater epoch.
    ///
    /// ```
    /// use sse_hub::{Hub, Options};
    /// # use sse_core::{Gap, SseEvent};
    /// # #[derive(SseEvent)]
    /// # enum Score { Goal(u8), Resync(Gap) }
    ///
    /// let hub: Hub<Score> = Hub::memory(Options::new().epoch(7));
    /// assert_eq!(hub.cursor().to_string(), "7-0");
    /// ```
    pub const fn epoch(self, epoch: u64) -> Self {
        Self { epoch: Some(epoch), ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}
