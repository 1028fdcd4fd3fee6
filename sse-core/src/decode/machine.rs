//! The state machine of the decoder, which reads line by line.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::{
    block::{Block, Phase},
    event::{RawEvent, RawPart},
    field,
    limit::{LimitError, Limits},
    line::{Chunk, Line},
    whole::{Places, WholeBlock},
};
use crate::wire::COLON;

/// Decoder state that outlives a chunk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    pub(super) state: State,
    /// The start of an unfinished line, in [`State::Held`].
    pub(super) line: Vec<u8>,
    pub(crate) block: Block,
    pub(crate) limits: Limits,
}

/// The position of the next byte in the stream's grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// At the start of the stream.
    #[default]
    Start,
    /// Within a byte order mark at the start of the stream.
    BomBegun {
        /// The number of its bytes in earlier chunks.
        seen: usize,
    },
    /// At the start of a line that is known to start a block.
    BlockStart,
    /// At the start of any other line.
    LineStart,
    /// After a line that ended with a CR at the end of its chunk. An LF here belongs to the same line ending.
    AfterCr,
    /// In a line whose start is held, because its field is not known yet or is not `data`.
    Held,
    /// In a `data` line, whose value is appended to the data buffer as it arrives.
    Data {
        /// The length of the line so far, in bytes.
        len: usize,
    },
    /// In a line that is ignored.
    Ignored,
}

impl State {
    fn is_line_start(self) -> bool {
        matches!(self, Self::BlockStart | Self::LineStart)
    }

    /// Returns the state after `line`.
    pub(super) fn after(line: &Line) -> Self {
        if line.cr_is_last { Self::AfterCr } else { Self::LineStart }
    }
}

impl Machine {
    /// Reads line by line until an event is dispatched, a limit is exceeded, or another part to be returned is read.
    /// Returns `None` at the end of the chunk.
    pub(crate) fn advance(&mut self, chunk: &mut Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.leave_block();
        self.block.end_comment();
        while !chunk.is_read() {
            let step = match self.state {
                State::BlockStart | State::LineStart => self.whole_line(chunk),
                _ => self.resume(chunk).map(|()| false),
            };
            match step {
                Ok(false) if self.block.has_comment() => return Some(Ok(())),
                Ok(false) => {}
                Ok(true) => return Some(Ok(())),
                Err(error) => return Some(Err(error)),
            }
        }
        self.end_chunk(chunk)
    }

    /// Returns the part that was read.
    pub(crate) fn part<'a>(&'a mut self, chunk: &Chunk<'a>) -> Result<RawPart<'a>, LimitError> {
        self.block.part(chunk, &self.limits)
    }

