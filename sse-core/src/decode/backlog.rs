//! Input of earlier chunks that the caller has not read.

use alloc::{boxed::Box, vec::Vec};

use super::{
    Decoder,
    limit::LimitError,
    line::{Chunk, Lines},
    step::{Shown, Step},
};

/// Unread input, which precedes the present chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog {
    pub(super) bytes: Vec<u8>,
    position: usize,
    /// An error to return before reading on, because input was discarded.
    lost: Option<LimitError>,
}

impl Backlog {
    /// Returns whether `len` more bytes fit within `room`, and removes bytes that have been read if necessary.
    ///
    /// They are also removed once they are more than half of the buffer. A removal then moves fewer bytes than have
    /// been read since the last one, so a reader that is always late does not move its backlog with each chunk.
    fn make_room(&mut self, len: usize, room: usize) -> bool {
        if self.bytes.len() + len > room || self.position > self.bytes.len() / 2 {
            self.bytes.drain(..self.position);
            self.position = 0;
        }
        self.bytes.len() + len <= room
    }
}

impl Decoder {
    /// Takes a step in the backlog, and drops it at its end.
    ///
    /// Values are copied to the block's buffers: the caller builds the event with its own chunk, in which ranges of the
    /// backlog would be wrong. For the same reason, all of it is read line by line.
    #[cold]
    pub(super) fn backlog_step(&mut self, shown: Shown) -> Step {
        let Some(backlog) = &mut self.backlog else { return Step::Continue };
        if let Some(lost) = backlog.lost.take() {
            return Step::Failed(lost);
        }
        let chunk = Chunk::each_value(&backlog.bytes);
        self.machine.lines = Lines::from(backlog.position);
        let step = self.machine.step(&chunk, shown);
        self.machine.block.detach(&chunk);
        backlog.position = self.machine.lines.position;
        // Nothing of the caller's chunk has been read.
        self.machine.lines = Lines::from(0);
        match step {
            Step::End => {
                self.backlog = None;
                Step::Continue
            }
            step => step,
        }
    }

    /// Keeps what the caller leaves of a chunk: its unread rest, or an error if it is read but was not ended.
    pub(super) fn leave_chunk(&mut self, chunk: Chunk<'_>) {
        // First: reading the backlog would make the ranges of values borrowed from this chunk wrong.
        self.machine.detach(&chunk);
        if !self.machine.lines.is_at_end(chunk.bytes) {
            self.keep(chunk);
        } else if self.machine.block.has_comment() {
            self.end_at_comment(&chunk);
        }
    }

    /// Ends a chunk whose last line is a comment that was returned to the caller. The next call would have ended the
    /// chunk, but the `Events` was dropped before. An error is kept until the next chunk is read.
    #[cold]
    fn end_at_comment(&mut self, chunk: &Chunk<'_>) {
        if let Step::Failed(lost) = self.machine.end_chunk(chunk) {
            self.backlog.get_or_insert_default().lost = Some(lost);
        }
    }

    /// Adds the unread rest of a chunk to the backlog. If it exceeds the limit, all unread input is read and its events
    /// are discarded, so that the decoder is in the right state for the next chunk.
    #[cold]
    fn keep(&mut self, mut chunk: Chunk<'_>) {
        let unread = self.machine.lines.unread(chunk.bytes);
        let room = self.machine.limits.buffered.saturating_sub(self.machine.buffered());
        let fits = match &mut self.backlog {
            Some(backlog) => backlog.make_room(unread.len(), room),
            None => unread.len() <= room,
        };
        if fits {
            self.backlog.get_or_insert_default().bytes.extend_from_slice(unread);
            return;
        }
        // If there is a backlog, nothing of the chunk has been read; otherwise, this reads on from the present position.
        while self.next_event(&mut chunk).is_some() {}
        self.machine.detach(&chunk);
        let lost = Some(LimitError::Buffered { limit: self.machine.limits.buffered });
        self.backlog = Some(Box::new(Backlog { lost, ..Backlog::default() }));
    }
}
