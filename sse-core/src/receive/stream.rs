//! Typed events from an asynchronous stream of byte chunks.

use core::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::{FusedStream, Stream};
use pin_project_lite::pin_project;

use super::{
    byte_stream::ByteStream,
    end::{ReceiveError, StreamEnd},
    item::ReceivedItem,
    receiver::Receiver,
};
use crate::{Decoder, Envelope, SseDecodeOwned};

pin_project! {
    /// A stream of typed events, read from a stream of byte chunks such as the body of an HTTP response.
    ///
    /// With `reqwest`, the source is `response.bytes_stream()`:
    ///
    /// ```text
    /// let response = reqwest::get("https://example.com/events").await?.error_for_status()?;
    /// let mut counts = EventStream::<_, Count>::new(response.bytes_stream());
    /// while let Some(count) = counts.next().await {
    ///     println!("{:?}", count?);
    /// }
    /// ```
    ///
    /// Any stream of chunks can be the source:
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
    /// Unknown events are skipped and counted. An event that the type knows but cannot decode is an `Err` item, and
    /// the stream continues. It ends after a terminal event, at the end of its source, or after an error of the source;
    /// [`ended`](EventStream::ended) reports which.
    ///
    /// The stream does not check the response that the bytes come from. The caller checks that the status is 200 and
    /// that the content type is `text/event-stream`.
    ///
    /// The events own their data. An enum that borrows, such as `Feed<'a>` with a `&'a str`, is read with a
    /// [`Decoder`].
    ///
    /// # Reconnecting
    ///
    /// The stream ends when the connection does. `sse-client` has a stream that reconnects by itself. To reconnect by
    /// hand, a client sends the last event ID and reuses the decoder. It handles each response as the standard
    /// requires: the status 204 (No Content) means that it must not reconnect, and any response other than 200 with
    /// `text/event-stream` is a failure. In this example, `connect` sends a request with the ID as `Last-Event-ID`,
    /// unless the ID is empty, and `wait` is a timer:
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::{Stream, StreamExt, stream};
    /// use sse_core::{Decoder, EventStream, Retry, SseEvent, StreamEnd};
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
    ///         let kind = response.content_type.split(';').next().unwrap_or_default().trim();
    ///         match response.status {
    ///             200 if kind.eq_ignore_ascii_case("text/event-stream") => {}
    ///             204 => return Ok(()),
    ///             status => return Err(format!("not an event stream: status {status}, content type `{kind}`")),
    ///         }
    ///         let mut counts = EventStream::<_, Count>::with_decoder(response.body, decoder);
    ///         while let Some(count) = counts.next().await {
    ///             // The error of one event does not end the stream; the error of the connection does.
    ///             if let Ok(count) = count {
    ///                 see(count);
    ///             }
    ///         }
    ///         if counts.ended() == Some(StreamEnd::Terminal) {
    ///             return Ok(());
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
        receiver: Receiver<T>,
    }
}

impl<S: ByteStream, T> EventStream<S, T> {
    /// Creates a stream of the events in `source`, with the default limits.
    pub fn new(source: S) -> Self
    where
        T: ReceivedItem,
    {
        Self::with_decoder(source, Decoder::new())
    }

    /// Creates a stream of the events in `source` that reads with `decoder`. Use this to set limits or a last event ID.
    pub fn with_decoder(source: S, decoder: Decoder) -> Self
    where
        T: ReceivedItem,
    {
        Self { source, chunk: None, receiver: Receiver::new(decoder) }
    }

    /// Converts the stream into one that yields each event in an [`Envelope`], with the event ID and the reconnection
    /// time that its block sets.
    ///
    /// Equivalent to creating an `EventStream<S, Envelope<T>>`.
    pub fn envelopes(self) -> EventStream<S, Envelope<T>>
    where
        T: SseDecodeOwned,
    {
        let Self { source, chunk, receiver } = self;
        EventStream { source, chunk, receiver: receiver.into_items() }
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
    /// use futures_util::{StreamExt, stream};
    /// use sse_core::{EventStream, ReceiveError, SseEvent};
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
    /// # futures_executor::block_on(async {
    /// let chunks = stream::iter([Ok::<_, std::io::Error>("data: Hi\n\ndata: the")]);
    /// let mut answer = EventStream::<_, Answer>::new(chunks).require_terminal();
    /// assert!(matches!(answer.next().await, Some(Ok(Answer::Word(_)))));
    /// assert!(matches!(answer.next().await, Some(Err(ReceiveError::Unterminated { within_event: true }))));
    /// assert!(answer.next().await.is_none());
    /// # });
    /// ```
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

    /// Consumes the stream and returns the decoder. Call [`Decoder::restart`] before it reads the next connection.
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

    /// Returns how the stream ended, or `None` if it has not. It is known as soon as the terminal event is yielded or
    /// the source has ended.
    #[must_use]
    pub const fn ended(&self) -> Option<StreamEnd> {
        self.receiver.end
    }
}

impl<S: ByteStream, E: SseDecodeOwned> EventStream<S, Envelope<E>> {
    /// Makes the stream yield comments in addition to events, each in a separate envelope, for example to observe the
    /// keep-alives of the server.
    ///
    /// A comment that is longer than [`Limits::max_line`](crate::Limits::max_line) is skipped.
    ///
    /// # Examples
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
        self.receiver.shown.comments = true;
        self
    }

