//! The log against a model: a list of everything that was ever published, and for each reader what it was told.
//!
//! The model is written from the rules, without positions, indexes or incremental state: it looks at the whole list each
//! time. Each step of the hub must be the one that the model expects: the same event, the same gap with the same ID, or
//! nothing. `id:`-only blocks may come at any time at which nothing is undelivered, if their ID is that of the end of the
//! log.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sse_core::{GapReason, GapReason::*};
use sse_hub::{Cursor, EpochKind};

/// The number of polls after an event that find nothing before the next one evicts by age.
pub(super) const QUIET_POLLS: u8 = 3;

pub(super) const TOPICS: [&str; 4] = ["a", "b", "c", "d"];

/// A set of topics, as bits.
pub(super) type Set = u8;

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) cursor: Cursor,
    pub(super) kind: Kind,
    at: u64,
    gone: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Event { topics: Set, terminal: bool },
    End(usize),
    Fence,
}

#[derive(Clone, Debug)]
struct Topic {
    evicted: Cursor,
    readers: usize,
    /// The `end` or terminal event that is the last record, and whether it is an `end`.
    over: Option<(Cursor, bool)>,
    ended: Option<Cursor>,
    /// Whether an event after the end was evicted: then it is not known any more whether the end is the last record.
    has_evicted_after_end: bool,
}

#[derive(Debug)]
pub(super) struct Model {
    /// What is in the log, evicted or not.
    entries: Vec<Entry>,
    epochs: Vec<Cursor>,
    losses: Vec<Cursor>,
    /// How often epochs or losses have changed.
    changes: usize,
    topics: BTreeMap<usize, Topic>,
    /// The topic, the cursor and the time of each `end` or terminal event that is remembered.
    endings: VecDeque<(usize, Cursor, u64)>,
    forgotten: Cursor,
    start: Cursor,
    max: usize,
    age: u64,
    pub(super) now: u64,
    shared: bool,
    /// The newest event evicted, for readers of all.
    evicted_all: Cursor,
    /// The offset before the oldest held record, when the last epoch began.
    oldest_offset: u64,
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they do not exclude each other")]
pub(super) struct Reader {
    /// The topics by number, with whether each has ended for the reader. `None` for all.
    topics: Option<BTreeMap<usize, bool>>,
    several: bool,
    pub(super) told: Cursor,
    floor: Option<Cursor>,
    pub(super) conflate: bool,
    /// The ID that the client came back with.
    pub(super) asked: Option<Cursor>,
    pending: Option<GapReason>,
    announce: bool,
    changes: usize,
    /// When the subscription was made.
    since: Cursor,
    /// Events of a topic below this were skipped on purpose. The key for all is `usize::MAX`.
    skip: BTreeMap<usize, Cursor>,
    /// A reader of all has decided about the events below this.
    decided: Option<Cursor>,
    waits_for: Option<(Cursor, Cursor)>,
    /// Events that it has taken out of the log at once, which are delivered whatever happens to the log.
    taken: VecDeque<Cursor>,
    pub(super) over: bool,
    /// The polls that have found nothing since its last event, up to [`QUIET_POLLS`].
    pub(super) quiet_polls: u8,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Item {
    Id(Cursor),
    Gap(GapReason, Cursor),
    Event(Cursor),
    Nothing,
    Over,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    Now,
    Id(Option<Cursor>),
    Cursor(Cursor),
    Earliest,
    Newest,
}

fn has(set: Set, topic: usize) -> bool {
    set & (1 << topic) != 0
}

impl Model {
    pub(super) fn new(start: Cursor, max: usize, age: u64, shared: bool) -> Self {
        Self {
            entries: Vec::new(),
            epochs: vec![start],
            losses: Vec::new(),
            changes: 0,
            topics: BTreeMap::new(),
            endings: VecDeque::new(),
            forgotten: start,
            start,
            max,
            age,
            now: 0,
            shared,
            evicted_all: start,
            oldest_offset: 0,
        }
    }

