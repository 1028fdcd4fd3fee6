//! The fast path: blocks of a common form that lie within a chunk are read in one pass and borrowed from it.

use core::ops::Range;

use super::{
    block::WholeBlock,
    field::{Field, common},
    line::{Chunk, Lines},
    machine::{Machine, State},
};
use crate::wire::MESSAGE;

/// The ranges of the values of a block, as far as it is read. They stay in registers, and reach the
/// [`Block`](super::block::Block) only if the rest of the block is read line by line.
///
/// An empty range at 0 means absent: a value never starts at offset 0, because its field name precedes it.
#[derive(Clone, Debug, Default)]
struct Places {
    event: Range<usize>,
    id: Range<usize>,
    /// The first `data` line.
    data: Range<usize>,
    /// Whether all `data` lines are in the data buffer, each followed by an LF.
    is_joined: bool,
}

impl Places {
    /// Returns whether the block has a `data` line so far.
    const fn has_data(&self) -> bool {
        self.data.start > 0
    }

    /// Returns the values as text, or `None` if `text` returns `None` for one of them.
    #[expect(clippy::inline_always, reason = "both callers are on the fast path")]
    #[inline(always)]
    fn values<'c>(&self, text: impl Fn(&Range<usize>) -> Option<&'c str>) -> Option<WholeBlock<'c>> {
        Some(WholeBlock {
            name: if self.event.is_empty() { MESSAGE } else { text(&self.event)? },
            data: if self.is_joined { None } else { Some(text(&self.data)?) },
            id: if self.id.start == 0 { None } else { Some(text(&self.id)?) },
        })
    }

    /// Returns whether there is no value except the data.
    const fn is_lone(&self) -> bool {
        self.event.start == 0 && self.id.start == 0
    }

    /// Returns the end of the last value.
    fn last_end(&self) -> usize {
        self.data.end.max(self.id.end).max(self.event.end)
    }

    /// Sets the value of an `event` or `id` line. The last one counts, as in [`Block`](super::block::Block).
    #[inline]
    fn set(&mut self, field: Field, chunk: &Chunk<'_>, value: Range<usize>) {
        match field {
            Field::Event => self.event = value,
            Field::Id if chunk.is_id(&value) => self.id = value,
            Field::Id | Field::Data | Field::Retry => {}
        }
    }
}

