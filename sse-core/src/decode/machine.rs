//! The state machine of the decoder, which reads line by line. `resume.rs` and `whole.rs` add the steps for parts of a
//! line and for whole blocks.
//!
//! ```text
//!  Start ──► Bom ──► BlockStart ◄──► WholeBlock    `enter` and `begin_chunk` move between these two
//!                       ▲  │
//!        an empty line  │  │  any other line
//!                       │  ▼
//!                    LineStart ◄── AfterCr         after a CR that ends its chunk
//!                       │  ▲
//!     the chunk ends    │  │  the line ends
//!     within a line     ▼  │
//!            Held, Data or Ignored                 Held becomes Data or Ignored once its field is known
//! ```

use alloc::vec::Vec;

use super::{
    block::{Block, Phase},
    field,
    limit::{LimitError, Limits},
    line::{Chunk, Cursor, Line},
    step::{Shown, Step},
};
use crate::wire::COLON;

/// All decoder state except unread input.
#[derive(Clone, Default)]
pub(crate) struct Machine {
    pub(super) state: State,
    /// The position in the current chunk.
    pub(super) cursor: Cursor,
    /// The start of an unfinished line, in [`State::Held`].
    pub(super) held: Vec<u8>,
    pub(super) block: Block,
    pub(super) limits: Limits,
}

/// The position of the next byte in the stream's grammar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum State {
    /// At the start of the stream.
    #[default]
    Start,
    /// Within a byte order mark at the start of the stream.
    Bom {
        /// The number of its bytes in earlier chunks.
        seen: usize,
    },
    /// At the start of a block that the fast path may read: no value is pending, the chunk is prepared, no backlog is
    /// unread, and the block's phase is `Reading`. Stays at the end of a chunk; `begin_chunk` turns it back.
    WholeBlock,
    /// At the start of a line that is known to start a block. No value is pending.
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
    /// Returns the state after `line`.
    pub(super) fn after(line: &Line) -> Self {
        if line.cr_is_last { Self::AfterCr } else { Self::LineStart }
    }
}

impl Machine {
    /// Begins a chunk, whose first byte is the next one.
    #[inline]
    pub(super) fn begin_chunk(&mut self) {
        self.cursor = Cursor::from(0);
        self.block.forget_borrowed();
        if self.state == State::WholeBlock {
            self.state = State::BlockStart;
        }
    }

    /// Leaves what was lent to the caller: a comment, or a block that has ended. A block whose event has failed is found
    /// once more as one without an event, if these are returned.
    #[inline]
    pub(super) fn leave(&mut self, shown: Shown) -> Step {
        self.block.end_comment();
        match self.block.phase {
            Phase::Reading | Phase::Skipping => return Step::Continue,
            Phase::Ended => {}
            Phase::Failed => {
                if self.block.end_failed(shown) {
                    return Step::Block;
                }
            }
        }
        self.clear_block();
        Step::Continue
    }

    /// Clears a block that has ended, which is no longer lent.
    fn clear_block(&mut self) {
        self.block.clear();
        self.begin_block();
    }

    /// Prepares the chunk at the start of its first line, and leaves a block that starts here to the fast path. Returns
    /// whether it did.
    #[inline]
    pub(super) fn enter(&mut self, chunk: &mut Chunk<'_>) -> bool {
        if !matches!(self.state, State::BlockStart | State::LineStart) || self.cursor.is_at_end(chunk.bytes) {
            return false;
        }
        if chunk.is_undecided() {
            self.check_ahead(chunk);
        }
        let is_block = self.state == State::BlockStart;
        if is_block {
            self.state = State::WholeBlock;
        }
        is_block
    }

    /// Checks the text of the chunk at once, if its data is likely to be lent. Data that is not lent but copied is
    /// checked when it is complete, and would be checked twice.
    #[inline]
    fn check_ahead(&mut self, chunk: &mut Chunk<'_>) {
        if !self.block.data.is_likely_borrowed(self.cursor.unread(chunk.bytes).len()) {
            return chunk.check_values();
        }
        self.block.detach(chunk);
        chunk.check_from(self.cursor.position);
        self.cursor = Cursor::from(0);
    }

