//! Reading: bytes, lines, fields, events. Events are lent, not copied, wherever a value stands whole in its chunk.

mod block;
mod data;
mod ends;
mod error;
mod event;
mod events;
mod field;
mod limit;
mod line;
mod machine;
mod resume;
mod text;
mod value;
mod whole;

use alloc::{boxed::Box, vec::Vec};
use core::ops::ControlFlow;

pub(crate) use self::line::Chunk;
use self::machine::Machine;
pub use self::{
    error::DecodeError,
    event::{RawEvent, RawEventBuf, RawPart},
    events::Events,
    limit::{LimitError, Limits},
};
use crate::{EventId, Retry};

/// Turns the bytes of an event stream into events, chunk by chunk, however the chunks are cut.
///
/// ```
/// use sse_core::Decoder;
///
/// let mut decoder = Decoder::new();
/// for chunk in [&b"event: tick\nda"[..], b"ta: 1\n\ndata: 2\n\n"] {
///     let mut events = decoder.feed(chunk);
///     while let Some(event) = events.next_event() {
///         let event = event?;
///         println!("{}: {}", event.name(), event.data());
///     }
/// }
/// # Ok::<(), sse_core::LimitError>(())
/// ```
///
/// An iterator over the events to keep is [`Events`]; those of a type of one's own come from `EventReader` and
/// `EventStream`, which decode as they read.
///
/// At the end of a stream an event without its empty line is thrown away, as the standard asks: drop the decoder, or
/// [`restart`](Self::restart) it for the next connection.
#[derive(Clone, Debug, Default)]
pub struct Decoder {
    machine: Machine,
    /// What the caller left unread of the chunks before: seldom anything.
    backlog: Option<Box<Backlog>>,
}

#[derive(Clone, Debug, Default)]
struct Backlog {
    bytes: Vec<u8>,
    position: usize,
    /// What had to be given up before.
    lost: Option<LimitError>,
}

