//! The values of a block of the fast path, as ranges of the chunk and as text.

use core::ops::Range;

use super::{field::Field, line::Chunk};

/// The values of a block that the fast path has read to its end.
#[derive(Debug)]
pub(super) struct WholeBlock<'a> {
    /// The value of the last `event` line, or empty.
    pub(super) name: &'a str,
    /// The data, or `None` if it has several lines, which are joined in the data buffer.
    pub(super) data: Option<&'a str>,
    pub(super) id: Option<&'a str>,
}

/// The ranges of the values of a block, as far as it is read. They stay in registers, and reach the
/// [`Block`](super::block::Block) only if the rest of the block is read line by line.
///
/// An empty range at 0 means absent: a value never starts at offset 0, because its field name precedes it.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranges {
    pub(super) event: Range<usize>,
    pub(super) id: Range<usize>,
    /// The first `data` line.
    pub(super) data: Range<usize>,
    /// Whether all `data` lines are in the data buffer, each followed by an LF.
    pub(super) is_joined: bool,
}

impl Ranges {
    /// Returns whether the block has a `data` line so far.
    pub(super) const fn has_data(&self) -> bool {
        self.data.start > 0
    }

    /// Returns the values as text, or `None` if `text` returns `None` for one of them.
    #[expect(clippy::inline_always, reason = "both callers are on the fast path")]
    #[inline(always)]
    pub(super) fn values<'c>(&self, text: impl Fn(&Range<usize>) -> Option<&'c str>) -> Option<WholeBlock<'c>> {
        Some(WholeBlock {
            name: if self.event.is_empty() { "" } else { text(&self.event)? },
            data: if self.is_joined { None } else { Some(text(&self.data)?) },
            id: if self.id.start == 0 { None } else { Some(text(&self.id)?) },
        })
    }

    /// Returns whether there is no value except the data.
    pub(super) const fn is_lone(&self) -> bool {
        self.event.start == 0 && self.id.start == 0
    }

    /// Returns the event and the ID as text, if the block has both and no data, they are to be copied, and all bytes from the
    /// first to the last of them are valid UTF-8. Otherwise, each is set on its own.
    pub(super) fn event_and_id<'c>(&self, chunk: &Chunk<'c>) -> Option<(&'c str, &'c str)> {
        if chunk.is_lent_whole() || self.has_data() || self.event.start == 0 || self.id.start == 0 {
            return None;
        }
        let text = Checked::new(chunk, self.event.start.min(self.id.start)..self.last_end())?;
        Some((text.get(&self.event)?, text.get(&self.id)?))
    }

    /// Returns the end of the last value.
    pub(super) fn last_end(&self) -> usize {
        self.data.end.max(self.id.end).max(self.event.end)
    }

    /// Sets the value of an `event` or `id` line. The last one counts, as in [`Block`](super::block::Block).
    #[inline]
    pub(super) fn set(&mut self, field: Field, chunk: &Chunk<'_>, value: Range<usize>) {
        match field {
            Field::Event => self.event = value,
            Field::Id if chunk.sets_id(&value) => self.id = value,
            Field::Id | Field::Data | Field::Retry => {}
        }
    }
}

/// Several values of a chunk, checked at once. A check of one takes about 5 ns, however short it is.
pub(super) struct Checked<'c> {
    text: &'c str,
    start: usize,
}

impl<'c> Checked<'c> {
    /// Checks a range of the chunk. Returns `None` if it is not valid UTF-8.
    #[inline]
    pub(super) fn new(chunk: &Chunk<'c>, range: Range<usize>) -> Option<Self> {
        Some(Self { start: range.start, text: chunk.text(&range)? })
    }

    /// Returns a value that lies in the range.
    #[inline]
    pub(super) fn get(&self, value: &Range<usize>) -> Option<&'c str> {
        self.text.get(value.start - self.start..value.end - self.start)
    }
}
