//! The make-service, and the service of a connection.

use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    extract::ConnectInfo,
    serve::{IncomingStream, Listener},
};
use axum_core::{body::Body, extract::Request, response::Response};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    decision::{self, Decision},
    graceful::Graceful,
    io::TakeOverIo,
    listener::TakeOver,
    streams::Streams,
    stub::{StreamSlot, Stub},
};

/// A make-service for the connections of a [`TakeOver`] listener, around another make-service such as a `Router`.
///
/// It takes over the connections of event streams. It also adds `ConnectInfo` with the address of the client to each
/// request.
///
/// See [`Streams`] for an example.
#[derive(Clone, Debug)]
pub struct MakeTakeOver<M> {
    inner: M,
}

impl<M> MakeTakeOver<M> {
    /// Wraps a make-service: a `Router`, a `MethodRouter`, or what `into_make_service` returns.
    pub const fn new(make_service: M) -> Self {
        Self { inner: make_service }
    }
}

impl<'a, L, M> Service<IncomingStream<'a, TakeOver<L>>> for MakeTakeOver<M>
where
    L: Listener,
    L::Addr: Clone,
    M: Service<IncomingStream<'a, TakeOver<L>>, Error = Infallible>,
{
    type Response = TakeOverService<M::Response, L::Addr>;
    type Error = Infallible;
    type Future = MakeTakeOverFuture<M::Future, L::Addr>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, incoming: IncomingStream<'a, TakeOver<L>>) -> Self::Future {
        let connection = Connection::new(incoming.io(), incoming.remote_addr().clone());
        MakeTakeOverFuture { inner: self.inner.call(incoming), connection: Some(connection) }
    }
}

/// The part of a connection that its responses need.
#[derive(Clone)]
struct Connection<A> {
    slot: Arc<StreamSlot>,
    streams: Streams,
    address: A,
}

impl<A> Connection<A> {
    fn new<I>(io: &TakeOverIo<I>, address: A) -> Self {
        Self { slot: io.slot(), streams: io.streams().clone(), address }
    }
}

pin_project! {
    /// The future of [`MakeTakeOver`].
    pub struct MakeTakeOverFuture<F, A> {
        #[pin]
        inner: F,
        connection: Option<Connection<A>>,
    }
}

impl<F, A> fmt::Debug for MakeTakeOverFuture<F, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MakeTakeOverFuture").finish_non_exhaustive()
    }
}

impl<F, S, A> Future for MakeTakeOverFuture<F, A>
where
    F: Future<Output = Result<S, Infallible>>,
{
    type Output = Result<TakeOverService<S, A>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(inner) = ready!(this.inner.poll(cx));
        // A future is not polled again after it is ready, so this is never pending.
        this.connection
            .take()
            .map_or(Poll::Pending, |connection| Poll::Ready(Ok(TakeOverService { inner, connection })))
    }
}

/// The service of a connection, made by [`MakeTakeOver`].
#[derive(Clone)]
pub struct TakeOverService<S, A> {
    inner: S,
    connection: Connection<A>,
}

impl<S: fmt::Debug, A> fmt::Debug for TakeOverService<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakeOverService").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<S, A> Service<Request> for TakeOverService<S, A>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    A: Clone + Send + Sync + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = TakeOverFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let Connection { slot, streams, address } = &self.connection;
        request.extensions_mut().insert(ConnectInfo(address.clone()));
        TakeOverFuture {
            can_take_over: decision::can_take_over(&request),
            inner: self.inner.call(request),
            slot: Arc::clone(slot),
            streams: streams.clone(),
        }
    }
}

pin_project! {
    /// The future of [`TakeOverService`].
    pub struct TakeOverFuture<F> {
        #[pin]
        inner: F,
        can_take_over: bool,
        slot: Arc<StreamSlot>,
        streams: Streams,
    }
}

impl<F> fmt::Debug for TakeOverFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TakeOverFuture").field("can_take_over", &self.can_take_over).finish_non_exhaustive()
    }
}

