//! The state between two bytes: where in a line the last chunk ended.

use alloc::vec::Vec;
use core::mem;

use super::{
    block::{Block, Phase},
    field::{Field, Head},
    limit::{LimitError, Limits},
    line::{Chunk, Line},
    whole::WholeBlock,
};
use crate::wire::{BOM, LF};

/// The reader of a stream, without the stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    state: State,
    /// An unfinished line, in [`State::Held`].
    line: Vec<u8>,
    /// The cut character at the end of what is read of a line, in [`State::Data`].
    tail: Vec<u8>,
    pub(crate) block: Block,
    pub(crate) limits: Limits,
}

/// Where the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
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

    fn behind(line: &Line) -> Self {
        if line.cr_is_last { Self::AfterCr } else { Self::LineStart }
    }
}

impl Machine {
    /// Reads on until an event is to be lent, or a limit is exceeded, or the chunk is read.
    pub(crate) fn advance(&mut self, chunk: &mut Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.end_dispatch();
        while !chunk.is_read() {
            let step = match self.state {
                State::BlockStart | State::LineStart => self.whole_line(chunk),
                _ => self.resume(chunk).map(|()| false),
            };
            match step {
                Ok(false) => {}
                Ok(true) => return Some(Ok(())),
                Err(error) => return Some(Err(error)),
            }
        }
        self.end_chunk(chunk)
    }