    pub(super) fn tip(&self) -> Cursor {
        self.entries.last().map_or(self.start, |entry| entry.cursor)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn held_count(&self) -> usize {
        self.held().count()
    }

    pub(super) fn live_topics(&self) -> usize {
        self.topics.len()
    }

    fn topic(&mut self, topic: usize) -> &mut Topic {
        let evicted = self.forgotten;
        self.topics.entry(topic).or_insert(Topic {
            evicted,
            readers: 0,
            over: None,
            ended: None,
            has_evicted_after_end: false,
        })
    }

    fn held(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter().filter(|entry| !entry.gone)
    }

    fn events_of(&self, topic: usize) -> impl DoubleEndedIterator<Item = &Entry> {
        self.held().filter(move |entry| matches!(entry.kind, Kind::Event { topics, .. } if has(topics, topic)))
    }

    pub(super) fn push(&mut self, cursor: Cursor, kind: Kind) {
        let now = self.now;
        match kind {
            Kind::Event { topics, terminal } => {
                for topic in (0..TOPICS.len()).filter(|topic| has(topics, *topic)) {
                    self.topic(topic).over = terminal.then_some((cursor, false));
                    self.endings.extend(terminal.then_some((topic, cursor, now)));
                }
            }
            Kind::End(topic) => {
                self.endings.push_back((topic, cursor, now));
                let topic = self.topic(topic);
                topic.over = Some((cursor, true));
                topic.ended = Some(cursor);
                topic.has_evicted_after_end = false;
            }
            Kind::Fence => {}
        }
        self.entries.push(Entry { cursor, kind, at: now, gone: false });
        self.evict();
    }

    /// Records before `next` are missing.
    pub(super) fn hole_before(&mut self, next: Cursor) {
        self.losses.push(self.end_of_hole(self.tip(), next));
        self.changes += 1;
    }

    /// An epoch of which nothing is left in the log.
    pub(super) fn replaced_epoch(&mut self, start: Cursor) {
        self.epochs.push(start);
    }

    pub(super) fn epoch(&mut self, start: Cursor, kind: EpochKind) {
        self.oldest_offset = self.oldest().offset();
        let removed: Vec<_> = self
            .entries
            .extract_if(.., |entry| entry.cursor.offset() >= start.offset())
            .map(|entry| entry.kind)
            .collect();
        self.endings.retain(|(_, cursor, _)| cursor.offset() < start.offset());
        let tip = self.tip();
        self.losses.retain(|loss| *loss <= tip);
        let mut touched = BTreeSet::new();
        for kind in removed {
            match kind {
                Kind::Event { topics, .. } => touched.extend((0..TOPICS.len()).filter(|topic| has(topics, *topic))),
                Kind::End(topic) => drop(touched.insert(topic)),
                Kind::Fence => {}
            }
        }
        for topic in touched {
            self.settle(topic, tip);
        }
        self.forget();
        if self.held().next().is_none() && self.oldest_offset >= start.offset() {
            let before = Cursor::new(self.owner(start.offset() - 1), start.offset() - 1);
            self.evicted_all = self.evicted_all.min(before);
            self.forgotten = self.forgotten.min(before);
            self.topics.values_mut().for_each(|topic| topic.evicted = topic.evicted.min(before));
        }
        self.epochs.push(start);
        if kind == EpochKind::Break {
            self.losses.push(start);
        } else if start.offset() > tip.offset() + 1 {
            self.hole_before(start);
        }
        self.changes += 1;
        self.push(start, Kind::Fence);
    }

    fn owner(&self, offset: u64) -> u64 {
        self.epochs.iter().rfind(|start| start.offset() <= offset).unwrap().epoch()
    }

    /// Decides again whether a topic is over.
    fn settle(&mut self, number: usize, tip: Cursor) {
        let in_topic = |entry: &&Entry| matches!(entry.kind, Kind::Event { topics, .. } if has(topics, number));
        let newest = self.entries.iter().rfind(in_topic);
        let is_held = newest.is_some_and(|newest| !newest.gone);
        let newest = newest.map(|entry| (entry.cursor, entry.kind));
        let Some(topic) = self.topics.get_mut(&number) else { return };
        topic.ended = topic.ended.filter(|ended| *ended <= tip);
        topic.over = match (topic.ended, newest) {
            (Some(ended), newest)
                if newest.is_none_or(|(newest, _)| newest < ended) && !topic.has_evicted_after_end =>
            {
                Some((ended, true))
            }
            (_, Some((newest, Kind::Event { terminal: true, .. }))) if is_held => Some((newest, false)),
            _ => None,
        };
        topic.over = topic.over.filter(|(over, _)| self.endings.iter().any(|(_, cursor, _)| cursor == over));
    }

    pub(super) fn evict(&mut self) {
        loop {
            let count = self.held().count();
            let (now, age, max) = (self.now, self.age, self.max);
            let Some(oldest) = self.entries.iter_mut().find(|entry| !entry.gone) else { break };
            if !(count > max && count > 1 || now - oldest.at > age) {
                break;
            }
            oldest.gone = true;
            let (cursor, kind) = (oldest.cursor, oldest.kind);
            if let Kind::Event { topics, .. } = kind {
                self.evicted_all = self.evicted_all.max(cursor);
                for topic in (0..TOPICS.len()).filter(|topic| has(topics, *topic)) {
                    let topic = self.topic(topic);
                    topic.evicted = topic.evicted.max(cursor);
                    topic.has_evicted_after_end |= topic.ended.is_some_and(|ended| cursor > ended);
                }
            }
            self.forget();
        }
        while let Some((number, cursor, at)) = self.endings.front().copied() {
            if self.endings.len() <= self.max && self.now - at <= self.age {
                break;
            }
            self.endings.pop_front();
            if let Some(topic) = self.topics.get_mut(&number) {
                topic.over = topic.over.filter(|(over, _)| *over != cursor);
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        for number in 0..TOPICS.len() {
            let holds = self.events_of(number).next().is_some();
            let Some(topic) = self.topics.get(&number) else { continue };
            if topic.readers == 0 && topic.over.is_none() && !holds {
                self.forgotten = self.forgotten.max(topic.evicted);
                self.topics.remove(&number);
            }
        }
    }

    /// The record before an entry, with its own epoch.
    fn before(&self, cursor: Cursor) -> Cursor {
        let index = self.entries.iter().position(|entry| entry.cursor == cursor).unwrap();
        let before = index.checked_sub(1).map_or(self.start, |index| self.entries[index].cursor);
        if before.offset() + 1 == cursor.offset() { before } else { self.end_of_hole(before, cursor) }
    }

    fn end_of_hole(&self, before: Cursor, next: Cursor) -> Cursor {
        Cursor::new(self.owner(next.offset() - 1).max(before.epoch()), next.offset() - 1)
    }

    fn oldest(&self) -> Cursor {
        let oldest = self.held().next().map(|entry| entry.cursor);
        oldest.map_or(self.tip(), |oldest| self.before(oldest))
    }

    fn lowest(&self, reader: &Reader) -> Cursor {
        reader.floor.map_or(self.oldest(), |floor| floor.min(self.tip()).max(self.oldest()))
    }

    fn evicted_for(&self, reader: &Reader) -> Cursor {
        match &reader.topics {
            None => self.evicted_all,
            Some(topics) => {
                let live = topics.iter().filter(|(_, ended)| !**ended);
                live.map(|(topic, _)| self.topics[topic].evicted).max().unwrap_or(Cursor::new(0, 0))
            }
        }
    }

    fn judge(&self, asked: Option<Cursor>, reader: &Reader) -> Result<(Cursor, Option<GapReason>), ()> {
        let evicted = self.evicted_for(reader);
        let evicted = reader.floor.map_or(evicted, |floor| floor.min(self.tip()).max(evicted));
        let bounded = |after: Cursor, gap: Option<GapReason>| {
            Ok((after.max(evicted), gap.or((after < evicted).then_some(Evicted))))
        };
        let Some(asked) = asked else { return bounded(self.tip(), Some(Unknown)) };
        if asked > self.tip() {
            return if self.shared { Err(()) } else { bounded(self.tip(), Some(Unknown)) };
        }
        let Some(start) = self.epochs.iter().find(|start| start.epoch() == asked.epoch()) else {
            return bounded(self.oldest(), Some(Restarted));
        };
        if asked < *start {
            return bounded(self.tip(), Some(Unknown));
        }
        let later = self.epochs.iter().filter(|start| start.epoch() > asked.epoch());
        if later.clone().any(|start| start.offset() <= asked.offset()) {
            let first = self.entries.iter().find(|entry| entry.cursor > asked).unwrap();
            assert_eq!(first.kind, Kind::Fence);
            return bounded(first.cursor, Some(Rewound));
        }
        bounded(asked, None)
    }

    pub(super) fn subscribe(&mut self, topics: Option<Set>, from: From, floor: Option<Cursor>) -> Reader {
        self.evict();
        let topics: Option<BTreeMap<usize, bool>> =
            topics.map(|set| (0..TOPICS.len()).filter(|topic| has(set, *topic)).map(|topic| (topic, false)).collect());
        for topic in topics.iter().flatten().map(|(topic, _)| *topic) {
            self.topic(topic).readers += 1;
        }
        let mut reader = Reader {
            several: topics.as_ref().is_none_or(|topics| topics.len() != 1),
            topics,
            told: self.tip(),
            floor,
            conflate: false,
            asked: None,
            pending: None,
            announce: !matches!(from, From::Id(_)),
            changes: self.changes,
            since: self.tip(),
            skip: BTreeMap::new(),
            decided: None,
            waits_for: None,
            taken: VecDeque::new(),
            over: false,
            quiet_polls: QUIET_POLLS,
        };
        match from {
            From::Now if self.is_late(&reader) => self.start_at_newest(&mut reader),
            From::Now => {}
            From::Newest => self.start_at_newest(&mut reader),
            From::Earliest => reader.told = self.lowest(&reader),
            From::Id(asked) => self.resume(&mut reader, asked),
            From::Cursor(cursor) => self.resume(&mut reader, Some(cursor)),
        }
        self.end_topics(&mut reader);
        reader
    }

    fn is_late(&self, reader: &Reader) -> bool {
        let topics: Vec<_> = reader.topics.iter().flatten().map(|(topic, _)| topic).collect();
        let ([topic], false) = (&*topics, reader.several) else { return false };
        self.topics[topic].over.is_some() && self.events_of(**topic).next().is_some()
    }

    fn start_at_newest(&self, reader: &mut Reader) {
        reader.told = self.lowest(reader);
        self.skip_to_newest(reader);
        if let Some(next) = self.next(reader) {
            reader.announce = false;
            reader.told = self.before(next);
        } else {
            reader.told = self.tip();
            reader.skip.clear();
        }
    }

    fn resume(&self, reader: &mut Reader, asked: Option<Cursor>) {
        reader.asked = asked;
        match self.judge(asked, reader) {
            Ok((after, gap)) => (reader.told, reader.pending) = (after, gap),
            Err(()) => reader.waits_for = Some((asked.unwrap(), self.tip())),
        }
    }

    pub(super) fn gap(&self, reader: &Reader) -> Option<GapReason> {
        if reader.over || reader.waits_for.is_some() {
            return None;
        }
        let ahead = self.losses.iter().any(|loss| *loss > reader.told).then_some(Lost);
        self.crossing(reader, self.next(reader)).map(|(reason, _)| reason).or(ahead)
    }

    pub(super) fn leave(&mut self, reader: &Reader) {
        for topic in reader.topics.iter().flatten().map(|(topic, _)| *topic) {
            self.topic(topic).readers -= 1;
        }
        self.forget();
    }

    /// The event is for the reader, in one of its topics that is open for it.
    fn is_for(&self, reader: &Reader, entry: &Entry) -> bool {
        let Kind::Event { topics, .. } = entry.kind else { return false };
        let skipped = |topic: usize| reader.skip.get(&topic).is_some_and(|skip| entry.cursor < *skip);
        match &reader.topics {
            None if reader.conflate || skipped(usize::MAX) => {
                let newest =
                    |topic| self.events_of(topic).next_back().map(|newest| newest.cursor) == Some(entry.cursor);
                topics == 0 || (0..TOPICS.len()).any(|topic| has(topics, topic) && newest(topic))
            }
            None => true,
            Some(named) => named.iter().any(|(topic, ended)| {
                has(topics, *topic)
                    && !*ended
                    && !skipped(*topic)
                    && (!reader.conflate || self.newest_for(reader, *topic) == Some(entry.cursor))
                    && self.limit(reader, *topic).is_none_or(|end| entry.cursor < end)
            }),
        }
    }

    /// The newest event of a topic that is for a reader.
    fn newest_for(&self, reader: &Reader, topic: usize) -> Option<Cursor> {
        let limit = self.limit(reader, topic);
        let mut events = self.events_of(topic).map(|entry| entry.cursor);
        events.rfind(|cursor| limit.is_none_or(|limit| *cursor < limit))
    }

    /// The end after which events of a topic are not for a reader that is older.
    fn limit(&self, reader: &Reader, topic: usize) -> Option<Cursor> {
        self.topics[&topic].ended.filter(|ended| *ended > reader.since)
    }

    fn next(&self, reader: &Reader) -> Option<Cursor> {
        self.held().find(|entry| entry.cursor > reader.told && self.is_for(reader, entry)).map(|entry| entry.cursor)
    }

    /// The number of evicted events after a cursor, up to another one.
    pub(super) fn evicted_between(&self, after: Cursor, until: Cursor) -> usize {
        let between = self.entries.iter().filter(|entry| after < entry.cursor && entry.cursor <= until);
        between.filter(|entry| entry.gone && matches!(entry.kind, Kind::Event { .. })).count()
    }

    fn has_missed(&self, reader: &Reader) -> bool {
        let gone = self.entries.iter().filter(|entry| entry.gone && entry.cursor > reader.told);
        match &reader.topics {
            // Of the evicted events it is not known which were the newest of their topics.
            None => gone
                .into_iter()
                .filter(|entry| reader.decided.is_none_or(|decided| entry.cursor >= decided))
                .any(|entry| matches!(entry.kind, Kind::Event { .. })),
            Some(_) if !reader.conflate => gone.into_iter().any(|entry| self.is_for(reader, entry)),
            // An event that was evicted is missed if no newer one of its topic is held.
            Some(named) => {
                let plain = Reader { conflate: false, ..reader.clone() };
                let missed = |topic| {
                    let only = Reader { topics: Some(BTreeMap::from([(topic, false)])), ..plain.clone() };
                    gone.clone().any(|entry| self.is_for(&only, entry))
                };
                let mut open = named.iter().filter(|(_, ended)| !**ended).map(|(topic, _)| *topic);
                open.any(|topic| self.newest_for(reader, topic).is_none() && missed(topic))
            }
        }
    }

    fn skip_to_newest(&self, reader: &mut Reader) {
        let after = Cursor::new(self.tip().epoch(), self.tip().offset() + 1);
        match &reader.topics {
            None => drop(reader.skip.insert(usize::MAX, after)),
            Some(topics) => {
                for topic in topics.keys() {
                    let limit = self.limit(reader, *topic);
                    let newest = self.events_of(*topic).rfind(|entry| limit.is_none_or(|limit| entry.cursor < limit));
                    // Without a held event, all that was evicted is skipped.
                    let skip = newest.map_or(self.topics[topic].evicted.max(self.oldest()), |newest| newest.cursor);
                    let old = reader.skip.entry(*topic).or_insert(skip);
                    *old = skip.max(*old);
                }
            }
        }
    }

    fn crossing(&self, reader: &Reader, next: Option<Cursor>) -> Option<(GapReason, Cursor)> {
        let crossed =
            self.losses.iter().filter(|loss| **loss > reader.told && next.is_none_or(|next| **loss < next)).max();
        let before_next = next.map_or(self.tip(), |next| self.before(next));
        match (reader.pending, crossed) {
            (None, None) => None,
            (Some(Slow), _) => Some((Slow, before_next.max(reader.told))),
            (pending, Some(loss)) => {
                let reason = if let None | Some(Evicted) = pending { Lost } else { pending.unwrap() };
                Some((reason, if *loss >= self.evicted_for(reader) { *loss } else { before_next }))
            }
            (Some(reason @ (Rewound | Unknown)), None) if reader.told >= self.evicted_for(reader) => {
                Some((reason, reader.told))
            }
            (Some(reason), None) => Some((reason, before_next.max(reader.told))),
        }
    }

    /// Ends the topics that have ended since the subscription was made, if all before the end was received.
    fn end_left_topics(&self, reader: &mut Reader) {
        for topic in reader.topics.iter().flatten().map(|(topic, _)| *topic).collect::<Vec<_>>() {
            let only = Reader { topics: Some(BTreeMap::from([(topic, false)])), ..reader.clone() };
            if self.limit(reader, topic).is_some() && self.next(&only).is_none() {
                reader.topics.as_mut().unwrap().insert(topic, true);
            }
        }
    }

    fn end_topics(&self, reader: &mut Reader) {
        let Some(topics) = reader.topics.clone() else { return };
        let is_empty = topics.keys().all(|topic| self.events_of(*topic).next().is_none());
        let is_told = reader.pending.is_none_or(|reason| reason == Unknown && is_empty);
        if !is_told || self.losses.iter().any(|loss| *loss > reader.told) || reader.waits_for.is_some() {
            return;
        }
        self.end_left_topics(reader);
        for topic in topics.keys() {
            let only = Reader { topics: Some(BTreeMap::from([(*topic, false)])), ..reader.clone() };
            let over = self.topics[topic].over.is_some_and(|(_, by_end)| by_end || !reader.several);
            if over && self.next(&only).is_none() {
                reader.topics.as_mut().unwrap().insert(*topic, true);
            }
        }
        let topics = reader.topics.as_ref().unwrap();
        reader.over |= !topics.is_empty() && topics.values().all(|ended| *ended);
    }

    /// The next step of a reader.
    pub(super) fn step(&mut self, reader: &mut Reader) -> Item {
        if let Some(taken) = reader.taken.pop_front() {
            return Item::Event(taken);
        }
        if reader.over {
            return Item::Over;
        }
        if let Some((asked, tip)) = reader.waits_for {
            // That the time to wait ends is tested elsewhere.
            let _ = tip;
            if self.judge(Some(asked), reader).is_err() {
                return Item::Nothing;
            }
            reader.waits_for = None;
            reader.changes = self.changes;
            self.resume(reader, Some(asked));
        }
        if reader.changes != self.changes {
            self.judge_again(reader);
        }
        if self.has_missed(reader) && *reader.pending.get_or_insert(Slow) == Slow {
            self.skip_to_newest(reader);
        }
        self.end_left_topics(reader);
        let next = self.next(reader);
        reader.decided = next.or(Some(Cursor::new(self.tip().epoch(), self.tip().offset() + 1)));
        if let Some((reason, id)) = self.crossing(reader, next) {
            reader.pending = None;
            reader.announce = false;
            reader.told = id;
            self.end_topics(reader);
            return Item::Gap(reason, id);
        }
        if std::mem::take(&mut reader.announce) {
            return Item::Id(reader.told);
        }
        let Some(next) = next else {
            self.end_topics(reader);
            return if reader.over { Item::Over } else { Item::Nothing };
        };
        self.take(reader, next);
        for _ in 0..32 {
            if reader.over || reader.conflate || self.losses.iter().any(|loss| *loss > reader.told) {
                break;
            }
            self.end_left_topics(reader);
            let next = self.next(reader);
            reader.decided = next.or(Some(Cursor::new(self.tip().epoch(), self.tip().offset() + 1)));
            let Some(next) = next else { break };
            self.take(reader, next);
            reader.taken.push_back(next);
        }
        Item::Event(next)
    }

    /// Judges the last ID that a live reader was told, after epochs or losses have changed.
    fn judge_again(&self, reader: &mut Reader) {
        reader.changes = self.changes;
        reader.skip.clear();
        reader.decided = None;
        let (after, gap) = self.judge(Some(reader.told), reader).expect("a reader is told nothing of the future");
        let gap = gap.map(|gap| if gap == Evicted { Slow } else { gap });
        reader.pending = reader.pending.or(gap);
        reader.told = after;
        reader.since = reader.since.min(self.tip());
        if reader.pending == Some(Slow) {
            self.skip_to_newest(reader);
        }
    }

    fn take(&self, reader: &mut Reader, next: Cursor) {
        reader.told = next;
        let entry = self.entries.iter().find(|entry| entry.cursor == next).unwrap();
        reader.over = !reader.several && matches!(entry.kind, Kind::Event { terminal: true, .. });
    }
}
