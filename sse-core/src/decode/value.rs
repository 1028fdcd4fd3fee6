//! Values of one line, borrowed from their chunk or copied to a buffer.

use alloc::string::String;
use core::{mem, ops::Range};

use super::{line::Chunk, text};

/// The value of an `event` or `id` line, or of a comment.
///
/// In a chunk that was checked as a whole, it stays a range until the chunk ends, and is copied only then.
#[derive(Clone, Default)]
pub(crate) struct LineValue {
    storage: Storage,
    buffer: String,
}

/// The place in which a value is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Storage {
    #[default]
    Unset,
    /// Borrowed: a range of the current chunk.
    Chunk(Range<usize>),
    /// Copied to the buffer.
    Buffer,
}

impl LineValue {
    /// Sets the value to the text of `range`.
    ///
    /// It is borrowed only from a chunk that was checked as a whole, because otherwise each [`get`](Self::get) would
    /// check it again, and that is lent as a whole.
    pub(crate) fn set(&mut self, chunk: &Chunk<'_>, range: Range<usize>) {
        match chunk.text(&range) {
            Some(_) if chunk.is_lent_whole() => self.borrow(range),
            Some(text) => self.keep(text),
            None => {
                self.buffer.clear();
                text::push_lossy(&mut self.buffer, chunk.slice(range));
                self.storage = Storage::Buffer;
            }
        }
    }

    /// Sets the value to a range of a chunk that was checked as a whole.
    #[inline]
    pub(crate) fn borrow(&mut self, range: Range<usize>) {
        self.storage = Storage::Chunk(range);
    }

    /// Returns the value, or `None` if it is not set.
    #[inline]
    pub(crate) fn get<'a>(&'a self, chunk: &Chunk<'a>) -> Option<&'a str> {
        match &self.storage {
            Storage::Unset => None,
            Storage::Chunk(range) => chunk.text(range),
            Storage::Buffer => Some(&self.buffer),
        }
    }

    /// Returns the value as it is between two chunks, when no value is borrowed. It is empty if it is not set.
    pub(crate) fn kept(&self) -> &str {
        match self.storage {
            Storage::Buffer => &self.buffer,
            Storage::Unset | Storage::Chunk(_) => "",
        }
    }

    /// Copies `value` to the buffer.
    pub(crate) fn keep(&mut self, value: &str) {
        self.buffer.clear();
        self.buffer.push_str(value);
        self.storage = Storage::Buffer;
    }

    pub(crate) fn is_unset(&self) -> bool {
        self.storage == Storage::Unset
    }

    pub(crate) fn len(&self) -> usize {
        self.storage.len(self.buffer.len())
    }

    /// Copies a borrowed value to the buffer, before its chunk is dropped.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        if let Storage::Chunk(range) = &self.storage {
            let value = chunk.text(range).unwrap_or_default();
            self.keep(value);
        }
    }

    pub(crate) fn forget_borrowed(&mut self) {
        self.storage.forget_borrowed();
    }

    /// Moves the value out of `other`, which is then not set.
    pub(crate) fn take(&mut self, other: &mut Self) {
        if other.storage == Storage::Buffer {
            mem::swap(&mut self.buffer, &mut other.buffer);
        }
        self.storage = mem::take(&mut other.storage);
    }

    pub(crate) fn clear(&mut self) {
        self.storage = Storage::Unset;
    }
}

impl Storage {
    /// Returns the length of the value, given that of the buffer.
    pub(super) fn len(&self, buffered: usize) -> usize {
        match self {
            Self::Unset => 0,
            Self::Chunk(range) => range.len(),
            Self::Buffer => buffered,
        }
    }

    /// Clears a borrowed value.
    pub(super) fn forget_borrowed(&mut self) {
        if matches!(self, Self::Chunk(_)) {
            *self = Self::Unset;
        }
    }
}
