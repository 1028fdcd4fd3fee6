//! The topics: an index over the log.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use crate::{
    Cursor,
    over::{Endings, Over, OverBy},
    records::{Held, Kind, MAX_KEY, TopicSet},
    slab::{Key, Slab},
    waiters::{Bell, Waiters},
    window::Tick,
};

/// The topics that hold events, have readers, or ended recently.
#[derive(Debug)]
pub(crate) struct Index {
    topics: Slab<Topic>,
    names: HashMap<Arc<str>, Key>,
    /// The topic sets of events with several topics.
    sets: Slab<Box<[Key]>>,
    endings: Endings,
    /// The newest event that was evicted from a topic that is no longer in the index.
    forgotten: Cursor,
}

/// A topic.
#[derive(Debug)]
pub(crate) struct Topic {
    name: Arc<str>,
    /// The sequence numbers of the held events.
    events: VecDeque<u64>,
    /// The number of events that were evicted: the ordinal of the first held one.
    evicted_count: u64,
    /// The newest event that was evicted.
    pub(crate) evicted: Cursor,
    pub(crate) bell: Bell,
    /// The number of readers.
    pub(crate) readers: u32,
    /// How the topic ended, if its last record ended it.
    pub(crate) over: Option<Over>,
    /// Its last `end` record.
    ended: Option<Ended>,
}

/// An `end` record.
#[derive(Clone, Copy, Debug)]
struct Ended {
    cursor: Cursor,
    /// The ordinal of the first event after it.
    next: u64,
}

/// The topics of an event that was removed.
pub(crate) enum Removed {
    None,
    One(Key),
    Several(Box<[Key]>),
}

impl Removed {
    pub(crate) fn keys(&self) -> &[Key] {
        match self {
            Self::None => &[],
            Self::One(topic) => std::slice::from_ref(topic),
            Self::Several(topics) => topics,
        }
    }
}

impl Topic {
    /// Returns the ordinal of the first held event.
    pub(crate) const fn first(&self) -> u64 {
        self.evicted_count
    }

    /// Returns the ordinal after the newest event for a subscription created at `since`: that of the next event, or of
    /// the first event after the end of the topic if the topic has ended since.
    pub(crate) fn end(&self, since: Cursor) -> u64 {
        match self.ended_after(since) {
            Some(ended) => ended.next,
            None => self.evicted_count + self.events.len() as u64,
        }
    }

    /// Returns whether the topic has ended since a subscription was created.
    pub(crate) fn has_ended(&self, since: Cursor) -> bool {
        self.ended_after(since).is_some()
    }

    fn ended_after(&self, since: Cursor) -> Option<Ended> {
        self.ended.filter(|ended| ended.cursor > since)
    }

    /// Returns the sequence number of an event.
    pub(crate) fn event(&self, ordinal: u64) -> Option<u64> {
        let index = ordinal.checked_sub(self.evicted_count)?;
        self.events.get(usize::try_from(index).ok()?).copied()
    }

    /// Returns the sequence number of the newest event.
    pub(crate) fn newest(&self) -> Option<u64> {
        self.events.back().copied()
    }

    /// Returns the ordinal of the first event after a sequence number.
    pub(crate) fn after(&self, seq: u64) -> u64 {
        self.evicted_count + self.events.partition_point(|event| *event <= seq) as u64
    }

    fn is_needed(&self) -> bool {
        self.readers > 0 || self.over.is_some() || !self.events.is_empty()
    }
}

impl Index {
    pub(crate) fn new(forgotten: Cursor) -> Self {
        Self { topics: Slab::new(), names: HashMap::new(), sets: Slab::new(), endings: Endings::default(), forgotten }
    }

