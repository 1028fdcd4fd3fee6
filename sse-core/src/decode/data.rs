//! The data buffer.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use super::{
    field::common,
    limit::{LimitError, Limits},
    line::{Chunk, Cursor, next_bytes},
    text,
    value::Storage,
};
use crate::wire::{LF, prefix};

/// The standard's data buffer. Data of one line that lies within a chunk is borrowed from it instead.
///
/// Other data is gathered as bytes and validated once, when the event is dispatched, so chunk boundaries within a
/// character do not matter. The standard decodes the stream before it splits it into lines. The result is the same,
/// because no multi-byte character contains the byte of a line ending or of a field name.
#[derive(Clone, Default)]
pub(crate) struct Data {
    storage: Storage,
    buffer: Vec<u8>,
    /// Whether the buffer holds several lines.
    is_joined: bool,
    /// The text of data that is not valid UTF-8.
    mended: String,
}

impl Data {
    /// Sets the data to a range of the chunk.
    #[inline]
    pub(crate) fn borrow(&mut self, range: Range<usize>) {
        self.is_joined = false;
        self.storage = Storage::Chunk(range);
    }

    /// Starts a line whose value is then appended with [`push`](Self::push).
    ///
    /// The standard appends the value and an LF, and removes the last LF at dispatch. Here an LF is added only between
    /// two lines, with the same result.
    pub(crate) fn begin_line(&mut self, chunk: &Chunk<'_>) {
        self.is_joined = !self.is_unset();
        if self.is_joined {
            self.detach(chunk);
            self.buffer.push(LF);
        } else {
            self.buffer.clear();
            self.storage = Storage::Buffer;
        }
    }

    /// Appends a part of the line that was started.
    ///
    /// Copies in pieces of 2 KiB. Common C libraries copy several KiB with one `rep movsb`, which takes twice as long
    /// on common processors if source and destination have similar offsets within their pages. Whether they do is a
    /// matter of chance.
    #[inline]
    pub(crate) fn push(&mut self, part: &[u8]) {
        const PIECE: usize = 2048;
        part.chunks(PIECE).for_each(|piece| self.buffer.extend_from_slice(piece));
    }

    /// Appends the complete `data` lines that follow to data that is set. Returns whether there were any.
    pub(crate) fn append_lines(&mut self, chunk: &Chunk<'_>, cursor: &mut Cursor) -> bool {
        let before = cursor.position;
        self.begin_line(chunk);
        self.join_lines(chunk, cursor);
        // `begin_line` has added an LF, and each line another one. The last one does not separate two lines.
        self.buffer.pop();
        cursor.position > before
    }

    /// Empties the buffer, in which the fast path then joins lines while the data is unset. `first` is a line that it
    /// has read before.
    pub(crate) fn begin_joined(&mut self, first: Option<&[u8]>) {
        self.buffer.clear();
        if let Some(first) = first {
            self.buffer.extend_from_slice(first);
            self.buffer.push(LF);
        }
    }

    /// Appends the complete `data` lines that follow to the buffer, each followed by an LF.
    pub(crate) fn join_lines(&mut self, chunk: &Chunk<'_>, cursor: &mut Cursor) {
        loop {
            self.join_short_lines(chunk.bytes, cursor);
            let start = cursor.position;
            let Some(prefix) = cursor.word(chunk.bytes).and_then(common::data) else { return };
            let Some(end) = cursor.next_before_more(chunk.bytes) else { return };
            self.buffer.extend_from_slice(chunk.slice(start + prefix..end));
            self.buffer.push(LF);
        }
    }

    /// Appends the `data` lines that follow, as long as they have a space after the colon, end with an LF, and have a
    /// value of at most 63 bytes.
    ///
    /// Copies 64 bytes for each line, then truncates to the end of the line: a copy of constant length takes a third of
    /// the time.
    #[inline(never)]
    fn join_short_lines(&mut self, bytes: &[u8], at: &mut Cursor) {
        const PREFIX: usize = prefix::DATA.len();
        let joined = &mut self.buffer;
        // A local copy stays in registers. Through the reference, each line would be written to memory.
        let mut cursor = *at;
        while let Some(line) = next_bytes::<{ PREFIX + 64 }>(bytes, cursor.position)
            && let Some((head, value)) = line.split_first_chunk::<PREFIX>()
            && head == prefix::DATA
            && let Some(end) = cursor.peek(bytes)
            && line.get(end - cursor.position) == Some(&LF)
        {
            // The LF at `end` is copied too: it separates the lines.
            let len = joined.len() + end + 1 - cursor.position - PREFIX;
            joined.extend_from_slice(value);
            joined.truncate(len);
            cursor.take(end + 1, 1);
        }
        *at = cursor;
    }

    /// Sets the data to the lines that the fast path has put into the buffer, each followed by an LF.
    pub(crate) fn take_joined(&mut self) {
        self.is_joined = true;
        self.buffer.pop();
        self.storage = Storage::Buffer;
    }

    /// Returns the lines that the fast path has put into the buffer as text. The data stays unset.
    #[inline]
    pub(crate) fn joined(&mut self, limits: &Limits) -> Result<&str, LimitError> {
        self.buffer.pop();
        self.buffered_text(limits)
    }

    /// Returns the data as text.
    pub(crate) fn text<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<&'a str, LimitError> {
        match &self.storage {
            Storage::Unset => Ok(""),
            Storage::Chunk(range) => match chunk.text(range) {
                Some(text) => Ok(text),
                None => mend(&mut self.mended, chunk.slice(range.clone()), limits),
            },
            Storage::Buffer => self.buffered_text(limits),
        }
    }

    /// Returns the content of the buffer as text.
    fn buffered_text(&mut self, limits: &Limits) -> Result<&str, LimitError> {
        match simdutf8::basic::from_utf8(&self.buffer) {
            Ok(text) => Ok(text),
            Err(_) => mend(&mut self.mended, &self.buffer, limits),
        }
    }

    pub(crate) fn is_unset(&self) -> bool {
        self.storage == Storage::Unset
    }

    pub(crate) fn len(&self) -> usize {
        self.storage.len(self.buffer.len())
    }

    /// Returns whether data that follows is likely to be borrowed from a chunk of `len` bytes.
    ///
    /// It is if the current data could have been, which is one line of at most `len` bytes. The last chunk boundary cut
    /// this data, and a boundary mostly cuts the kind of event that makes up most of the stream.
    pub(crate) fn is_likely_borrowed(&self, len: usize) -> bool {
        self.is_unset() || !self.is_joined && self.len() <= len
    }

    /// Copies borrowed data to the buffer, before its chunk is dropped.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        if let Storage::Chunk(range) = &self.storage {
            let part = chunk.slice(range.clone());
            self.buffer.clear();
            self.push(part);
            self.storage = Storage::Buffer;
        }
    }

    pub(crate) fn forget_borrowed(&mut self) {
        self.storage.forget_borrowed();
    }

    pub(crate) fn clear(&mut self) {
        self.is_joined = false;
        self.storage = Storage::Unset;
    }
}

/// Converts bytes that are not valid UTF-8 to text. The text may be longer than the bytes, and exceed the limit only
/// now.
#[cold]
fn mend<'a>(mended: &'a mut String, bytes: &[u8], limits: &Limits) -> Result<&'a str, LimitError> {
    mended.clear();
    if text::push_lossy_within(mended, bytes, limits.data) {
        return Ok(mended);
    }
    Err(LimitError::Data { limit: limits.data })
}
