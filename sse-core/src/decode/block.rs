//! The block being read: the standard's buffers, and what is returned from them at its end.

use core::ops::Range;

use super::{
    data::Data,
    event::{RawEvent, RawPart},
    field::Field,
    limit::{LimitError, Limits},
    line::{Chunk, Cursor},
    step::{Shown, Step},
    value::LineValue,
};
use crate::{
    Retry,
    wire::{COLON, MESSAGE},
};

/// The fields of the block being read, and the values that outlive it.
#[derive(Clone, Default)]
pub(crate) struct Block {
    /// The standard's event type buffer.
    event: LineValue,
    pub(super) data: Data,
    /// The last event ID *buffer*, if this block has set it. Moves to `last_event_id` at the empty line.
    id: LineValue,
    /// The last event ID *string*: the ID that events carry and a reconnect sends. Outlives the block.
    pub(super) last_event_id: LineValue,
    /// Whether this block has set an ID. Stays set while its event is lent.
    pub(super) has_id: bool,
    /// The reconnection time that this block has set.
    retry: Option<Retry>,
    /// The reconnection time that was received last. Outlives the block.
    pub(super) reconnection_time: Option<Retry>,
    pub(super) phase: Phase,
    /// The comment that was read last, until the next step.
    comment: LineValue,
    /// Whether a value may be borrowed from the current chunk. If not, [`detach`](Self::detach) has nothing to do.
    pub(super) may_borrow: bool,
}

/// The progress of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Reading,
    /// The event exceeds a limit. Only the ID and the reconnection time of the block still count.
    Skipping,
    /// The block has ended and is lent to the caller. The next step starts a new one.
    Ended,
    /// The block has ended, and its event exceeds a limit. The next step starts a new block.
    Failed,
}

/// The values of an event.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    /// The value of the last `event` line, or empty.
    pub(super) name: &'a str,
    pub(super) data: &'a str,
    pub(super) id: Option<&'a str>,
    pub(super) retry: Option<Retry>,
}

/// Makes an event. All events are made here.
#[inline]
pub(super) fn dispatch<'a>(fields: Fields<'a>, last_event_id: &'a LineValue, chunk: &Chunk<'a>) -> RawEvent<'a> {
    let Fields { name, data, id, retry } = fields;
    RawEvent {
        // "If the event type buffer has a value other than the empty string", that value.
        name: if name.is_empty() { MESSAGE } else { name },
        data,
        id,
        last_event_id: id.unwrap_or_else(|| last_event_id.get(chunk).unwrap_or_default()),
        retry,
        prefix: 0,
    }
}

/// Lines.
impl Block {
    /// Takes a line that is not empty.
    #[inline]
    pub(super) fn line(&mut self, chunk: &Chunk<'_>, line: Range<usize>, limits: &Limits, shown: Shown) -> Step {
        let Some((field, value)) = chunk.field(&line) else {
            return if shown.comments { self.set_comment(chunk, line, limits) } else { Step::Continue };
        };
        if line.len() > limits.line {
            return self.skip(LimitError::Line { limit: limits.line });
        }
        match field {
            Field::Data | Field::Event if self.phase == Phase::Skipping => {}
            Field::Data => {
                if self.data.is_unset() {
                    self.borrow_data(value);
                } else {
                    self.data.begin_line(chunk);
                    self.data.push(chunk.slice(value));
                }
                return self.check_data(limits);
            }
            Field::Event => self.set_event(chunk, value),
            Field::Id => {
                if chunk.sets_id(&value) {
                    self.set_id(chunk, value);
                }
            }
            Field::Retry => self.set_retry(chunk.slice(value)),
        }
        Step::Continue
    }

    /// Takes the `data` lines that follow, if the block already has data. Returns whether it took any.
    ///
    /// Takes none if the rest of the chunk could make the data exceed `limit`. Otherwise no line has to be checked on
    /// its own.
    #[inline]
    pub(super) fn join_lines(&mut self, chunk: &Chunk<'_>, cursor: &mut Cursor, limit: usize) -> bool {
        // Near the end of a chunk, a complete line is unlikely.
        const WORTH_JOINING: usize = 64;
        let unread = cursor.unread(chunk.bytes).len();
        let may_join = !self.data.is_unset() && unread >= WORTH_JOINING && self.data.len() + unread <= limit;
        may_join && cursor.is_at_data(chunk.bytes) && self.data.append_lines(chunk, cursor)
    }