impl Machine {
    /// Takes the next block and returns its data, if it is one `data` line of valid UTF-8 and within the limits.
    /// Otherwise takes nothing.
    #[expect(clippy::inline_always, reason = "a call costs a third of the time of a small event")]
    #[inline(always)]
    pub(crate) fn lone_data<'c>(&mut self, chunk: &Chunk<'c>) -> Option<&'c str> {
        let mut lines = self.lines;
        let start = lines.position;
        let prefix = common::DATA.value_start(lines.word(chunk.bytes)?)?;
        let Some(end) = lines.next_before_empty(chunk.bytes) else {
            // The position has not changed, but the window may have: keep it, so that it is not searched again.
            self.lines = lines;
            return None;
        };
        if lines.position - start > self.limit_on_whole() {
            return None;
        }
        let data = chunk.text(&(start + prefix..end))?;
        self.lines = lines;
        Some(data)
    }

    /// Takes the next block, if it is within the limits and contains only `event`, `id` and `data` lines of common forms
    /// that end with an LF or a CRLF. Otherwise takes at most the lines before the first one that differs.
    ///
    /// This loop reads blocks that end with one `data` line, with all positions in registers. Together with the loop of
    /// [`rest_of_block`](Self::rest_of_block) they were in memory, and an event of 80 bytes took 25 % longer.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of the time of a small event")]
    #[inline(always)]
    pub(crate) fn whole_block<'c>(&mut self, chunk: &Chunk<'c>) -> Option<WholeBlock<'c>> {
        let bytes = chunk.bytes;
        let (mut lines, mut places) = (self.lines, Places::default());
        while let Some((field, value)) = lines.word(bytes).and_then(common::spaced) {
            let value = lines.position + value;
            if field == Field::Data {
                // One look recognizes the line and an empty line after it.
                let Some(end) = lines.next_before_empty(bytes) else { break };
                places.data = value..end;
                return self.lend(chunk, lines, &places);
            }
            let Some(end) = lines.next_before_more(bytes) else { break };
            places.set(field, chunk, value..end);
        }
        self.rest_of_block(chunk, lines, places)
    }

    /// Continues a block that is not of the most common form, and joins several `data` lines.
    #[inline(never)]
    fn rest_of_block<'c>(&mut self, chunk: &Chunk<'c>, mut lines: Lines, mut places: Places) -> Option<WholeBlock<'c>> {
        let bytes = chunk.bytes;
        // Usually, the block continues in the next chunk.
        while !lines.is_cut(bytes) {
            let start = lines.position;
            // Fewer than eight bytes before the end of the chunk, only an empty line is recognized.
            match lines.word(bytes).and_then(common::field) {
                Some((Field::Data, value)) => {
                    self.data_lines(chunk, &mut lines, &mut places, start + value);
                    if lines.position == start {
                        // The line does not end in this chunk, or has another line ending.
                        break;
                    }
                }
                Some((field, value)) => {
                    let Some(end) = lines.next_before_more(bytes) else { break };
                    places.set(field, chunk, start + value..end);
                }
                None => break,
            }
            if places.has_data() && lines.pass_empty(bytes) {
                return self.lend(chunk, lines, &places);
            }
        }
        self.hand_over(chunk, lines, &places);
        None
    }

    /// Takes the `data` lines that follow, of which the value of the first one starts at `value`. Several lines are
    /// joined in the data buffer.
    #[inline]
    fn data_lines(&mut self, chunk: &Chunk<'_>, lines: &mut Lines, places: &mut Places, value: usize) {
        if !places.has_data() {
            let first = *lines;
            let Some(end) = lines.next_before_more(chunk.bytes) else { return };
            places.data = value..end;
            if !lines.is_at_data(chunk.bytes) {
                return;
            }
            // Several lines in a row: go back, so that the first one is joined too.
            *lines = first;
            self.block.data.begin_joined(None);
        } else if !places.is_joined {
            // Another field was between the first line and this one.
            self.block.data.begin_joined(Some(chunk.part(places.data.clone())));
        }
        places.is_joined = true;
        self.block.data.join_lines(chunk, lines);
    }

    /// Takes a block that is read to its end, if it is within the limits and the values to be borrowed are valid UTF-8.
    /// Otherwise takes nothing, and leaves the block to be read line by line.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of the time of a small event")]
    #[inline(always)]
    fn lend<'c>(&mut self, chunk: &Chunk<'c>, lines: Lines, places: &Places) -> Option<WholeBlock<'c>> {
        let Some(block) = self.values(chunk, lines, places) else {
            self.state = State::LineStart;
            return None;
        };
        if let Some(id) = block.id {
            self.block.take_last_event_id(chunk, id, places.id.start);
        }
        self.lines = lines;
        Some(block)
    }

    /// Returns the values of a block that ends before `lines`, or `None` if it exceeds the limits, or if a value that is
    /// to be borrowed is not valid UTF-8.
    #[expect(clippy::inline_always, reason = "a call costs a fifth of the time of a small event")]
    #[inline(always)]
    fn values<'c>(&self, chunk: &Chunk<'c>, lines: Lines, places: &Places) -> Option<WholeBlock<'c>> {
        let start = self.lines.position;
        if lines.position - start > self.limit_on_whole() {
            return None;
        }
        if chunk.is_checked() || places.is_joined || places.is_lone() {
            return places.values(|value| chunk.text(value));
        }
        // One check for all values. That of a value takes about 5 ns, however short it is.
        let text = chunk.text(&(start..places.last_end()))?;
        places.values(|value| text.get(value.start - start..value.end - start))
    }

    /// Leaves the rest of a block to be read line by line. The lines before it are taken, unless they exceed the limit.
    #[cold]
    fn hand_over(&mut self, chunk: &Chunk<'_>, lines: Lines, places: &Places) {
        if self.lines.is_at_end(chunk.bytes) {
            return;
        }
        self.state = State::LineStart;
        if lines.position - self.lines.position > self.limit_on_whole() {
            return;
        }
        self.lines = lines;
        if places.event.start > 0 {
            self.block.set_event(chunk, places.event.clone());
        }
        if places.id.start > 0 {
            self.block.set_id(chunk, places.id.clone());
        }
        if places.is_joined {
            self.block.data.take_joined();
        } else if places.has_data() {
            self.block.lend_data(places.data.clone());
        }
    }

    /// Returns the maximum size of a block for the fast path. In such a block, neither a line nor the bytes of the data
    /// can exceed a limit. Larger blocks are read line by line.
    #[inline]
    pub(super) fn limit_on_whole(&self) -> usize {
        self.limits.line.min(self.limits.data)
    }
}
