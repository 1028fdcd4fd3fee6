//! A slab: values with small, stable keys.

use std::{collections::BTreeSet, num::NonZeroU32};

/// The number of values in a chunk: one bit each in a mask.
const CHUNK: usize = u64::BITS as usize;

/// Values with stable keys. The slab grows and shrinks by chunks, so that it never moves a value, and a slab that was
/// large does not keep its memory: new values get the lowest free key, and empty chunks are freed.
#[derive(Debug)]
pub(crate) struct Slab<T> {
    chunks: Vec<Option<Box<Chunk<T>>>>,
    /// The chunks with a free slot, including those that are not allocated.
    roomy: BTreeSet<u32>,
    len: usize,
}

#[derive(Debug)]
struct Chunk<T> {
    used: u64,
    values: [Option<T>; CHUNK],
}

/// The key of a value: its position plus one, so that an optional key has the size of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key(NonZeroU32);

impl Key {
    /// The largest key, which no slab reaches.
    pub(crate) const MAX: Self = Self(NonZeroU32::MAX);

    fn at(position: usize) -> Option<Self> {
        u32::try_from(position + 1).ok().and_then(NonZeroU32::new).map(Self)
    }

    pub(crate) fn from_raw(raw: u32) -> Option<Self> {
        NonZeroU32::new(raw).map(Self)
    }

    pub(crate) const fn raw(self) -> u32 {
        self.0.get()
    }

    fn split(self) -> (usize, usize) {
        let position = self.0.get() as usize - 1;
        (position / CHUNK, position % CHUNK)
    }
}

impl<T> Slab<T> {
    pub(crate) const fn new() -> Self {
        Self { chunks: Vec::new(), roomy: BTreeSet::new(), len: 0 }
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Adds a value. Returns `None` if no keys are left.
    pub(crate) fn insert(&mut self, value: T) -> Option<Key> {
        let index = if let Some(&index) = self.roomy.first() {
            index
        } else {
            let index = u32::try_from(self.chunks.len()).ok()?;
            self.chunks.push(None);
            self.roomy.insert(index);
            index
        };
        let chunk = self.chunks.get_mut(index as usize)?;
        let chunk = chunk.get_or_insert_with(|| Box::new(Chunk { used: 0, values: [const { None }; CHUNK] }));
        let free = chunk.used.trailing_ones();
        let key = Key::at(index as usize * CHUNK + free as usize)?;
        *chunk.values.get_mut(free as usize)? = Some(value);
        chunk.used |= 1 << free;
        if chunk.used == u64::MAX {
            self.roomy.remove(&index);
        }
        self.len += 1;
        Some(key)
    }

    pub(crate) fn get(&self, key: Key) -> Option<&T> {
        let (chunk, place) = key.split();
        self.chunks.get(chunk)?.as_ref()?.values.get(place)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut T> {
        let (chunk, place) = key.split();
        self.chunks.get_mut(chunk)?.as_mut()?.values.get_mut(place)?.as_mut()
    }

    /// Removes a value and returns it.
    pub(crate) fn remove(&mut self, key: Key) -> Option<T> {
        let (index, place) = key.split();
        let slot = self.chunks.get_mut(index)?;
        let chunk = slot.as_mut()?;
        let value = chunk.values.get_mut(place)?.take()?;
        chunk.used &= !(1 << place);
        let is_empty = chunk.used == 0;
        self.roomy.insert(u32::try_from(index).ok()?);
        self.len -= 1;
        if is_empty {
            *slot = None;
            self.trim();
        }
        Some(value)
    }

    /// Removes the chunks at the end that are not allocated.
    fn trim(&mut self) {
        while let Some(None) = self.chunks.last() {
            self.chunks.pop();
            self.roomy.pop_last();
        }
        if self.chunks.len() < self.chunks.capacity() / 4 {
            self.chunks.shrink_to(self.chunks.len() * 2);
        }
    }

    /// Returns the keys in use from a position on, each with the position after it.
    pub(crate) fn keys_from(&self, position: usize) -> impl Iterator<Item = (Key, usize)> + '_ {
        let positions = position..self.chunks.len() * CHUNK;
        let keys = positions.filter_map(|position| Some((Key::at(position)?, position + 1)));
        keys.filter(|(key, _)| self.get(*key).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_keys_and_free_keys_are_used_again() {
        let mut slab = Slab::new();
        let keys: Vec<_> = (0..1000_u32).map(|number| slab.insert(number).unwrap()).collect();
        for (number, key) in (0..).zip(&keys) {
            assert_eq!(slab.get(*key), Some(&number));
        }
        assert_eq!(slab.remove(keys[500]), Some(500));
        assert!(slab.get(keys[500]).is_none() && slab.len() == 999);
        assert_eq!(slab.remove(keys[500]), None);
        assert_eq!(slab.insert(7), Some(keys[500]));
    }

    #[test]
    fn a_slab_that_has_been_large_frees_its_chunks() {
        let mut slab = Slab::new();
        let keys: Vec<_> = (0..10_000_u32).map(|number| slab.insert(number).unwrap()).collect();
        for key in keys.iter().skip(10) {
            slab.remove(*key);
        }
        assert!(
            slab.chunks.len() == 1 && slab.chunks.capacity() <= 16 && slab.roomy.len() == 1,
            "{}",
            slab.chunks.len()
        );
        for key in keys.iter().take(10) {
            slab.remove(*key);
        }
        assert_eq!((slab.chunks.len(), slab.roomy.len(), slab.len()), (0, 0, 0));
        assert!(slab.insert(1).is_some());
    }

    #[test]
    fn a_free_chunk_in_the_middle_is_allocated_again() {
        let mut slab = Slab::new();
        let keys: Vec<_> = (0..192_u32).map(|number| slab.insert(number).unwrap()).collect();
        for key in &keys[64..128] {
            slab.remove(*key);
        }
        assert!(slab.chunks[1].is_none());
        assert_eq!(slab.insert(9), Some(keys[64]));
        assert_eq!(slab.keys_from(60).count(), 4 + 1 + 64);
    }
}
