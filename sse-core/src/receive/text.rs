//! The text of a chunk, kept from one event to the next.

use alloc::string::String;
use core::ops::RangeInclusive;

use crate::decode::{Chunk, push_prefix};

/// A copy of the current chunk as text, if the chunk is likely to contain many small events.
///
/// Each item that a [`Receiver`](super::receiver::Receiver) returns ends the borrow of the chunk, and safe code cannot
/// keep the result of checking it for valid UTF-8. Without the copy, each event is checked on its own, which takes
/// longer than copying it if it is small.
#[derive(Default)]
pub(super) struct ChunkText {
    /// The valid prefix of the chunk, or empty if its values are checked one by one.
    copy: String,
    /// The length of the chunk in bytes.
    len: usize,
    /// The number of items in the chunk so far.
    items: usize,
}

/// The smallest number of items in a chunk for which the next one is copied.
const MIN_ITEMS: usize = 4;
/// The largest average size of these items, in bytes.
const MAX_ITEM: usize = 512;
/// The lengths of chunks that are copied, in bytes. The copy stays allocated.
const CHUNKS: RangeInclusive<usize> = 256..=64 << 10;

impl ChunkText {
    /// Begins a chunk. It is copied if the last one had many small events.
    pub(super) fn begin(&mut self, bytes: &[u8]) {
        let had_small_events = self.items >= MIN_ITEMS && self.len / self.items <= MAX_ITEM;
        self.copy.clear();
        if had_small_events && CHUNKS.contains(&bytes.len()) {
            push_prefix(&mut self.copy, bytes);
        }
        self.len = bytes.len();
        self.items = 0;
    }

    /// Counts an item of the chunk.
    #[inline]
    pub(super) const fn count(&mut self) {
        self.items += 1;
    }

    /// Returns the chunk that was begun, whose bytes are `bytes`.
    #[inline]
    pub(super) fn chunk<'a>(&'a self, bytes: &'a [u8]) -> Chunk<'a> {
        if self.copy.is_empty() { Chunk::each_value(bytes) } else { Chunk::checked(bytes, &self.copy) }
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use super::*;

    /// Returns the text of a chunk after one of `items` items in `len` bytes, or `None` if it is not copied.
    fn text_after(len: usize, items: usize, bytes: &[u8]) -> Option<String> {
        let mut text = ChunkText::default();
        text.begin(&vec![b'x'; len]);
        (0..items).for_each(|_| text.count());
        text.begin(bytes);
        (!text.copy.is_empty()).then_some(text.copy)
    }

    #[test]
    fn a_chunk_is_copied_after_one_with_many_small_events() {
        let chunk = "a".repeat(1000);
        assert_eq!(text_after(400, 4, chunk.as_bytes()).as_ref(), Some(&chunk));
        assert_eq!(text_after(400, 3, chunk.as_bytes()), None);
        assert_eq!(text_after(4 * 512, 4, chunk.as_bytes()).as_ref(), Some(&chunk));
        assert_eq!(text_after(4 * 513, 4, chunk.as_bytes()), None);
        assert_eq!(text_after(400, 4, &[b'a'; 255]), None);
        assert_eq!(text_after(400, 4, &vec![b'a'; (64 << 10) + 1]), None);
    }

    #[test]
    fn the_copy_has_the_offsets_of_the_chunk_up_to_its_first_invalid_byte() {
        let middle = "é".repeat(200);
        let chunk = |start: &[u8], end: &[u8]| [start, middle.as_bytes(), end].concat();
        // A character that is cut at the start or at the end.
        assert_eq!(text_after(400, 4, &chunk(b"\x82\xAC", b"\xE2\x82")), Some(format!("  {middle}")));
        assert_eq!(text_after(400, 4, &chunk(b"a", b"\xFFb")), Some(format!("a{middle}")));
        assert_eq!(text_after(400, 4, &chunk(b"\xFF", b"b")), None);
    }
}
