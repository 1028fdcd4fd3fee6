//! The held records, in order, in chunks.

use std::{collections::VecDeque, mem};

use bytes::Bytes;

use crate::{slab::Key, window::Tick};

/// The number of records in a chunk.
const CHUNK: usize = 128;

/// A record of the log.
#[derive(Debug, Default)]
pub(crate) struct Held {
    /// The block of an event with its ID, as it is sent. Empty for a control record.
    pub(crate) block: Bytes,
    pub(crate) at: Tick,
    tag: Tag,
}

/// The kind and the topics of a record in four bytes, which reduces a record from 56 to 40 bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Tag(u32);

/// The kind of a record, with its topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A fence, a break, or the end of a topic. It has no topics.
    Control,
    Event {
        topics: TopicSet,
        terminal: bool,
    },
}

/// The topics of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopicSet {
    None,
    One(Key),
    /// The key of a topic set.
    Several(Key),
}

const CONTROL: u32 = 1 << 31;
const TERMINAL: u32 = 1 << 30;
const SEVERAL: u32 = 1 << 29;
/// The greatest key that a tag can hold.
pub(crate) const MAX_KEY: u32 = SEVERAL - 1;

impl Tag {
    fn new(kind: Kind) -> Self {
        let Kind::Event { topics, terminal } = kind else { return Self(CONTROL) };
        let topics = match topics {
            TopicSet::None => 0,
            TopicSet::One(topic) => topic.raw() & MAX_KEY,
            TopicSet::Several(set) => (set.raw() & MAX_KEY) | SEVERAL,
        };
        Self(topics | if terminal { TERMINAL } else { 0 })
    }

    fn kind(self) -> Kind {
        if self.0 & CONTROL != 0 {
            return Kind::Control;
        }
        let topics = match Key::from_raw(self.0 & MAX_KEY) {
            None => TopicSet::None,
            Some(set) if self.0 & SEVERAL != 0 => TopicSet::Several(set),
            Some(topic) => TopicSet::One(topic),
        };
        Kind::Event { topics, terminal: self.0 & TERMINAL != 0 }
    }
}

impl Held {
    pub(crate) fn new(block: Bytes, at: Tick, kind: Kind) -> Self {
        Self { block, at, tag: Tag::new(kind) }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.tag.kind()
    }
}

/// A queue of records. It grows and shrinks by chunks, so that appending never copies the whole queue, and the memory
/// of evicted records is freed immediately.
#[derive(Debug, Default)]
pub(crate) struct Records {
    chunks: VecDeque<Vec<Held>>,
    /// The number of records that were removed from the first chunk.
    skipped: usize,
    len: usize,
}

impl Records {
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Held> {
        let index = index + self.skipped;
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }

    pub(crate) fn push(&mut self, record: Held) {
        if let Some(chunk) = self.chunks.back_mut().filter(|chunk| chunk.len() < CHUNK) {
            chunk.push(record);
        } else {
            let mut chunk = Vec::with_capacity(CHUNK);
            chunk.push(record);
            self.chunks.push_back(chunk);
        }
        self.len += 1;
    }

    pub(crate) fn pop_front(&mut self) -> Option<Held> {
        let record = mem::take(self.chunks.front_mut()?.get_mut(self.skipped)?);
        self.skipped += 1;
        self.len -= 1;
        if self.skipped == CHUNK || self.len == 0 {
            self.chunks.pop_front();
            self.skipped = 0;
            self.shrink();
        }
        Some(record)
    }

    pub(crate) fn pop_back(&mut self) -> Option<Held> {
        if self.len == 0 {
            return None;
        }
        let last = self.chunks.back_mut()?;
        let record = last.pop()?;
        self.len -= 1;
        if last.is_empty() || self.len == 0 {
            self.chunks.pop_back();
            if self.chunks.is_empty() {
                self.skipped = 0;
            }
        }
        Some(record)
    }

    fn shrink(&mut self) {
        if self.chunks.len() < self.chunks.capacity() / 4 {
            self.chunks.shrink_to(self.chunks.len() * 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_holds_each_kind_with_its_topics() {
        let key = |raw| Key::from_raw(raw).unwrap();
        for topics in [TopicSet::None, TopicSet::One(key(1)), TopicSet::One(key(MAX_KEY)), TopicSet::Several(key(7))] {
            for terminal in [false, true] {
                let kind = Kind::Event { topics, terminal };
                assert_eq!(Tag::new(kind).kind(), kind);
            }
        }
        assert_eq!(Tag::new(Kind::Control).kind(), Kind::Control);
        assert_eq!(size_of::<Held>(), 40);
    }

    #[test]
    fn the_queue_keeps_its_order_at_both_ends() {
        let record = |number: u32| Held::new(Bytes::from(number.to_string()), Tick::default(), Kind::Control);
        let number = |held: &Held| str::from_utf8(&held.block).unwrap().parse::<u32>().unwrap();
        let mut queue = Records::default();
        let mut model = VecDeque::new();
        for step in 0..5000_u32 {
            match step.wrapping_mul(2_654_435_761) >> 29 {
                0..=3 => {
                    queue.push(record(step));
                    model.push_back(step);
                }
                4 | 5 => assert_eq!(queue.pop_front().as_ref().map(number), model.pop_front()),
                _ => assert_eq!(queue.pop_back().as_ref().map(number), model.pop_back()),
            }
            assert_eq!(queue.len(), model.len());
            let held: Vec<_> = (0..queue.len()).filter_map(|index| queue.get(index)).map(number).collect();
            assert_eq!(held, Vec::from(model.clone()));
        }
        while queue.pop_front().is_some() {}
        assert!(queue.chunks.is_empty());
    }
}
