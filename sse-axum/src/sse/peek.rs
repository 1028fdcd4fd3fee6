//! `Sse::peek_first`: a stream whose first item has already been received.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use super::Sse;

impl<S, T, Err> Sse<S>
where
    S: Stream<Item = Result<T, Err>> + Send + 'static,
    Result<T, Err>: StreamItem<Error: Into<BoxError>> + Send,
{
    /// Waits for the first item of the stream, so that an error in it can still become an error response.
    ///
    /// Nothing is sent until the first item is ready, neither the headers nor a keep-alive. If that can take long,
    /// limit it with `tokio::time::timeout`. The stream is dropped if the client disconnects in the meantime.
    ///
    /// # Errors
    ///
    /// Returns the error if the first item of the stream is an error. Later errors, and all events that cannot be
    /// encoded, are handled by [`on_error`](Self::on_error).
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{http::StatusCode, response::{IntoResponse, Response}};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::Sse;
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # fn ask_upstream() -> impl Stream<Item = Result<Job, std::io::Error>> + Send + 'static {
    /// #     stream::iter([Err(std::io::Error::other("no upstream"))])
    /// # }
    /// async fn answer() -> Response {
    ///     match Sse::peek_first(ask_upstream()).await {
    ///         Ok(sse) => sse.into_response(),
    ///         Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    ///     }
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// assert_eq!(answer().await.status(), StatusCode::BAD_GATEWAY);
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn peek_first(stream: S) -> Result<Sse<impl Stream<Item = Result<T, Err>> + Send + 'static>, Err> {
        Ok(Sse::new(Peeked::new(stream).await?))
    }
}

/// A stream that yields an item taken earlier, then the rest of the original stream.
struct Peeked<S: Stream> {
    first: Option<S::Item>,
    rest: Pin<Box<S>>,
    /// Whether the original stream was empty, in which case it must not be polled again.
    is_empty: bool,
}

impl<S, T, Err> Peeked<S>
where
    S: Stream<Item = Result<T, Err>>,
{
    /// Waits for the first item of `stream`. Returns the error if the item is one.
    async fn new(stream: S) -> Result<Self, Err> {
        let mut rest = Box::pin(stream);
        let first = poll_fn(|cx| rest.as_mut().poll_next(cx)).await.transpose()?;
        Ok(Self { is_empty: first.is_none(), first: first.map(Ok), rest })
    }
}

/// The first item is only moved, never pinned.
impl<S: Stream> Unpin for Peeked<S> {}

impl<S: Stream> Stream for Peeked<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        match self.first.take() {
            None if self.is_empty => Poll::Ready(None),
            None => self.rest.as_mut().poll_next(cx),
            first => Poll::Ready(first),
        }
    }
}
