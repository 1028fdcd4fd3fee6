//! Typed events out of an asynchronous stream of byte chunks.

use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use crate::{ByteStream, Decoder, Frame, ReceiveError, Retry, SseDecodeOwned, receive::Receiver};

pin_project! {
    /// The events of a stream of byte chunks, such as the body of an HTTP response.
    ///
    /// It skips what the type does not know, and counts it; an event that the type knows and cannot read is an `Err`
    /// item, after which the stream goes on. It asks nothing of the response around the bytes: that its status is 200 and
    /// its content type `text/event-stream` is for its caller to see. It ends behind a terminal event, with its source, or
    /// at the source's first error.
    ///
    /// Its events own their data, as with `String`: an enum that borrows, such as `Feed<'a>` with a `&'a str`, is read
    /// with a [`Decoder`].
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
    ///
    /// # Connecting again
    ///
    /// The stream ends with its connection; whoever wants more asks anew, from where it ended. Of a response a client
    /// checks what the standard does: 204 (No Content) says that there is nothing more; all but 200 and
    /// `text/event-stream` is a failure. Here `connect` is a request that sends the ID as `Last-Event-ID`, unless it is
    /// empty, and `wait` a timer:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::{Stream, StreamExt, stream};
    /// use sse_core::{Decoder, EventSet, EventStream, Retry, SseEvent};
    ///
    /// #[derive(Debug, PartialEq, SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Count {
    ///     Tick(u32),
    ///     #[sse(terminal)]
    ///     Done,
    /// }
    ///
    /// struct Response<B> {
    ///     status: u16,
    ///     content_type: &'static str,
    ///     body: B,
    /// }
    ///
    /// async fn follow(mut see: impl FnMut(Count)) -> Result<(), String> {
    ///     let mut decoder = Decoder::new();
    ///     loop {
    ///         let response = connect(decoder.last_event_id()).await;
    ///         match (response.status, response.content_type.split(';').next()) {
    ///             (200, Some("text/event-stream")) => {}
    ///             (204, _) => return Ok(()),
    ///             (status, _) => return Err(format!("no stream of events, but {status}")),
    ///         }
    ///         let mut counts = EventStream::<_, Count>::with_decoder(response.body, decoder);
    ///         while let Some(count) = counts.next().await {
    ///             // An `Err` is one event, or the connection: the stream ends there by itself.
    ///             let Ok(count) = count else { continue };
    ///             let last = count.is_terminal();
    ///             see(count);
    ///             if last {
    ///                 return Ok(());
    ///             }
    ///         }
    ///         wait(counts.reconnection_time().map_or(Duration::from_secs(3), Retry::as_duration)).await;
    ///         decoder = counts.into_decoder();
    ///         decoder.restart();
    ///     }
    /// }
    /// #
    /// # async fn connect(last: &str) -> Response<impl Stream<Item = Result<&'static str, std::io::Error>> + Unpin + use<>> {
    /// #     let body = match last {
    /// #         "" => "retry: 10\n\nevent: tick\nid: 1\ndata: 1\n\nevent: tick\nid: 2\nda",
    /// #         last => { assert_eq!(last, "1"); "event: tick\nid: 2\ndata: 2\n\nevent: done\ndata\n\n" }
    /// #     };
    /// #     let (status, content_type) = (200, "text/event-stream; charset=utf-8");
    /// #     Response { status, content_type, body: stream::iter([Ok(body)]) }
    /// # }
    /// # async fn wait(time: Duration) { assert_eq!(time, Duration::from_millis(10)) }
    /// # let mut seen = Vec::new();
    /// # futures_executor::block_on(follow(|count| seen.push(count))).unwrap();
    /// # assert_eq!(seen, [Count::Tick(1), Count::Tick(2), Count::Done]);
    /// ```
    #[must_use = "streams do nothing unless polled"]
    pub struct EventStream<S: ByteStream, E> {
        #[pin]
        frames: FrameStream<S, E>,
    }
}

