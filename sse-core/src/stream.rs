//! Typed events out of an asynchronous stream of byte chunks.

use core::{
    error::Error,
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{Stream, TryStream};
use pin_project_lite::pin_project;

use crate::{
    DecodeError, Decoded, Decoder, EventId, Frame, LimitError, RawEvent, Retry, SseDecodeOwned, decode::Chunk,
};

pin_project! {
    /// The events of a stream of byte chunks, such as the body of an HTTP response.
    ///
    /// It skips what the type does not know, and counts it; an event that the type knows and cannot read is an `Err`
    /// item, after which the stream goes on. It ends behind a terminal event, with its source, or at the source's
    /// first error.
    ///
    /// ```
    /// use futures_util::{StreamExt, stream};
    /// use sse_core::{EventStream, SseEvent};
    ///
    /// #[derive(Debug, PartialEq, SseEvent)]
    /// enum Count {
    ///     #[sse(event = "tick")]
    ///     Tick(u32),
    /// }
    ///
    /// # futures_executor::block_on(async {
    /// let chunks = stream::iter(["event: tick\nda", "ta: 1\n\nevent: new\ndata\n\nevent: tick\ndata: 2\n\n"]);
    /// let mut events = EventStream::<_, Count>::new(chunks.map(Ok::<_, std::io::Error>));
    /// assert_eq!(events.next().await.unwrap()?, Count::Tick(1));
    /// assert_eq!(events.next().await.unwrap()?, Count::Tick(2));
    /// assert_eq!(events.unknown_events(), 1);
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// # }).unwrap();
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub struct EventStream<S: TryStream, E> {
        #[pin]
        frames: FrameStream<S, E>,
    }
}

pin_project! {
    /// The same events, each in a [`Frame`] with the ID and the reconnection time of its block. Made by
    /// [`EventStream::frames`].
    #[must_use = "streams do nothing unless polled"]
    pub struct FrameStream<S: TryStream, E> {
        #[pin]
        source: S,
        chunk: Option<S::Ok>,
        position: usize,
        decoder: Decoder,
        unknown: u64,
        ended: bool,
        event: PhantomData<fn() -> E>,
    }
}

/// Why an event could not be received.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReceiveError<Err> {
    /// The source of the bytes failed. The stream ends.
    Source(Err),
    /// An event was too large, and is skipped. The stream goes on.
    Limit(LimitError),
    /// An event is not what its type expects. The stream goes on.
    Decode(DecodeError),
}

impl<Err> fmt::Display for ReceiveError<Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source(_) => "the connection failed",
            Self::Limit(_) => "an event was too large",
            Self::Decode(_) => "an event was not what its type expects",
        })
    }
}

impl<Err: Error + 'static> Error for ReceiveError<Err> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Limit(error) => Some(error),
            Self::Decode(error) => Some(error),
        }
    }
}

impl<S: TryStream, E> EventStream<S, E> {
    /// The events in `source`, with the default limits.
    pub fn new(source: S) -> Self {
        Self::with_decoder(source, Decoder::new())
    }

    /// The events in `source`, read by a decoder with limits or a last event ID of its own.
    pub fn with_decoder(source: S, decoder: Decoder) -> Self {
        Self {
            frames: FrameStream {
                source,
                chunk: None,
                position: 0,
                decoder,
                unknown: 0,
                ended: false,
                event: PhantomData,
            },
        }
    }

    /// Frames instead of bare events, for those who keep the IDs.
    pub fn frames(self) -> FrameStream<S, E> {
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
}

impl<S: TryStream, E> FrameStream<S, E> {
    /// As [`EventStream::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// As [`EventStream::reconnection_time`].
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.decoder.reconnection_time()
    }

    /// As [`EventStream::unknown_events`].
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.unknown
    }
}

impl<S, E> Stream for EventStream<S, E>
where
    S: TryStream<Ok: AsRef<[u8]>>,
    E: SseDecodeOwned,
{
    type Item = Result<E, ReceiveError<S::Error>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut frames = self.project().frames;
        loop {
            match ready!(frames.as_mut().poll_next(cx)) {
                Some(Ok(Frame { event: Some(event), .. })) => return Poll::Ready(Some(Ok(event))),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<S, E> Stream for FrameStream<S, E>
where
    S: TryStream<Ok: AsRef<[u8]>>,
    E: SseDecodeOwned,
{
    type Item = Result<Frame<E>, ReceiveError<S::Error>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        while !*this.ended {
            if let Some(bytes) = this.chunk {
                let mut chunk = Chunk::new(bytes.as_ref(), *this.position);
                let step = this.decoder.advance(&mut chunk);
                *this.position = chunk.position;
                match step {
                    None => *this.chunk = None,
                    Some(Err(error)) => return Poll::Ready(Some(Err(ReceiveError::Limit(error)))),
                    Some(Ok(())) => {
                        let Some(item) = receive::<E>(this.decoder.event(&chunk), this.unknown) else { continue };
                        *this.ended = item.as_ref().is_ok_and(is_terminal);
                        return Poll::Ready(Some(item.map_err(ReceiveError::Decode)));
                    }
                }
                continue;
            }
            match ready!(this.source.as_mut().try_poll_next(cx)) {
                Some(Ok(chunk)) => {
                    *this.chunk = Some(chunk);
                    *this.position = 0;
                }
                Some(Err(error)) => {
                    *this.ended = true;
                    return Poll::Ready(Some(Err(ReceiveError::Source(error))));
                }
                None => *this.ended = true,
            }
        }
        Poll::Ready(None)
    }
}

/// Decodes an event, unless it is one to be skipped.
fn receive<E: SseDecodeOwned>(raw: RawEvent<'_>, unknown: &mut u64) -> Option<Result<Frame<E>, DecodeError>> {
    match E::decode(raw) {
        Ok(Decoded::Event(event)) => {
            Some(Ok(Frame { event: Some(event), id: raw.id().map(EventId::read), retry: raw.retry(), comment: None }))
        }
        Ok(Decoded::Ignored) => None,
        Ok(Decoded::Unknown) => {
            *unknown += 1;
            #[cfg(feature = "tracing")]
            tracing::debug!(event = raw.event(), "skipped an unknown event");
            None
        }
        Err(error) => Some(Err(error)),
    }
}

fn is_terminal<E: SseDecodeOwned>(frame: &Frame<E>) -> bool {
    frame.event.as_ref().is_some_and(E::is_terminal)
}

impl<S: TryStream, E> fmt::Debug for EventStream<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStream").field(&self.frames).finish()
    }
}

impl<S: TryStream, E> fmt::Debug for FrameStream<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameStream")
            .field("decoder", &self.decoder)
            .field("unknown", &self.unknown)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
