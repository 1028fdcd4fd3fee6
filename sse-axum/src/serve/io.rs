//! The socket of a connection until it is taken over.

use std::{
    fmt,
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    runtime::Handle,
};

use super::{driver::Driver, streams::Streams, stub::StreamSlot};

/// A connection that a [`TakeOver`](super::TakeOver) listener has accepted.
///
/// It forwards to its socket, until the connection is taken over for an event stream.
pub struct TakeOverIo<I> {
    /// The socket, until the connection is taken over.
    socket: Option<I>,
    slot: Arc<StreamSlot>,
    streams: Streams,
}

impl<I> TakeOverIo<I> {
    pub(super) fn new(socket: I, streams: Streams) -> Self {
        Self { socket: Some(socket), slot: Arc::new(StreamSlot::new()), streams }
    }

    /// Returns the socket, or `None` once the connection is taken over.
    #[must_use]
    pub const fn get_ref(&self) -> Option<&I> {
        self.socket.as_ref()
    }

    pub(super) fn slot(&self) -> Arc<StreamSlot> {
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
    ///
    /// The flush fails, so that the server drops the connection and its buffers at once. The task of the stream is spawned by
    /// the stub, which is dropped after them. If it were spawned here, the allocator would place it, for as long as the
    /// stream lives, between buffers that are about to be freed, and could not use their space as a whole for the next
    /// connection: that cost from 0 to 600 bytes per stream, depending on the order of connections.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(socket) = &mut self.socket else { return Poll::Ready(Ok(())) };
        ready!(Pin::new(socket).poll_flush(cx))?;
        if let Some(stream) = self.slot.take()
            && let Some(socket) = self.socket.take()
        {
            let (driver, runtime) = (Driver::new(socket, stream), Handle::current());
            self.slot.give(Box::new(move || drop(runtime.spawn(driver))));
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
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
    use std::task::Waker;

    use axum_core::body::Body;
    use futures_util::stream;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::serve::graceful::Graceful;

    #[tokio::test]
    async fn the_flush_that_takes_a_connection_over_fails_and_the_stream_starts_later() {
        let (socket, mut client) = tokio::io::duplex(1024);
        let mut io = TakeOverIo::new(socket, Streams::new());
        let body = Body::from_stream(stream::iter([Ok::<_, io::Error>("data: 1\n\n")]));
        io.slot().offer(Graceful::new(body, false, io.streams().clone()));
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(matches!(Pin::new(&mut io).poll_flush(cx), Poll::Ready(Ok(()))) && io.get_ref().is_some());
        io.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        assert!(matches!(Pin::new(&mut io).poll_flush(cx), Poll::Ready(Err(_))) && io.get_ref().is_none());
        assert_eq!(io.streams().taken_over(), 1);
        assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
        io.slot().collect().unwrap()();
        let mut received = String::new();
        client.read_to_string(&mut received).await.unwrap();
        assert_eq!(received, "HTTP/1.1 200 OK\r\n\r\n9\r\ndata: 1\n\n\r\n0\r\n\r\n");
    }
}