impl<F> Future for TakeOverFuture<F>
where
    F: Future<Output = Result<Response, Infallible>>,
{
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(mut response) = ready!(this.inner.poll(cx));
        let decision = decision::decide(*this.can_take_over, &response);
        let is_encoded = decision::is_encoded(response.headers());
        let graceful = |body| Graceful::new(body, is_encoded, this.streams.clone());
        Poll::Ready(Ok(match decision {
            Decision::Leave => response,
            Decision::End => response.map(|body| Body::new(graceful(body))),
            Decision::TakeOver => {
                decision::announce_close(response.headers_mut());
                response.map(|body| Body::new(Stub::new(graceful(body), Arc::clone(this.slot))))
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::{future::ready, io, net::SocketAddr};

    use axum::{Router, http::header::CONTENT_TYPE, routing::get};
    use futures_util::{StreamExt as _, stream};
    use tokio::{
        io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    /// A listener around the one that takes over, which may keep from it when to flush.
    struct Around {
        inner: TakeOver<TcpListener>,
        is_flushed: bool,
    }

    struct AroundIo {
        inner: TakeOverIo<TcpStream>,
        is_flushed: bool,
    }

    impl Listener for Around {
        type Io = AroundIo;
        type Addr = SocketAddr;

        async fn accept(&mut self) -> (AroundIo, SocketAddr) {
            let (inner, address) = self.inner.accept().await;
            (AroundIo { inner, is_flushed: self.is_flushed }, address)
        }

        fn local_addr(&self) -> io::Result<SocketAddr> {
            self.inner.local_addr()
        }
    }

    impl AsyncRead for AroundIo {
        fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.inner).poll_read(cx, buffer)
        }
    }

    impl AsyncWrite for AroundIo {
        fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
            Pin::new(&mut self.inner).poll_write(cx, bytes)
        }

        fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            if self.is_flushed { Pin::new(&mut self.inner).poll_flush(cx) } else { Poll::Ready(Ok(())) }
        }

        fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            Pin::new(&mut self.inner).poll_shutdown(cx)
        }
    }

    /// Makes services as [`MakeTakeOver`] does.
    #[derive(Clone)]
    struct Make(Router);

    impl Service<IncomingStream<'_, Around>> for Make {
        type Response = TakeOverService<Router, SocketAddr>;
        type Error = Infallible;
        type Future = std::future::Ready<Result<Self::Response, Infallible>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, incoming: IncomingStream<'_, Around>) -> Self::Future {
            let connection = Connection::new(&incoming.io().inner, *incoming.remote_addr());
            ready(Ok(TakeOverService { inner: self.0.clone(), connection }))
        }
    }

    /// Opens a stream, and returns the connection, the streams of the server, and what the client has read up to the second
    /// event.
    async fn open(is_flushed: bool) -> (TcpStream, Streams, String) {
        let frames = || stream::iter(["data: 1\n\n", "data: 2\n\n"].map(Ok::<_, Infallible>)).chain(stream::pending());
        let respond = async move || ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames()));
        let inner = TakeOver::new(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let (address, streams) = (inner.local_addr().unwrap(), inner.streams());
        let make = Make(Router::new().route("/", get(respond)));
        tokio::spawn(axum::serve(Around { inner, is_flushed }, make).into_future());
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let mut read = String::new();
        while !read.ends_with("data: 2\n\n\r\n") {
            read.push(char::from(client.read_u8().await.unwrap()));
        }
        (client, streams, read)
    }

    #[tokio::test]
    async fn a_server_that_flushes_as_hyper_does_is_taken_over() {
        let (_client, streams, read) = open(true).await;
        assert_eq!(streams.taken_over(), 1);
        assert!(read.ends_with("\r\n\r\n12\r\ndata: 1\n\ndata: 2\n\n\r\n"), "{read}");
    }

    #[tokio::test]
    async fn a_server_that_flushes_otherwise_keeps_the_stream() {
        let (mut client, streams, read) = open(false).await;
        assert_eq!(streams.taken_over(), 0);
        assert!(read.ends_with("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n"), "{read}");
        assert!(read.contains("connection: close\r\n"));
        // It ends at a shutdown as well.
        streams.end();
        let mut rest = String::new();
        client.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "0\r\n\r\n");
    }
}
