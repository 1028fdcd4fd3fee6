//! The events of a chunk, one at a time.

use core::{fmt, iter::FusedIterator};

use super::{Decoder, LimitError, RawEvent, RawEventBuf, RawPart, line::Chunk, step::Shown};

/// The events that a chunk completes, returned by [`Decoder::feed`].
///
/// [`next_event`](Self::next_event) lends them one at a time, without allocation. Each event borrows from the decoder
/// until the next call:
///
/// ```
/// use sse_core::Decoder;
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: tick\ndata: 1\n\ndata: 2\n\n");
/// while let Some(event) = events.next_event() {
///     let event = event?;
///     println!("{}: {}", event.name(), event.data());
/// }
/// # Ok::<(), sse_core::LimitError>(())
/// ```
///
/// The `Iterator` implementation yields owned events, which can be kept:
///
/// ```
/// use sse_core::{Decoder, RawEventBuf};
///
/// let mut decoder = Decoder::new();
/// let mut kept: Vec<RawEventBuf> = Vec::new();
/// for event in decoder.feed(b"event: tick\ndata: 1\n\ndata: 2\n\ndata: to be contin") {
///     kept.push(event?);
/// }
/// for event in decoder.feed(b"ued\n\n") {
///     kept.push(event?);
/// }
/// assert_eq!((kept[0].name(), kept[0].data()), ("tick", "1"));
/// assert_eq!((kept[2].name(), kept[2].data()), ("message", "to be continued"));
/// # Ok::<(), sse_core::LimitError>(())
/// ```
///
/// If an `Events` is dropped early, the decoder keeps the unread rest of the chunk; see [`Decoder::feed`].
#[must_use = "events are lazy; read them with `next_event` or iterate over them"]
pub struct Events<'d> {
    pub(super) decoder: &'d mut Decoder,
    pub(super) chunk: Chunk<'d>,
}

impl Events<'_> {
    /// Returns the next event, or `None` if the chunk completes no further event.
    ///
    /// `?` copies the event out of the result, which takes about 10 ns. A loop for which this matters uses `match`, and
    /// decodes the event where it is.
    ///
    /// # Errors
    ///
    /// Returns an error if an event exceeds one of the [`Limits`](crate::Limits). The event is skipped, and the next
    /// call continues after it.
    #[inline]
    pub fn next_event(&mut self) -> Option<Result<RawEvent<'_>, LimitError>> {
        self.decoder.next_event(&mut self.chunk)
    }

    /// Returns the next event, comment or block without an event, or `None` if the chunk completes no further part.
    ///
    /// Use this to observe keep-alives, to inspect a stream, or to relay all of it. Otherwise use
    /// [`next_event`](Self::next_event), which skips the other parts, as the standard requires. A comment longer than
    /// [`Limits::max_line`](crate::Limits::max_line) is skipped.
    ///
    /// A `retry` line at the end of a stream, without an empty line after it, is not returned as a block. Its
    /// reconnection time is the [`Decoder::pending_retry`].
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`next_event`](Self::next_event).
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Decoder, RawPart};
    ///
    /// let mut decoder = Decoder::new();
    /// let mut events = decoder.feed(b": still here\ndata: 1\n\nid: 2\n\n");
    /// assert_eq!(events.next_part().unwrap()?, RawPart::Comment(" still here"));
    /// let RawPart::Event(event) = events.next_part().unwrap()? else { unreachable!() };
    /// assert_eq!(event.data(), "1");
    /// assert_eq!(events.next_part().unwrap()?, RawPart::Block { id: Some("2"), retry: None });
    /// assert!(events.next_part().is_none());
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
    pub fn next_part(&mut self) -> Option<Result<RawPart<'_>, LimitError>> {
        self.decoder.next_part(&mut self.chunk, Shown::ALL)
    }
}

/// Yields owned events, converted with [`RawEvent::into_owned`].
impl Iterator for Events<'_> {
    type Item = Result<RawEventBuf, LimitError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_event()?.map(RawEvent::into_owned))
    }
}

impl FusedIterator for Events<'_> {}

/// Shows sizes, but none of the stream's text, which may be confidential.
impl fmt::Debug for Events<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events")
            .field("decoder", &self.decoder)
            .field("chunk", &self.chunk.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        self.decoder.leave_chunk(self.chunk);
    }
}
