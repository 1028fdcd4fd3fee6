//! Blocks that stand whole in a chunk, which most do: read in one go, lent as they stand.

use core::ops::Range;

use super::{field::Field, line::Chunk};

/// A block of at most one line for each field.
pub(crate) struct WholeBlock<'a> {
    pub(crate) event: &'a str,
    pub(crate) data: &'a str,
    pub(crate) id: Option<(&'a str, Range<usize>)>,
    /// As [`Line::cr_is_last`](super::line::Line), of the block's empty line.
    pub(crate) cr_is_last: bool,
}

impl<'a> Chunk<'a> {
    /// Takes the next block, if it stands whole in this chunk, dispatches an event, and is of the common form: no
    /// second line of data, no reconnection time, nothing to be repaired, at most `limit` bytes. Else takes nothing.
    #[inline]
    pub(crate) fn whole_block(&mut self, limit: usize) -> Option<WholeBlock<'a>> {
        let mut ahead = *self;
        let block = ahead.read_block().filter(|_| ahead.position - self.position <= limit);
        if block.is_some() {
            *self = ahead;
        } else {
            self.ends.learn(&ahead.ends);
        }
        block
    }

    #[inline]
    fn read_block(&mut self) -> Option<WholeBlock<'a>> {
        let (mut event, mut data, mut id) = (None, None, None);
        loop {
            let line = self.next_line()?;
            if line.range.is_empty() {
                return Some(WholeBlock {
                    event: event.map_or(Some(""), |event| self.text(&event))?,
                    data: self.text(&data?)?,
                    id: match id {
                        Some(id) => Some((self.id_text(&id)?, id)),
                        None => None,
                    },
                    cr_is_last: line.cr_is_last,
                });
            }
            match self.field(&line.range) {
                Some((Field::Data, value)) if data.is_none() => data = Some(value),
                Some((Field::Event, value)) => event = Some(value),
                Some((Field::Id, value)) => id = Some(value),
                Some((Field::Data | Field::Retry, _)) => return None,
                None => {}
            }
        }
    }

    fn id_text(&self, id: &Range<usize>) -> Option<&'a str> {
        self.text(id).filter(|id| !id.bytes().any(|byte| byte == 0))
    }
}
