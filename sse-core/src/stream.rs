//! Typed events out of an asynchronous stream of byte chunks.

use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use crate::{ByteStream, Decoder, Envelope, ReceiveError, ReceivedItem, SseDecodeOwned, receive::Receiver};

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
    /// use sse_core::{Decoder, TypedEvent, EventStream, Retry, SseEvent};
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
    ///         wait(counts.decoder().reconnection_time().map_or(Duration::from_secs(3), Retry::as_duration)).await;
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
    pub struct EventStream<S: ByteStream, T> {
        #[pin]
        source: S,
        chunk: Option<S::Chunk>,
        position: usize,
        receiver: Receiver<T>,
    }
}

impl<S: ByteStream, T> EventStream<S, T> {
    /// Reads the events in `source`, with the default limits.
    pub fn new(source: S) -> Self
    where
        T: ReceivedItem,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// Reads the events in `source` with a decoder that has its own limits or last event ID.
    pub fn with_decoder(source: S, decoder: Decoder) -> Self
    where
        T: ReceivedItem,
    {
        Self { source, chunk: None, position: 0, receiver: Receiver::new(decoder) }
    }

    /// Yields each event in an [`Envelope`], with the ID and the reconnection time of its block.
    ///
    /// The same as an `EventStream` whose item type is `Envelope<E>`.
    pub fn envelopes(self) -> EventStream<S, Envelope<T>>
    where
        T: SseDecodeOwned,
    {
        let Self { source, chunk, position, receiver } = self;
        EventStream { source, chunk, position, receiver: receiver.into_items() }
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

impl<S: ByteStream, E: SseDecodeOwned> EventStream<S, Envelope<E>> {
    /// Yields comments too, each in an envelope of its own, so that a server's keep-alives can be seen. A comment that
    /// is longer than [`Limits::max_line`](crate::Limits::max_line) is skipped.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use futures_util::{StreamExt, stream};
    /// use sse_core::{Comment, Envelope, EventStream};
    ///
    /// # futures_executor::block_on(async {
    /// let chunks = stream::iter([Ok::<_, std::io::Error>(": still here\n\n")]);
    /// let mut envelopes = EventStream::<_, Infallible>::new(chunks).envelopes().comments();
    /// assert_eq!(envelopes.next().await.unwrap()?, Envelope::comment(Comment::from_static(" still here")));
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn comments(mut self) -> Self {
        self.receiver.shows_comments = true;
        self
    }
}

impl<S: ByteStream, T: ReceivedItem> Stream for EventStream<S, T> {
    type Item = Result<T, ReceiveError<S::Error>>;

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

impl<S: ByteStream, T: ReceivedItem> FusedStream for EventStream<S, T> {
    fn is_terminated(&self) -> bool {
        self.receiver.ended
    }
}

impl<S: ByteStream, T> fmt::Debug for EventStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
