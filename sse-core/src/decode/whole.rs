//! The fast path: blocks of a common form that lie within a chunk are read in one pass and borrowed from it.

use super::{
    block::{Block, Fields, Phase, dispatch},
    event::RawEvent,
    field::{Field, common},
    limit::LimitError,
    line::{Chunk, Cursor},
    machine::{Machine, State},
    ranges::{Checked, Ranges, WholeBlock},
};

impl Machine {
    /// Takes the next block and returns its data, if it is one `data` line of valid UTF-8 and within the limits.
    /// Otherwise takes nothing.
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    pub(crate) fn lone_data<'c>(&mut self, chunk: &Chunk<'c>) -> Option<&'c str> {
        let mut cursor = self.cursor;
        let start = cursor.position;
        let prefix = common::DATA.value_start(cursor.word(chunk.bytes)?)?;
        let Some(end) = cursor.next_before_empty(chunk.bytes) else {
            // The position has not changed, but the window may have: keep it, so that it is not searched again.
            self.cursor = cursor;
            return None;
        };
        if cursor.position - start > self.limit_on_whole() {
            return None;
        }
        let data = chunk.text(&(start + prefix..end))?;
        self.cursor = cursor;
        Some(data)
    }

    /// Takes the next block, if it is within the limits and contains only `event`, `id` and `data` lines of common forms
    /// that end with an LF or a CRLF. Otherwise takes at most the lines before the first one that differs.
    ///
    /// This loop reads blocks that end with one `data` line, with all positions in registers. Together with the loop of
    /// [`rest_of_block`](Self::rest_of_block) they were in memory, and an event of 80 bytes took 25 % longer.
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    pub(crate) fn try_whole_block<'c>(&mut self, chunk: &Chunk<'c>) -> Option<WholeBlock<'c>> {
        let bytes = chunk.bytes;
        let (mut cursor, mut ranges) = (self.cursor, Ranges::default());
        while let Some((field, value)) = cursor.word(bytes).and_then(common::spaced) {
            let value = cursor.position + value;
            if field == Field::Data {
                // One look recognizes the line and an empty line after it.
                let Some(end) = cursor.next_before_empty(bytes) else { break };
                ranges.data = value..end;
                return self.take(chunk, cursor, &ranges);
            }
            let Some(end) = cursor.next_before_more(bytes) else { break };
            ranges.set(field, chunk, value..end);
        }
        self.rest_of_block(chunk, cursor, ranges)
    }

    /// Continues a block that is not of the most common form, and joins several `data` lines.
    #[inline(never)]
    fn rest_of_block<'c>(
        &mut self,
        chunk: &Chunk<'c>,
        mut cursor: Cursor,
        mut ranges: Ranges,
    ) -> Option<WholeBlock<'c>> {
        let bytes = chunk.bytes;
        // Usually, the block continues in the next chunk.
        while !cursor.is_cut(bytes) {
            let start = cursor.position;
            // Fewer than eight bytes before the end of the chunk, only an empty line is recognized.
            match cursor.word(bytes).and_then(common::field) {
                Some((Field::Data, value)) => {
                    self.data_lines(chunk, &mut cursor, &mut ranges, start + value);
                    if cursor.position == start {
                        // The line does not end in this chunk, or has another line ending.
                        break;
                    }
                }
                Some((field, value)) => {
                    let Some(end) = cursor.next_before_more(bytes) else { break };
                    ranges.set(field, chunk, start + value..end);
                }
                None => break,
            }
            if ranges.has_data() && cursor.pass_empty(bytes) {
                return self.take(chunk, cursor, &ranges);
            }
        }
        self.hand_over(chunk, cursor, &ranges);
        None
    }

    /// Takes the `data` lines that follow, of which the value of the first one starts at `value`. Several lines are
    /// joined in the data buffer.
    #[inline]
    fn data_lines(&mut self, chunk: &Chunk<'_>, cursor: &mut Cursor, ranges: &mut Ranges, value: usize) {
        if !ranges.has_data() {
            let first = *cursor;
            let Some(end) = cursor.next_before_more(chunk.bytes) else { return };
            ranges.data = value..end;
            if !cursor.is_at_data(chunk.bytes) {
                return;
            }
            // Several lines in a row: go back, so that the first one is joined too.
            *cursor = first;
            self.block.data.begin_joined(None);
        } else if !ranges.is_joined {
            // Another field was between the first line and this one.
            self.block.data.begin_joined(Some(chunk.slice(ranges.data.clone())));
        }
        ranges.is_joined = true;
        self.block.data.join_lines(chunk, cursor);
    }

    /// Takes a block that is read to its end, if it is within the limits and the values to be borrowed are valid UTF-8.
    /// Otherwise takes nothing, and leaves the block to be read line by line.
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    fn take<'c>(&mut self, chunk: &Chunk<'c>, cursor: Cursor, ranges: &Ranges) -> Option<WholeBlock<'c>> {
        let Some(block) = self.values(chunk, cursor, ranges) else {
            self.state = State::LineStart;
            return None;
        };
        if let Some(id) = block.id {
            self.block.take_last_event_id(chunk, id, ranges.id.start);
        }
        self.cursor = cursor;
        Some(block)
    }

    /// Returns the values of a block that ends before `cursor`, or `None` if it exceeds the limits, or if a value that is
    /// to be borrowed is not valid UTF-8.
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    fn values<'c>(&self, chunk: &Chunk<'c>, cursor: Cursor, ranges: &Ranges) -> Option<WholeBlock<'c>> {
        let start = self.cursor.position;
        if cursor.position - start > self.limit_on_whole() {
            return None;
        }
        if chunk.is_checked() || ranges.is_joined || ranges.is_lone() {
            return ranges.values(|value| chunk.text(value));
        }
        let text = Checked::new(chunk, start..ranges.last_end())?;
        ranges.values(|value| text.get(value))
    }

    /// Leaves the rest of a block to be read line by line. The lines before it are taken, unless they exceed the limit.
    #[cold]
    fn hand_over(&mut self, chunk: &Chunk<'_>, cursor: Cursor, ranges: &Ranges) {
        if self.cursor.is_at_end(chunk.bytes) {
            return;
        }
        self.state = State::LineStart;
        if cursor.position - self.cursor.position > self.limit_on_whole() {
            return;
        }
        self.cursor = cursor;
        if let Some((event, id)) = ranges.event_and_id(chunk) {
            self.block.keep(event, id);
        } else {
            if ranges.event.start > 0 {
                self.block.set_event(chunk, ranges.event.clone());
            }
            if ranges.id.start > 0 {
                self.block.set_id(chunk, ranges.id.clone());
            }
        }
        if ranges.is_joined {
            self.block.data.take_joined();
        } else if ranges.has_data() {
            self.block.borrow_data(ranges.data.clone());
        }
    }

    /// Returns the event of a block that the fast path has read to its end.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`Block::event`].
    #[expect(clippy::inline_always, reason = "it returns most small events")]
    #[inline(always)]
    pub(super) fn whole_event<'a>(
        &'a mut self,
        block: &WholeBlock<'a>,
        chunk: &Chunk<'a>,
    ) -> Result<RawEvent<'a>, LimitError> {
        let data = match block.data {
            Some(data) => data,
            None => match self.block.data.joined(&self.limits) {
                Ok(data) => data,
                Err(error) => {
                    self.block.has_id = block.id.is_some();
                    self.block.phase = Phase::Failed;
                    // The block is left before the next one is read.
                    self.state = State::LineStart;
                    return Err(error);
                }
            },
        };
        Ok(dispatch(Fields { name: block.name, data, id: block.id, retry: None }, &self.block.last_event_id, chunk))
    }

    /// Returns the maximum size of a block for the fast path. In such a block, neither a line nor the bytes of the data
    /// can exceed a limit. Larger blocks are read line by line.
    #[inline]
    pub(super) fn limit_on_whole(&self) -> usize {
        self.limits.line.min(self.limits.data)
    }
}

impl Block {
    /// Returns the event of a block that is one `data` line.
    #[inline]
    pub(super) fn lone_event<'a>(&'a self, data: &'a str, chunk: &Chunk<'a>) -> RawEvent<'a> {
        dispatch(Fields { name: "", data, id: None, retry: None }, &self.last_event_id, chunk)
    }

    /// Sets the last event ID to that of a block that the fast path has read to its end.
    #[inline]
    fn take_last_event_id(&mut self, chunk: &Chunk<'_>, id: &str, start: usize) {
        if chunk.is_lent_whole() {
            self.may_borrow = true;
            self.last_event_id.borrow(start..start + id.len());
        } else {
            self.last_event_id.keep(id);
        }
    }
}
