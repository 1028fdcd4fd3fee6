//! A stream whose first item has already been received.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

/// A stream that yields an item taken earlier, then the rest of the original stream.
pub(crate) struct Peeked<S: Stream> {
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
    pub(crate) async fn new(stream: S) -> Result<Self, Err> {
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
