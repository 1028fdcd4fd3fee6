//! Lines: where one ends in a chunk, and what text the chunk is known to hold.

use core::ops::Range;

use crate::wire::{CR, LF};

/// A piece of the stream, and how far it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk<'a> {
    bytes: &'a [u8],
    /// What comes next.
    pub(crate) position: usize,
    /// The longest valid text from some position on, so that values can be lent without being checked one by one.
    text: Option<(usize, &'a str)>,
}

/// A line in a chunk.
pub(crate) struct Line {
    /// Without its end.
    pub(crate) range: Range<usize>,
    /// Whether it ended with a CR that is the chunk's last byte, so that an LF at the start of the next chunk belongs
    /// to it.
    pub(crate) cr_is_last: bool,
}

impl<'a> Chunk<'a> {
    /// A chunk to be read from `position` on, whose values are checked one by one.
    pub(crate) const fn new(bytes: &'a [u8], position: usize) -> Self {
        Self { bytes, position, text: None }
    }

    /// Checks the unread text once, so that its values can be lent. It begins at the start of a line.
    pub(crate) fn validate(&mut self) {
        let unread = self.unread();
        let text = match str::from_utf8(unread) {
            Ok(text) => text,
            Err(error) => {
                unread.get(..error.valid_up_to()).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
            }
        };
        self.text = Some((self.position, text));
    }

    pub(crate) const fn is_validated(&self) -> bool {
        self.text.is_some()
    }

    pub(crate) fn unread(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    pub(crate) const fn is_read(&self) -> bool {
        self.position >= self.bytes.len()
    }

    pub(crate) fn read_all(&mut self) {
        self.position = self.bytes.len();
    }

    pub(crate) fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The text of a value, where it is known to be text.
    pub(crate) fn text(&self, range: &Range<usize>) -> Option<&'a str> {
        let (from, text) = self.text?;
        text.get(range.start.checked_sub(from)?..range.end.checked_sub(from)?)
    }

    /// Takes the next line, if it ends in this chunk. CR, LF and CR LF end a line alike (section 9.2.5, the grammar's
    /// `end-of-line`); one that ends in a CR is complete before the next byte is seen.
    pub(crate) fn next_line(&mut self) -> Option<Line> {
        let start = self.position;
        let end = start + memchr::memchr2(LF, CR, self.unread())?;
        let ending = self.bytes.get(end..).unwrap_or_default();
        self.position = end + if ending.starts_with(&[CR, LF]) { 2 } else { 1 };
        Some(Line { range: start..end, cr_is_last: ending == [CR] })
    }
}
