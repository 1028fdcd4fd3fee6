//! A chunk, its lines and its text.

use core::ops::Range;

use super::{
    ends::LineEnds,
    field::{Field, common},
    text::longest_prefix,
};
use crate::wire::{CR, LF};

/// A chunk of the stream: its bytes, and how much of them is known to be text. The position is the decoder's.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a> {
    pub(crate) bytes: &'a [u8],
    /// The prefix of the bytes that is known to be valid UTF-8. Has the same offsets as the bytes.
    text: &'a str,
    check: Check,
}

/// The way a chunk is checked for valid UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Check {
    /// Not decided. It is decided at the start of the first line.
    Undecided,
    /// The whole chunk has been checked.
    Done,
    /// The whole chunk has been checked, but is lent for one event only. Values that outlive the event are copied.
    DoneForOne,
    /// Value by value.
    EachValue,
}

/// The size in bytes from which checking a chunk at once is cheaper than checking its values one by one.
const WORTH_CHECKING: usize = 256;

impl<'a> Chunk<'a> {
    /// Creates a chunk. If it is large, it may be [checked](Self::check_from) at once.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        let check = if bytes.len() < WORTH_CHECKING { Check::EachValue } else { Check::Undecided };
        Self { bytes, text: "", check }
    }

    /// Creates a chunk whose values are checked one by one.
    #[inline]
    pub(crate) const fn each_value(bytes: &'a [u8]) -> Self {
        Self { bytes, text: "", check: Check::EachValue }
    }

    /// Creates a chunk that was checked as a whole and is lent for one event. `text` is what
    /// [`push_prefix`](super::text::push_prefix) makes of it.
    #[cfg_attr(not(any(feature = "std", feature = "stream")), expect(dead_code, reason = "typed streams use it"))]
    #[inline]
    pub(crate) const fn checked(bytes: &'a [u8], text: &'a str) -> Self {
        Self { bytes, text, check: Check::DoneForOne }
    }

    /// Returns whether the way to check the chunk is to be decided at the next start of a line.
    #[inline]
    pub(crate) fn is_undecided(&self) -> bool {
        self.check == Check::Undecided
    }

    /// Decides to check the values one by one.
    pub(crate) const fn check_values(&mut self) {
        self.check = Check::EachValue;
    }

    /// Checks the bytes from `position` on, and drops those before it, so that text and bytes have the same offsets.
    ///
    /// Offsets taken before this call are invalid after it: the caller detaches borrowed values and resets the position.
    #[inline(never)]
    pub(crate) fn check_from(&mut self, position: usize) {
        let bytes = self.bytes.get(position..).unwrap_or_default();
        *self = Self { bytes, text: longest_prefix(bytes), check: Check::Done };
    }

    #[inline]
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// Returns the value in `range` as text, or `None` if it is not valid UTF-8.
    ///
    /// Also returns `None` for any value after the first invalid byte of a chunk that was checked as a whole. The
    /// caller then copies the value and repairs it if necessary.
    #[inline]
    pub(crate) fn text(&self, range: &Range<usize>) -> Option<&'a str> {
        match self.text.get(range.clone()) {
            Some(text) => Some(text),
            None => self.check_value(range),
        }
    }

    /// Returns whether [`text`](Self::text) costs no check.
    #[inline]
    pub(crate) fn is_checked(&self) -> bool {
        matches!(self.check, Check::Done | Check::DoneForOne)
    }

    /// Returns whether values may be borrowed until the end of the chunk.
    #[inline]
    pub(crate) fn is_lent_whole(&self) -> bool {
        self.check == Check::Done
    }

    /// Returns the field of a line and the range of its value, or `None` if the line is ignored.
    #[inline]
    pub(crate) fn field(&self, line: &Range<usize>) -> Option<(Field, Range<usize>)> {
        let (field, value) = Field::parse(self.slice(line.clone()))?;
        Some((field, line.start + value..line.end))
    }

    /// Returns whether an `id` line with this value sets the ID; one that contains U+0000 does not (section 9.2.6).
    ///
    /// Most IDs are shorter than eight bytes and are checked as one word, in which the bytes after the value are 0xFF.
    /// Subtracting one from each byte sets a high bit that was clear only if the byte is zero, or if a zero below it
    /// borrows from it.
    #[inline]
    pub(crate) fn sets_id(&self, value: &Range<usize>) -> bool {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = ONES << 7;
        match next_bytes(self.bytes, value.start) {
            Some(bytes) if value.len() < 8 => {
                let word = u64::from_le_bytes(*bytes) | u64::MAX << (value.len() * 8);
                word.wrapping_sub(ONES) & !word & HIGH == 0
            }
            _ => memchr::memchr(0, self.slice(value.clone())).is_none(),
        }
    }

    #[inline(never)]
    fn check_value(&self, range: &Range<usize>) -> Option<&'a str> {
        if self.is_checked() {
            return None;
        }
        simdutf8::basic::from_utf8(self.bytes.get(range.clone())?).ok()
    }
}

