//! The events of a chunk, lent one at a time, or kept.

use core::iter::FusedIterator;

use super::{Chunk, Decoder, LimitError, RawEvent, RawEventBuf, RawPart};

/// The events of a chunk. Made by [`Decoder::feed`].
///
/// [`next_event`](Self::next_event) lends them one at a time, without an allocation: an event has to be done with before
/// the next one is asked for. As an `Iterator` it yields them to keep:
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
#[derive(Debug)]
#[must_use = "events are read with `next_event`, or as from any iterator"]
pub struct Events<'d> {
    pub(super) decoder: &'d mut Decoder,
    pub(super) chunk: Chunk<'d>,
}

impl Events<'_> {
    /// The next event that the chunk completes; `None` when the chunk is read.
    ///
    /// # Errors
    ///
    /// When an event is larger than a limit allows. It is skipped, and the next call goes on behind it.
    #[inline]
    pub fn next_event(&mut self) -> Option<Result<RawEvent<'_>, LimitError>> {
        self.decoder.next_event(&mut self.chunk)
    }

    /// The next event or comment that the chunk completes; `None` when the chunk is read.
    ///
    /// The standard has clients pass over comments, and so does [`next_event`](Self::next_event), which is faster.
    /// This is for those who want to see a server's keep-alives, or what a stream really looks like. A comment longer
    /// than a line may be is passed over here too.
    ///
    /// ```
    /// use sse_core::{Decoder, RawPart};
    ///
    /// let mut decoder = Decoder::new();
    /// let mut events = decoder.feed(b": still here\n\ndata: 1\n\n");
    /// assert_eq!(events.next_part().unwrap()?, RawPart::Comment(" still here"));
    /// let RawPart::Event(event) = events.next_part().unwrap()? else { unreachable!() };
    /// assert_eq!(event.data(), "1");
    /// assert!(events.next_part().is_none());
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`next_event`](Self::next_event).
    pub fn next_part(&mut self) -> Option<Result<RawPart<'_>, LimitError>> {
        self.decoder.next_part(&mut self.chunk)
    }
}

/// The events as [`RawEvent::into_owned`] keeps them.
impl Iterator for Events<'_> {
    type Item = Result<RawEventBuf, LimitError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_event()?.map(RawEvent::into_owned))
    }
}

impl FusedIterator for Events<'_> {}

impl Drop for Events<'_> {
    fn drop(&mut self) {
        let Self { decoder, chunk } = self;
        decoder.machine.detach(chunk);
        if !chunk.is_read() {
            decoder.keep(chunk.clone());
        } else if decoder.machine.block.has_comment() {
            decoder.end_at_comment(chunk);
        }
    }
}
