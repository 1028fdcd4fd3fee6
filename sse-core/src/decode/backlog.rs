//! Input of earlier chunks that the caller has not read.

use alloc::vec::Vec;

use super::{
    limit::LimitError,
    line::{Chunk, Cursor},
    machine::Machine,
    step::{Shown, Step},
};

/// Unread input, which precedes the current chunk.
#[derive(Clone, Default)]
pub(super) struct Backlog {
    bytes: Vec<u8>,
    position: usize,
    /// An error to return before reading on, because input was discarded.
    error: Option<LimitError>,
}

impl Backlog {
    /// Creates an empty backlog with an error to return.
    pub(super) const fn failed(error: LimitError) -> Self {
        Self { bytes: Vec::new(), position: 0, error: Some(error) }
    }

    /// Returns whether nothing is left to be read or returned.
    pub(super) const fn is_read(&self) -> bool {
        self.error.is_none() && self.position >= self.bytes.len()
    }

    /// Returns the number of bytes that are held, including those that have been read but not been removed.
    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Takes a step in the backlog. At its end, the caller drops it.
    ///
    /// Values are copied to the block's buffers: the caller builds the event with its own chunk, in which ranges of the
    /// backlog would be wrong. For the same reason, all of it is read line by line.
    #[cold]
    pub(super) fn step(&mut self, machine: &mut Machine, shown: Shown) -> Step {
        if let Some(error) = self.error.take() {
            return Step::Failed(error);
        }
        let chunk = Chunk::each_value(&self.bytes);
        machine.cursor = Cursor::from(self.position);
        let step = machine.step(&chunk, shown);
        machine.block.detach(&chunk);
        self.position = machine.cursor.position;
        // Nothing of the caller's chunk has been read.
        machine.cursor = Cursor::from(0);
        step
    }

    /// Adds the unread rest of a chunk, if it fits within `room` together with what is unread already. Returns whether
    /// it does.
    pub(super) fn push(&mut self, unread: &[u8], room: usize) -> bool {
        let fits = self.make_room(unread.len(), room);
        if fits {
            self.bytes.extend_from_slice(unread);
        }
        fits
    }

    /// Returns whether `len` more bytes fit within `room`, and removes bytes that have been read if necessary.
    ///
    /// They are also removed once they are more than half of the buffer. Such a removal moves fewer bytes than have been
    /// read since the last one, so a reader that is always late does not move its backlog with each chunk, unless the
    /// backlog is near the limit.
    fn make_room(&mut self, len: usize, room: usize) -> bool {
        if self.bytes.len() + len > room || self.position > self.bytes.len() / 2 {
            self.bytes.drain(..self.position);
            self.position = 0;
        }
        self.bytes.len() + len <= room
    }
}