/// The read position in a chunk, and the line endings after it.
///
/// Small and `Copy`. The fast path reads a block with a copy, which replaces the original once the block is complete.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    /// The offset of the next byte.
    pub(crate) position: usize,
    ends: LineEnds,
}

/// A line in a chunk.
pub(crate) struct Line {
    /// The line without its line ending.
    pub(crate) range: Range<usize>,
    /// Whether the line ends with a CR that is the last byte of the chunk. An LF at the start of the next chunk then
    /// belongs to the same line ending.
    pub(crate) cr_is_last: bool,
}

impl Cursor {
    /// Creates a position in a chunk whose line endings have not been searched.
    #[inline]
    pub(crate) const fn from(position: usize) -> Self {
        Self { position, ends: LineEnds::new() }
    }

    #[inline]
    pub(crate) fn unread<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.position..).unwrap_or_default()
    }

    /// Takes the rest of the chunk, and returns it.
    #[inline]
    pub(crate) fn take_rest<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let rest = self.unread(bytes);
        self.position = bytes.len();
        rest
    }

    #[inline]
    pub(crate) const fn is_at_end(&self, bytes: &[u8]) -> bool {
        self.position >= bytes.len()
    }

    /// Takes the next line, if it ends in `bytes`.
    ///
    /// A line ends with CR, LF or CRLF (section 9.2.5, `end-of-line`). With a CR it is complete at once, whether or not
    /// an LF follows.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8]) -> Option<Line> {
        let end = self.ends.next(bytes, self.position)?;
        Some(self.end_at(bytes, end))
    }

    /// Like [`next`](Self::next), but for the rest of a line of which earlier chunks contained `len` bytes.
    #[inline]
    pub(crate) fn next_far(&mut self, bytes: &[u8], len: usize) -> Option<Line> {
        let end = self.ends.next_far(bytes, self.position, len)?;
        Some(self.end_at(bytes, end))
    }

    /// Takes the line that ends at `end`, and the LF of a CRLF.
    #[inline]
    fn end_at(&mut self, bytes: &[u8], end: usize) -> Line {
        let range = self.position..end;
        self.position = end + 1;
        let cr_is_last = bytes.get(end) == Some(&CR) && !self.pass(bytes, LF) && self.position >= bytes.len();
        Line { range, cr_is_last }
    }

    /// Returns the next eight bytes as a little-endian word, or `None` if fewer are left.
    #[inline]
    pub(crate) fn word(&self, bytes: &[u8]) -> Option<u64> {
        next_bytes(bytes, self.position).copied().map(u64::from_le_bytes)
    }

    /// Takes the next line and returns the offset of its line ending, if that is a CRLF, or an LF that is not the last
    /// byte. Otherwise takes nothing.
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

    /// Takes the next line and an empty line after it, as at the end of a block, and returns the offset of the first
    /// line ending. Takes nothing unless both line endings are an LF or both a CRLF.
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

    /// Returns whether a `data` line of a common form is next.
    #[inline]
    pub(crate) fn is_at_data(&self, bytes: &[u8]) -> bool {
        self.word(bytes).and_then(common::data).is_some()
    }

    /// Returns whether the current line is known not to end in the chunk.
    #[inline]
    pub(crate) const fn is_cut(&self, bytes: &[u8]) -> bool {
        self.ends.is_exhausted(bytes)
    }

    /// Returns the offset of the next line ending, without taking the line.
    #[inline]
    pub(crate) fn peek(&mut self, bytes: &[u8]) -> Option<usize> {
        self.ends.peek(bytes, self.position)
    }

    /// Moves to `position`, which is after the next `ends` CR and LF bytes.
    #[inline]
    pub(crate) fn take(&mut self, position: usize, ends: usize) {
        (0..ends).for_each(|_| self.ends.skip());
        self.position = position;
    }

    /// Takes an empty line that ends with an LF or a CRLF. Returns whether there is one.
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

    /// Takes `byte`, a CR or an LF, if it directly follows the line ending taken last. Returns whether it does.
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

/// Returns the `N` bytes from `position` on, or `None` if fewer are left.
#[inline]
pub(super) fn next_bytes<const N: usize>(bytes: &[u8], position: usize) -> Option<&[u8; N]> {
    bytes.get(position..)?.first_chunk()
}
