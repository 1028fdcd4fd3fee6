//! Where a subscription starts.

use crate::Cursor;

/// The start of a subscription.
///
/// It is made from what a handler has: the `Last-Event-ID` of a client as text, which may be missing, or a [`Cursor`].
///
/// ```
/// use sse_hub::{Hub, Options, Start};
/// # use sse_core::{Gap, SseEvent};
/// # #[derive(SseEvent)]
/// # enum Score { Goal(u8), Resync(Gap) }
///
/// let hub: Hub<Score> = Hub::memory(Options::new());
/// let last: Option<String> = None; // from `LastEventId`
/// let joined = hub.cursor(); // from a database: nobody sees what is older
/// let subscription = hub.topic("match/17").subscribe(Start::from(last).not_before(joined))?;
/// # let _ = subscription;
/// # Ok::<(), sse_hub::SubscribeError>(())
/// ```
///
/// Any ID of the window can be made up, and an ID of an earlier incarnation replays all that is held, so bound the start
/// with [`not_before`](Self::not_before) if not everybody may see the history.
#[derive(Clone, Debug)]
#[must_use]
pub struct Start {
    pub(crate) at: At,
    pub(crate) floor: Option<Cursor>,
}

#[derive(Clone, Debug)]
pub(crate) enum At {
    /// With the next event.
    Now,
    /// After the last ID of a client. `None` is an ID that cannot be read.
    Id(Option<Cursor>),
    /// After a cursor that the application chose, and that the client may not have.
    Cursor(Cursor),
    /// With the oldest event that is held.
    Earliest,
    /// With the newest event of each topic.
    Newest,
}

impl Start {
    /// With the next event that is published.
    pub const NOW: Self = Self::new(At::Now);

    /// With the oldest event that is held. This is the application's choice; a client cannot ask for it.
    pub const EARLIEST: Self = Self::new(At::Earliest);

    /// With the newest event of each topic, which is delivered.
    pub const NEWEST: Self = Self::new(At::Newest);

    const fn new(at: At) -> Self {
        Self { at, floor: None }
    }

    /// Sets a lower bound: nothing up to and including the event at `cursor` is delivered. A client with an older ID is
    /// told of a gap with the reason `evicted`.
    pub const fn not_before(mut self, cursor: Cursor) -> Self {
        self.floor = Some(cursor);
        self
    }
}

impl From<&str> for Start {
    /// Starts after the ID. An empty text is no ID.
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
    /// Starts with the next event if there is no ID.
    fn from(id: Option<T>) -> Self {
        id.map_or(Self::NOW, Into::into)
    }
}
