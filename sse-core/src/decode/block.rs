//! The block being read: the standard's buffers.

use core::ops::Range;

use super::{
    data::Data,
    field::Field,
    limit::{LimitError, Limits},
    line::Chunk,
    value::LineValue,
    whole::Places,
};
use crate::{Retry, wire::COLON};

/// The fields of the block being read, and the values that outlive it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    /// The standard's event type buffer.
    pub(super) event: LineValue,
    pub(crate) data: Data,
    /// The last event ID *buffer*, if this block has set it. Moves to `last_event_id` at the empty line.
    pub(super) id: LineValue,
    /// The last event ID *string*: the ID that events carry and a reconnect sends. Outlives the block.
    pub(crate) last_event_id: LineValue,
    /// Whether this block has set an ID. Stays set while its event is lent.
    pub(super) has_id: bool,
    /// The reconnection time that this block has set.
    pub(super) retry: Option<Retry>,
    /// The reconnection time that was received last. Outlives the block.
    pub(crate) reconnection_time: Option<Retry>,
    pub(crate) phase: Phase,
    /// The comment that was read last, until the next line is read.
    pub(super) comment: LineValue,
    pub(crate) shown: Shown,
    /// Whether a value may be borrowed from the present chunk. If not, [`detach`](Self::detach) has nothing to do.
    is_lending: bool,
}

/// The parts of a stream that are returned in addition to its events. The standard skips them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) comments: bool,
    /// Blocks without an event that set an ID or a reconnection time.
    pub(crate) blocks: bool,
}

impl Shown {
    pub(crate) const NONE: Self = Self { comments: false, blocks: false };
    pub(crate) const ALL: Self = Self { comments: true, blocks: true };
}

/// The progress of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Reading,
    /// The event exceeds a limit. Only the ID and the reconnection time of the block still count.
    Skipping,
    /// The block has ended and is lent to the caller. The next line starts a new one.
    Ended,
    /// The block has ended, and its event exceeds a limit. The next line starts a new block.
    Failed,
}

impl Block {
    /// Takes over the fields that the fast path has read of an unfinished block.
    #[cold]
    pub(crate) fn begin(&mut self, chunk: &Chunk<'_>, places: &Places) {
        self.is_lending = true;
        if places.event.start > 0 {
            self.event.set(chunk, places.event.clone());
        }
        if places.id.start > 0 {
            self.id.set(chunk, places.id.clone());
            self.has_id = true;
        }
        if places.is_joined {
            self.data.take_joined();
        } else if places.data.start > 0 {
            self.data.lend(places.data.clone());
        }
    }

    /// Takes the `data` lines that follow, if the block already has data. Returns whether it took any.
    ///
    /// Takes none if the rest of the chunk could make the data exceed `limit`. Otherwise no line has to be checked on
    /// its own.
    #[inline]
    pub(crate) fn join_lines(&mut self, chunk: &mut Chunk<'_>, limit: usize) -> bool {
        // Near the end of a chunk, a complete line is unlikely.
        const WORTH_JOINING: usize = 64;
        let unread = chunk.unread().len();
        let may_join = !self.data.is_unset() && unread >= WORTH_JOINING && self.data.len() + unread <= limit;
        may_join && chunk.lines.is_at_data(chunk.bytes) && self.data.join_lines(chunk)
    }

    /// Takes a line that is not empty.
    #[inline]
    pub(crate) fn line(&mut self, chunk: &Chunk<'_>, line: Range<usize>, limits: &Limits) -> Result<(), LimitError> {
        let Some((field, value)) = chunk.field(&line) else {
            self.take_comment(chunk, line, limits);
            return Ok(());
        };
        self.is_lending = true;
        if line.len() > limits.line {
            return self.skip(LimitError::Line { limit: limits.line });
        }
        match field {
            Field::Data | Field::Event if self.phase == Phase::Skipping => Ok(()),
            Field::Data => {
                self.data.append_line(chunk, value);
                self.check_data(limits)
            }
            Field::Event => {
                self.event.set(chunk, value);
                Ok(())
            }
            Field::Id => {
                self.set_id(chunk, value);
                Ok(())
            }
            Field::Retry => {
                self.set_retry(chunk.part(value));
                Ok(())
            }
        }
    }

    /// Takes a comment, a line that "starts with a U+003A COLON character", if comments are returned and its length is
    /// within the limit. Otherwise ignores the line, as the standard requires.
    #[inline]
    fn take_comment(&mut self, chunk: &Chunk<'_>, line: Range<usize>, limits: &Limits) {
        let is_shown = self.shown.comments && line.len() <= limits.line;
        if is_shown && chunk.part(line.clone()).first() == Some(&COLON) {
            self.is_lending = true;
            self.comment.set(chunk, line.start + 1..line.end);
        }
    }

