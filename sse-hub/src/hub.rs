//! The hub and its handles.

use std::{borrow::Cow, fmt, marker::PhantomData, sync::Arc, time::Duration};

use sse_core::{Draft, SseEvent};

use crate::{
    Cursor, Health, Options, PublishError, Start, Stats, Subscribe, SubscribeError, filter::Filter, names::Names,
    own_id, publish::Publish, shared::Shared, state::Phase, store::Writer,
};

/// A hub: publishers publish events to topics, and readers subscribe to topics from any event ID.
///
/// It is one ordered log that holds the latest events, as bytes that all readers share. Clones are handles of the same
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

/// The topics of a publish or of a subscription: of [`Hub::topic`] or [`Hub::topics`].
#[derive(Debug)]
#[must_use = "it does nothing by itself; publish or subscribe"]
pub struct Topics<'a, E> {
    hub: &'a Hub<E>,
    names: Names<'a>,
}

/// All events of a hub, of [`Hub::all`].
#[derive(Debug)]
#[must_use = "it does nothing by itself; subscribe"]
pub struct All<'a, E> {
    hub: &'a Hub<E>,
}

impl<E: SseEvent> Hub<E> {
    /// Creates a hub whose events are in the memory of this process alone.
    ///
    /// It needs no runtime: it can be in a `static`, and events can be published from any thread.
    ///
    /// A type with an event that has an `#[sse(id)]` field does not compile, because the hub gives each event its ID.
    #[must_use]
    pub fn memory(options: Options) -> Self {
        own_id::refuse::<E>();
        Self::of_shared(Arc::new(Shared::memory(options)))
    }

    pub(crate) const fn of_shared(shared: Arc<Shared>) -> Self {
        Self { shared, event: PhantomData }
    }

    /// Names one topic.
    pub const fn topic<'a>(&'a self, name: &'a str) -> Topics<'a, E> {
        Topics { hub: self, names: Names::One(name) }
    }

    /// Names several topics. A name that occurs twice counts once. No names are no topics, of which nothing is received.
    pub fn topics<'a>(&'a self, names: impl IntoIterator<Item: Into<Cow<'a, str>>>) -> Topics<'a, E> {
        Topics { hub: self, names: Names::Several(names.into_iter().map(Into::into).collect()) }
    }

    /// Names all events, of whatever topics.
    pub const fn all(&self) -> All<'_, E> {
        All { hub: self }
    }

    /// Returns the position of the newest record.
    ///
    /// Take it before a snapshot is read, and subscribe from it after that: the subscription begins with the first event
    /// that the snapshot may not contain.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.shared.lock().state.log.tip()
    }

    /// Returns sizes and counters.
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

    /// Returns how well the hub is connected to its store.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.writer.as_ref().map_or(Health::new(Duration::ZERO, None), Writer::health)
    }

    /// Waits until less than half of [`Options::max_pending`] waits to be appended to the store. In memory it is ready at
    /// once. It is a hint: a publish after it may still be refused as busy.
    pub async fn room(&self) {
        if let Some(writer) = &self.shared.writer {
            writer.room().await;
        }
    }

    /// Closes the hub: all subscriptions end, and publishing and subscribing fail from now on.
    pub fn close(&self) {
        let mut locked = self.shared.lock();
        locked.state.phase = Phase::Closed;
        locked.state.ring_everybody();
        locked.finish();
        if let Some(writer) = &self.shared.writer {
            writer.close();
        }
        // The waiting readers are woken slice by slice as they end.
        crate::trace::closed();
    }
}

impl<E: SseEvent> Topics<'_, E> {
    /// Publishes an event to the topics. It is encoded here, once for all readers.
    ///
    /// The call itself queues the event, so dropping the future undoes nothing. In memory the future is ready at once.
    /// Events of one handle are in the log in the order of the calls.
    ///
    /// # Errors
    ///
    /// The future returns an error if a name is not valid, if the event cannot be encoded or is too large, if a terminal
    /// event has several topics, if too much is pending already, or if the store does not accept the event.
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
                Some(writer) => writer.publish(names, draft),
            }
        })?
    }

    /// Subscribes to the topics, from the ID that a client has received last, or from another [`Start`].
    ///
    /// It only looks at what this node holds: it never waits and never asks the store.
    ///
    /// # Errors
    ///
    /// Returns an error if a name is not valid, if there are too many subscriptions or topics, or if the hub is closed or
    /// being drained. [`SubscribeError::status`] is the status for the response.
    pub fn subscribe(&self, start: impl Into<Start>) -> Result<Subscribe<E>, SubscribeError> {
        let shared = &self.hub.shared;
        self.names.distinct(&shared.options, |names| {
            self.hub.subscribe(&start.into(), names, |state, seat| Filter::topics(state, seat, names))
        })?
    }

    /// Returns the number of subscriptions on this node that name one of the topics. One that names several of them
    /// counts once for each.
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

    /// Ends the topics: their subscriptions end after the events that were published before. A subscription to several
    /// topics ends with its last one.
    ///
    /// Like [`publish`](Self::publish), it is queued by the call, and takes effect in its place in the log. A topic that
    /// has ended is opened again by the next event. With several names, the future returns the last end.
    ///
    /// # Errors
    ///
    /// The future returns an error in the same cases as that of [`publish`](Self::publish).
    pub fn end(&self) -> Publish {
        let shared = &self.hub.shared;
        let ended = self.names.distinct(&shared.options, |names| {
            let mut ended = Ok(Publish::ready(self.hub.cursor()));
            for name in names {
                ended = match &shared.writer {
                    None => shared.end(name).map(Publish::ready),
                    Some(writer) => writer.end(name),
                };
            }
            ended
        });
        Publish::ready_or(ended.unwrap_or_else(|error| Err(error.into())))
    }
}

impl<E: SseEvent> All<'_, E> {
    /// Subscribes to all events, from the ID that a client has received last, or from another [`Start`].
    ///
    /// Terminal events are events like others, and the subscription does not end with any topic.
    ///
    /// # Errors
    ///
    /// Returns an error if there are too many subscriptions, or if the hub is closed or being drained.
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
