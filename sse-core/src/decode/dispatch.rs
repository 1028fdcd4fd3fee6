//! The end of a block: dispatching its event, and lending it to the caller.

use super::{
    block::{Block, Phase},
    event::{RawEvent, RawPart},
    limit::{LimitError, Limits},
    line::Chunk,
    whole::WholeBlock,
};
use crate::wire::MESSAGE;

impl Block {
    /// Ends the block at its empty line (section 9.2.6, "dispatch the event"). Returns whether the block is returned to
    /// the caller: an event or, on request, a block without one.
    pub(crate) fn end(&mut self) -> bool {
        // Step 1: the last event ID string is set to the buffer, even if no event is dispatched.
        if self.has_id {
            self.last_event_id.take(&mut self.id);
        }
        // Step 2: a block without a `data` line has no event. A block with one does, even if its value is empty: the
        // standard's data buffer then contains an LF. The data of an event that is being skipped stays unset.
        if self.data.is_unset() && !(self.shown.blocks && self.sets_fields()) {
            self.clear();
            return false;
        }
        self.phase = Phase::Ended;
        true
    }

    /// Returns whether the block has set an ID or a reconnection time.
    const fn sets_fields(&self) -> bool {
        self.has_id || self.retry.is_some()
    }

    /// Turns a block whose event has failed into one without an event. Returns whether the block is returned to the
    /// caller.
    pub(crate) fn take_failed(&mut self) -> bool {
        if self.phase != Phase::Failed {
            return false;
        }
        self.phase = Phase::Ended;
        self.drop_event();
        self.shown.blocks && self.sets_fields()
    }

    /// Returns the block that has ended, as one without an event.
    fn without_event<'a>(&'a self, chunk: &Chunk<'a>) -> RawPart<'a> {
        let id = if self.has_id { self.last_event_id.get(chunk) } else { None };
        RawPart::Block { id, retry: self.retry }
    }

    /// Returns the comment that was read, or the block that has ended. `chunk` is the one in which it ended.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`event`](Self::event).
    pub(crate) fn part<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<RawPart<'a>, LimitError> {
        if self.has_comment() {
            return Ok(RawPart::Comment(self.comment.get(chunk).unwrap_or_default()));
        }
        if self.data.is_unset() {
            return Ok(self.without_event(chunk));
        }
        self.event(chunk, limits).map(RawPart::Event)
    }

    /// Returns the event that was dispatched. `chunk` is the one in which its block ended.
    ///
    /// # Errors
    ///
    /// Returns an error if invalid UTF-8 makes the data exceed the limit: each U+FFFD takes three bytes.
    pub(crate) fn event<'a>(&'a mut self, chunk: &Chunk<'a>, limits: &Limits) -> Result<RawEvent<'a>, LimitError> {
        let last_event_id = self.last_event_id.get(chunk).unwrap_or_default();
        Ok(RawEvent {
            // "If the event type buffer has a value other than the empty string", that value; otherwise `message`.
            name: self.event.get(chunk).filter(|event| !event.is_empty()).unwrap_or(MESSAGE),
            data: match self.data.text(chunk, limits) {
                Ok(data) => data,
                Err(error) => {
                    self.phase = Phase::Failed;
                    return Err(error);
                }
            },
            id: self.has_id.then_some(last_event_id),
            last_event_id,
            retry: self.retry,
            prefix: 0,
        })
    }

    /// Returns the event of a block that is one `data` line.
    #[inline]
    pub(crate) fn lone_event<'a>(&'a self, data: &'a str, chunk: &Chunk<'a>) -> RawEvent<'a> {
        let last_event_id = self.last_event_id.get(chunk).unwrap_or_default();
        RawEvent { name: MESSAGE, data, id: None, last_event_id, retry: None, prefix: 0 }
    }

    /// Returns the event of a block that the fast path has read to its end.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`event`](Self::event).
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
}
