//! Blocks that stand whole in a chunk, which most do: read in one go, lent as they stand.

use alloc::string::String;
use core::ops::Range;

use super::{field::Field, line::Chunk};
use crate::wire::LF;

/// What a block says.
pub(crate) struct WholeBlock<'a> {
    pub(crate) event: &'a str,
    /// `None` where the data is of several lines, which then stand joined in the data buffer.
    pub(crate) data: Option<&'a str>,
    pub(crate) id: Option<&'a str>,
    /// Where in the chunk the ID stands. Not a range: copied in one piece, it costs a fifth of a small event.
    pub(crate) id_start: usize,
    /// As [`Line::cr_is_last`](super::line::Line), of the block's empty line.
    pub(crate) cr_is_last: bool,
}

/// Where the values of a block's fields are, as far as it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) event: Option<Range<usize>>,
    pub(crate) data: Option<Range<usize>>,
    /// Several lines of data stand in the data buffer, each with an LF behind it.
    pub(crate) is_joined: bool,
    pub(crate) id: Option<Range<usize>>,
}

impl<'a> Chunk<'a> {
    /// Takes the next block, if it dispatches an event, and is of the common form: no reconnection time, nothing to be
    /// repaired, at most `limit` bytes. `joined` is an unused data buffer. Else takes nothing, unless the block goes on
    /// behind this chunk: then [`begun`](Self::begun) has what there is of it, and the line that goes on is next.
    #[inline]
    pub(crate) fn whole_block(&mut self, joined: &mut String, limit: usize) -> Option<WholeBlock<'a>> {
        let start = self.position;
        let block = self.read_block(joined).filter(|_| self.position - start <= limit);
        if block.is_none() {
            self.go_back(start, limit);
        }
        block
    }

    /// What is read of a block is kept if it is text, if its ID is one that counts, and if it is within the limit.
    #[cold]
    fn go_back(&mut self, start: usize, limit: usize) {
        if let Some(places) = &self.begun
            && self.position - start <= limit
            && places.data.as_ref().is_none_or(|data| places.is_joined || self.text(data).is_some())
            && self.lend(places, None, false).is_some()
        {
            return;
        }
        self.begun = None;
        self.position = start;
        self.ends.go_back();
    }

    /// One line of data, as most events have it: lent.
    #[inline]
    fn read_block(&mut self, joined: &mut String) -> Option<WholeBlock<'a>> {
        let mut places = Places::default();
        loop {
            let Some(line) = self.next_line() else {
                self.begun = Some(places);
                return None;
            };
            if line.range.is_empty() {
                let data = self.text(places.data.as_ref()?)?;
                return self.lend(&places, Some(data), line.cr_is_last);
            }
            match self.field(&line.range) {
                Some((Field::Data, value)) => match &places.data {
                    // The most common end of a block, seen without looking for another line.
                    None if self.pass_empty_line() => {
                        let data = self.text(&value)?;
                        return self.lend(&places, Some(data), false);
                    }
                    None => places.data = Some(value),
                    Some(first) => {
                        joined.clear();
                        self.join(joined, first)?;
                        self.join(joined, &value)?;
                        return self.read_joined(places, joined);
                    }
                },
                Some((Field::Event, value)) => places.event = Some(value),
                Some((Field::Id, value)) => places.id = Some(value),
                Some((Field::Retry, _)) => return None,
                None => {}
            }
        }
    }

    /// Several lines of data: joined, each with an LF behind it, and the last LF taken away again when the event is
    /// dispatched. Apart from the common case, which is faster without it.
    #[inline(never)]
    fn read_joined(&mut self, mut places: Places, joined: &mut String) -> Option<WholeBlock<'a>> {
        places.is_joined = true;
        loop {
            let Some(line) = self.next_line() else {
                self.begun = Some(places);
                return None;
            };
            if line.range.is_empty() {
                joined.pop();
                return self.lend(&places, None, line.cr_is_last);
            }
            match self.field(&line.range) {
                Some((Field::Data, value)) => self.join(joined, &value)?,
                Some((Field::Event, value)) => places.event = Some(value),
                Some((Field::Id, value)) => places.id = Some(value),
                Some((Field::Retry, _)) => return None,
                None => {}
            }
        }
    }

    #[inline]
    fn lend(&self, places: &Places, data: Option<&'a str>, cr_is_last: bool) -> Option<WholeBlock<'a>> {
        let event = match &places.event {
            Some(event) => self.text(event)?,
            None => "",
        };
        let id_start = places.id.as_ref().map_or(0, |id| id.start);
        let id = match &places.id {
            Some(id) => Some(self.text(id).filter(|id| !id.bytes().any(|byte| byte == 0))?),
            None => None,
        };
        Some(WholeBlock { event, data, id, id_start, cr_is_last })
    }

    /// Appends a line of data and an LF: mostly the LF that ends the line itself.
    #[inline]
    fn join(&self, joined: &mut String, value: &Range<usize>) -> Option<()> {
        let with_end = value.start..value.end + 1;
        if self.bytes(value.end..with_end.end) == [LF] {
            joined.push_str(self.text(&with_end)?);
        } else {
            joined.push_str(self.text(value)?);
            joined.push('\n');
        }
        Some(())
    }
}