    /// Takes a comment, a line that "starts with a U+003A COLON character", if its length is within the limit. Other
    /// lines that reach this point have an unknown field, and are ignored.
    fn set_comment(&mut self, chunk: &Chunk<'_>, line: Range<usize>, limits: &Limits) -> Step {
        if line.len() > limits.line || chunk.slice(line.clone()).first() != Some(&COLON) {
            return Step::Continue;
        }
        self.may_borrow = true;
        self.comment.set(chunk, line.start + 1..line.end);
        Step::Comment
    }

    /// Sets the data to a range of the chunk: the first line of the block, borrowed until another one follows.
    #[inline]
    pub(super) fn borrow_data(&mut self, value: Range<usize>) {
        self.may_borrow = true;
        self.data.borrow(value);
    }

    #[inline]
    pub(super) fn set_event(&mut self, chunk: &Chunk<'_>, value: Range<usize>) {
        self.may_borrow = true;
        self.event.set(chunk, value);
    }

    /// Sets the ID, which is known to be [one](Chunk::sets_id).
    #[inline]
    pub(super) fn set_id(&mut self, chunk: &Chunk<'_>, value: Range<usize>) {
        self.may_borrow = true;
        self.id.set(chunk, value);
        self.has_id = true;
    }

    /// Sets the event and the ID to copies of these texts.
    pub(super) fn keep(&mut self, event: &str, id: &str) {
        self.event.keep(event);
        self.id.keep(id);
        self.has_id = true;
    }

    /// Sets the reconnection time. It takes effect at once, whether or not an empty line follows.
    fn set_retry(&mut self, value: &[u8]) {
        if let Some(retry) = Retry::parse(value) {
            self.retry = Some(retry);
            self.reconnection_time = Some(retry);
        }
    }

    /// Skips the event if its data exceeds the limit.
    #[inline]
    pub(super) fn check_data(&mut self, limits: &Limits) -> Step {
        if self.data.len() > limits.data {
            return self.skip(LimitError::Data { limit: limits.data });
        }
        Step::Continue
    }

    /// Skips the event. Returns `error` unless the event is being skipped already: each event is reported once.
    #[cold]
    pub(super) fn skip(&mut self, error: LimitError) -> Step {
        if self.phase == Phase::Skipping {
            return Step::Continue;
        }
        self.phase = Phase::Skipping;
        self.drop_event();
        Step::Failed(error)
    }
}

/// The end of a block.
impl Block {
    /// Ends the block at its empty line (section 9.2.6, "dispatch the event").
    pub(super) fn end(&mut self, shown: Shown) -> Step {
        // Step 1: the last event ID string is set to the buffer, even if no event is dispatched.
        if self.has_id {
            self.last_event_id.take(&mut self.id);
        }
        // Step 2: a block without a `data` line has no event. A block with one does, even if its value is empty: the
        // standard's data buffer then contains an LF. The data of an event that is being skipped stays unset.
        if !self.data.is_unset() {
            self.phase = Phase::Ended;
            Step::Event
        } else if shown.blocks && self.sets_fields() {
            self.phase = Phase::Ended;
            Step::Block
        } else {
            self.clear();
            Step::Continue
        }
    }

    /// Returns whether the block has set an ID or a reconnection time.
    const fn sets_fields(&self) -> bool {
        self.has_id || self.retry.is_some()
    }

    /// Turns a block whose event has failed into one without an event, if it is shown as such. Returns whether it is.
    pub(super) fn end_failed(&mut self, shown: Shown) -> bool {
        let is_shown = shown.blocks && self.sets_fields();
        if is_shown {
            self.drop_event();
            self.phase = Phase::Ended;
        }
        is_shown
    }

