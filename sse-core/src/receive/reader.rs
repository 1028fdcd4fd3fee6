//! Typed events from a blocking reader.

use alloc::{boxed::Box, vec};
use core::{fmt, iter::FusedIterator};
use std::io::{self, Read};

use super::{
    end::{ReceiveError, StreamEnd},
    item::ReceivedItem,
    receiver::Receiver,
};
use crate::{Decoder, Envelope, SseDecodeOwned};

/// An iterator over typed events, read from a blocking reader such as a socket, a file or standard input.
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
///
/// Unknown events are skipped and counted. An event that the type knows but cannot decode is an `Err` item, and the
/// iterator continues. It ends after a terminal event, at the end of its source, or after an error of its source;
/// [`ended`](Self::ended) reports which.
///
/// The events own their data. An enum that borrows, such as `Feed<'a>` with a `&'a str`, is read with a [`Decoder`].
pub struct EventReader<R, T> {
    source: R,
    buffer: Box<[u8]>,
    /// The number of bytes at the start of the buffer that hold data.
    filled: usize,
    receiver: Receiver<T>,
}

/// The size of the buffer in bytes: four pages. A larger buffer is not faster.
const BUFFER: usize = 16 << 10;

impl<R, T> EventReader<R, T> {
    /// Creates an iterator over the events in `source`, with the default limits.
    pub fn new(source: R) -> Self
    where
        R: Read,
        T: ReceivedItem,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// Creates an iterator over the events in `source` that reads with `decoder`. Use this to set limits or a last
    /// event ID.
    pub fn with_decoder(source: R, decoder: Decoder) -> Self
    where
        R: Read,
        T: ReceivedItem,
    {
        let buffer = vec![0; BUFFER].into_boxed_slice();
        Self { source, buffer, filled: 0, receiver: Receiver::new(decoder) }
    }

    /// Converts the reader into one that yields each event in an [`Envelope`], with the event ID and the reconnection
    /// time that its block sets.
    ///
    /// Equivalent to creating an `EventReader<R, Envelope<T>>`.
    #[must_use]
    pub fn envelopes(self) -> EventReader<R, Envelope<T>>
    where
        T: SseDecodeOwned,
    {
        let Self { source, buffer, filled, receiver } = self;
        EventReader { source, buffer, filled, receiver: receiver.into_items() }
    }

    /// Makes an end without a terminal event an error: the last item is then [`ReceiveError::Unterminated`].
    ///
    /// By default such an end is not an error, because a connection may end at any time, and a client reconnects. For a
    /// stream that is not resumed, such as the answer of a model, it means that the rest is missing. For a type without
    /// terminal events, every end of the source is therefore this error.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{EventReader, ReceiveError, SseEvent};
    ///
    /// #[derive(Debug, SseEvent)]
    /// #[sse(unnamed)]
    /// enum Answer {
    ///     #[sse(text)]
    ///     Word(String),
    ///     #[sse(literal = "[DONE]", terminal)]
    ///     Done,
    /// }
    ///
    /// let source: &[u8] = b"data: Hi\n\ndata: the";
    /// let mut answer = EventReader::<_, Answer>::new(source).require_terminal();
    /// assert!(matches!(answer.next(), Some(Ok(Answer::Word(_)))));
    /// assert!(matches!(answer.next(), Some(Err(ReceiveError::Unterminated { within_event: true }))));
    /// assert!(answer.next().is_none());
    /// ```
    #[must_use]
    pub fn require_terminal(mut self) -> Self {
        self.receiver.requires_terminal = true;
        self
    }

    /// Returns the decoder, which holds the reconnection time and the last event ID.
    ///
    /// Events that were skipped, and blocks without an event, set these too. Send the ID as `Last-Event-ID` on
    /// reconnection, unless it is empty.
    #[must_use]
    pub const fn decoder(&self) -> &Decoder {
        &self.receiver.decoder
    }

    /// Consumes the reader and returns the decoder. Call [`Decoder::restart`] before it reads the next connection.
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.receiver.decoder
    }

    /// Returns the count of unknown events, which are skipped.
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.receiver.unknown
    }

    /// Returns the number of bytes that the source has returned so far, including those that are not decoded yet.
    ///
    /// If bytes were read but no event was, the source may not be an event stream but an HTML page, JSON, or a
    /// compressed body. None of these is an error, because unknown lines are ignored.
    #[must_use]
    pub const fn bytes_read(&self) -> u64 {
        self.receiver.bytes_read
    }

    /// Returns how the reader ended, or `None` if it has not. It is known as soon as the terminal event is yielded or
    /// the source has ended.
    #[must_use]
    pub const fn ended(&self) -> Option<StreamEnd> {
        self.receiver.end
    }
}

impl<R, E: SseDecodeOwned> EventReader<R, Envelope<E>> {
    /// Makes the reader yield comments in addition to events, each in a separate envelope, for example to observe the
    /// keep-alives of the server.
    ///
    /// A comment that is longer than [`Limits::max_line`](crate::Limits::max_line) is skipped.
    ///
    /// # Examples
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
        self.receiver.shown.comments = true;
        self
    }

    /// Makes the reader yield blocks without an event too, each in a separate envelope, if they set an ID or a
    /// reconnection time. A relay that forwards the envelopes then loses neither.
    ///
    /// At the end of the source, a reconnection time that no empty line follows is yielded as well, because it is in
    /// effect. An ID there is not, because its block is not complete.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{convert::Infallible, time::Duration};
    ///
    /// use sse_core::{Envelope, EventReader};
    ///
    /// let source: &[u8] = b"id: 7\n\nretry: 5000\n";
    /// let mut envelopes = EventReader::<_, Infallible>::new(source).envelopes().blocks();
    /// assert_eq!(envelopes.next().unwrap()?, Envelope::empty().with_id(7));
    /// assert_eq!(envelopes.next().unwrap()?, Envelope::empty().with_retry(Duration::from_secs(5)));
    /// assert!(envelopes.next().is_none());
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// ```
    #[must_use]
    pub fn blocks(mut self) -> Self {
        self.receiver.shown.blocks = true;
        self
    }
}

impl<R: Read, T: ReceivedItem> Iterator for EventReader<R, T> {
    type Item = Result<T, ReceiveError<io::Error>>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let mut next = None;
        while self.receiver.end.is_none() {
            let chunk = self.buffer.get(..self.filled).unwrap_or_default();
            if self.receiver.next_in(chunk, &mut |item| next = Some(item)) {
                return next;
            }
            self.filled = 0;
            match self.source.read(&mut self.buffer) {
                Ok(0) => self.receiver.finish(),
                Ok(filled) => {
                    self.receiver.begin_chunk(self.buffer.get(..filled).unwrap_or_default());
                    self.filled = filled;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Some(Err(self.receiver.fail(error))),
            }
        }
        self.receiver.last_item()
    }
}

impl<R: Read, T: ReceivedItem> FusedIterator for EventReader<R, T> {}

impl<R, T> fmt::Debug for EventReader<R, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReader").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