impl Backlog {
    /// Says whether `len` more bytes fit into `room`. What is read goes where they would not fit beside it, or once it is
    /// half of all: what is unread is not to be moved with each chunk.
    fn make_room(&mut self, len: usize, room: usize) -> bool {
        if self.bytes.len() + len > room || self.position > self.bytes.len() / 2 {
            self.bytes.drain(..self.position);
            self.position = 0;
        }
        self.bytes.len() + len <= room
    }
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With these limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.machine.limits = limits;
        self
    }

    /// With a last event ID to start from: that of an earlier connection, which events without an ID inherit.
    #[must_use]
    pub fn with_last_event_id(mut self, id: &EventId) -> Self {
        self.machine.block.last_event_id.keep(id.as_str());
        self
    }

    /// Takes a chunk, and lends the events that it completes.
    ///
    /// If the returned [`Events`] is dropped before it is read to its end, the unread rest of the chunk is kept,
    /// within [`Limits::max_buffered`], and read first the next time.
    pub fn feed<'d>(&'d mut self, chunk: &'d [u8]) -> Events<'d> {
        self.machine.block.forget_lent();
        Events { decoder: self, chunk: Chunk::new(chunk) }
    }

    /// The last event ID string: what a reconnect sends as `Last-Event-ID`, unless it is empty.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.machine.block.last_event_id.kept()
    }

    /// The reconnection time that the server asked for last, if it did.
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.machine.block.reconnection_time
    }

    /// Begins a new stream, as after a reconnect: an unfinished event is thrown away; the last event ID and the
    /// reconnection time stay.
    ///
    /// Deviation: section 9.2.6 begins each stream with an empty last event ID *buffer*, so that the first event of a
    /// new connection that has no ID of its own would reset the last event ID. As in browsers, the buffer begins with the
    /// ID that the connection resumes from, or a client would lose its place to such an event.
    pub fn restart(&mut self) {
        self.machine.restart();
        self.backlog = None;
    }

    /// The next event: the step that every way of reading shares.
    #[expect(clippy::inline_always, reason = "called, it costs a third of a small event")]
    #[inline(always)]
    pub(crate) fn next_event<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawEvent<'a>, LimitError>> {
        if chunk.is_at_block {
            if let Some(data) = chunk.lone_data(self.machine.limit_on_whole()) {
                return Some(Ok(self.machine.block.lone_event(data, chunk)));
            }
            if chunk.is_read() {
                return None;
            }
        }
        self.next_common(chunk)
    }

    #[inline(never)]
    fn next_common<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawEvent<'a>, LimitError>> {
        if !chunk.is_at_block
            && let ControlFlow::Break(step) = self.reach_block(chunk)
        {
            return step.map(|step| step.and_then(|()| self.machine.event(chunk)));
        }
        if let Some(block) = self.machine.whole_block(chunk) {
            return Some(self.machine.whole_event(&block, chunk));
        }
        chunk.is_at_block = false;
        if let Some(places) = chunk.begun.take() {
            self.machine.begin(chunk, &places);
        }
        let step = self.machine.advance(chunk)?;
        Some(step.and_then(|()| self.machine.event(chunk)))
    }

    /// Reads on to where a block begins, unless there is something to be said before, or the chunk ends.
    #[inline(never)]
    fn reach_block(&mut self, chunk: &mut Chunk<'_>) -> ControlFlow<Option<Result<(), LimitError>>> {
        self.machine.block.shows_comments = false;
        if self.backlog.is_some()
            && let Some(step) = self.advance_backlog()
        {
            return ControlFlow::Break(Some(step));
        }
        self.machine.reach_block(chunk)
    }

    /// As [`next_event`](Self::next_event), comments too.
    pub(crate) fn next_part<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawPart<'a>, LimitError>> {
        self.machine.block.shows_comments = true;
        chunk.is_at_block = false;
        let step = match self.advance_backlog() {
            Some(step) => step,
            None => self.machine.advance(chunk)?,
        };
        Some(step.and_then(|()| {
            if self.machine.block.has_comment() {
                return Ok(RawPart::Comment(self.machine.block.comment(chunk)));
            }
            self.machine.event(chunk).map(RawPart::Event)
        }))
    }

    /// Keeps what is lent from a chunk that may go.
    #[cfg(any(feature = "std", feature = "stream"))]
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        self.machine.detach(chunk);
    }

    /// Reads on in what was left unread; forgets it when it is read. What it lends stands in the block's own buffers.
    #[cold]
    fn advance_backlog(&mut self) -> Option<Result<(), LimitError>> {
        let backlog = self.backlog.as_deref_mut()?;
        if let Some(lost) = backlog.lost.take() {
            return Some(Err(lost));
        }
        let mut chunk = Chunk::each_value(&backlog.bytes, backlog.position);
        let step = self.machine.advance(&mut chunk);
        self.machine.block.detach(&chunk);
        backlog.position = chunk.lines.position;
        if step.is_none() {
            self.backlog = None;
        }
        step
    }

    /// What ends a chunk would have come behind the comment that is its last line, and was not asked for.
    #[cold]
    fn end_at_comment(&mut self, chunk: &Chunk<'_>) {
        if let Some(Err(lost)) = self.machine.end_chunk(chunk) {
            self.backlog.get_or_insert_default().lost = Some(lost);
        }
    }

    /// Keeps what is unread of a chunk. What does not fit the limit is read and given up, so that the decoder stands
    /// where the next chunk begins.
    #[cold]
    fn keep(&mut self, mut chunk: Chunk<'_>) {
        let backlog = self.backlog.get_or_insert_default();
        let room = self.machine.limits.buffered.saturating_sub(self.machine.buffered());
        if backlog.make_room(chunk.unread().len(), room) {
            backlog.bytes.extend_from_slice(chunk.unread());
            return;
        }
        while self.advance_backlog().is_some() {}
        while self.machine.advance(&mut chunk).is_some() {}
        let lost = Some(LimitError::Buffered { limit: self.machine.limits.buffered });
        self.backlog = Some(Box::new(Backlog { lost, ..Backlog::default() }));
    }
}
