//! What typed streams read from: any stream of byte chunks.

use core::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::TryStream;

/// A stream of byte chunks that may fail: every `Stream` of `Result<C, Err>` is one, where `C` is `AsRef<[u8]>` as
/// `Bytes` and `Vec<u8>` are.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a stream of byte chunks",
    label = "not a `Stream` of `Result<impl AsRef<[u8]>, _>`",
    note = "of a response of `reqwest` it is `response.bytes_stream()`, of a body of `axum` it is \
            `body.into_data_stream()`; a stream that cannot fail becomes one with `.map(Ok::<_, Infallible>)`"
)]
pub trait ByteStream {
    /// A chunk of any size: it may end anywhere, also within a character.
    type Chunk: AsRef<[u8]>;
    /// What the stream can fail with.
    type Error;

    /// The next chunk, as `Stream::poll_next` has it.
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
