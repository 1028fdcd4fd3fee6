//! Blocks that stand whole in a chunk, which most do: read in one go, lent as they stand.

use alloc::string::String;
use core::ops::Range;

use super::{
    field::{Common, Field},
    line::{Chunk, Lines},
};
use crate::wire::LF;

/// What a block says.
pub(crate) struct WholeBlock<'a> {
    pub(crate) event: &'a str,
    /// `None` where the data is of several lines, which then stand joined in the data buffer.
    pub(crate) data: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    /// Where in the chunk the ID stands. Not a range: copied in one piece, it costs a fifth of a small event.
    pub(crate) id_start: usize,
}

/// Where the values of a block's fields are, as far as it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) event: Range<usize>,
    pub(crate) data: Option<Range<usize>>,
    /// Several lines of data stand in the data buffer, each with an LF behind it.
    pub(crate) is_joined: bool,
    pub(crate) id: Option<Range<usize>>,
}

impl<'a> Chunk<'a> {
    /// Takes the next block, if it is nothing but one line of data, of at most `limit` bytes. Else takes nothing.
    #[inline]
    pub(crate) fn lone_data(&mut self, limit: usize) -> Option<&'a str> {
        let start = self.lines.position;
        if !Common::is_data(self.word(start)) {
            return None;
        }
        self.lines.look_up(self.bytes);
        let mut lines = self.lines;
        let end = lines.next_before_empty(self.bytes).filter(|end| end - start <= limit)?;
        let data = self.text(&(start + Common::DATA_LEN..end))?;
        self.lines = lines;
        Some(data)
    }

    /// Takes the next block, if it dispatches an event, and is of the common form: no reconnection time, nothing to be
    /// repaired, at most `limit` bytes. `joined` is an unused data buffer. Else takes nothing, unless the block goes on
    /// behind this chunk: then [`begun`](Self::begun) has what there is of it, and the line that goes on is next.
    ///
    /// One line of data, as most events have it, is lent.
    #[inline(never)]
    pub(crate) fn whole_block(&mut self, joined: &mut String, limit: usize) -> Option<WholeBlock<'a>> {
        let mut lines = self.lines;
        let mut places = Places::default();
        let data = loop {
            if Common::is_data(self.word(lines.position)) {
                let start = lines.position + Common::DATA_LEN;
                if places.data.is_some() {
                    return self.read_joined(lines, places, joined, limit);
                }
                // The most common end of a block, seen in one look.
                if let Some(end) = lines.next_before_empty(self.bytes) {
                    break start..end;
                }
            }
            let Some(line) = lines.next(self.bytes) else {
                self.keep_begun(lines, places, limit);
                return None;
            };
            if line.range.is_empty() {
                // A CR at the end of the chunk may go on in the next one.
                if line.cr_is_last {
                    return None;
                }
                break places.data.clone()?;
            }
            match self.field(&line.range) {
                Some((Field::Data, value)) if places.data.is_none() => places.data = Some(value),
                Some((Field::Event, value)) => places.event = value,
                Some((Field::Id, value)) => places.id = Some(value),
                // Data without the space that is mostly there, behind other data.
                Some((Field::Data | Field::Retry, _)) => return None,
                None => {}
            }
        };
        self.lend(lines, places, data, limit)
    }

    /// Several lines of data: joined, each with an LF behind it, and the last LF taken away again when the event is
    /// dispatched. Apart from the common case, which is faster without it.
    #[inline(never)]
    fn read_joined(
        &mut self,
        mut lines: Lines,
        mut places: Places,
        joined: &mut String,
        limit: usize,
    ) -> Option<WholeBlock<'a>> {
        joined.clear();
        places.is_joined = true;
        let mut value = places.data.clone()?;
        loop {
            self.join(joined, value)?;
            value = loop {
                let is_data = Common::is_data(self.word(lines.position));
                let Some(line) = lines.next(self.bytes) else {
                    self.keep_begun(lines, places, limit);
                    return None;
                };
                if is_data {
                    break line.range.start + Common::DATA_LEN..line.range.end;
                }
                if line.range.is_empty() {
                    if line.cr_is_last {
                        return None;
                    }
                    joined.pop();
                    let block = self.lend(lines, places, 0..0, limit)?;
                    return Some(WholeBlock { data: None, ..block });
                }
                match self.field(&line.range) {
                    Some((Field::Event, value)) => places.event = value,
                    Some((Field::Id, value)) => places.id = Some(value),
                    Some((Field::Data | Field::Retry, _)) => return None,
                    None => {}
                }
            };
        }
    }

    /// Takes a block that is read to its end, if all of it is text, its ID is one that counts, and it is within the
    /// limit.
    #[expect(clippy::inline_always, reason = "called, it costs a seventh of a small event")]
    #[inline(always)]
    fn lend(&mut self, lines: Lines, places: Places, data: Range<usize>, limit: usize) -> Option<WholeBlock<'a>> {
        if lines.position - self.lines.position > limit {
            return None;
        }
        let data = Some(self.text(&data)?);
        let event = self.text(&places.event)?;
        let (id, id_start) = match places.id {
            Some(id) if self.holds_null(&id) => return None,
            Some(id) => (Some(self.text(&id)?), id.start),
            None => (None, 0),
        };
        self.lines = lines;
        Some(WholeBlock { event, data, id, id_start })
    }

    /// As [`lend`](Self::lend), for what there is of a block.
    #[cold]
    fn keep_begun(&mut self, lines: Lines, places: Places, limit: usize) {
        if lines.position == self.lines.position {
            self.lines = lines;
            return;
        }
        let first = places.data.clone().filter(|_| !places.is_joined).unwrap_or_default();
        if self.lend(lines, places.clone(), first, limit).is_some() {
            self.begun = Some(places);
        }
    }

    /// Whether a value holds U+0000, for which an ID is ignored. The short ones, which most are, fit a word: subtracting
    /// one from each of its bytes borrows only from a zero, or from one that follows it.
    #[inline]
    fn holds_null(&self, value: &Range<usize>) -> bool {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = ONES << 7;
        let bits = u32::try_from(value.len() * 8).unwrap_or(u32::MAX);
        match u64::MAX.checked_shl(bits) {
            Some(behind) => {
                let word = self.word(value.start) | behind;
                word.wrapping_sub(ONES) & !word & HIGH != 0
            }
            None => memchr::memchr(0, self.part(value.clone())).is_some(),
        }
    }

    /// Appends a line of data and an LF: mostly the LF that ends the line itself.
    #[inline]
    fn join(&self, joined: &mut String, value: Range<usize>) -> Option<()> {
        if self.bytes.get(value.end) == Some(&LF) {
            joined.push_str(self.text(&(value.start..value.end + 1))?);
        } else {
            joined.push_str(self.text(&value)?);
            joined.push('\n');
        }
        Some(())
    }
}
