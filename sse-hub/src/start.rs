//! The start of a subscription.

use crate::Cursor;

/// The start of a subscription.
///
/// A start is converted from the values that a handler has: the `Last-Event-ID` of a client as text, which may be
/// missing, or a [`Cursor`].
///
/// ```
/// use sse_hub::{Hub, Options, Start};
/// # use sse_core::{Gap, SseEvent};
/// # #[derive(SseEvent)]
/// # enum Score { Goal(u8), Resync(Gap) }
///
/// let hub: Hub<Score> = Hub::memory(Options::new());
/// let last: Option<String> = None; // from `LastEventId`
/// let joined = hub.cursor(); // loaded from a database; older events stay hidden
/// let subscription = hub.topic("match/17").subscribe(Start::from(last).not_before(joined))?;
/// # let _ = subscription;
/// # Ok::<(), sse_hub::SubscribeError>(())
/// ```
///
/// Clients can forge any ID of the window, and an ID of an earlier epoch may replay all held events. Bound the start
/// with [`not_before`](Self::not_before) if a client may not read the whole history.
#[derive(Clone, Debug)]
#[must_use]
pub struct Start {
    pub(crate) at: At,
    pub(crate) floor: Option<Cursor>,
}

#[derive(Clone, Debug)]
pub(crate) enum At {
    /// The next event.
    Now,
    /// The event after a client's last event ID. `None` is an ID that cannot be parsed.
    Id(Option<Cursor>),
    /// The event after a cursor that the application chose, and that the client may not have received.
    Cursor(Cursor),
    /// The oldest held event.
    Earliest,
    /// The newest held event of each topic.
    Newest,
}

impl Start {
    /// The next event to be published.
    pub const NOW: Self = Self::new(At::Now);

    /// The oldest held event. Only the application can choose this start; a client cannot request it.
    pub const EARLIEST: Self = Self::new(At::Earliest);

    /// The newest held event of each topic, which is delivered first.
    pub const NEWEST: Self = Self::new(At::Newest);

    const fn new(at: At) -> Self {
        Self { at, floor: None }
    }

    /// Sets a lower bound: events up to and including the one at `cursor` are not delivered. A client with an older ID
    /// receives a gap with the reason `evicted`.
    pub const fn not_before(mut self, cursor: Cursor) -> Self {
        self.floor = Some(cursor);
        self
    }
}

impl From<&str> for Start {
    /// Starts after the ID. Empty text means that the client has no ID.
    fn from(id: &str) -> Self {
        if id.is_empty() { Self::NOW } else { Self::new(At::Id(id.parse().ok())) }
    }
}

impl From<String> for Start {
    fn from(id: String) -> Self {
        Self::from(id.as_str())
    }
}

impl From<Cursor> for Start {
    fn from(cursor: Cursor) -> Self {
        Self::new(At::Cursor(cursor))
    }
}

impl<T: Into<Self>> From<Option<T>> for Start {
    /// Starts with the next event if the value is `None`.
    fn from(id: Option<T>) -> Self {
        id.map_or(Self::NOW, Into::into)
    }
}
