//! Lines: where one ends in a chunk, and what text the chunk is known to hold.

use core::ops::Range;

use super::{
    ends::LineEnds,
    field::{Field, common},
    text::incomplete_suffix,
    whole::Places,
};
use crate::wire::{CR, LF};

/// A piece of the stream, and how far it is read.
#[derive(Clone, Debug)]
pub(crate) struct Chunk<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) lines: Lines,
    /// The valid text that the bytes begin with, as far as it is known.
    pub(super) text: &'a str,
    check: Check,
    /// Whether the next byte begins a block, and nothing of an earlier one is left to be dealt with.
    pub(crate) is_at_block: bool,
    /// What is read of a block that is to be gone on with line by line.
    pub(crate) begun: Option<Places>,
}

/// When text is checked to be text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    /// All of it at once, which is to be done.
    Ahead,
    /// All of it at once, which is done.
    Done,
    /// Value by value.
    EachValue,
}

/// From so many bytes on, checking a chunk once is cheaper than checking its values one by one.
const WORTH_CHECKING: usize = 256;

impl<'a> Chunk<'a> {
    /// A chunk whose text is checked once, if that is worth it. Until [`enter`](Self::enter) nothing is checked.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        let check = if bytes.len() < WORTH_CHECKING { Check::EachValue } else { Check::Ahead };
        Self { bytes, lines: Lines::from(0), text: "", check, is_at_block: false, begun: None }
    }

    /// A chunk to be read from `position` on, whose values are checked one by one.
    pub(crate) const fn each_value(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, lines: Lines::from(position), text: "", check: Check::EachValue, is_at_block: false, begun: None }
    }

    /// At the start of the first line: checks the text of a large chunk, if much of it is likely to be lent. What is
    /// gathered is checked where it is complete.
    #[inline]
    pub(crate) fn enter(&mut self, is_likely_lent: impl FnOnce(&[u8]) -> bool) {
        if self.check == Check::Ahead {
            if is_likely_lent(self.unread()) { self.check_ahead() } else { self.check = Check::EachValue }
        }
    }

    /// What is read is left behind, so that text and bytes count alike.
    #[inline(never)]
    fn check_ahead(&mut self) {
        let bytes = self.unread();
        let whole = bytes.get(..bytes.len() - incomplete_suffix(bytes)).unwrap_or_default();
        self.text = longest_text(whole);
        self.bytes = bytes;
        self.lines = Lines::from(0);
        self.check = Check::Done;
    }

    #[inline]
    pub(crate) fn unread(&self) -> &'a [u8] {
        self.bytes.get(self.lines.position..).unwrap_or_default()
    }

    #[inline]
    pub(crate) const fn is_read(&self) -> bool {
        self.lines.position >= self.bytes.len()
    }

    pub(crate) fn read_all(&mut self) {
        self.lines.position = self.bytes.len();
    }

    #[inline]
    pub(crate) fn part(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The text of a value, if it is text.
    #[inline]
    pub(crate) fn text(&self, range: &Range<usize>) -> Option<&'a str> {
        match self.text.get(range.clone()) {
            Some(text) => Some(text),
            None => self.check_value(range),
        }
    }

    /// Whether text is found without being checked again.
    pub(crate) fn is_checked(&self) -> bool {
        self.check == Check::Done
    }

    #[inline(never)]
    fn check_value(&self, range: &Range<usize>) -> Option<&'a str> {
        if self.check == Check::Done {
            return None;
        }
        simdutf8::basic::from_utf8(self.bytes.get(range.clone())?).ok()
    }
}

/// How far the lines of a chunk are read.
///
/// Small, and copied whole: a block is read with a copy, which becomes the original once the block is complete.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines {
    /// What comes next.
    pub(crate) position: usize,
    ends: LineEnds,
}

/// A line in a chunk.
pub(crate) struct Line {
    /// Without its end.
    pub(crate) range: Range<usize>,
    /// Whether it ended with a CR that is the chunk's last byte, so that an LF at the start of the next chunk belongs
    /// to it.
    pub(crate) cr_is_last: bool,
}

impl Lines {
    const fn from(position: usize) -> Self {
        Self { position, ends: LineEnds::new() }
    }

