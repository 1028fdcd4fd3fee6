//! Typed events out of a blocking reader.

use alloc::{boxed::Box, vec};
use core::{fmt, iter::FusedIterator};
use std::io::{self, Read};

use crate::{Decoder, Envelope, ReceiveError, ReceivedItem, SseDecodeOwned, receive::Receiver};

/// The events of a blocking reader, such as a socket, a file or standard input: an `Iterator` of owned events.
///
/// It skips, fails and ends as `EventStream` does: what the type does not know is skipped and counted; an event that
/// the type knows and cannot read is an `Err` item, after which it goes on; it ends behind a terminal event, with its
/// source, or at the source's first error.
///
/// ```
/// use sse_core::{EventReader, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let source: &[u8] = b"event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n";
/// for count in EventReader::<_, Count>::new(source) {
///     println!("{:?}", count?);
/// }
/// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
/// ```
pub struct EventReader<R, T> {
    source: R,
    buffer: Box<[u8]>,
    /// The number of bytes in the buffer that hold data.
    filled: usize,
    position: usize,
    receiver: Receiver<T>,
}

/// The size of the buffer in bytes: four pages. Larger reads gain nothing.
const BUFFER: usize = 16 << 10;

impl<R, T> EventReader<R, T> {
    /// Reads the events in `source`, with the default limits.
    pub fn new(source: R) -> Self
    where
        R: Read,
        T: ReceivedItem,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// Reads the events in `source` with a decoder that has its own limits or last event ID.
    pub fn with_decoder(source: R, decoder: Decoder) -> Self
    where
        R: Read,
        T: ReceivedItem,
    {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { source, buffer, filled: 0, position: 0, receiver: Receiver::new(decoder) }
    }

    /// Yields each event in an [`Envelope`], with the ID and the reconnection time of its block.
    ///
    /// The same as an `EventReader` whose item type is `Envelope<E>`.
    #[must_use]
    pub fn envelopes(self) -> EventReader<R, Envelope<T>>
    where
        T: SseDecodeOwned,
    {
        let Self { source, buffer, filled, position, receiver } = self;
        EventReader { source, buffer, filled, position, receiver: receiver.into_items() }
    }

    /// Returns the decoder. It knows the last event ID as of the event yielded last, which a reconnect sends as
    /// `Last-Event-ID`, and the reconnection time.
    #[must_use]
    pub const fn decoder(&self) -> &Decoder {
        &self.receiver.decoder
    }

    /// Returns the decoder, which reads the next connection after a [`Decoder::restart`].
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.receiver.decoder
    }

    /// Returns the number of events that were skipped because the type does not know them.
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.receiver.unknown
    }
}

impl<R, E: SseDecodeOwned> EventReader<R, Envelope<E>> {
    /// Yields comments too, each in an envelope of its own, so that a server's keep-alives can be seen. A comment that
    /// is longer than [`Limits::max_line`](crate::Limits::max_line) is skipped.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use sse_core::{Comment, Envelope, EventReader};
    ///
    /// let source: &[u8] = b": still here\n\n";
    /// let mut envelopes = EventReader::<_, Infallible>::new(source).envelopes().comments();
    /// assert_eq!(envelopes.next().unwrap()?, Envelope::comment(Comment::from_static(" still here")));
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// ```
    #[must_use]
    pub fn comments(mut self) -> Self {
        self.receiver.shows_comments = true;
        self
    }
}

impl<R: Read, T: ReceivedItem> Iterator for EventReader<R, T> {
    type Item = Result<T, ReceiveError<io::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.receiver.ended {
            let chunk = self.buffer.get(..self.filled).unwrap_or_default();
            if let Some(item) = self.receiver.next_in(chunk, &mut self.position) {
                return Some(item);
            }
            self.position = 0;
            self.filled = 0;
            match self.source.read(&mut self.buffer) {
                Ok(0) => self.receiver.ended = true,
                Ok(filled) => self.filled = filled,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Some(Err(self.receiver.fail(error))),
            }
        }
        None
    }
}

impl<R: Read, T: ReceivedItem> FusedIterator for EventReader<R, T> {}

impl<R, T> fmt::Debug for EventReader<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReader").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
