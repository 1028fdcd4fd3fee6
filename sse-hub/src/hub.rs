//! The hub and its handles.

use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc, time::Duration};

use sse_core::{Draft, SseEvent};

use crate::{
    Cursor, Health, Options, PublishError, Start, Stats, Subscribe, SubscribeError, filter::Filter, names::Names,
    own_id, publish::Publish, shared::Shared, state::Phase, store::Writer,
};

/// A hub of topics. Publishers publish events to topics, and readers subscribe to topics from any event ID.
///
/// A hub is an ordered log that holds the latest events as bytes that all readers share. Clones are handles to the same
/// hub.
///
/// ```
/// use futures_util::StreamExt;
/// use sse_core::{Gap, SseEvent};
/// use sse_hub::{Hub, Options};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Score {
///     Goal { minute: u8 },
///     Resync(Gap),
/// }
///
/// # futures_util::FutureExt::now_or_never(async {
/// let hub: Hub<Score> = Hub::memory(Options::new().epoch(7));
/// let first = hub.topic("match/17").publish(&Score::Goal { minute: 12 }).await?;
/// hub.topics(["match/17", "league/1"]).publish(&Score::Goal { minute: 30 }).await?;
///
/// let mut resumed = hub.topic("match/17").subscribe(first)?.on_gap(Score::Resync);
/// # resumed.next().await; // the announced start
/// let event = resumed.next().await.unwrap()?;
/// assert_eq!(event.as_bytes(), b"event: goal\nid: 7-2\ndata: {\"minute\":30}\n\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Hub<E> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) event: PhantomData<fn(E) -> E>,
}

/// The topics to publish or subscribe to, created by [`Hub::topic`] and [`Hub::topics`].
#[derive(Debug)]
#[must_use = "selecting topics does nothing by itself; call `publish`, `subscribe` or `end`"]
pub struct Topics<'a, E> {
    hub: &'a Hub<E>,
    names: Names<'a>,
}

/// All events of a hub, created by [`Hub::all`].
#[derive(Debug)]
#[must_use = "selecting events does nothing by itself; call `subscribe`"]
pub struct All<'a, E> {
    hub: &'a Hub<E>,
}

impl<E: SseEvent> Hub<E> {
    /// Creates a hub that holds its events in the memory of this process.
    ///
    /// No runtime is required: the hub can be stored in a `static`, and events can be published from any thread.
    ///
    /// An event type with an `#[sse(id)]` field does not compile, because the hub assigns the event IDs.
    #[must_use]
    pub fn memory(options: Options) -> Self {
        own_id::refuse::<E>();
        Self::of_shared(Arc::new(Shared::memory(options)))
    }

    pub(crate) const fn of_shared(shared: Arc<Shared>) -> Self {
        Self { shared, event: PhantomData }
    }

    /// Selects one topic.
    pub const fn topic<'a>(&'a self, name: &'a str) -> Topics<'a, E> {
        Topics { hub: self, names: Names::One(name) }
    }

    /// Selects several topics. Duplicate names count once. If `names` is empty, no topic is selected, and a
    /// subscription receives nothing.
    pub fn topics<'a>(&'a self, names: impl IntoIterator<Item: Into<Cow<'a, str>>>) -> Topics<'a, E> {
        Topics { hub: self, names: Names::Several(names.into_iter().map(Into::into).collect()) }
    }

    /// Selects all events, regardless of their topics.
    pub const fn all(&self) -> All<'_, E> {
        All { hub: self }
    }

    /// Returns the position of the newest record.
    ///
    /// Call this before reading a snapshot, and subscribe from the cursor afterwards: the subscription then starts with
    /// the first event that the snapshot may not contain.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.shared.lock().state.log.tip()
    }

    /// Returns the current sizes and counters.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let locked = self.shared.lock();
        let (state, counts) = (&*locked.state, locked.state.counts);
        Stats {
            held_events: state.log.len(),
            held_bytes: state.log.bytes(),
            topics: state.index.len(),
            subscriptions: state.waiters.readers(),
            pending_bytes: self.shared.writer.as_ref().map_or(0, Writer::pending),
            events: counts.events,
            evicted: counts.evicted,
            subscribed: counts.subscribed,
            cut: counts.cut,
            bookmarks: counts.bookmarks,
            gaps: counts.gaps,
            epochs: counts.epochs,
            unreadable: counts.unreadable,
        }
    }

    /// Returns the health of the connection to the store.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.writer.as_ref().map_or(Health::new(Duration::ZERO, Duration::ZERO, None), Writer::health)
    }

    /// Waits until less than half of [`Options::max_pending`] is waiting to be appended to the store.
    ///
    /// For a hub in memory this returns immediately. It is only a hint: a later publish may still fail with
    /// [`PublishError::Busy`].
    pub async fn room(&self) {
        if let Some(writer) = &self.shared.writer {
            writer.room().await;
        }
    }

    /// Closes the hub. All subscriptions end, and later calls to publish or subscribe fail.
    pub fn close(&self) {
        let mut locked = self.shared.lock();
        locked.state.phase = Phase::Closed;
        locked.state.ring_everybody();
        locked.finish();
        if let Some(writer) = &self.shared.writer {
            writer.close();
        }
        // Each reader that ends wakes the next slice of waiting readers.
        crate::trace::closed();
    }
}