    /// Takes the next line of `bytes`, if it ends there. CR, LF and CR LF end a line alike (section 9.2.5, the grammar's
    /// `end-of-line`); one that ends in a CR is complete before the next byte is seen.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Option<Line> {
        let end = self.ends.next(bytes, self.position)?;
        Some(self.end_at(bytes, end))
    }

    /// As [`next`](Self::next), for the rest of a line that is so long already.
    #[inline]
    pub(crate) fn next_far(&mut self, bytes: &[u8], len: usize) -> Option<Line> {
        let end = self.ends.next_far(bytes, self.position, len)?;
        Some(self.end_at(bytes, end))
    }

    #[inline]
    fn end_at(&mut self, bytes: &[u8], end: usize) -> Line {
        let range = self.position..end;
        self.position = end + 1;
        let cr_is_last = bytes.get(end) == Some(&CR) && !self.pass(bytes, LF) && self.position >= bytes.len();
        Line { range, cr_is_last }
    }

    /// The eight bytes that come next, if there are so many.
    #[inline]
    pub(crate) fn word(&self, bytes: &[u8]) -> Option<u64> {
        next_bytes(bytes, self.position).copied().map(u64::from_le_bytes)
    }

    /// Takes the next line, and says where it ends, if it ends with an LF or a CR LF and something follows. Else takes
    /// nothing.
    #[inline]
    pub(crate) fn next_before_more(&mut self, bytes: &[u8]) -> Option<usize> {
        let end = self.ends.peek(bytes, self.position)?;
        self.position = match *next_bytes(bytes, end)? {
            [LF, _] => end + 1,
            [CR, LF] => {
                self.ends.skip();
                end + 2
            }
            _ => return None,
        };
        self.ends.skip();
        Some(end)
    }

    /// Takes the next line and an empty line behind it, which mostly end a block, and says where the first one ends.
    /// Takes nothing if they do not both end with an LF, or both with a CR LF.
    #[inline]
    pub(crate) fn next_before_empty(&mut self, bytes: &[u8]) -> Option<usize> {
        let end = self.ends.peek(bytes, self.position)?;
        let ends = match *next_bytes(bytes, end)? {
            [LF, LF] => 2,
            [CR, LF] if *next_bytes(bytes, end + 2)? == [CR, LF] => 4,
            _ => return None,
        };
        (0..ends).for_each(|_| self.ends.skip());
        self.position = end + ends;
        Some(end)
    }

    /// Whether a line of data comes next, written as most are.
    #[inline]
    pub(crate) fn is_at_data(&self, bytes: &[u8]) -> bool {
        self.word(bytes).and_then(common::data).is_some()
    }

    /// Where the next line ends.
    #[inline]
    pub(crate) fn peek(&mut self, bytes: &[u8]) -> Option<usize> {
        self.ends.peek(bytes, self.position)
    }

    /// Goes on at `position`, behind so many CR and LF.
    #[inline]
    pub(crate) fn take(&mut self, position: usize, ends: usize) {
        (0..ends).for_each(|_| self.ends.skip());
        self.position = position;
    }

    /// Passes an empty line that ends with an LF or a CR LF.
    #[inline]
    pub(crate) fn pass_empty(&mut self, bytes: &[u8]) -> bool {
        let len = match bytes.get(self.position..) {
            Some([LF, ..]) => 1,
            Some([CR, LF, ..]) => 2,
            _ => return false,
        };
        self.take(self.position + len, len);
        true
    }

    /// Passes a line end right behind the one taken last.
    #[inline]
    fn pass(&mut self, bytes: &[u8], byte: u8) -> bool {
        let is_next = bytes.get(self.position) == Some(&byte);
        if is_next {
            self.ends.skip();
            self.position += 1;
        }
        is_next
    }
}

impl Chunk<'_> {
    /// Takes the next line, if it ends in this chunk.
    pub(crate) fn next_line(&mut self) -> Option<Line> {
        self.lines.next(self.bytes)
    }

    /// Takes the rest of a line that is so long already, if it ends in this chunk.
    #[inline]
    pub(crate) fn rest_of_line(&mut self, len: usize) -> Option<Line> {
        self.lines.next_far(self.bytes, len)
    }

    /// The field of a line, and where its value is.
    #[inline]
    pub(crate) fn field(&self, line: &Range<usize>) -> Option<(Field, Range<usize>)> {
        let (field, value) = Field::parse(self.part(line.clone()))?;
        Some((field, line.start + value..line.end))
    }
}

/// The text that `bytes` begins with.
fn longest_text(bytes: &[u8]) -> &str {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return text;
    }
    let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    bytes.get(..valid).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
}

/// The bytes from `position` on, if there are so many.
#[inline]
pub(super) fn next_bytes<const N: usize>(bytes: &[u8], position: usize) -> Option<&[u8; N]> {
    bytes.get(position..)?.first_chunk()
}
