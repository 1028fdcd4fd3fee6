//! A stream whose first item has been waited for.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

/// A stream whose first item is there already: what [`Sse::try_first`](crate::Sse::try_first) streams.
pub struct First<S: Stream> {
    item: Option<S::Item>,
    rest: Pin<Box<S>>,
    /// A stream that has ended is not asked again.
    ended: bool,
}

impl<S: Stream> First<S> {
    /// Waits for the first item, or for the end of the stream.
    pub(crate) async fn new(stream: S) -> Self {
        let mut rest = Box::pin(stream);
        let item = poll_fn(|cx| rest.as_mut().poll_next(cx)).await;
        Self { ended: item.is_none(), item, rest }
    }
}

impl<S, T, Err> First<S>
where
    S: Stream<Item = Result<T, Err>>,
{
    /// The stream, unless its first item is an error.
    pub(crate) fn into_result(mut self) -> Result<Self, Err> {
        match self.item.take() {
            Some(Err(error)) => Err(error),
            item => Ok(Self { item, ..self }),
        }
    }
}

/// The first item is never pinned.
impl<S: Stream> Unpin for First<S> {}

impl<S: Stream> Stream for First<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        match self.item.take() {
            None if self.ended => Poll::Ready(None),
            None => self.rest.as_mut().poll_next(cx),
            item => Poll::Ready(item),
        }
    }
}

impl<S: Stream> fmt::Debug for First<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("First")
            .field("waiting", &self.item.is_some())
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
