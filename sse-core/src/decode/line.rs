//! Lines: where one ends in a chunk, and what text the chunk is known to hold.

use core::ops::Range;

use super::{
    ends::LineEnds,
    field::{Common, Field},
    text::incomplete_suffix,
};
use crate::wire::{CR, LF};

/// A piece of the stream, and how far it is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk<'a> {
    bytes: &'a [u8],
    /// What comes next.
    pub(crate) position: usize,
    /// The longest valid text from some position on, so that values can be lent without being checked one by one.
    text: Option<(usize, &'a str)>,
    pub(crate) ends: LineEnds,
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
        Self { bytes, position, text: None, ends: LineEnds::new() }
    }

    /// Checks the unread text once, so that its values can be lent. It begins at the start of a line.
    pub(crate) fn validate(&mut self) {
        let unread = self.unread();
        let whole = unread.get(..unread.len() - incomplete_suffix(unread)).unwrap_or_default();
        self.text = Some((self.position, longest_text(whole)));
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
        self.bytes(position..position + 8).try_into().map_or(0, u64::from_le_bytes)
    }

    /// The text of a value, where it is known to be text.
    #[inline]
    pub(crate) fn text(&self, range: &Range<usize>) -> Option<&'a str> {
        let (from, text) = self.text?;
        text.get(range.start.checked_sub(from)?..range.end.checked_sub(from)?)
    }

    /// The beginning of a range that is known to be text, and the rest of it.
    pub(crate) fn split_text(&self, range: Range<usize>) -> (&'a str, &'a [u8]) {
        let known = self.text.map_or(0, |(from, text)| from + text.len()).clamp(range.start, range.end);
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
        let mut cr_is_last = false;
        if self.bytes.get(end) == Some(&CR) {
            match self.bytes.get(end + 1) {
                Some(&LF) => {
                    self.ends.skip(end + 1);
                    self.position = end + 2;
                }
                Some(_) => {}
                None => cr_is_last = true,
            }
        }
        Some(Line { range: start..end, cr_is_last })
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