    pub(super) fn end_comment(&mut self) {
        self.comment.clear();
    }

    /// Returns the comment of a [`Step::Comment`]. `chunk` is the one in which it ended.
    pub(super) fn comment<'a>(&'a self, chunk: &Chunk<'a>) -> RawPart<'a> {
        RawPart::Comment(self.comment.get(chunk).unwrap_or_default())
    }

    /// Returns the block of a [`Step::Block`]. `chunk` is the one in which it ended.
    pub(super) fn without_event<'a>(&'a self, chunk: &Chunk<'a>) -> RawPart<'a> {
        let id = if self.has_id { self.last_event_id.get(chunk) } else { None };
        RawPart::Block { id, retry: self.retry }
    }

    /// Returns the event of a [`Step::Event`]. `chunk` is the one in which its block ended.
    ///
    /// # Errors
    ///
    /// Returns an error if invalid UTF-8 makes the data exceed the limit: each U+FFFD takes three bytes.
    pub(super) fn event<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<RawEvent<'a>, LimitError> {
        let data = match self.data.text(chunk, limits) {
            Ok(data) => data,
            Err(error) => {
                self.phase = Phase::Failed;
                return Err(error);
            }
        };
        let name = self.event.get(chunk).unwrap_or_default();
        let id = if self.has_id { self.last_event_id.get(chunk) } else { None };
        Ok(dispatch(Fields { name, data, id, retry: self.retry }, &self.last_event_id, chunk))
    }

    /// Clears the fields that belong to the event alone.
    pub(super) fn drop_event(&mut self) {
        self.event.clear();
        self.data.clear();
    }

    /// Clears everything but the last event ID and the reconnection time.
    ///
    /// If an event was dispatched, this is the clearing of step 3, delayed until the event is no longer lent.
    pub(super) fn clear(&mut self) {
        self.drop_event();
        self.id.clear();
        self.has_id = false;
        self.retry = None;
        self.phase = Phase::Reading;
    }
}

/// Reports, and chunk boundaries.
impl Block {
    /// Returns the reconnection time that this block has set so far.
    pub(super) fn pending_retry(&self) -> Option<Retry> {
        self.retry.filter(|_| matches!(self.phase, Phase::Reading | Phase::Skipping))
    }

    #[cfg(any(feature = "std", feature = "stream"))]
    pub(super) fn take_pending_retry(&mut self) -> Option<Retry> {
        let retry = self.pending_retry();
        self.retry = None;
        retry
    }

    /// Returns whether the block has an `event`, `data` or `id` line so far, or its event is being skipped.
    pub(super) fn is_begun(&self) -> bool {
        match self.phase {
            Phase::Reading => self.has_id || !self.event.is_unset() || !self.data.is_unset(),
            Phase::Skipping => true,
            Phase::Ended | Phase::Failed => false,
        }
    }

    /// Copies the values that are borrowed from `chunk`, before it is dropped.
    #[inline]
    pub(super) fn detach(&mut self, chunk: &Chunk<'_>) {
        if self.may_borrow {
            self.detach_values(chunk);
        }
    }

    #[inline(never)]
    fn detach_values(&mut self, chunk: &Chunk<'_>) {
        self.may_borrow = false;
        self.values().into_iter().for_each(|value| value.detach(chunk));
        self.data.detach(chunk);
    }

    /// Clears the values that are borrowed from a dropped chunk. They remain only if an `Events` was leaked: its `drop`
    /// copies them.
    #[inline]
    pub(super) fn forget_borrowed(&mut self) {
        if self.may_borrow {
            self.may_borrow = false;
            self.values().into_iter().for_each(LineValue::forget_borrowed);
            self.data.forget_borrowed();
        }
    }

    const fn values(&mut self) -> [&mut LineValue; 4] {
        [&mut self.event, &mut self.id, &mut self.last_event_id, &mut self.comment]
    }

    /// Returns the number of bytes that are held of an unfinished event.
    pub(super) fn buffered(&self) -> usize {
        self.event.len() + self.data.len() + self.id.len()
    }
}
