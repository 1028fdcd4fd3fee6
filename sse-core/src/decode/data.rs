//! Values: lent from the chunk where they stand whole in it, else kept in a buffer.

use alloc::{string::String, vec::Vec};
use core::{mem, ops::Range};

use super::{line::Chunk, text};

/// A value of one line, or the data buffer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    place: Place,
    buffer: String,
}

/// Where a value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Unset,
    /// Valid text in the present chunk.
    Chunk(Range<usize>),
    Buffer,
}

impl Value {
    /// Takes a value of one line.
    pub(crate) fn set(&mut self, chunk: &Chunk<'_>, range: Range<usize>) {
        if chunk.text(&range).is_some() {
            self.place = Place::Chunk(range);
            return;
        }
        self.buffer.clear();
        text::push_lossy(&mut self.buffer, chunk.part(range));
        self.place = Place::Buffer;
    }

    /// Takes a value that is known to be text of the chunk.
    #[inline]
    pub(crate) fn lend(&mut self, range: Range<usize>) {
        self.place = Place::Chunk(range);
    }

    /// The buffer of a value that is unset, for [`joined`](Self::joined) to lend from.
    #[inline]
    pub(crate) fn unused(&mut self) -> &mut String {
        &mut self.buffer
    }

    /// Takes the buffer's lines, each with an LF behind it, as the value.
    pub(crate) fn take_joined(&mut self) {
        self.buffer.pop();
        self.place = Place::Buffer;
    }

    pub(crate) fn joined(&self) -> &str {
        &self.buffer
    }

    /// Takes a line of data. The standard appends the value and an LF, and removes the last LF when it dispatches;
    /// here the LF goes between two lines.
    #[inline]
    pub(crate) fn append_line(&mut self, chunk: &Chunk<'_>, range: Range<usize>) {
        match self.place {
            Place::Unset => return self.set(chunk, range),
            Place::Chunk(_) => self.settle(chunk),
            Place::Buffer => {}
        }
        if let Some(text) = chunk.text(&range) {
            self.buffer.reserve(text.len() + 1);
            self.buffer.push('\n');
            self.buffer.push_str(text);
        } else {
            self.buffer.push('\n');
            text::push_lossy(&mut self.buffer, chunk.part(range));
        }
    }

    /// Takes the lines of data that come next, as far as they are whole and text. Says whether there were any.
    pub(crate) fn join_lines(&mut self, chunk: &mut Chunk<'_>) -> bool {
        self.settle(chunk);
        self.buffer.push('\n');
        let lines = chunk.join_lines(chunk.lines, &mut self.buffer);
        self.buffer.pop();
        let are_some = lines.position > chunk.lines.position;
        chunk.lines = lines;
        are_some
    }

    /// Begins a line of data that comes in fragments.
    pub(crate) fn begin_fragments(&mut self, chunk: &Chunk<'_>) {
        if self.place == Place::Unset {
            self.buffer.clear();
            self.place = Place::Buffer;
        } else {
            self.settle(chunk);
            self.buffer.push('\n');
        }
    }

    /// Appends a fragment: first what is known to be text, then bytes that may not be.
    #[inline]
    pub(crate) fn push_fragment(&mut self, tail: &mut Vec<u8>, text: &str, rest: &[u8]) {
        if !text.is_empty() {
            // Text begins with a character of its own: the one that is cut never became whole.
            self.finish_fragments(tail);
            self.buffer.push_str(text);
        }
        if !rest.is_empty() {
            text::push_fragment(&mut self.buffer, tail, rest);
        }
    }

    pub(crate) fn finish_fragments(&mut self, tail: &mut Vec<u8>) {
        text::finish_fragments(&mut self.buffer, tail);
    }

    /// The value, if it is set.
    #[inline]
    pub(crate) fn get<'a>(&'a self, chunk: &Chunk<'a>) -> Option<&'a str> {
        match &self.place {
            Place::Unset => None,
            Place::Chunk(range) => chunk.text(range),
            Place::Buffer => Some(&self.buffer),
        }
    }

    /// The value as it is held between two chunks.
    pub(crate) fn kept(&self) -> &str {
        match self.place {
            Place::Buffer => &self.buffer,
            Place::Unset | Place::Chunk(_) => "",
        }
    }

    pub(crate) fn keep(&mut self, value: &str) {
        self.buffer.clear();
        self.buffer.push_str(value);
        self.place = Place::Buffer;
    }

    pub(crate) fn is_unset(&self) -> bool {
        self.place == Place::Unset
    }

    pub(crate) fn len(&self) -> usize {
        match &self.place {
            Place::Unset => 0,
            Place::Chunk(range) => range.len(),
            Place::Buffer => self.buffer.len(),
        }
    }

    /// Copies a lent value into the buffer, before its chunk goes.
    pub(crate) fn settle(&mut self, chunk: &Chunk<'_>) {
        if let Place::Chunk(range) = &self.place {
            let value = chunk.text(range).unwrap_or_default();
            self.keep(value);
        }
    }

    pub(crate) fn forget_lent(&mut self) {
        if matches!(self.place, Place::Chunk(_)) {
            self.place = Place::Unset;
        }
    }

    /// Takes the value out of `other`, which is unset then.
    pub(crate) fn take(&mut self, other: &mut Self) {
        if other.place == Place::Buffer {
            mem::swap(&mut self.buffer, &mut other.buffer);
        }
        self.place = mem::take(&mut other.place);
    }

    pub(crate) fn clear(&mut self) {
        self.place = Place::Unset;
    }
}