    /// Sets the ID: "if the field value does not contain U+0000 NULL, then set the last event ID buffer to the field
    /// value", otherwise "ignore the field".
    fn set_id(&mut self, chunk: &Chunk<'_>, value: Range<usize>) {
        if memchr::memchr(0, chunk.part(value.clone())).is_none() {
            self.id.set(chunk, value);
            self.has_id = true;
        }
    }

    /// Sets the reconnection time. It takes effect at once, whether or not an empty line follows.
    fn set_retry(&mut self, value: &[u8]) {
        if let Some(retry) = Retry::parse(value) {
            self.retry = Some(retry);
            self.reconnection_time = Some(retry);
        }
    }

    /// Skips the event if its data exceeds the limit.
    pub(crate) fn check_data(&mut self, limits: &Limits) -> Result<(), LimitError> {
        if self.data.len() > limits.data {
            return self.skip(LimitError::Data { limit: limits.data });
        }
        Ok(())
    }

    /// Skips the event. Returns `error` unless the event is being skipped already: each event is reported once.
    pub(crate) fn skip(&mut self, error: LimitError) -> Result<(), LimitError> {
        if self.phase == Phase::Skipping {
            return Ok(());
        }
        self.phase = Phase::Skipping;
        self.drop_event();
        Err(error)
    }

    /// Clears the fields that belong to the event alone.
    pub(crate) fn drop_event(&mut self) {
        self.event.clear();
        self.data.clear();
    }

    /// Returns the reconnection time that this block has set so far.
    pub(crate) fn pending_retry(&self) -> Option<Retry> {
        self.retry.filter(|_| matches!(self.phase, Phase::Reading | Phase::Skipping))
    }

    #[cfg(any(feature = "std", feature = "stream"))]
    pub(crate) fn take_pending_retry(&mut self) -> Option<Retry> {
        let retry = self.pending_retry();
        self.retry = None;
        retry
    }

    /// Returns whether the block has an `event`, `data` or `id` line so far, or its event is being skipped.
    pub(crate) fn is_begun(&self) -> bool {
        match self.phase {
            Phase::Reading => self.has_id || !self.event.is_unset() || !self.data.is_unset(),
            Phase::Skipping => true,
            Phase::Ended | Phase::Failed => false,
        }
    }

    /// Clears everything but the last event ID and the reconnection time.
    ///
    /// If an event was dispatched, this is the clearing of step 3, delayed until the event is no longer lent.
    pub(crate) fn clear(&mut self) {
        self.drop_event();
        self.id.clear();
        self.has_id = false;
        self.retry = None;
        self.phase = Phase::Reading;
    }

    /// Sets the last event ID to that of a block that the fast path has read to its end.
    #[inline]
    pub(crate) fn take_last_event_id(&mut self, chunk: &Chunk<'_>, id: &str, start: usize) {
        self.last_event_id.set_text(chunk, start..start + id.len(), id);
        self.is_lending = true;
    }

    /// Returns whether the line that was read last is a comment to be returned.
    pub(crate) fn has_comment(&self) -> bool {
        !self.comment.is_unset()
    }

    pub(crate) fn end_comment(&mut self) {
        self.comment.clear();
    }

    /// Copies the values that are borrowed from `chunk`, before it is dropped.
    #[inline]
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        if self.is_lending {
            self.detach_values(chunk);
        }
    }

    #[inline(never)]
    fn detach_values(&mut self, chunk: &Chunk<'_>) {
        self.is_lending = false;
        self.values().into_iter().for_each(|value| value.detach(chunk));
        self.data.detach(chunk);
    }

    /// Clears the values that are borrowed from a dropped chunk. They remain only if an `Events` was leaked: its `drop`
    /// copies them.
    #[inline]
    pub(crate) fn forget_lent(&mut self) {
        if self.is_lending {
            self.is_lending = false;
            self.values().into_iter().for_each(LineValue::forget_lent);
            self.data.forget_lent();
        }
    }

    const fn values(&mut self) -> [&mut LineValue; 4] {
        [&mut self.event, &mut self.id, &mut self.last_event_id, &mut self.comment]
    }

    /// Returns the number of bytes that are held of an unfinished event.
    pub(crate) fn buffered(&self) -> usize {
        self.event.len() + self.data.len() + self.id.len()
    }
}
