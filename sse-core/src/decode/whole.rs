//! Blocks that stand whole in a chunk, which most do: read in one go, lent as they stand.

use core::ops::Range;

use super::{field::Field, line::Chunk};
use crate::wire::prefix;

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
        let mut lines = *self;
        let (mut event, mut data, mut id) = (0..0, None, None);
        let cr_is_last = loop {
            let line = lines.next_line()?;
            if line.range.is_empty() {
                break line.cr_is_last;
            }
            match lines.field(&line.range) {
                Some((Field::Data, value)) if data.is_none() => data = Some(value),
                Some((Field::Event, value)) => event = value,
                Some((Field::Id, value)) => id = Some(value),
                Some((Field::Data | Field::Retry, _)) => return None,
                None => {}
            }
        };
        if lines.position - self.position > limit {
            return None;
        }
        let block = WholeBlock {
            event: if event.is_empty() { "" } else { lines.text(&event)? },
            data: lines.text(&data?)?,
            id: match id {
                Some(id) => Some((lines.id_text(&id)?, id)),
                None => None,
            },
            cr_is_last,
        };
        *self = lines;
        Some(block)
    }

    /// The field of a line, and where its value is: by one comparison where it is written in the common way.
    #[inline]
    fn field(&self, line: &Range<usize>) -> Option<(Field, Range<usize>)> {
        let word = self.word(line.start);
        if let Some(field) = Head::of(word) {
            return Some((field.field, line.start + field.len..line.end));
        }
        let (field, value) = Field::parse(self.bytes(line.clone()))?;
        Some((field, line.start + value..line.end))
    }

    fn id_text(&self, id: &Range<usize>) -> Option<&'a str> {
        self.text(id).filter(|id| !id.bytes().any(|byte| byte == 0))
    }

    /// The eight bytes from `position` on; near the end of the chunk a word that is no field's.
    fn word(&self, position: usize) -> u64 {
        self.bytes(position..position + 8).try_into().map_or(0, u64::from_le_bytes)
    }
}

/// A field as it is commonly written, its prefix as the low bytes of a word.
#[derive(Clone, Copy)]
struct Head {
    field: Field,
    mask: u64,
    value: u64,
    len: usize,
}

impl Head {
    const DATA: Self = Self::new(Field::Data, prefix::DATA);
    const EVENT: Self = Self::new(Field::Event, prefix::EVENT);
    const ID: Self = Self::new(Field::Id, prefix::ID);

    const fn new(field: Field, prefix: &[u8]) -> Self {
        let (mut mask, mut value, mut rest) = (0, 0, prefix);
        while let [before @ .., last] = rest {
            mask = mask << 8 | 0xFF;
            value = value << 8 | *last as u64;
            rest = before;
        }
        Self { field, mask, value, len: prefix.len() }
    }

    /// Written out, because a loop over the three costs more than all the rest of a short line.
    #[inline]
    const fn of(word: u64) -> Option<Self> {
        if word & Self::DATA.mask == Self::DATA.value {
            Some(Self::DATA)
        } else if word & Self::ID.mask == Self::ID.value {
            Some(Self::ID)
        } else if word & Self::EVENT.mask == Self::EVENT.value {
            Some(Self::EVENT)
        } else {
            None
        }
    }
}
