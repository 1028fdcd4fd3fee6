//! Values of one line: lent from the chunk where they stand whole in it, else kept in a buffer.

use alloc::string::String;
use core::{mem, ops::Range};

use super::{line::Chunk, text};

/// A value of one line.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineValue {
    storage: Storage,
    buffer: String,
}

/// Where a value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Storage {
    #[default]
    Unset,
    /// In the present chunk.
    Chunk(Range<usize>),
    Buffer,
}

impl LineValue {
    /// Takes a value.
    pub(crate) fn set(&mut self, chunk: &Chunk<'_>, range: Range<usize>) {
        if let Some(text) = chunk.text(&range) {
            return self.set_text(chunk, range, text);
        }
        self.buffer.clear();
        text::push_lossy(&mut self.buffer, chunk.part(range));
        self.storage = Storage::Buffer;
    }

    /// Takes a value that is this text. It is lent, unless it would be checked again each time that it is asked for.
    #[inline]
    pub(crate) fn set_text(&mut self, chunk: &Chunk<'_>, range: Range<usize>, text: &str) {
        if chunk.is_checked() {
            self.storage = Storage::Chunk(range);
        } else {
            self.keep(text);
        }
    }

    /// The value, if it is set.
    #[inline]
    pub(crate) fn get<'a>(&'a self, chunk: &Chunk<'a>) -> Option<&'a str> {
        match &self.storage {
            Storage::Unset => None,
            Storage::Chunk(range) => chunk.text(range),
            Storage::Buffer => Some(&self.buffer),
        }
    }

    /// The value as it is held between two chunks.
    pub(crate) fn kept(&self) -> &str {
        match self.storage {
            Storage::Buffer => &self.buffer,
            Storage::Unset | Storage::Chunk(_) => "",
        }
    }

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

    /// Copies a lent value into the buffer, before its chunk goes.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        if let Storage::Chunk(range) = &self.storage {
            let value = chunk.text(range).unwrap_or_default();
            self.keep(value);
        }
    }

    pub(crate) fn forget_lent(&mut self) {
        self.storage.forget_lent();
    }

    /// Takes the value out of `other`, which is unset then.
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
    /// How long the value is, with so many bytes in the buffer.
    pub(super) fn len(&self, buffered: usize) -> usize {
        match self {
            Self::Unset => 0,
            Self::Chunk(range) => range.len(),
            Self::Buffer => buffered,
        }
    }

    pub(super) fn forget_lent(&mut self) {
        if matches!(self, Self::Chunk(_)) {
            *self = Self::Unset;
        }
    }
}