    /// Reads a block with the fast path, if the block lies within the chunk and has a common form. Requires the chunk
    /// to be [at a block](Chunk::is_at_block).
    #[inline]
    pub(crate) fn whole_block<'a>(&mut self, chunk: &mut Chunk<'a>) -> Option<WholeBlock<'a>> {
        let limit = self.limit_on_whole();
        let block = chunk.whole_block(self.block.data.unused(), limit)?;
        if let Some(id) = block.id {
            self.block.take_last_event_id(chunk, id, block.id_start);
        }
        Some(block)
    }

    /// Returns the event that was dispatched.
    pub(crate) fn event<'a>(&'a mut self, chunk: &Chunk<'a>) -> Result<RawEvent<'a>, LimitError> {
        self.block.event(chunk, &self.limits)
    }

    /// Returns the event of a block that the fast path has read.
    #[inline]
    pub(crate) fn whole_event<'a>(
        &'a mut self,
        block: &WholeBlock<'a>,
        chunk: &Chunk<'a>,
    ) -> Result<RawEvent<'a>, LimitError> {
        self.block.whole_event(block, chunk, &self.limits)
    }

    /// Returns the maximum size of a block for the fast path. In such a block, neither a line nor the bytes of the data
    /// can exceed a limit. Larger blocks are read line by line.
    #[inline]
    pub(crate) fn limit_on_whole(&self) -> usize {
        self.limits.line.min(self.limits.data)
    }

    /// Reads up to the start of a block. Breaks with an event or an error before it, or with `None` at the end of the
    /// chunk.
    #[inline]
    pub(crate) fn reach_block(&mut self, chunk: &mut Chunk<'_>) -> ControlFlow<Option<Result<(), LimitError>>> {
        self.leave_block();
        while !self.state.is_line_start() {
            if chunk.is_read() {
                return ControlFlow::Break(self.end_chunk(chunk));
            }
            let step = match self.state {
                // Inlined, because each chunk of a long line comes here, and long lines are `data` lines.
                State::Data { len } => self.resume_data(chunk, len),
                _ => self.resume(chunk),
            };
            if let Err(error) = step {
                return ControlFlow::Break(Some(Err(error)));
            }
        }
        self.block.detach(chunk);
        chunk.enter(|bytes| self.block.data.is_likely_lent(bytes.len()));
        if self.state == State::BlockStart {
            chunk.is_at_block = true;
            return ControlFlow::Continue(());
        }
        ControlFlow::Break(self.advance(chunk))
    }

    /// Continues a block of which the fast path has read the first lines.
    #[cold]
    pub(crate) fn begin(&mut self, chunk: &Chunk<'_>, places: &Places) {
        self.block.begin(chunk, places);
        self.state = State::LineStart;
    }

    /// Clears a block that has ended, which is no longer lent.
    #[inline]
    fn leave_block(&mut self) {
        if matches!(self.block.phase, Phase::Ended | Phase::Failed) {
            self.block.clear();
            self.begin_block();
        }
    }

    /// Marks the start of a line as that of a block. After a CR at the end of a chunk the state stays, and the next
    /// block is read line by line.
    fn begin_block(&mut self) {
        if self.state == State::LineStart {
            self.state = State::BlockStart;
        }
    }

    /// Discards an unfinished event, and resets the state to the start of a stream.
    pub(crate) fn restart(&mut self) {
        self.state = State::Start;
        self.line.clear();
        self.block.clear();
    }

    /// Copies the values that are borrowed from `chunk`, before it is dropped.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        match self.block.phase {
            Phase::Ended => self.leave_block(),
            // The block may still be returned without its event.
            Phase::Failed => self.block.drop_event(),
            Phase::Reading | Phase::Skipping => {}
        }
        self.block.detach(chunk);
    }

    /// Returns whether no incomplete event has begun.
    pub(crate) fn is_between_events(&self) -> bool {
        let may_be_within = match self.state {
            State::Data { .. } => true,
            State::Held => field::may_belong_to_event(&self.line),
            // At the start of a line, or in one that is ignored. No field name starts with the bytes of a byte order
            // mark.
            State::Start
            | State::BomBegun { .. }
            | State::BlockStart
            | State::LineStart
            | State::AfterCr
            | State::Ignored => false,
        };
        !may_be_within && !self.block.is_begun()
    }

    /// Returns the number of bytes that are held of an unfinished event.
    pub(crate) fn buffered(&self) -> usize {
        self.line.len() + self.block.buffered()
    }

    /// Ends a chunk that is read: copies borrowed values, and enforces the limit on held bytes.
    #[inline]
    pub(crate) fn end_chunk(&mut self, chunk: &Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.block.detach(chunk);
        if self.buffered() <= self.limits.buffered { None } else { self.hold_less() }
    }

    /// Drops held bytes until they are within the limit: a comment, then the event, then the line.
    #[cold]
    fn hold_less(&mut self) -> Option<Result<(), LimitError>> {
        if self.line.first() == Some(&COLON) {
            self.ignore();
        }
        if self.buffered() <= self.limits.buffered {
            return None;
        }
        // The event is dropped before a held line, because the line may be the ID of the block, which still counts.
        let skipped = self.block.skip(LimitError::Buffered { limit: self.limits.buffered });
        let drop_line = match self.state {
            State::Data { .. } => true,
            State::Held => self.line.len() > self.limits.buffered,
            _ => false,
        };
        if drop_line {
            self.ignore();
        }
        skipped.is_err().then_some(skipped)
    }

    /// Reads from the start of a line. Returns whether it ends a block that is returned, which only an empty line does.
    fn whole_line(&mut self, chunk: &mut Chunk<'_>) -> Result<bool, LimitError> {
        if self.block.join_lines(chunk, self.limit_on_whole()) {
            return Ok(false);
        }
        let Some(line) = chunk.next_line() else { return self.hold(chunk).map(|()| false) };
        self.state = State::after(&line);
        if line.range.is_empty() {
            let is_returned = self.block.end();
            if !is_returned {
                self.begin_block();
            }
            return Ok(is_returned);
        }
        self.block.line(chunk, line.range, &self.limits).map(|()| false)
    }
}