impl<E: SseEvent> Topics<'_, E> {
    /// Publishes an event to the topics. The event is encoded once, in this call.
    ///
    /// The event is queued by the call itself, so dropping the future does not cancel it. For a hub in memory the
    /// future is ready immediately. Events that are published through one handle appear in the log in the order of the
    /// calls. To publish changes of shared state in their order, call this under the lock of the state, and await the
    /// future without it.
    ///
    /// # Errors
    ///
    /// The future returns an error if a topic name is invalid, if the event cannot be encoded or is too large, if a
    /// terminal event is not published to exactly one topic, if too many bytes are pending, if the hub is closed, or if
    /// the store does not accept the event.
    pub fn publish(&self, event: &E) -> Publish {
        Publish::ready_or(self.try_publish(event))
    }

    fn try_publish(&self, event: &E) -> Result<Publish, PublishError> {
        let shared = &self.hub.shared;
        let draft = Draft::new(event)?;
        let (len, max) = (draft.as_bytes().len(), shared.options.max_event);
        if len > max {
            return Err(PublishError::TooLarge { len, max });
        }
        self.names.distinct(&shared.options, |names| {
            if draft.is_terminal() && names.len() != 1 {
                return Err(PublishError::Terminal { topics: names.len() });
            }
            match &shared.writer {
                None => shared.publish(names, &draft).map(Publish::ready),
                Some(writer) => writer.publish(shared, names, draft),
            }
        })?
    }

    /// Subscribes to the topics, starting after a client's last event ID or at another [`Start`].
    ///
    /// Only the events that this node holds are examined: the call neither waits nor accesses the store.
    ///
    /// # Errors
    ///
    /// Returns an error if a topic name is invalid, if there are too many subscriptions or topics, or if the hub is
    /// closed or draining. [`SubscribeError::status`] returns the matching HTTP status.
    pub fn subscribe(&self, start: impl Into<Start>) -> Result<Subscribe<E>, SubscribeError> {
        let shared = &self.hub.shared;
        self.names.distinct(&shared.options, |names| {
            self.hub.subscribe(&start.into(), names, |state, seat| Filter::topics(state, seat, names))
        })?
    }

    /// Returns the number of subscriptions to the topics on this node. A subscription to several of them counts once
    /// for each.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        let locked = self.hub.shared.lock();
        let index = &locked.state.index;
        let count = |names: &[&str]| {
            let readers = names.iter().filter_map(|name| index.get(index.find(name)?)).map(|topic| topic.readers);
            readers.map(|readers| readers as usize).sum()
        };
        self.names.distinct(&self.hub.shared.options, count).unwrap_or(0)
    }

    /// Ends the topics. Their subscriptions end after the events that were published earlier. A subscription to several
    /// topics ends when all of them have ended.
    ///
    /// Like [`publish`](Self::publish), the call itself queues the end, which takes effect at its position in the log.
    /// The next event published to an ended topic reopens it. For several topics, the future returns the cursor of the
    /// last end.
    ///
    /// # Errors
    ///
    /// The same errors as [`publish`](Self::publish).
    pub fn end(&self) -> Publish {
        let shared = &self.hub.shared;
        let ended = self.names.distinct(&shared.options, |names| {
            let mut ended = Ok(Publish::ready(self.hub.cursor()));
            for name in names {
                ended = match &shared.writer {
                    None => shared.end(name).map(Publish::ready),
                    Some(writer) => writer.end(shared, name),
                };
            }
            ended
        });
        Publish::ready_or(ended.unwrap_or_else(|error| Err(error.into())))
    }
}

impl<E: SseEvent> All<'_, E> {
    /// Subscribes to all events, starting after a client's last event ID or at another [`Start`].
    ///
    /// Terminal events are delivered like other events, and the subscription does not end with any topic.
    ///
    /// # Errors
    ///
    /// Returns an error if there are too many subscriptions, or if the hub is closed or draining.
    pub fn subscribe(&self, start: impl Into<Start>) -> Result<Subscribe<E>, SubscribeError> {
        self.hub.subscribe(&start.into(), &[], Filter::all)
    }

    /// Returns the number of subscriptions to all events on this node.
    #[must_use]
    pub fn subscribers(&self) -> usize {
        self.hub.shared.lock().state.all_readers
    }
}

impl<E> Clone for Hub<E> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), event: PhantomData }
    }
}

impl<E> fmt::Debug for Hub<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("options", &self.shared.options).finish_non_exhaustive()
    }
}
