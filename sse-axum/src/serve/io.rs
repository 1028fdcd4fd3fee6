//! The socket of a connection until it is taken over.

use std::{
    fmt,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{driver::Driver, graceful::Graceful, slot::Slot, streams::Streams};

/// A connection that a [`TakeOver`](super::TakeOver) listener has accepted.
///
/// It forwards to its socket, until the connection is taken over for an event stream.
pub struct TakeOverIo<I> {
    /// The socket, until the connection is taken over.
    socket: Option<I>,
    slot: Arc<Slot<Graceful>>,
    streams: Streams,
}

impl<I> TakeOverIo<I> {
    pub(super) fn new(socket: I, streams: Streams) -> Self {
        Self { socket: Some(socket), slot: Arc::new(Slot::new()), streams }
    }

    /// Returns the socket, or `None` once the connection is taken over.
    #[must_use]
    pub const fn get_ref(&self) -> Option<&I> {
        self.socket.as_ref()
    }

    pub(super) fn slot(&self) -> Arc<Slot<Graceful>> {
        Arc::clone(&self.slot)
    }

    pub(super) const fn streams(&self) -> &Streams {
        &self.streams
    }
}

impl<I> fmt::Debug for TakeOverIo<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakeOverIo").field("is_taken_over", &self.socket.is_none()).finish_non_exhaustive()
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for TakeOverIo<I> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.socket {
            Some(socket) => Pin::new(socket).poll_read(cx, buffer),
            None => Poll::Ready(Ok(())),
        }
    }
}

impl<I> TakeOverIo<I> {
    /// Tells the slot how a write of these parts has ended.
    fn record(&self, written: &Poll<io::Result<usize>>, parts: &[IoSlice<'_>]) {
        match written {
            Poll::Pending => self.slot.blocked(),
            Poll::Ready(Err(_)) => {}
            Poll::Ready(Ok(len)) => {
                let mut left = *len;
                self.slot.written(parts.iter().map_while(|part| {
                    let accepted = part.get(..left.min(part.len()))?;
                    left -= accepted.len();
                    Some(accepted)
                }));
            }
        }
    }
}

impl<I> AsyncWrite for TakeOverIo<I>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(socket) = &mut self.socket else { return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())) };
        let written = Pin::new(socket).poll_write(cx, bytes);
        self.record(&written, &[IoSlice::new(bytes)]);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Some(socket) = &mut self.socket else { return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())) };
        let written = Pin::new(socket).poll_write_vectored(cx, parts);
        self.record(&written, parts);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.as_ref().is_some_and(AsyncWrite::is_write_vectored)
    }

    /// Flushes the socket, and takes the connection over if a stream is offered.
    ///
    /// hyper flushes a connection only while its write buffer is empty (`Buffered::poll_flush` in hyper 1.12), so no byte of
    /// the head is lost, and no byte of the body is written yet: the body is the stub, which has yielded nothing. What
    /// hyper has read ahead is lost. These bytes follow a request after which the connection closes, so nobody has to
    /// answer them.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(socket) = &mut self.socket else { return Poll::Ready(Ok(())) };
        ready!(Pin::new(socket).poll_flush(cx))?;
        if let Some(stream) = self.slot.take()
            && let Some(socket) = self.socket.take()
        {
            tokio::spawn(Driver::new(socket, stream));
            // The socket will not wake this task again. hyper 1.12 polls the body after a flush; another version could wait.
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.socket {
            Some(socket) => Pin::new(socket).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum_core::body::Body;
    use futures_util::stream;
    use tokio::io::AsyncWriteExt as _;

    use super::*;

    struct Count(AtomicUsize);

    impl std::task::Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[tokio::test]
    async fn the_server_is_woken_when_its_connection_is_taken_over() {
        let (socket, _client) = tokio::io::duplex(1024);
        let mut io = TakeOverIo::new(socket, Streams::new());
        let body = Body::from_stream(stream::pending::<Result<&str, io::Error>>());
        io.slot().offer(Graceful::new(body, false, io.streams().clone()));
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Arc::clone(&count).into();
        let cx = &mut Context::from_waker(&waker);
        assert!(Pin::new(&mut io).poll_flush(cx).is_ready() && io.get_ref().is_some(), "no head is written");
        assert_eq!(count.0.load(Ordering::Relaxed), 0);
        io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        assert!(Pin::new(&mut io).poll_flush(cx).is_ready() && io.get_ref().is_none());
        assert_eq!((count.0.load(Ordering::Relaxed), io.streams().taken_over()), (1, 1));
    }
}
