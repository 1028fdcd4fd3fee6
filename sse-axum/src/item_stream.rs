//! The streams that can be served.

use futures_core::Stream;

/// A stream, with a message of its own for what is often passed to [`Sse::new`](crate::Sse::new) instead of one.
///
/// It is implemented for every `Stream`.
///
/// ```
/// use futures_util::stream;
/// use sse_axum::{ItemStream, Sse};
/// use sse_core::SseEvent;
///
/// #[derive(SseEvent)]
/// enum Job {
///     Progress(u8),
/// }
///
/// fn respond<S: ItemStream<Item = Job> + Send + 'static>(jobs: S) -> Sse<S> {
///     Sse::new(jobs)
/// }
///
/// let response = respond(stream::iter([Job::Progress(50), Job::Progress(100)]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a stream",
    label = "does not implement `Stream`",
    note = "for the receiver of a channel use a wrapper of `tokio_stream`, such as `ReceiverStream` or `BroadcastStream`; \
            for a `Vec` or an iterator use `stream::iter`, for a future `stream::once`"
)]
pub trait ItemStream {
    /// The type of the items.
    type Item;
}

#[diagnostic::do_not_recommend]
impl<S: Stream + ?Sized> ItemStream for S {
    type Item = S::Item;
}
