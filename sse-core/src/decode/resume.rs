//! Chunk boundaries within a line, a line ending or a byte order mark.

use core::mem;

use super::{
    block::Phase,
    field::Head,
    limit::LimitError,
    line::Chunk,
    machine::{Machine, State},
    step::{Shown, Step},
};
use crate::wire::{BOM, LF};

impl Machine {
    /// Takes an LF at the start of a chunk, after a CR that ended the last one.
    pub(super) fn skip_lf(&mut self, chunk: &Chunk<'_>) -> Step {
        if self.cursor.unread(chunk.bytes).first() == Some(&LF) {
            self.cursor.position += 1;
        }
        self.state = State::LineStart;
        Step::Continue
    }

    /// Takes a byte order mark at the start of the stream, which may arrive in pieces: "UTF-8 decode" drops one. Bytes
    /// that turn out not to be a complete one are the start of a line.
    pub(super) fn skip_bom(&mut self, chunk: &Chunk<'_>, seen: usize) -> Step {
        let (before, missing) = BOM.split_at_checked(seen).unwrap_or((BOM, &[]));
        let unread = self.cursor.unread(chunk.bytes);
        let matching = unread.iter().zip(missing).take_while(|(byte, expected)| byte == expected).count();
        if matching == missing.len() {
            self.cursor.position += matching;
            self.state = State::BlockStart;
        } else if matching == unread.len() {
            self.cursor.position += matching;
            self.state = State::Bom { seen: seen + matching };
        } else if seen == 0 {
            self.state = State::BlockStart;
        } else {
            self.held.extend_from_slice(before);
            self.state = State::Held;
        }
        Step::Continue
    }

    /// Takes the rest of the chunk, the start of a line that does not end in it.
    pub(super) fn hold(&mut self, chunk: &Chunk<'_>, shown: Shown) -> Step {
        let head = self.cursor.take_rest(chunk.bytes);
        let step = match Head::of(head) {
            Head::Data(value) => self.begin_data(chunk, head.len(), head.get(value..).unwrap_or_default()),
            kind => self.hold_as(kind, head, shown),
        };
        self.end_after(step, chunk)
    }

    /// Continues a line whose start is held.
    pub(super) fn resume_held(&mut self, chunk: &Chunk<'_>, shown: Shown) -> Step {
        let (part, end) = self.rest_of_line(chunk, self.held.len());
        self.held.extend_from_slice(part);
        if let Some(end) = end {
            self.state = end;
            let held = Chunk::each_value(&self.held);
            let step = self.block.line(&held, 0..self.held.len(), &self.limits, shown);
            self.block.detach(&held);
            self.held.clear();
            return step;
        }
        match Head::of(&self.held) {
            Head::Data(value) => {
                let mut head = mem::take(&mut self.held);
                let step = self.begin_data(chunk, head.len(), head.get(value..).unwrap_or_default());
                head.clear();
                self.held = head;
                step
            }
            kind => self.hold_as(kind, &[], shown),
        }
    }

    /// Holds the start of a line that continues in the next chunk, unless the line is ignored or too long.
    fn hold_as(&mut self, kind: Head, part: &[u8], shown: Shown) -> Step {
        let is_too_long = self.held.len() + part.len() > self.limits.line;
        let is_held = match kind {
            Head::Data(_) | Head::Field if is_too_long => {
                return self.skip(LimitError::Line { limit: self.limits.line });
            }
            Head::Data(_) | Head::Field | Head::Name => true,
            // Only if comments are returned, and within the limit on a line.
            Head::Comment => shown.comments && !is_too_long,
            Head::Ignored => false,
        };
        if is_held {
            self.held.extend_from_slice(part);
            self.state = State::Held;
        } else {
            self.ignore();
        }
        Step::Continue
    }

    /// Starts a `data` line, of which `len` bytes have arrived, with `part` of its value.
    ///
    /// The value is appended to the data buffer as it arrives, without being held as a line first.
    fn begin_data(&mut self, chunk: &Chunk<'_>, len: usize, part: &[u8]) -> Step {
        if self.block.phase == Phase::Skipping {
            self.ignore();
            return Step::Continue;
        }
        self.block.data.begin_line(chunk);
        self.append_data(len, part)
    }

    /// Continues a `data` line of which earlier chunks contained `len` bytes.
    #[inline]
    pub(super) fn resume_data(&mut self, chunk: &Chunk<'_>, len: usize) -> Step {
        let (part, end) = self.rest_of_line(chunk, len);
        let step = self.append_data(len + part.len(), part);
        let Some(end) = end else { return self.end_after(step, chunk) };
        self.state = end;
        step
    }

    /// Ends a chunk that was read to its end by `step`, unless that step returns something. The next step would end the
    /// chunk too; of a long line, each chunk saves that step.
    #[inline]
    fn end_after(&mut self, step: Step, chunk: &Chunk<'_>) -> Step {
        match step {
            Step::Continue => self.end_chunk(chunk),
            step => step,
        }
    }

    /// Appends a part of a `data` line, which is now `len` bytes long.
    #[inline]
    fn append_data(&mut self, len: usize, part: &[u8]) -> Step {
        self.state = State::Data { len };
        self.block.data.push(part);
        if len > self.limits.line {
            return self.skip(LimitError::Line { limit: self.limits.line });
        }
        let step = self.block.check_data(&self.limits);
        if !matches!(step, Step::Continue) {
            self.ignore();
        }
        step
    }

    /// Continues a line that is ignored.
    pub(super) fn resume_ignored(&mut self, chunk: &Chunk<'_>) -> Step {
        if let (_, Some(end)) = self.rest_of_line(chunk, 0) {
            self.state = end;
        }
        Step::Continue
    }

    /// Takes the rest of the current line, of which earlier chunks contained `len` bytes, as far as the chunk contains
    /// it. Returns this part, and the state after the line, or `None` if the line continues.
    #[expect(clippy::inline_always, reason = "a call returns this through memory, for each chunk of a long line")]
    #[inline(always)]
    fn rest_of_line<'c>(&mut self, chunk: &Chunk<'c>, len: usize) -> (&'c [u8], Option<State>) {
        match self.cursor.next_far(chunk.bytes, len) {
            Some(line) => {
                let end = State::after(&line);
                (chunk.slice(line.range), Some(end))
            }
            None => (self.cursor.take_rest(chunk.bytes), None),
        }
    }

    /// Skips the event, and with it the rest of the line.
    fn skip(&mut self, error: LimitError) -> Step {
        self.ignore();
        self.block.skip(error)
    }

    /// Ignores the rest of the line.
    pub(super) fn ignore(&mut self) {
        self.held.clear();
        self.state = State::Ignored;
    }
}
