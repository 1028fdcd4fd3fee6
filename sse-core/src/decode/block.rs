//! The block being read: the standard's buffers, and what an empty line does with them.

use core::ops::Range;

use super::{
    data::Data,
    event::RawEvent,
    field::Field,
    limit::{LimitError, Limits},
    line::Chunk,
    value::LineValue,
    whole::{Places, WholeBlock},
};
use crate::{
    Retry,
    wire::{COLON, MESSAGE},
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    event: LineValue,
    pub(crate) data: Data,
    /// The last event ID *buffer*, while this block has set it and no empty line has followed yet.
    id: LineValue,
    /// The last event ID *string*: what events carry, and what a reconnect sends.
    pub(crate) last_event_id: LineValue,
    /// Whether the block that was dispatched set an ID.
    has_id: bool,
    retry: Option<Retry>,
    pub(crate) reconnection_time: Option<Retry>,
    pub(crate) phase: Phase,
    /// A comment, until the next line is read.
    comment: LineValue,
    /// Whether comments are asked for. Else they are passed over.
    pub(crate) shows_comments: bool,
    /// Whether a value may be lent from the present chunk.
    is_lending: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    Reading,
    /// Its event is lent to the caller; the next line begins a new block.
    Dispatched,
    /// It is too large: only its ID and its reconnection time still count.
    Skipping,
}

impl Block {
    /// Takes what was read of a block in one go.
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

    /// Takes the lines of data that follow another one, where all of the chunk would be within the limit. Says whether
    /// there were any.
    #[inline]
    pub(crate) fn join_lines(&mut self, chunk: &mut Chunk<'_>, limit: usize) -> bool {
        // Near the end of a chunk there is hardly a line that is whole.
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

    /// A line that "starts with a U+003A COLON character" is to be ignored, but for those who ask, up to the length that a
    /// line may have.
    #[inline]
    fn take_comment(&mut self, chunk: &Chunk<'_>, line: Range<usize>, limits: &Limits) {
        let is_shown = self.shows_comments && line.len() <= limits.line;
        if is_shown && chunk.part(line.clone()).first() == Some(&COLON) {
            self.is_lending = true;
            self.comment.set(chunk, line.start + 1..line.end);
        }
    }

    /// "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field value", else
    /// "ignore the field".
    fn set_id(&mut self, chunk: &Chunk<'_>, value: Range<usize>) {
        if memchr::memchr(0, chunk.part(value.clone())).is_none() {
            self.id.set(chunk, value);
            self.has_id = true;
        }
    }

    /// The reconnection time takes effect at once, whether or not an empty line follows.
    fn set_retry(&mut self, value: &[u8]) {
        if let Some(retry) = Retry::parse(value) {
            self.retry = Some(retry);
            self.reconnection_time = Some(retry);
        }
    }

    pub(crate) fn check_data(&mut self, limits: &Limits) -> Result<(), LimitError> {
        if self.data.len() > limits.event {
            return self.skip(LimitError::Event { limit: limits.event });
        }
        Ok(())
    }

    /// Gives the event up. It is reported once, whatever else is too large in it.
    pub(crate) fn skip(&mut self, error: LimitError) -> Result<(), LimitError> {
        if self.phase == Phase::Skipping {
            return Ok(());
        }
        self.phase = Phase::Skipping;
        self.event.clear();
        self.data.clear();
        Err(error)
    }

    /// Takes an empty line, and says whether there is an event to be lent (section 9.2.6, "dispatch the event").
    pub(crate) fn dispatch(&mut self) -> bool {
        // Step 1: the last event ID string becomes the buffer, also when nothing is dispatched.
        if self.has_id {
            self.last_event_id.take(&mut self.id);
        }
        // Step 2: without a line of data there is no event; with one there is, even if its value is empty.
        if self.data.is_unset() || self.phase == Phase::Skipping {
            self.clear();
            return false;
        }
        self.phase = Phase::Dispatched;
        true
    }

    /// Forgets all but the last event ID and the reconnection time: step 3's clearing, put off until a lent event is
    /// given back, among others.
    pub(crate) fn clear(&mut self) {
        self.event.clear();
        self.data.clear();
        self.id.clear();
        self.has_id = false;
        self.retry = None;
        self.phase = Phase::Reading;
    }

    /// The event that was dispatched.
    pub(crate) fn event<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<RawEvent<'a>, LimitError> {
        let last_event_id = self.last_event_id.get(chunk).unwrap_or_default();
        Ok(RawEvent {
            // "If the event type buffer has a value other than the empty string", else `message`.
            name: self.event.get(chunk).filter(|event| !event.is_empty()).unwrap_or(MESSAGE),
            data: self.data.text(chunk, limits)?,
            id: self.has_id.then_some(last_event_id),
            last_event_id,
            retry: self.retry,
            prefix: 0,
        })
    }

    /// The event of a block that was nothing but data.
    #[inline]
    pub(crate) fn lone_event<'a>(&'a self, data: &'a str, chunk: &Chunk<'a>) -> RawEvent<'a> {
        let last_event_id = self.last_event_id.get(chunk).unwrap_or_default();
        RawEvent { name: MESSAGE, data, id: None, last_event_id, retry: None, prefix: 0 }
    }

    /// The event of a block that was read whole.
    #[inline]
    pub(crate) fn whole_event<'a>(
        &'a mut self,
        block: &WholeBlock<'a>,
        chunk: &Chunk<'a>,
        limits: &Limits,
    ) -> Result<RawEvent<'a>, LimitError> {
        Ok(RawEvent {
            name: block.event,
            data: match block.data {
                Some(data) => data,
                None => self.data.joined(limits)?,
            },
            id: block.id,
            last_event_id: block.id.unwrap_or_else(|| self.last_event_id.get(chunk).unwrap_or_default()),
            retry: None,
            prefix: 0,
        })
    }

    /// Takes the ID of a block that was read whole.
    #[inline]
    pub(crate) fn take_last_event_id(&mut self, chunk: &Chunk<'_>, id: &str, start: usize) {
        self.last_event_id.set_text(chunk, start..start + id.len(), id);
        self.is_lending = true;
    }

    /// The comment that was read last.
    pub(crate) fn comment<'a>(&'a self, chunk: &Chunk<'a>) -> &'a str {
        self.comment.get(chunk).unwrap_or_default()
    }

    /// Whether a comment was read last.
    pub(crate) fn has_comment(&self) -> bool {
        !self.comment.is_unset()
    }

    pub(crate) fn end_comment(&mut self) {
        self.comment.clear();
    }

    /// Keeps what is lent from a chunk that goes.
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

    /// Forgets what is still lent from a chunk that is gone: an `Events` that is leaked settles nothing.
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

    /// How many bytes of an unfinished event are held.
    pub(crate) fn buffered(&self) -> usize {
        self.event.len() + self.data.len() + self.id.len()
    }
}
