//! Decoding: bytes to lines, lines to fields, fields to events. A value that lies within one chunk is borrowed from it.
//!
//! Read the files in this order:
//!
//! 1. This file: [`Decoder::next_event`] takes steps until something is to be returned. `step.rs` lists the outcomes of
//!    a step.
//! 2. `line.rs`: a chunk, and the position in it. `ends.rs` searches line endings, `field.rs` parses a line.
//! 3. `machine.rs`: the states, and the steps that read whole lines. `resume.rs` has the steps that read a part of one,
//!    at the start and the end of a chunk.
//! 4. `block.rs`: the fields of a block, and the event at its end. `value.rs` and `data.rs` hold its values, which are
//!    borrowed or copied; `text.rs` repairs invalid UTF-8.
//! 5. `whole.rs`: the fast path, which reads a whole block at once; `ranges.rs` has the values of such a block. All of
//!    its blocks could be read by steps, with the same result.
//! 6. `backlog.rs`: the input that a caller left unread.
//!
//! `events.rs`, `event.rs`, `owned.rs`, `limit.rs` and `error.rs` contain the other public types.

mod backlog;
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
mod owned;
mod ranges;
mod resume;
mod step;
mod text;
mod value;
mod whole;

use alloc::boxed::Box;
use core::fmt;

#[cfg(any(feature = "std", feature = "stream"))]
pub(crate) use self::text::push_prefix;
use self::{
    backlog::Backlog,
    machine::{Machine, State},
    step::Step,
};
pub use self::{
    error::DecodeError,
    event::{RawEvent, RawPart},
    events::Events,
    limit::{LimitError, Limits},
    owned::RawEventBuf,
};
pub(crate) use self::{line::Chunk, step::Shown};
use crate::{EventId, Retry};

/// An incremental decoder for event streams: takes chunks of bytes and returns the events that they complete.
///
/// A chunk may end anywhere, even within a character or a line ending. The decoder holds the unfinished part until the
/// next chunk.
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
/// // Prints `tick: 1` and `message: 2`.
/// # Ok::<(), sse_core::LimitError>(())
/// ```
///
/// The events borrow from the chunk and the decoder. To get owned events, iterate over [`Events`]. To get events of
/// your own type, call [`SseDecode::decode`](crate::SseDecode::decode) on each event, or read with [`EventReader`] or
/// [`EventStream`], which contain a decoder.
///
/// An event is complete at its empty line. If the stream ends before that, the event is discarded, as the standard
/// requires: drop the decoder, or [`restart`](Self::restart) it for the next connection.
///
#[cfg_attr(feature = "std", doc = "[`EventReader`]: crate::EventReader")]
#[cfg_attr(not(feature = "std"), doc = "[`EventReader`]: crate#features")]
#[cfg_attr(feature = "stream", doc = "[`EventStream`]: crate::EventStream")]
#[cfg_attr(not(feature = "stream"), doc = "[`EventStream`]: crate#features")]
#[derive(Clone, Default)]
pub struct Decoder {
    machine: Machine,
    /// Input of earlier chunks that the caller has not read. Rarely present.
    backlog: Option<Box<Backlog>>,
}

