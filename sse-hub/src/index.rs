//! The topics: an index over the log.

use std::{collections::HashMap, sync::Arc, time::Duration};

use crate::{
    Cursor,
    over::Endings,
    records::{Held, Kind, MAX_KEY, TopicSet},
    slab::{Key, Slab},
    topic::Topic,
    waiters::Waiters,
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
        let topic = Topic::new(name.clone(), self.forgotten, waiters.bell()?);
        let key = self.topics.insert(topic).filter(|key| key.raw() <= MAX_KEY)?;
        self.make_room();
        self.names.insert(name, key);
        Some(key)
    }

    /// Makes room for a name. Removed names use up the room of the map too, and if more than half of it is in use, the map
    /// alone would double once enough names have come and gone.
    fn make_room(&mut self) {
        let len = self.names.len();
        if len == self.names.capacity() {
            let mut names = HashMap::with_capacity(len + len / 4 + 1);
            names.extend(self.names.drain());
            self.names = names;
        }
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
            topic.push(seq, cursor, terminal);
            if terminal {
                endings.push(key, cursor, now);
            }
        });
    }

    /// Wakes the readers that wait for the topics of an event.
    pub(crate) fn ring(&mut self, set: TopicSet, waiters: &mut Waiters) {
        each_mut(&mut self.topics, &self.sets, set, |_, topic| topic.ring(waiters));
    }

    /// Records that a topic has ended.
    pub(crate) fn end(&mut self, key: Key, cursor: Cursor, now: Tick) {
        let Some(topic) = self.topics.get_mut(key) else { return };
        topic.end_at(cursor);
        self.endings.push(key, cursor, now);
    }

    /// Removes an event at the front of the log from its topics.
    pub(crate) fn evict(&mut self, cursor: Cursor, record: &Held, waiters: &mut Waiters) {
        for topic in self.remove(record, |topic| topic.evict(cursor)).keys() {
            self.forget_unneeded(*topic, waiters);
        }
    }

    /// Removes an event at the end of the log from its topics. [`settle`](Self::settle) has to be called for them
    /// afterwards.
    pub(crate) fn retract(&mut self, record: &Held) -> Removed {
        self.remove(record, Topic::retract)
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
        if let Some(topic) = self.topics.get_mut(key) {
            topic.settle(offset, terminal, |over| self.endings.contains(over));
        }
    }

    /// Forgets the evicted records after a cursor, because they are no longer in the log.
    pub(crate) fn go_back(&mut self, before: Cursor) {
        self.forgotten = self.forgotten.min(before);
        for key in self.names.values() {
            if let Some(topic) = self.topics.get_mut(*key) {
                topic.go_back(before);
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
            topic.restart(start);
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
            waiters.remove_bell(topic.bell());
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
