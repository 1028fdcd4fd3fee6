//! The listener whose connections can be taken over.

use std::{io, time::Duration};

use axum::serve::Listener;

use super::{io::TakeOverIo, streams::Streams};

/// A listener whose connections can be taken over for event streams, around another listener such as a `TcpListener`.
///
/// It has to be the outermost one. A listener around it that limits the number of connections would count a connection only
/// until it is taken over.
///
/// See [`Streams`] for an example.
#[derive(Debug)]
pub struct TakeOver<L> {
    inner: L,
    streams: Streams,
}

impl<L> TakeOver<L> {
    /// Wraps a listener.
    pub fn new(listener: L) -> Self {
        Self { inner: listener, streams: Streams::new() }
    }

    /// Sets the time without an accepted byte after which a stream is cut whose client does not read. The default is 30
    /// seconds. Zero turns it off.
    #[must_use]
    pub fn write_timeout(self, timeout: Duration) -> Self {
        self.streams.set_write_timeout(timeout);
        self
    }

    /// Returns a handle to the event streams of all connections.
    #[must_use]
    pub fn streams(&self) -> Streams {
        self.streams.clone()
    }
}

impl<L: Listener> Listener for TakeOver<L> {
    type Io = TakeOverIo<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (socket, address) = self.inner.accept().await;
        (TakeOverIo::new(socket, self.streams.clone()), address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}