impl Decoder {
    /// Creates a decoder at the start of a stream, with the default limits.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits. The default is [`Limits::new`].
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.machine.limits = limits;
        self
    }

    /// Sets the last event ID, to resume a stream where an earlier connection ended. Events without an ID inherit it.
    #[must_use]
    pub fn with_last_event_id(mut self, id: &EventId) -> Self {
        self.machine.block.last_event_id.keep(id.as_str());
        self
    }

    /// Takes the next chunk of the stream and returns the events that it completes.
    ///
    /// If the returned [`Events`] is dropped before all of it is read, the decoder copies the unread rest of the chunk.
    /// The next `Events` returns its events first. If the unread input exceeds [`Limits::max_buffered`], its events are
    /// discarded, and the next `Events` returns a [`LimitError`] first.
    pub fn feed<'d>(&'d mut self, chunk: &'d [u8]) -> Events<'d> {
        self.machine.begin_chunk();
        Events { decoder: self, chunk: Chunk::new(chunk) }
    }

    /// Returns the last event ID, which a reconnect sends as `Last-Event-ID` unless it is empty.
    ///
    /// This is the standard's last event ID *string*: it changes at the empty line after an `id` line.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.machine.block.last_event_id.kept()
    }

    /// Returns the reconnection time that the server sent last, or `None` if it has not sent one.
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.machine.block.reconnection_time
    }

    /// Returns the reconnection time that was set after the last empty line, or `None` if none was.
    ///
    /// It is already in effect. If an event follows, it is also the [`RawEvent::retry`] of that event. If the stream
    /// ends first, no event has it, and a relay has to forward it from here.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Decoder, Retry};
    ///
    /// let mut decoder = Decoder::new();
    /// for event in decoder.feed(b"retry: 1000\ndata: 1\n\nretry: 5000\n") {
    ///     assert_eq!(event?.retry(), Some(Retry::from_millis(1000)));
    /// }
    /// assert_eq!(decoder.pending_retry(), Some(Retry::from_millis(5000)));
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
    #[must_use]
    pub fn pending_retry(&self) -> Option<Retry> {
        self.machine.block.pending_retry()
    }

    /// Returns whether the input so far ends between two events. At the end of a stream, `false` means that its last
    /// event is cut off, and is discarded.
    ///
    /// An event begins with its first `event`, `data` or `id` line, and ends at its empty line. Comments, `retry`
    /// lines, unknown fields, and IDs that contain U+0000 do not begin one. An incomplete line counts if it is, or may
    /// become, an `event`, `data` or `id` line. An event that exceeds a limit counts until its empty line, although it
    /// is skipped.
    ///
    /// Returns `false` as long as input of earlier chunks is unread, or the error for discarding it is not returned.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut decoder = sse_core::Decoder::new();
    /// let mut is_between_events_after = |chunk| {
    ///     decoder.feed(chunk).for_each(drop);
    ///     decoder.is_between_events()
    /// };
    /// assert!(is_between_events_after(b"data: 1\n\n"));
    /// assert!(is_between_events_after(b": keep-alive\nretry: 5000\n"));
    /// assert!(!is_between_events_after(b"data: 2\n"));
    /// assert!(is_between_events_after(b"\n"));
    /// ```
    #[must_use]
    pub fn is_between_events(&self) -> bool {
        self.backlog.is_none() && self.machine.is_between_events()
    }

    /// Prepares the decoder for a new stream, as after a reconnect.
    ///
    /// An unfinished event and unread input are discarded. The last event ID and the reconnection time are kept.
    ///
    /// This deviates from the HTML standard, which starts each stream with an empty last event ID *buffer* ([section
    /// 9.2.6]). If the first event of a new connection had no ID, it would reset the last event ID, and the client
    /// would lose its position in the stream. Here, as in browsers, the buffer starts with the ID from which the
    /// connection resumes.
    ///
    /// [section 9.2.6]: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
    pub fn restart(&mut self) {
        // Deviation: the last event ID is kept, see above.
        self.machine.restart();
        self.backlog = None;
    }

    /// Returns the next event. `Events`, `EventReader` and `EventStream` share this method.
    ///
    /// Only a block of one `data` line is read inline. The rest is out of line in [`next_common`](Self::next_common).
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    pub(crate) fn next_event<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawEvent<'a>, LimitError>> {
        if self.machine.state == State::WholeBlock
            && let Some(data) = self.machine.lone_data(chunk)
        {
            return Some(Ok(self.machine.block.lone_event(data, chunk)));
        }
        self.next_other(chunk)
    }

    /// Returns the next event if its block is one `data` line, which is read inline.
    ///
    /// With [`next_other`](Self::next_other), this does what [`next_event`](Self::next_event) does. A caller that
    /// handles both results separately does not merge them, which would copy the event once more.
    #[cfg(any(feature = "std", feature = "stream"))]
    #[expect(clippy::inline_always, reason = "it reads most small events")]
    #[inline(always)]
    pub(crate) fn next_lone<'a>(&'a mut self, chunk: &Chunk<'a>) -> Option<RawEvent<'a>> {
        if self.machine.state != State::WholeBlock {
            return None;
        }
        let data = self.machine.lone_data(chunk)?;
        Some(self.machine.block.lone_event(data, chunk))
    }

    /// Returns the next event of another form.
    #[expect(clippy::inline_always, reason = "the end of a chunk of small events is found inline")]
    #[inline(always)]
    pub(crate) fn next_other<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawEvent<'a>, LimitError>> {
        if self.machine.state == State::WholeBlock && self.machine.cursor.is_at_end(chunk.bytes) {
            return None;
        }
        self.next_common(chunk)
    }

    /// Returns the next event, by the fast path if its block lies within the chunk, otherwise step by step.
    #[inline(never)]
    fn next_common<'a>(&'a mut self, chunk: &'a mut Chunk<'_>) -> Option<Result<RawEvent<'a>, LimitError>> {
        loop {
            if self.machine.state == State::WholeBlock
                && let Some(block) = self.machine.try_whole_block(chunk)
            {
                return Some(self.machine.whole_event(&block, chunk));
            }
            match self.step(chunk, Shown::NONE) {
                Step::Continue | Step::Comment | Step::Block => {}
                Step::End => return None,
                Step::Event => return Some(self.machine.block.event(chunk, &self.machine.limits)),
                Step::Failed(error) => return Some(Err(error)),
            }
        }
    }

    /// Returns the next event, or another part that is `shown`.
    #[inline(never)]
    pub(crate) fn next_part<'a>(
        &'a mut self,
        chunk: &'a mut Chunk<'_>,
        shown: Shown,
    ) -> Option<Result<RawPart<'a>, LimitError>> {
        loop {
            if self.machine.state == State::WholeBlock
                && let Some(block) = self.machine.try_whole_block(chunk)
            {
                return Some(self.machine.whole_event(&block, chunk).map(RawPart::Event));
            }
            match self.step(chunk, shown) {
                Step::Continue => {}
                Step::End => return None,
                Step::Event => {
                    let event = self.machine.block.event(chunk, &self.machine.limits);
                    return Some(event.map(RawPart::Event));
                }
                Step::Comment => return Some(Ok(self.machine.block.comment(chunk))),
                Step::Block => return Some(Ok(self.machine.block.without_event(chunk))),
                Step::Failed(error) => return Some(Err(error)),
            }
        }
    }

    /// Takes a step: leaves what was lent, and reads on in the backlog, or in the chunk up to the end of a line or to a
    /// block that the fast path may read.
    #[inline(never)]
    fn step(&mut self, chunk: &mut Chunk<'_>, shown: Shown) -> Step {
        match self.machine.leave(shown) {
            Step::Continue => {}
            step => return step,
        }
        if let Some(backlog) = &mut self.backlog {
            return match backlog.step(&mut self.machine, shown) {
                Step::End => {
                    self.backlog = None;
                    Step::Continue
                }
                step => step,
            };
        }
        if self.machine.enter(chunk) { Step::Continue } else { self.machine.step(chunk, shown) }
    }

    /// Keeps what the caller leaves of a chunk and of the backlog, and ends either one if it is read to its end.
    ///
    /// The next call would have ended it, but the `Events` is dropped before, for example after its last event.
    fn leave_chunk(&mut self, chunk: Chunk<'_>) {
        // First: reading the backlog would make the ranges of values borrowed from this chunk wrong.
        self.machine.detach(&chunk);
        let is_read = self.machine.cursor.is_at_end(chunk.bytes);
        match &self.backlog {
            None if is_read => self.end_input(),
            Some(backlog) if backlog.is_read() => {
                self.backlog = None;
                self.end_input();
                if !is_read {
                    self.keep_unread(chunk);
                }
            }
            // Also if the chunk is empty: the part of the backlog that was read may now be held as values.
            None | Some(_) => self.keep_unread(chunk),
        }
    }

    /// Enforces the limit on held bytes, as at the end of a chunk. An error is kept until the next chunk is read.
    #[inline]
    fn end_input(&mut self) {
        if let Step::Failed(error) = self.machine.end_chunk(&Chunk::each_value(&[])) {
            self.backlog = Some(Box::new(Backlog::failed(error)));
        }
    }

    /// Keeps the unread rest of a chunk. If it exceeds the limit, all unread input is read and its events are discarded,
    /// so that the decoder is in the right state for the next chunk.
    #[cold]
    fn keep_unread(&mut self, mut chunk: Chunk<'_>) {
        let unread = self.machine.cursor.unread(chunk.bytes);
        let room = self.machine.limits.buffered.saturating_sub(self.machine.buffered());
        if self.backlog.get_or_insert_default().push(unread, room) {
            return;
        }
        // If there was a backlog, nothing of the chunk has been read. Otherwise, this reads on from the current position,
        // which a step in an empty backlog would reset.
        self.backlog.take_if(|backlog| backlog.is_read());
        while self.next_event(&mut chunk).is_some() {}
        self.machine.detach(&chunk);
        let error = LimitError::Buffered { limit: self.machine.limits.buffered };
        self.backlog = Some(Box::new(Backlog::failed(error)));
    }

    /// Returns whether input of earlier chunks is unread.
    #[cfg(feature = "stream")]
    pub(crate) const fn has_unread(&self) -> bool {
        self.backlog.is_some()
    }

    /// Takes the [pending reconnection time](Self::pending_retry).
    #[cfg(any(feature = "std", feature = "stream"))]
    pub(crate) fn take_pending_retry(&mut self) -> Option<Retry> {
        self.machine.block.take_pending_retry()
    }

    /// Copies the values that are borrowed from `chunk`, so that it can be dropped.
    #[cfg(any(feature = "std", feature = "stream"))]
    #[inline]
    pub(crate) fn detach(&mut self, chunk: &Chunk<'_>) {
        self.machine.detach(chunk);
    }

    /// Begins a chunk, for a caller that has the chunk itself and not an [`Events`].
    #[cfg(any(feature = "std", feature = "stream"))]
    #[inline]
    pub(crate) fn begin_chunk(&mut self) {
        self.machine.begin_chunk();
    }
}

/// Shows the state and the sizes of what is held, but none of the stream's text, which may be confidential.
impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Decoder")
            .field("state", &self.machine.state)
            .field("limits", &self.machine.limits)
            .field("reconnection_time", &self.reconnection_time())
            .field("buffered", &self.machine.buffered())
            .field("unread", &self.backlog.as_ref().map_or(0, |backlog| backlog.len()))
            .finish_non_exhaustive()
    }
}
