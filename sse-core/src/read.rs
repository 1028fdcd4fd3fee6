//! Typed events out of a blocking reader.

use alloc::{boxed::Box, vec};
use core::{fmt, iter::FusedIterator};
use std::io::{self, Read};

use crate::{Decoder, Frame, ReceiveError, Retry, SseDecodeOwned, receive::Receiver};

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
pub struct EventReader<R, E> {
    frames: FrameReader<R, E>,
}

/// The same events, each in a [`Frame`] with the ID and the reconnection time of its block. Made by
/// [`EventReader::frames`].
pub struct FrameReader<R, E> {
    source: R,
    buffer: Box<[u8]>,
    /// What of the buffer is filled.
    filled: usize,
    position: usize,
    receiver: Receiver<E>,
}

/// How much is read at once, in bytes: four pages, beyond which larger reads gain nothing.
const BUFFER: usize = 16 << 10;

impl<R, E> EventReader<R, E> {
    /// The events in `source`, with the default limits.
    pub fn new(source: R) -> Self
    where
        R: Read,
        E: SseDecodeOwned,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// The events in `source`, read by a decoder with limits or a last event ID of its own.
    pub fn with_decoder(source: R, decoder: Decoder) -> Self
    where
        R: Read,
        E: SseDecodeOwned,
    {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { frames: FrameReader { source, buffer, filled: 0, position: 0, receiver: Receiver::new(decoder) } }
    }

    /// Frames instead of bare events, for those who keep the IDs.
    #[must_use]
    pub fn frames(self) -> FrameReader<R, E> {
        self.frames
    }

    /// The last event ID as of the event yielded last: what a reconnect sends as `Last-Event-ID`, unless it is empty.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.frames.last_event_id()
    }

    /// The reconnection time that the server asked for last, if it did.
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.frames.reconnection_time()
    }

    /// How many events were skipped because the type does not know them.
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.frames.unknown_events()
    }

    /// The decoder, to read the next connection with: it knows where this one ended. [`Decoder::restart`] it first.
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.frames.into_decoder()
    }
}

impl<R, E> FrameReader<R, E> {
    /// Comments too, each as a frame of its own: for those who want to see a server's keep-alives. A comment longer than
    /// a line may be is passed over.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use sse_core::{Comment, EventReader, Frame};
    ///
    /// let source: &[u8] = b": still here\n\n";
    /// let mut frames = EventReader::<_, Infallible>::new(source).frames().with_comments();
    /// assert_eq!(frames.next().unwrap()?, Frame::comment(Comment::from_static(" still here")));
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// ```
    #[must_use]
    pub fn with_comments(mut self) -> Self {
        self.receiver.shows_comments = true;
        self
    }

    /// As [`EventReader::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.receiver.decoder.last_event_id()
    }

    /// As [`EventReader::reconnection_time`].
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.receiver.decoder.reconnection_time()
    }

    /// As [`EventReader::unknown_events`].
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.receiver.unknown
    }

    /// As [`EventReader::into_decoder`].
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.receiver.decoder
    }
}

impl<R: Read, E: SseDecodeOwned> Iterator for EventReader<R, E> {
    type Item = Result<E, ReceiveError<io::Error>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.frames.next()? {
                Ok(Frame { event: Some(event), .. }) => return Some(Ok(event)),
                Ok(_) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl<R: Read, E: SseDecodeOwned> Iterator for FrameReader<R, E> {
    type Item = Result<Frame<E>, ReceiveError<io::Error>>;

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

impl<R: Read, E: SseDecodeOwned> FusedIterator for EventReader<R, E> {}

impl<R: Read, E: SseDecodeOwned> FusedIterator for FrameReader<R, E> {}

impl<R, E> fmt::Debug for EventReader<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventReader").field(&self.frames).finish()
    }
}

impl<R, E> fmt::Debug for FrameReader<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameReader").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
