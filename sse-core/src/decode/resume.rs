//! Where a chunk begins or ends in the middle of something: a line, a line end, a byte order mark.

use core::mem;

use super::{
    block::Phase,
    field::Head,
    limit::LimitError,
    line::Chunk,
    machine::{Machine, State},
};
use crate::wire::{BOM, LF};

impl Machine {
    /// Anywhere else.
    #[inline]
    pub(super) fn resume(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        match self.state {
            State::Held => return self.resume_held(chunk),
            State::Data { len } if chunk.begins_in_character() => return self.complete_character(chunk, len),
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
            chunk.lines.position += 1;
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
            chunk.lines.position += matching;
            self.state = State::BlockStart;
        } else if matching == unread.len() {
            chunk.lines.position += matching;
            self.state = State::BomBegun { seen: seen + matching };
        } else if seen == 0 {
            self.state = State::BlockStart;
        } else {
            self.line.extend_from_slice(before);
            self.state = State::Held;
        }
    }

    /// The chunk ends in the middle of a line that began in it.
    pub(super) fn hold(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        let (start, head) = (chunk.lines.position, chunk.unread());
        chunk.read_all();
        match Head::of(head) {
            Head::Data(value) => {
                let (text, rest) = chunk.split_text(start + value..chunk.lines.position);
                self.begin_data(chunk, head.len(), text, rest)
            }
            kind => self.hold_as(kind, head),
        }
    }

    /// The line whose beginning is held goes on.
    fn resume_held(&mut self, chunk: &mut Chunk<'_>) -> Result<(), LimitError> {
        let (fragment, ended) = self.fragment(chunk);
        self.line.extend_from_slice(fragment);
        if ended {
            let held = Chunk::each_value(&self.line, 0);
            let taken = self.block.line(&held, 0..self.line.len(), &self.limits);
            self.block.settle(&held);
            self.line.clear();
            return taken;
        }
        match Head::of(&self.line) {
            Head::Data(value) => {
                let mut head = mem::take(&mut self.line);
                let step = self.begin_data(chunk, head.len(), "", head.get(value..).unwrap_or_default());
                head.clear();
                self.line = head;
                step
            }
            kind => self.hold_as(kind, &[]),
        }
    }

    /// Holds what has come of a line that goes on in the next chunk, as far as it has to be.
    fn hold_as(&mut self, kind: Head, fragment: &[u8]) -> Result<(), LimitError> {
        let is_too_long = self.line.len() + fragment.len() > self.limits.line;
        let is_held = match kind {
            Head::Data(_) | Head::Field if is_too_long => {
                return self.skip(LimitError::Line { limit: self.limits.line });
            }
            Head::Data(_) | Head::Field | Head::Name => true,
            // For those who ask, and no longer than a line may be.
            Head::Comment => self.block.shows_comments && !is_too_long,
            Head::Ignored => false,
        };
        if is_held {
            self.line.extend_from_slice(fragment);
            self.state = State::Held;
        } else {
            self.ignore();
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
        self.block.data.begin_fragments(chunk);
        self.append_data(len, text, fragment)
    }

    /// Gives a character that the last chunk cut its other bytes, so that what follows is text of its own.
    #[cold]
    fn complete_character(&mut self, chunk: &mut Chunk<'_>, len: usize) -> Result<(), LimitError> {
        let bytes = chunk.take_continuation();
        self.append_data(len + bytes.len(), "", bytes)
    }

    /// The line of data goes on.
    #[inline]
    fn resume_data(&mut self, chunk: &mut Chunk<'_>, len: usize) -> Result<(), LimitError> {
        chunk.enter();
        let start = chunk.lines.position;
        let end = chunk.rest_of_line(len).map(|line| (State::behind(&line), line.range.end));
        let fragment = start..end.map_or(chunk.bytes.len(), |(_, end)| end);
        let (text, rest) = chunk.split_text(fragment);
        let step = self.append_data(len + text.len() + rest.len(), text, rest);
        let Some((after, _)) = end else {
            chunk.read_all();
            return step;
        };
        self.state = after;
        step?;
        self.block.data.finish_fragments(&mut self.tail);
        // A cut character has become U+FFFD only now, which is longer.
        self.block.check_data(&self.limits)
    }

    #[inline]
    fn append_data(&mut self, len: usize, text: &str, rest: &[u8]) -> Result<(), LimitError> {
        self.state = State::Data { len };
        self.block.data.push_fragment(&mut self.tail, text, rest);
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
        if let Some(line) = chunk.rest_of_line(0) {
            self.state = State::behind(&line);
            return (chunk.part(line.range), true);
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
    pub(super) fn ignore(&mut self) {
        self.line.clear();
        self.tail.clear();
        self.state = State::Ignored;
    }
}
