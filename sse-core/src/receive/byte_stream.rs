//! The source of a typed stream: a stream of byte chunks.

use core::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::TryStream;

/// A stream of byte chunks, such as the body of a response. It is the source of an [`EventStream`](crate::EventStream).
///
/// It is implemented for every `Stream` of `Result<C, Err>` whose chunks `C` implement `AsRef<[u8]>`, as `Bytes` and
/// `Vec<u8>` do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a stream of byte chunks",
    label = "not a `Stream` of `Result<impl AsRef<[u8]>, _>`",
    note = "for a `reqwest` response use `response.bytes_stream()`, for an `axum` body `body.into_data_stream()`; \
            for a stream that cannot fail, add `.map(Ok::<_, Infallible>)`"
)]
pub trait ByteStream {
    /// A chunk of any size. It may end anywhere, even within a character.
    type Chunk: AsRef<[u8]>;
    /// The error of the stream.
    type Error;

    /// Polls for the next chunk, like `Stream::poll_next`.
    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Self::Chunk, Self::Error>>>;
}

#[diagnostic::do_not_recommend]
impl<S: TryStream<Ok: AsRef<[u8]>>> ByteStream for S {
    type Chunk = S::Ok;
    type Error = S::Error;

    fn poll_chunk(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<S::Ok, S::Error>>> {
        self.try_poll_next(cx)
    }
}
