//! Lines: where one ends in a chunk, and what text the chunk is known to hold.

use core::ops::Range;

use super::{
    ends::LineEnds,
    field::{Common, Field},
    text::incomplete_suffix,
    whole::Places,
};
use crate::wire::{CR, LF};

/// A piece of the stream, and how far it is read.
#[derive(Clone, Debug)]
pub(crate) struct Chunk<'a> {
    bytes: &'a [u8],
    /// What comes next.
    pub(crate) position: usize,
    /// The valid text that `bytes` begins with, as far as it is known: its values can be lent without being checked one
    /// by one.
    text: &'a str,
    is_validated: bool,
    pub(crate) ends: LineEnds,
    /// A block of which the chunk holds only the beginning.
    pub(crate) begun: Option<Places>,
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
        Self { bytes, position, text: "", is_validated: false, ends: LineEnds::new(), begun: None }
    }

    /// Checks the unread text once, so that its values can be lent. It begins at the start of a line. What is read is
    /// left behind, so that text and bytes count alike.
    pub(crate) fn validate(&mut self) {
        let bytes = self.unread();
        let whole = bytes.get(..bytes.len() - incomplete_suffix(bytes)).unwrap_or_default();
        *self = Self { text: longest_text(whole), is_validated: true, ..Self::new(bytes, 0) };
    }

    pub(crate) const fn is_validated(&self) -> bool {
        self.is_validated
    }

    pub(crate) fn unread(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    pub(crate) const fn is_read(&self) -> bool {
        self.position >= self.bytes.len()
    }

    /// Whether the chunk is read, and its last byte is a CR: an LF at the start of the next one belongs to it.
    pub(crate) fn ends_behind_cr(&self) -> bool {
        self.is_read() && self.bytes.last() == Some(&CR)
    }

    pub(crate) fn read_all(&mut self) {
        self.position = self.bytes.len();
    }

    pub(crate) fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The field of a line, and where its value is: by one comparison where it is written in the common way.
    #[inline]
    pub(crate) fn field(&self, line: &Range<usize>) -> Option<(Field, Range<usize>)> {
        let word = self.word(line.start);
        if let Some(field) = Common::of(word) {
            return Some((field.field, line.start + field.len..line.end));
        }
        let (field, value) = Field::parse(self.bytes(line.clone()))?;
        Some((field, line.start + value..line.end))
    }

    /// The eight bytes from `position` on; near the end of the chunk a word that is no field's.
    fn word(&self, position: usize) -> u64 {
        self.bytes.get(position..).and_then(|line| line.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word))
    }

    /// The text of a value, where it is known to be text.
    #[inline]
    pub(crate) fn text(&self, range: &Range<usize>) -> Option<&'a str> {
        self.text.get(range.clone())
    }

    /// The beginning of a range that is known to be text, and the rest of it.
    pub(crate) fn split_text(&self, range: Range<usize>) -> (&'a str, &'a [u8]) {
        let known = self.text.len().clamp(range.start, range.end);
        match self.text(&(range.start..known)) {
            Some(text) => (text, self.bytes(known..range.end)),
            None => ("", self.bytes(range)),
        }
    }

    /// Takes the next line, if it ends in this chunk. CR, LF and CR LF end a line alike (section 9.2.5, the grammar's
    /// `end-of-line`); one that ends in a CR is complete before the next byte is seen.
    #[inline]
    pub(crate) fn next_line(&mut self) -> Option<Line> {
        let start = self.position;
        let end = self.ends.next(self.bytes, start)?;
        self.position = end + 1;
        let is_cr = self.bytes.get(end) == Some(&CR);
        let cr_is_last = is_cr && self.pass_line_feed();
        Some(Line { range: start..end, cr_is_last })
    }

    /// Passes an LF or a CR LF that is a line of its own, at the start of a line.
    #[inline]
    pub(crate) fn pass_empty_line(&mut self) -> bool {
        match self.bytes.get(self.position) {
            Some(&LF) => {}
            Some(&CR) if self.bytes.get(self.position + 1) == Some(&LF) => {
                self.ends.skip(self.position);
                self.position += 1;
            }
            _ => return false,
        }
        self.ends.skip(self.position);
        self.position += 1;
        true
    }

    /// Behind a CR, passes the LF that belongs to it. Says whether it may still come, in the next chunk.
    fn pass_line_feed(&mut self) -> bool {
        match self.bytes.get(self.position) {
            Some(&LF) => {
                self.ends.skip(self.position);
                self.position += 1;
                false
            }
            Some(_) => false,
            None => true,
        }
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
