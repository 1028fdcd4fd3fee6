//! The fast path: blocks of a common form that lie within a chunk are read in one pass and borrowed from it.

use alloc::vec::Vec;
use core::ops::Range;

use super::{
    field::common,
    line::{Chunk, Lines, next_bytes},
};
use crate::wire::{LF, MESSAGE, prefix};

/// The fields of a block that is read to its end.
pub(crate) struct WholeBlock<'a> {
    pub(crate) event: &'a str,
    /// The data, or `None` if it has several lines, which are then joined in the data buffer.
    pub(crate) data: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    /// The offset of the ID in the chunk.
    pub(crate) id_start: usize,
}

/// The ranges of the values of a block, as far as it is read.
///
/// An empty range at 0 means absent: a value never starts at offset 0, because its field name precedes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) event: Range<usize>,
    pub(crate) id: Range<usize>,
    /// The first `data` line.
    pub(crate) data: Range<usize>,
    /// Whether all `data` lines are in the data buffer, each followed by an LF.
    pub(crate) is_joined: bool,
}

impl Places {
    /// Returns whether the block has a `data` line so far.
    const fn has_data(&self) -> bool {
        self.data.start > 0
    }
}

impl<'a> Chunk<'a> {
    /// Takes the next block and returns its data, if it is one `data` line of valid UTF-8 and at most `limit` bytes
    /// long. Otherwise takes nothing.
    #[expect(clippy::inline_always, reason = "a call costs a third of the time of a small event")]
    #[inline(always)]
    pub(crate) fn lone_data(&mut self, limit: usize) -> Option<&'a str> {
        let mut lines = self.lines;
        let prefix = common::DATA.value_start(lines.word(self.bytes)?)?;
        let Some(end) = lines.next_before_empty(self.bytes) else {
            // The position has not changed, but the window may have: keep it, so that it is not searched again.
            self.lines = lines;
            return None;
        };
        if lines.position - self.lines.position > limit {
            return None;
        }
        let data = self.text(&(self.lines.position + prefix..end))?;
        self.lines = lines;
        Some(data)
    }

    /// Takes the next block, if it is at most `limit` bytes long and contains only `event`, `id` and `data` lines of
    /// common forms that end with an LF or a CRLF. Otherwise takes at most the lines before the first one that differs,
    /// and sets [`begun`](Self::begun) to their values.
    ///
    /// `joined` is the unused data buffer, in which several `data` lines are joined. The returned values are valid
    /// UTF-8. Joined lines and the values in `begun` may not be.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of the time of a small event")]
    #[inline(always)]
    pub(crate) fn whole_block(&mut self, joined: &mut Vec<u8>, limit: usize) -> Option<WholeBlock<'a>> {
        let mut lines = self.lines;
        let mut places = Places::default();
        while let Some(word) = lines.word(self.bytes) {
            let start = lines.position;
            if let Some(prefix) = common::DATA.value_start(word) {
                // Most blocks end with one `data` line and an empty line, which one look recognizes.
                let Some(end) = lines.next_before_empty(self.bytes) else { break };
                places.data = start + prefix..end;
                return self.lend(lines, &places, limit);
            }
            if let Some(prefix) = common::ID.value_start(word) {
                let Some(end) = lines.next_before_more(self.bytes) else { break };
                places.id = start + prefix..end;
            } else if let Some(prefix) = common::EVENT.value_start(word) {
                let Some(end) = lines.next_before_more(self.bytes) else { break };
                places.event = start + prefix..end;
            } else {
                break;
            }
        }
        self.rest_of_block(lines, places, joined, limit)
    }

    /// Continues a block that is not of the most common form, and joins several `data` lines.
    #[inline(never)]
    fn rest_of_block(
        &mut self,
        mut lines: Lines,
        mut places: Places,
        joined: &mut Vec<u8>,
        limit: usize,
    ) -> Option<WholeBlock<'a>> {
        loop {
            let start = lines.position;
            // Fewer than eight bytes before the end of the chunk, only an empty line is recognized.
            let word = lines.word(self.bytes).unwrap_or(0);
            if let Some(prefix) = common::data(word) {
                let first = lines;
                if !places.has_data() {
                    let Some(end) = lines.next_before_more(self.bytes) else { break };
                    places.data = start + prefix..end;
                    if !lines.is_at_data(self.bytes) {
                        continue;
                    }
                    // Several lines in a row: go back, so that the first one is joined too.
                    lines = first;
                    joined.clear();
                } else if !places.is_joined {
                    // Another field was between the first line and this one.
                    joined.clear();
                    joined.extend_from_slice(self.part(places.data.clone()));
                    joined.push(LF);
                }
                places.is_joined = true;
                self.join_lines(&mut lines, joined);
                if lines.pass_empty(self.bytes) {
                    return self.lend(lines, &places, limit);
                }
                if lines.position == start {
                    // The line does not end in this chunk, or has another line ending.
                    break;
                }
            } else if let Some(prefix) = common::id(word) {
                let Some(end) = lines.next_before_more(self.bytes) else { break };
                places.id = start + prefix..end;
            } else if let Some(prefix) = common::event(word) {
                let Some(end) = lines.next_before_more(self.bytes) else { break };
                places.event = start + prefix..end;
            } else if places.has_data() && lines.pass_empty(self.bytes) {
                return self.lend(lines, &places, limit);
            } else {
                break;
            }
        }
        self.hand_over(lines, places, limit)
    }

    /// Appends the complete `data` lines that follow to `joined`, each followed by an LF.
    pub(crate) fn join_lines(&self, lines: &mut Lines, joined: &mut Vec<u8>) {
        loop {
            self.join_short_lines(lines, joined);
            let start = lines.position;
            let Some(prefix) = lines.word(self.bytes).and_then(common::data) else { return };
            let Some(end) = lines.next_before_more(self.bytes) else { return };
            joined.extend_from_slice(self.part(start + prefix..end));
            joined.push(LF);
        }
    }

    /// Appends the `data` lines that follow, as long as they have a space after the colon, end with an LF, and have a
    /// value of at most 63 bytes.
    ///
    /// Copies 64 bytes for each line, then truncates to the end of the line: a copy of constant length takes a third of
    /// the time.
    #[inline(never)]
    fn join_short_lines(&self, at: &mut Lines, joined: &mut Vec<u8>) {
        const PREFIX: usize = prefix::DATA.len();
        // A local copy stays in registers. Through the reference, each line would be written to memory.
        let mut lines = *at;
        while let Some(line) = next_bytes::<{ PREFIX + 64 }>(self.bytes, lines.position)
            && let Some((head, value)) = line.split_first_chunk::<PREFIX>()
            && head == prefix::DATA
            && let Some(end) = lines.peek(self.bytes)
            && line.get(end - lines.position) == Some(&LF)
        {
            // The LF at `end` is copied too: it separates the lines.
            let len = joined.len() + end + 1 - lines.position - PREFIX;
            joined.extend_from_slice(value);
            joined.truncate(len);
            lines.take(end + 1, 1);
        }
        *at = lines;
    }

    /// Leaves the rest of a block to be read line by line.
    ///
    /// The lines before it are taken, unless they exceed the limit or their ID contains U+0000. In that case, all of
    /// the block is read line by line.
    #[cold]
    fn hand_over(&mut self, lines: Lines, places: Places, limit: usize) -> Option<WholeBlock<'a>> {
        let len = lines.position - self.lines.position;
        if len <= limit && !self.holds_null(&places.id) {
            self.lines = lines;
            self.begun = (len > 0).then_some(places);
        }
        None
    }

    /// Takes a block that is read to its end, if it is within the limit, its ID contains no U+0000, and the values to
    /// be borrowed are valid UTF-8. Otherwise takes nothing.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of the time of a small event")]
    #[inline(always)]
    fn lend(&mut self, lines: Lines, places: &Places, limit: usize) -> Option<WholeBlock<'a>> {
        if lines.position - self.lines.position > limit {
            return None;
        }
        let data = if places.is_joined { None } else { Some(self.text(&places.data)?) };
        let event = if places.event.is_empty() { MESSAGE } else { self.text(&places.event)? };
        let id_start = places.id.start;
        let id = if id_start == 0 {
            None
        } else if self.holds_null(&places.id) {
            return None;
        } else {
            Some(self.text(&places.id)?)
        };
        self.lines = lines;
        Some(WholeBlock { event, data, id, id_start })
    }

    /// Returns whether a value contains U+0000, for which an ID is ignored.
    ///
    /// Most IDs are shorter than eight bytes and are checked as one word, in which the bytes after the value are 0xFF.
    /// Subtracting one from each byte sets a high bit that was clear only if the byte is zero, or if a zero below it
    /// borrows from it.
    #[inline]
    fn holds_null(&self, value: &Range<usize>) -> bool {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = ONES << 7;
        match next_bytes(self.bytes, value.start) {
            Some(bytes) if value.len() < 8 => {
                let word = u64::from_le_bytes(*bytes) | u64::MAX << (value.len() * 8);
                word.wrapping_sub(ONES) & !word & HIGH != 0
            }
            _ => memchr::memchr(0, self.part(value.clone())).is_some(),
        }
    }
}
