//! The data buffer.

use alloc::{string::String, vec::Vec};
use core::ops::Range;

use super::{
    limit::{LimitError, Limits},
    line::Chunk,
    text,
    value::Storage,
};
use crate::wire::LF;

/// The standard's data buffer: lent from the chunk where the data is one line that stands whole in it.
///
/// What is not lent is gathered as bytes, however it is cut, and read as text once, when the event is dispatched. The
/// standard decodes the stream before it takes lines apart, which is the same: no character contains the byte of a line
/// end or of a field's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Data {
    storage: Storage,
    buffer: Vec<u8>,
    /// Whether there are several lines in the buffer.
    is_joined: bool,
    /// The text of a buffer in which there is more than text.
    mended: String,
}

impl Data {
    /// Takes a line. The standard appends the value and an LF, and removes the last LF when it dispatches; here the LF
    /// goes between two lines.
    #[inline]
    pub(crate) fn append_line(&mut self, chunk: &Chunk<'_>, range: Range<usize>) {
        if self.is_unset() {
            return self.lend(range);
        }
        self.begin_line(chunk);
        self.push(chunk.part(range));
    }

    /// Takes the only line so far.
    #[inline]
    pub(crate) fn lend(&mut self, range: Range<usize>) {
        self.storage = Storage::Chunk(range);
    }

    /// Begins a line, which comes in parts.
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

    /// Appends a part of the line that was begun, piece by piece.
    ///
    /// A copy of several KiB is one instruction (`rep movsb`) in common C libraries, and common processors need twice
    /// the time for it where source and target stand alike in their pages, which is a matter of luck.
    #[inline]
    pub(crate) fn push(&mut self, part: &[u8]) {
        const PIECE: usize = 2048;
        part.chunks(PIECE).for_each(|piece| self.buffer.extend_from_slice(piece));
    }

    /// Takes the lines that come behind another one, as far as they are data and whole. Says whether there were any.
    pub(crate) fn join_lines(&mut self, chunk: &mut Chunk<'_>) -> bool {
        self.begin_line(chunk);
        let mut lines = chunk.lines;
        chunk.join_lines(&mut lines, &mut self.buffer);
        self.buffer.pop();
        let are_some = lines.position > chunk.lines.position;
        chunk.lines = lines;
        are_some
    }

    /// The buffer, while the data is unset.
    #[inline]
    pub(crate) fn unused(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Takes the lines that were put into the buffer, each with an LF behind it.
    pub(crate) fn take_joined(&mut self) {
        self.is_joined = true;
        self.buffer.pop();
        self.storage = Storage::Buffer;
    }

    /// The same lines as text, not taken.
    #[inline]
    pub(crate) fn joined(&mut self, limits: &Limits) -> Result<&str, LimitError> {
        self.buffer.pop();
        self.buffered_text(limits)
    }

    /// The data as text.
    pub(crate) fn text<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<&'a str, LimitError> {
        match &self.storage {
            Storage::Unset => Ok(""),
            Storage::Chunk(range) => match chunk.text(range) {
                Some(text) => Ok(text),
                None => mend(&mut self.mended, chunk.part(range.clone()), limits),
            },
            Storage::Buffer => self.buffered_text(limits),
        }
    }

    /// The buffer as text.
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

    /// Whether the data that comes next is likely to be lent from so many bytes: if this, which the end of a chunk cut,
    /// could have been. An end of a chunk mostly cuts what most of the stream is made of.
    pub(crate) fn is_likely_lent(&self, len: usize) -> bool {
        self.is_unset() || !self.is_joined && self.len() <= len
    }

    /// Copies what is lent into the buffer, before its chunk goes.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        if let Storage::Chunk(range) = &self.storage {
            let part = chunk.part(range.clone());
            self.buffer.clear();
            self.push(part);
            self.storage = Storage::Buffer;
        }
    }

    pub(crate) fn forget_lent(&mut self) {
        self.storage.forget_lent();
    }

    pub(crate) fn clear(&mut self) {
        self.storage = Storage::Unset;
    }
}

/// Makes text of bytes that are not all text. It is longer than they are, and may be beyond the limit only now.
#[cold]
fn mend<'a>(mended: &'a mut String, bytes: &[u8], limits: &Limits) -> Result<&'a str, LimitError> {
    mended.clear();
    if text::push_lossy_within(mended, bytes, limits.event) {
        return Ok(mended);
    }
    Err(LimitError::Event { limit: limits.event })
}