pin_project! {
    /// The same events, each in a [`Frame`] with the ID and the reconnection time of its block. Made by
    /// [`EventStream::frames`].
    #[must_use = "streams do nothing unless polled"]
    pub struct FrameStream<S: ByteStream, E> {
        #[pin]
        source: S,
        chunk: Option<S::Chunk>,
        position: usize,
        receiver: Receiver<E>,
    }
}

impl<S: ByteStream, E> EventStream<S, E> {
    /// The events in `source`, with the default limits.
    pub fn new(source: S) -> Self
    where
        E: SseDecodeOwned,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// The events in `source`, read by a decoder with limits or a last event ID of its own.
    pub fn with_decoder(source: S, decoder: Decoder) -> Self
    where
        E: SseDecodeOwned,
    {
        Self { frames: FrameStream { source, chunk: None, position: 0, receiver: Receiver::new(decoder) } }
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

    /// The decoder, to read the next connection with: it knows where this one ended. [`Decoder::restart`] it first.
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.frames.into_decoder()
    }
}

impl<S: ByteStream, E> FrameStream<S, E> {
    /// Comments too, each as a frame of its own: for those who want to see a server's keep-alives. A comment longer than
    /// a line may be is passed over.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use futures_util::{StreamExt, stream};
    /// use sse_core::{Comment, EventStream, Frame};
    ///
    /// # futures_executor::block_on(async {
    /// let chunks = stream::iter([Ok::<_, std::io::Error>(": still here\n\n")]);
    /// let mut frames = EventStream::<_, Infallible>::new(chunks).frames().with_comments();
    /// assert_eq!(frames.next().await.unwrap()?, Frame::comment(Comment::from_static(" still here")));
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn with_comments(mut self) -> Self {
        self.receiver.shows_comments = true;
        self
    }

    /// As [`EventStream::last_event_id`].
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.receiver.decoder.last_event_id()
    }

    /// As [`EventStream::reconnection_time`].
    #[must_use]
    pub const fn reconnection_time(&self) -> Option<Retry> {
        self.receiver.decoder.reconnection_time()
    }

    /// As [`EventStream::unknown_events`].
    #[must_use]
    pub const fn unknown_events(&self) -> u64 {
        self.receiver.unknown
    }

    /// As [`EventStream::into_decoder`].
    #[must_use]
    pub fn into_decoder(self) -> Decoder {
        self.receiver.decoder
    }
}

impl<S, E> Stream for EventStream<S, E>
where
    S: ByteStream,
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
    S: ByteStream,
    E: SseDecodeOwned,
{
    type Item = Result<Frame<E>, ReceiveError<S::Error>>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut this = self.project();
        while !this.receiver.ended {
            if let Some(chunk) = this.chunk {
                if let Some(item) = this.receiver.next_in(chunk.as_ref(), this.position) {
                    return Poll::Ready(Some(item));
                }
                *this.chunk = None;
            }
            match ready!(this.source.as_mut().poll_chunk(cx)) {
                Some(Ok(chunk)) => {
                    *this.chunk = Some(chunk);
                    *this.position = 0;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(this.receiver.fail(error)))),
                None => this.receiver.ended = true,
            }
        }
        Poll::Ready(None)
    }
}

impl<S, E> FusedStream for EventStream<S, E>
where
    S: ByteStream,
    E: SseDecodeOwned,
{
    fn is_terminated(&self) -> bool {
        self.frames.is_terminated()
    }
}

impl<S, E> FusedStream for FrameStream<S, E>
where
    S: ByteStream,
    E: SseDecodeOwned,
{
    fn is_terminated(&self) -> bool {
        self.receiver.ended
    }
}

impl<S: ByteStream, E> fmt::Debug for EventStream<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventStream").field(&self.frames).finish()
    }
}

impl<S: ByteStream, E> fmt::Debug for FrameStream<S, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameStream").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