    pub(crate) const fn len(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn get(&self, topic: Key) -> Option<&Topic> {
        self.topics.get(topic)
    }

    pub(crate) fn get_mut(&mut self, topic: Key) -> Option<&mut Topic> {
        self.topics.get_mut(topic)
    }

    pub(crate) fn find(&self, name: &str) -> Option<Key> {
        self.names.get(name).copied()
    }

    /// Returns the topic with a name, which is added if it is new. Returns `None` if no keys are left.
    pub(crate) fn entry(&mut self, name: &str, waiters: &mut Waiters) -> Option<Key> {
        if let Some(topic) = self.find(name) {
            return Some(topic);
        }
        let name: Arc<str> = name.into();
        let topic = Topic {
            name: name.clone(),
            events: VecDeque::new(),
            evicted_count: 0,
            evicted: self.forgotten,
            bell: waiters.bell()?,
            readers: 0,
            over: None,
            ended: None,
        };
        let key = self.topics.insert(topic).filter(|key| key.raw() <= MAX_KEY)?;
        self.names.insert(name, key);
        Some(key)
    }

    /// Returns the set of topics of an event.
    pub(crate) fn set(&mut self, topics: &[Key]) -> Option<TopicSet> {
        match topics {
            [] => Some(TopicSet::None),
            [topic] => Some(TopicSet::One(*topic)),
            several => self.sets.insert(several.into()).filter(|set| set.raw() <= MAX_KEY).map(TopicSet::Several),
        }
    }

    /// Calls `visit` for each topic of an event.
    pub(crate) fn each(&self, set: TopicSet, mut visit: impl FnMut(&Topic)) {
        self.keys(&set).iter().filter_map(|key| self.topics.get(*key)).for_each(&mut visit);
    }

    fn keys<'a>(&'a self, set: &'a TopicSet) -> &'a [Key] {
        match set {
            TopicSet::None => &[],
            TopicSet::One(topic) => std::slice::from_ref(topic),
            TopicSet::Several(set) => self.sets.get(*set).map_or(&[], |topics| topics),
        }
    }

    /// Returns the size of the names of a record's topics.
    pub(crate) fn names_len(&self, record: &Held) -> usize {
        let Kind::Event { topics, .. } = record.kind() else { return 0 };
        let mut len = 0;
        self.each(topics, |topic| len += topic.name.len());
        len
    }

    /// Adds an event to its topics. A topic that was over is reopened.
    pub(crate) fn add(&mut self, (seq, cursor): (u64, Cursor), set: TopicSet, terminal: bool, now: Tick) {
        let Self { topics, sets, endings, .. } = self;
        each_mut(topics, sets, set, |key, topic| {
            topic.events.push_back(seq);
            topic.over = terminal.then(|| {
                endings.push(key, cursor, now);
                Over { cursor, by: OverBy::TerminalEvent }
            });
        });
    }

    /// Records that a topic has ended.
    pub(crate) fn end(&mut self, key: Key, cursor: Cursor, now: Tick) {
        let Some(topic) = self.topics.get_mut(key) else { return };
        topic.over = Some(Over { cursor, by: OverBy::End });
        topic.ended = Some(Ended { cursor, next: topic.evicted_count + topic.events.len() as u64 });
        self.endings.push(key, cursor, now);
    }

    /// Removes an event at the front of the log from its topics.
    pub(crate) fn evict(&mut self, cursor: Cursor, record: &Held, waiters: &mut Waiters) {
        let remove = |topic: &mut Topic| {
            topic.events.pop_front();
            topic.evicted_count += 1;
            topic.evicted = topic.evicted.max(cursor);
            if topic.events.len() < topic.events.capacity() / 4 {
                topic.events.shrink_to(topic.events.len() * 2);
            }
        };
        for topic in self.remove(record, remove).keys() {
            self.forget_unneeded(*topic, waiters);
        }
    }

    /// Removes an event at the end of the log from its topics. [`settle`](Self::settle) has to be called for them
    /// afterwards.
    pub(crate) fn retract(&mut self, record: &Held) -> Removed {
        self.remove(record, |topic| {
            topic.events.pop_back();
        })
    }

    fn remove(&mut self, record: &Held, mut remove: impl FnMut(&mut Topic)) -> Removed {
        let Kind::Event { topics: set, .. } = record.kind() else { return Removed::None };
        each_mut(&mut self.topics, &self.sets, set, |_, topic| remove(topic));
        match set {
            TopicSet::None => Removed::None,
            TopicSet::One(topic) => Removed::One(topic),
            TopicSet::Several(set) => Removed::Several(self.sets.remove(set).unwrap_or_default()),
        }
    }

    /// Updates whether a topic is over, after the records from an offset on were removed. `terminal` returns the cursor
    /// of an event if it is terminal.
    pub(crate) fn settle(&mut self, key: Key, offset: u64, terminal: impl FnOnce(u64) -> Option<Cursor>) {
        let Some(topic) = self.topics.get_mut(key) else { return };
        topic.ended = topic.ended.filter(|ended| ended.cursor.offset() < offset);
        let last_end = topic.ended.filter(|ended| ended.next == topic.evicted_count + topic.events.len() as u64);
        let over = match (last_end, topic.newest().and_then(terminal)) {
            (Some(Ended { cursor, .. }), _) => Some(Over { cursor, by: OverBy::End }),
            (None, Some(cursor)) => Some(Over { cursor, by: OverBy::TerminalEvent }),
            (None, None) => None,
        };
        // It is over until the time since then is up.
        topic.over = over.filter(|over| self.endings.contains(over.cursor));
    }

    /// Forgets the evicted records after a cursor, because they are no longer in the log.
    pub(crate) fn go_back(&mut self, before: Cursor) {
        self.forgotten = self.forgotten.min(before);
        for key in self.names.values() {
            if let Some(topic) = self.topics.get_mut(*key) {
                topic.evicted = topic.evicted.min(before);
                topic.ended = topic.ended.filter(|ended| ended.cursor <= before);
            }
        }
    }

    /// Forgets the endings from an offset on, and returns their topics.
    pub(crate) fn forget_endings(&mut self, offset: u64) -> impl Iterator<Item = Key> + use<> {
        self.endings.remove_from(offset)
    }

    /// Resets topics that have been over for longer than `age`, and the oldest ones if more than `max` are over.
    pub(crate) fn expire(&mut self, max: usize, age: Duration, now: Tick, waiters: &mut Waiters) {
        while let Some((key, cursor)) = self.endings.pop_expired(max, age, now) {
            if let Some(topic) = self.topics.get_mut(key) {
                topic.over = topic.over.filter(|over| over.cursor != cursor);
            }
            self.forget_unneeded(key, waiters);
        }
    }

    /// Forgets all events, for a log that continues after `start` and is loaded again. Topics with readers remain.
    pub(crate) fn restart(&mut self, start: Cursor, waiters: &mut Waiters) {
        self.sets = Slab::new();
        self.endings.clear();
        let keys: Vec<_> = self.names.values().copied().collect();
        for key in keys {
            let Some(topic) = self.topics.get_mut(key) else { continue };
            // Ordinals are not used again, so that no reader takes a new event for one that it has passed.
            topic.evicted_count += topic.events.len() as u64;
            topic.events = VecDeque::new();
            (topic.evicted, topic.over, topic.ended) = (start, None, None);
            self.forget_unneeded(key, waiters);
        }
        self.forgotten = start;
    }

    /// Removes a topic without events and readers from the index.
    pub(crate) fn forget_unneeded(&mut self, key: Key, waiters: &mut Waiters) {
        if self.topics.get(key).is_none_or(Topic::is_needed) {
            return;
        }
        if let Some(topic) = self.topics.remove(key) {
            self.forgotten = self.forgotten.max(topic.evicted);
            self.names.remove(&topic.name);
            waiters.remove_bell(topic.bell);
        }
        if self.names.len() < self.names.capacity() / 8 {
            self.names.shrink_to(self.names.len() * 2);
        }
    }
}

fn each_mut(topics: &mut Slab<Topic>, sets: &Slab<Box<[Key]>>, set: TopicSet, mut visit: impl FnMut(Key, &mut Topic)) {
    let mut visit = |key: Key| {
        if let Some(topic) = topics.get_mut(key) {
            visit(key, topic);
        }
    };
    match set {
        TopicSet::None => {}
        TopicSet::One(topic) => visit(topic),
        TopicSet::Several(set) => sets.get(set).into_iter().flatten().copied().for_each(visit),
    }
}