    /// Reads a block that stands whole in the chunk, and lends its event.
    #[inline]
    pub(crate) fn whole_block<'a>(&mut self, chunk: &mut Chunk<'a>) -> Option<WholeBlock<'a>> {
        self.end_dispatch();
        if self.state != State::BlockStart {
            return None;
        }
        let limit = self.limits.line.min(self.limits.event);
        let Some(block) = chunk.whole_block(self.block.data.unused(), limit) else {
            if let Some(places) = chunk.begun.take() {
                self.block.begin(&places);
                self.state = if chunk.ends_behind_cr() { State::AfterCr } else { State::LineStart };
            }
            return None;
        };
        if let Some(id) = block.id {
            self.block.last_event_id.lend(block.id_start..block.id_start + id.len());
        }
        if block.cr_is_last {
            self.state = State::AfterCr;
        }
        Some(block)
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

    /// Reads on to the first line that begins in the chunk. From there its text is checked once, and lent.
    #[cold]
    pub(crate) fn enter(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        self.end_dispatch();
        while !chunk.is_read() && !self.state.is_line_start() {
            self.resume(chunk)?;
        }
        chunk.validate();
        Ok(())
    }

    /// Forgets an unfinished event, and stands at the start of a stream.
    pub(crate) fn restart(&mut self) {
        self.state = State::Start;
        self.line.clear();
        self.tail.clear();
        self.block.clear();
    }

    /// Keeps what is lent from a chunk that goes.
    pub(crate) fn settle(&mut self, chunk: &Chunk<'_>) {
        self.end_dispatch();
        self.block.settle(chunk);
    }

    /// How many bytes of an unfinished event are held.
    pub(crate) fn buffered(&self) -> usize {
        self.line.len() + self.block.buffered()
    }

    fn end_chunk(&mut self, chunk: &Chunk<'_>) -> Option<Result<(), LimitError>> {
        self.block.settle(chunk);
        if self.buffered() <= self.limits.buffered {
            return None;
        }
        let error = LimitError::Buffered { limit: self.limits.buffered };
        let skipped = match self.state {
            State::Held | State::Data { .. } => self.skip(error),
            _ => self.block.skip(error),
        };
        skipped.is_err().then_some(skipped)
    }

    /// At the start of a line. Says whether the line dispatches an event: only an empty one can.
    fn whole_line(&mut self, chunk: &mut Chunk<'_>) -> Result<bool, LimitError> {
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

    /// Anywhere else.
    #[cold]
    fn resume(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        match self.state {
            State::Held => return self.resume_held(chunk),
            State::Data { len } => return self.resume_data(chunk, len),
            State::Ignored => self.resume_ignored(chunk),
            State::Start => self.byte_order_mark(chunk, 0),
            State::BomBegun { seen } => self.byte_order_mark(chunk, seen),
            State::AfterCr => self.line_feed(chunk),
            State::BlockStart | State::LineStart => {}
        }
        Ok(())
    }

    fn line_feed(&mut self, chunk: &mut Chunk<'_>) {
        if chunk.unread().first() == Some(&LF) {
            chunk.position += 1;
        }
        self.state = State::LineStart;
    }

    /// "UTF-8 decode" drops one byte order mark at the start, also one that comes in pieces. What only began like one
    /// is the beginning of a line.
    fn byte_order_mark(&mut self, chunk: &mut Chunk<'_>, seen: usize) {
        let (before, missing) = BOM.split_at_checked(seen).unwrap_or((BOM, &[]));
        let unread = chunk.unread();
        let matching = unread.iter().zip(missing).take_while(|(byte, expected)| byte == expected).count();
        if matching == missing.len() {
            chunk.position += matching;
            self.state = State::BlockStart;
        } else if matching == unread.len() {
            chunk.position += matching;
            self.state = State::BomBegun { seen: seen + matching };
        } else if seen == 0 {
            self.state = State::BlockStart;
        } else {
            self.line.extend_from_slice(before);
            self.state = State::Held;
        }
    }

    /// The chunk ends in the middle of a line that began in it.
    fn hold(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        let (start, head) = (chunk.position, chunk.unread());
        chunk.read_all();
        match Head::of(head) {
            Head::Data(value) => {
                let (text, rest) = chunk.split_text(start + value..chunk.position);
                self.begin_data(chunk, head.len(), text, rest)
            }
            Head::Open => self.hold_more(head),
            Head::Ignored => {
                self.state = State::Ignored;
                Ok(())
            }
        }
    }

    /// The line whose beginning is held goes on.
    fn resume_held(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        let (fragment, ended) = self.fragment(chunk);
        if ended {
            self.line.extend_from_slice(fragment);
            let taken = self.block.line(&Chunk::new(&self.line, 0), 0..self.line.len(), &self.limits);
            self.line.clear();
            return taken;
        }
        self.hold_more(fragment)?;
        match Head::of(&self.line) {
            Head::Data(value) => {
                let mut head = mem::take(&mut self.line);
                let step = self.begin_data(chunk, head.len(), "", head.get(value..).unwrap_or_default());
                head.clear();
                self.line = head;
                step
            }
            Head::Open => Ok(()),
            Head::Ignored => {
                self.ignore();
                Ok(())
            }
        }
    }

    fn hold_more(&mut self, fragment: &[u8]) -> Result<(), LimitError> {
        self.state = State::Held;
        self.line.extend_from_slice(fragment);
        if self.line.len() > self.limits.line && Field::parse(&self.line).is_some() {
            return self.skip(LimitError::Line { limit: self.limits.line });
        }
        Ok(())
    }

    /// A line of `len` bytes so far is known to be data: from here on its value, of which `text` and `fragment` have
    /// come, is appended as it comes, and never twice.
    fn begin_data(&mut self, chunk: &Chunk<'_>, len: usize, text: &str, fragment: &[u8]) -> Result<(), LimitError> {
        if self.block.phase == Phase::Skipping {
            self.ignore();
            return Ok(());
        }
        self.block.data.begin_fragments(chunk, text);
        self.append_data(len, fragment)
    }

    /// The line of data goes on.
    fn resume_data(&mut self, chunk: &mut Chunk<'_>, len: usize) -> Result<(), LimitError> {
        let (fragment, ended) = self.fragment(chunk);
        let after = self.state;
        let step = self.append_data(len + fragment.len(), fragment);
        if !ended {
            return step;
        }
        self.state = after;
        step?;
        self.block.data.finish_fragments(&mut self.tail);
        // A cut character has become U+FFFD only now, which is longer.
        self.block.check_data(&self.limits)
    }

    fn append_data(&mut self, len: usize, fragment: &[u8]) -> Result<(), LimitError> {
        self.state = State::Data { len };
        self.block.data.push_fragment(&mut self.tail, fragment);
        if len > self.limits.line {
            return self.skip(LimitError::Line { limit: self.limits.line });
        }
        let checked = self.block.check_data(&self.limits);
        if checked.is_err() {
            self.ignore();
        }
        checked
    }

    fn resume_ignored(&mut self, chunk: &mut Chunk<'_>) {
        let _ = self.fragment(chunk);
    }

    /// Takes what the chunk holds of the present line, and says whether the line ends in it.
    fn fragment<'a>(&mut self, chunk: &mut Chunk<'a>) -> (&'a [u8], bool) {
        let unread = chunk.unread();
        if let Some(line) = chunk.next_line() {
            self.state = State::behind(&line);
            return (chunk.bytes(line.range), true);
        }
        chunk.read_all();
        (unread, false)
    }

    /// Gives the event up, and with it the rest of the line.
    fn skip(&mut self, error: LimitError) -> Result<(), LimitError> {
        self.ignore();
        self.block.skip(error)
    }

    /// Reads the rest of the line without keeping it.
    fn ignore(&mut self) {
        self.line.clear();
        self.tail.clear();
        self.state = State::Ignored;
    }
}