    /// Makes the stream yield blocks without an event too, each in a separate envelope, if they set an ID or a
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
    /// use futures_util::{StreamExt, stream};
    /// use sse_core::{Envelope, EventStream};
    ///
    /// # futures_executor::block_on(async {
    /// let chunks = stream::iter([Ok::<_, std::io::Error>("id: 7\n\nretry: 5000\n")]);
    /// let mut envelopes = EventStream::<_, Infallible>::new(chunks).envelopes().blocks();
    /// assert_eq!(envelopes.next().await.unwrap()?, Envelope::empty().with_id(7));
    /// assert_eq!(envelopes.next().await.unwrap()?, Envelope::empty().with_retry(Duration::from_secs(5)));
    /// assert!(envelopes.next().await.is_none());
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// # }).unwrap();
    /// ```
    pub fn blocks(mut self) -> Self {
        self.receiver.shown.blocks = true;
        self
    }
}

impl<S: ByteStream, T: ReceivedItem> Stream for EventStream<S, T> {
    type Item = Result<T, ReceiveError<S::Error>>;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut polled = Poll::Ready(None);
        if self.poll_put(cx, |item| polled = Poll::Ready(Some(item))).is_pending() {
            polled = Poll::Pending;
        }
        polled
    }
}

impl<S: ByteStream, T: ReceivedItem> EventStream<S, T> {
    /// Polls for the next item and passes it, or the error in place of one, to `put`. Returns `true` if it called `put`,
    /// which it does once, and `false` after the last item.
    ///
    /// For `sse-client`, which puts the item into its own result without moving it in between.
    #[doc(hidden)]
    #[expect(clippy::inline_always, reason = "a call would move the item once more")]
    #[inline(always)]
    pub fn poll_put(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut put: impl FnMut(Result<T, ReceiveError<S::Error>>),
    ) -> Poll<bool> {
        while self.receiver.end.is_none() {
            let this = self.as_mut().project();
            if let Some(chunk) = this.chunk {
                if this.receiver.next_in(chunk.as_ref(), &mut put) {
                    return Poll::Ready(true);
                }
                *this.chunk = None;
            }
            if let Some(item) = ready!(self.as_mut().poll_source(cx)) {
                put(item);
                return Poll::Ready(true);
            }
        }
        let last = self.project().receiver.last_item();
        Poll::Ready(last.map(put).is_some())
    }

    /// Polls the source, which sets the next chunk or ends the stream. Returns an item that does not come from a chunk.
    ///
    /// Out of line, so that `poll_next` is small enough to be inlined: most items come from the present chunk.
    #[inline(never)]
    fn poll_source(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T, ReceiveError<S::Error>>>> {
        let this = self.project();
        // Input that the decoder had when the stream was created precedes the first chunk.
        if this.receiver.decoder.has_unread()
            && let Some(item) = this.receiver.next_unread()
        {
            return Poll::Ready(Some(item));
        }
        match ready!(this.source.poll_chunk(cx)) {
            Some(Ok(chunk)) => {
                this.receiver.begin_chunk(chunk.as_ref());
                *this.chunk = Some(chunk);
            }
            Some(Err(error)) => return Poll::Ready(Some(Err(this.receiver.fail(error)))),
            None => this.receiver.finish(),
        }
        Poll::Ready(None)
    }
}

impl<S: ByteStream, T: ReceivedItem> FusedStream for EventStream<S, T> {
    fn is_terminated(&self) -> bool {
        self.receiver.is_done()
    }
}

impl<S: ByteStream, T> fmt::Debug for EventStream<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("receiver", &self.receiver).finish_non_exhaustive()
    }
}
