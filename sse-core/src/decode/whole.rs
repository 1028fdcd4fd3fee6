//! Blocks that stand whole in a chunk, and are written as most are: read in one go, lent as they stand.

use alloc::vec::Vec;
use core::ops::Range;

use super::{
    field::common,
    line::{Chunk, Lines, next_bytes},
};
use crate::wire::{LF, MESSAGE, prefix};

/// What a block says.
pub(crate) struct WholeBlock<'a> {
    pub(crate) event: &'a str,
    /// `None` where the data is of several lines, which then stand joined in the data buffer.
    pub(crate) data: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    /// Where in the chunk the ID stands.
    pub(crate) id_start: usize,
}

/// Where the values of a block stand, as far as it is read. No value begins at the very start of a chunk: there stands
/// what is not there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) event: Range<usize>,
    pub(crate) id: Range<usize>,
    /// A lone line of data.
    pub(crate) data: Range<usize>,
    /// All lines of data stand in the data buffer, each with an LF behind it.
    pub(crate) is_joined: bool,
}

impl Places {
    const fn has_data(&self) -> bool {
        self.data.start > 0
    }
}

impl<'a> Chunk<'a> {
    /// Takes the next block, if it is nothing but one line of data, all of it text, of at most `limit` bytes. Else takes
    /// nothing.
    #[expect(clippy::inline_always, reason = "called, it costs a third of a small event")]
    #[inline(always)]
    pub(crate) fn lone_data(&mut self, limit: usize) -> Option<&'a str> {
        let mut lines = self.lines;
        let prefix = common::DATA.value_start(lines.word(self.bytes)?)?;
        let Some(end) = lines.next_before_empty(self.bytes) else {
            // What was looked up is not to be looked up again.
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

    /// Takes the next block, if there is nothing in it but event types, IDs and data, of at most `limit` bytes, and each
    /// line ends with an LF or a CR LF. Else takes the lines before the first that is none of that, and
    /// [`begun`](Self::begun) has what they say. `joined` is an unused data buffer.
    ///
    /// What is lent is text: one line of data, as most events have it, the event type and the ID. What is joined, or
    /// begun, may be any bytes.
    #[expect(clippy::inline_always, reason = "called, it costs a fifth of a small event")]
    #[inline(always)]
    pub(crate) fn whole_block(&mut self, joined: &mut Vec<u8>, limit: usize) -> Option<WholeBlock<'a>> {
        let mut lines = self.lines;
        let mut places = Places::default();
        while let Some(word) = lines.word(self.bytes) {
            let start = lines.position;
            if let Some(prefix) = common::DATA.value_start(word) {
                // The most common end of a block, seen in one look.
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

    /// Goes on where a block is not of the most common form. Several lines of data are joined.
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
            let word = lines.word(self.bytes).unwrap_or(0);
            if let Some(prefix) = common::data(word) {
                let first = lines;
                if !places.has_data() {
                    let Some(end) = lines.next_before_more(self.bytes) else { break };
                    places.data = start + prefix..end;
                    if !lines.is_at_data(self.bytes) {
                        continue;
                    }
                    lines = first;
                    joined.clear();
                } else if !places.is_joined {
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

    /// Joins the lines of data that come next, each with an LF behind it, as far as they are whole.
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

    /// The same, as far as the lines are written as most are, and short. More than a line is copied, and what stands
    /// behind it is dropped again: a copy whose length is known takes a third of the time.
    #[inline(never)]
    fn join_short_lines(&self, at: &mut Lines, joined: &mut Vec<u8>) {
        const PREFIX: usize = prefix::DATA.len();
        // A copy stays in registers; what is behind a reference is written to memory at each line.
        let mut lines = *at;
        while let Some(line) = next_bytes::<{ PREFIX + 64 }>(self.bytes, lines.position)
            && let Some((head, value)) = line.split_first_chunk::<PREFIX>()
            && head == prefix::DATA
            && let Some(end) = lines.peek(self.bytes)
            && line.get(end - lines.position) == Some(&LF)
        {
            let len = joined.len() + end + 1 - lines.position - PREFIX;
            joined.extend_from_slice(value);
            joined.truncate(len);
            lines.take(end + 1, 1);
        }
        *at = lines;
    }

    /// Leaves the rest of a block to those who read line by line.
    #[cold]
    fn hand_over(&mut self, lines: Lines, places: Places, limit: usize) -> Option<WholeBlock<'a>> {
        let len = lines.position - self.lines.position;
        if len <= limit && !self.holds_null(&places.id) {
            self.lines = lines;
            self.begun = (len > 0).then_some(places);
        }
        None
    }

    /// Takes a block that is read to its end, if what is lent of it is text, its ID is one that counts, and it is within
    /// the limit.
    #[expect(clippy::inline_always, reason = "called, it costs a fifth of a small event")]
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

    /// Whether a value holds U+0000, for which an ID is ignored. The short ones, which most are, fit a word: subtracting
    /// one from each of its bytes borrows only from a zero, or from one that follows it.
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
