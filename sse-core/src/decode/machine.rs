//! The state between two bytes: where in a line the last chunk ended.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::{
    block::{Block, Phase},
    event::RawEvent,
    limit::{LimitError, Limits},
    line::{Chunk, Line},
    whole::{Places, WholeBlock},
};
use crate::wire::COLON;

/// The reader of a stream, without the stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    pub(super) state: State,
    /// An unfinished line, in [`State::Held`].
    pub(super) line: Vec<u8>,
    pub(crate) block: Block,
    pub(crate) limits: Limits,
}

/// Where the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// At the start of the stream, behind so many bytes of a byte order mark.
    #[default]
    Start,
    BomBegun {
        seen: usize,
    },
    /// At the start of a line, with nothing of a block read.
    BlockStart,
    /// At the start of any other line.
    LineStart,
    /// Behind a CR that ended a line: an LF here is the second half of that line's end.
    AfterCr,
    /// In a line whose beginning is held, because its field is not known yet, or is not data.
    Held,
    /// In a line of data, whose value goes straight into the data buffer.
    Data {
        /// How long the line is so far.
        len: usize,
    },
    /// In a line that means nothing.
    Ignored,
}

impl State {
    fn is_line_start(self) -> bool {
        matches!(self, Self::BlockStart | Self::LineStart)
    }

    pub(super) fn behind(line: &Line) -> Self {
        if line.cr_is_last { Self::AfterCr } else { Self::LineStart }
    }
}

impl Machine {
    /// Reads on until an event is to be lent, or a limit is exceeded, or the chunk is read; or until a comment is to be
    /// lent, where they are asked for.
    pub(crate) fn advance(&mut self, chunk: &mut Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.end_dispatch();
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

    /// Reads a block in one go, where the chunk [`is_at_block`](Chunk::is_at_block) and the block is of a common form.
    #[inline]
    pub(crate) fn whole_block<'a>(&mut self, chunk: &mut Chunk<'a>) -> Option<WholeBlock<'a>> {
        let limit = self.limit_on_whole();
        let block = chunk.whole_block(self.block.data.unused(), limit)?;
        if let Some(id) = block.id {
            self.block.take_last_event_id(chunk, id, block.id_start);
        }
        Some(block)
    }

    /// The event that was dispatched.
    pub(crate) fn event<'a>(&'a mut self, chunk: &Chunk<'a>) -> Result<RawEvent<'a>, LimitError> {
        self.block.event(chunk, &self.limits)
    }

    /// The event of a block that was read in one go.
    #[inline]
    pub(crate) fn whole_event<'a>(
        &'a mut self,
        block: &WholeBlock<'a>,
        chunk: &Chunk<'a>,
    ) -> Result<RawEvent<'a>, LimitError> {
        self.block.whole_event(block, chunk, &self.limits)
    }

    /// How large a block may be that is read in one go. Larger ones are looked at line by line.
    #[inline]
    pub(crate) fn limit_on_whole(&self) -> usize {
        self.limits.line.min(self.limits.event)
    }

    /// Reads on to where a block begins, unless there is something to be said before, or the chunk ends.
    #[inline]
    pub(crate) fn reach_block(&mut self, chunk: &mut Chunk<'_>) -> ControlFlow<Option<Result<(), LimitError>>> {
        self.end_dispatch();
        while !self.state.is_line_start() {
            if chunk.is_read() {
                return ControlFlow::Break(self.end_chunk(chunk));
            }
            let step = match self.state {
                // A long line is one of data, and passes here for each of its chunks.
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

    /// Goes on with a block that was begun in one go.
    #[cold]
    pub(crate) fn begin(&mut self, chunk: &Chunk<'_>, places: &Places) {
        self.block.begin(chunk, places);
        self.state = State::LineStart;
    }

    /// The lent event is given back.
    #[inline]
    fn end_dispatch(&mut self) {
        if self.block.phase == Phase::Dispatched {
            self.block.clear();
            self.begin_block();
        }
    }

    fn begin_block(&mut self) {
        if self.state == State::LineStart {
            self.state = State::BlockStart;
        }
    }

    /// Forgets an unfinished event, and stands at the start of a stream.
    pub(crate) fn restart(&mut self) {
        self.state = State::Start;
        self.line.clear();
        self.block.clear();
    }

    /// Keeps what is lent from a chunk that goes.
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        self.end_dispatch();
        self.block.detach(chunk);
    }

    /// How many bytes of an unfinished event are held.
    pub(crate) fn buffered(&self) -> usize {
        self.line.len() + self.block.buffered()
    }

    /// Behind the last byte of a chunk: sees that no more is held than may be.
    #[inline]
    pub(crate) fn end_chunk(&mut self, chunk: &Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.block.detach(chunk);
        if self.buffered() <= self.limits.buffered { None } else { self.hold_less() }
    }

    #[cold]
    fn hold_less(&mut self) -> Option<Result<(), LimitError>> {
        if self.line.first() == Some(&COLON) {
            self.ignore();
        }
        if self.buffered() <= self.limits.buffered {
            return None;
        }
        // The event goes first. A line that is held may be the ID of its block, which is to count.
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

    /// At the start of a line. Says whether the line dispatches an event: only an empty one can.
    fn whole_line(&mut self, chunk: &mut Chunk<'_>) -> Result<bool, LimitError> {
        if self.block.join_lines(chunk, self.limit_on_whole()) {
            return Ok(false);
        }
        let Some(line) = chunk.next_line() else { return self.hold(chunk).map(|()| false) };
        self.state = State::behind(&line);
        if line.range.is_empty() {
            let dispatched = self.block.dispatch();
            if !dispatched {
                self.begin_block();
            }
            return Ok(dispatched);
        }
        self.block.line(chunk, line.range, &self.limits).map(|()| false)
    }
}
