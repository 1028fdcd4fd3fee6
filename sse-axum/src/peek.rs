//! A stream whose first item is known before it is served.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

/// Yields an item that was taken from a stream, then the rest of that stream.
pub(crate) struct Peeked<S: Stream> {
    first: Option<S::Item>,
    rest: Pin<Box<S>>,
    /// Whether the stream was empty. It must not be polled again then.
    is_empty: bool,
}

impl<S, T, Err> Peeked<S>
where
    S: Stream<Item = Result<T, Err>>,
{
    /// Waits for the first item. Returns the error if that is one.
    pub(crate) async fn new(stream: S) -> Result<Self, Err> {
        let mut rest = Box::pin(stream);
        let first = poll_fn(|cx| rest.as_mut().poll_next(cx)).await.transpose()?;
        Ok(Self { is_empty: first.is_none(), first: first.map(Ok), rest })
    }
}

/// The first item is moved out, never pinned.
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