    /// Takes the next step by lines: reads a line, or a part of one at the start or the end of the chunk.
    #[expect(clippy::inline_always, reason = "it reads every line that the fast path does not")]
    #[inline(always)]
    pub(super) fn step(&mut self, chunk: &Chunk<'_>, shown: Shown) -> Step {
        if self.cursor.is_at_end(chunk.bytes) {
            return self.end_chunk(chunk);
        }
        match self.state {
            State::WholeBlock | State::BlockStart | State::LineStart => self.whole_line(chunk, shown),
            // Inlined, because each chunk of a long line comes here, and long lines are `data` lines.
            State::Data { len } => self.resume_data(chunk, len),
            State::Held => self.resume_held(chunk, shown),
            State::Ignored => self.resume_ignored(chunk),
            State::Start => self.skip_bom(chunk, 0),
            State::Bom { seen } => self.skip_bom(chunk, seen),
            State::AfterCr => self.skip_lf(chunk),
        }
    }

    /// Reads from the start of a line.
    fn whole_line(&mut self, chunk: &Chunk<'_>, shown: Shown) -> Step {
        let limit = self.limit_on_whole();
        if self.block.join_lines(chunk, &mut self.cursor, limit) {
            return Step::Continue;
        }
        let Some(line) = self.cursor.next(chunk.bytes) else { return self.hold(chunk, shown) };
        self.state = State::after(&line);
        if !line.range.is_empty() {
            return self.block.line(chunk, line.range, &self.limits, shown);
        }
        let step = self.block.end(shown);
        if matches!(step, Step::Continue) {
            self.begin_block();
        }
        step
    }

    /// Marks the start of a line as that of a block. After a CR at the end of a chunk the state stays, and the next
    /// block is read line by line.
    fn begin_block(&mut self) {
        if self.state == State::LineStart {
            self.state = State::BlockStart;
        }
    }

    /// Discards an unfinished event, and resets the state to the start of a stream.
    pub(super) fn restart(&mut self) {
        self.state = State::Start;
        self.held.clear();
        self.block.clear();
    }

    /// Copies the values that are borrowed from `chunk`, before it is dropped.
    #[inline]
    pub(super) fn detach(&mut self, chunk: &Chunk<'_>) {
        match self.block.phase {
            Phase::Ended => self.clear_block(),
            // The block may still be returned without its event.
            Phase::Failed => self.block.drop_event(),
            Phase::Reading | Phase::Skipping => {}
        }
        self.block.detach(chunk);
    }

    /// Returns whether no incomplete event has begun.
    pub(super) fn is_between_events(&self) -> bool {
        let may_be_within = match self.state {
            State::Data { .. } => true,
            State::Held => field::may_belong_to_event(&self.held),
            // At the start of a line, or in one that is ignored. No field name starts with the bytes of a byte order
            // mark.
            State::Start
            | State::Bom { .. }
            | State::WholeBlock
            | State::BlockStart
            | State::LineStart
            | State::AfterCr
            | State::Ignored => false,
        };
        !may_be_within && !self.block.is_begun()
    }

    /// Returns the number of bytes that are held of an unfinished event.
    pub(super) fn buffered(&self) -> usize {
        self.held.len() + self.block.buffered()
    }

    /// Ends a chunk that is read: copies borrowed values, and enforces the limit on held bytes.
    #[inline]
    pub(super) fn end_chunk(&mut self, chunk: &Chunk<'_>) -> Step {
        self.block.detach(chunk);
        if self.buffered() <= self.limits.buffered { Step::End } else { self.hold_less() }
    }

    /// Drops held bytes until they are within the limit: a comment, then the event, then the line.
    #[cold]
    fn hold_less(&mut self) -> Step {
        if self.held.first() == Some(&COLON) {
            self.ignore();
        }
        if self.buffered() <= self.limits.buffered {
            return Step::End;
        }
        // The event is dropped before a held line, because the line may be the ID of the block, which still counts.
        let skipped = self.block.skip(LimitError::Buffered { limit: self.limits.buffered });
        let drop_line = match self.state {
            State::Data { .. } => true,
            State::Held => self.held.len() > self.limits.buffered,
            _ => false,
        };
        if drop_line {
            self.ignore();
        }
        match skipped {
            Step::Continue => Step::End,
            step => step,
        }
    }
}
