//! The server: the listener, the make-service and the shutdown together.

use std::{
    convert::Infallible,
    fmt::{self, Debug},
    future::{self, Pending},
    io,
    marker::PhantomData,
    pin::Pin,
    time::Duration,
};

use axum::serve::{IncomingStream, Listener};
use axum_core::{extract::Request, response::Response};
use tower_service::Service;

use super::{listener::TakeOver, service::MakeTakeOver};

/// Serves a router like `axum::serve`, in less memory per event stream, and with streams that end at a shutdown.
///
/// The arguments are those of `axum::serve`: a listener, and a `Router`, a `MethodRouter`, or what `into_make_service`
/// returns. The module [`serve`](mod@crate::serve) describes the differences.
///
/// # Examples
///
/// ```no_run
/// use std::convert::Infallible;
///
/// use axum::{Router, routing::get};
/// use futures_util::{Stream, stream};
/// use sse_axum::Sse;
/// use sse_core::SseEvent;
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
/// }
///
/// async fn events() -> Sse<impl Stream<Item = Job>> {
///     Sse::new(stream::pending())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let app = Router::new().route("/events", get(events));
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// sse_axum::serve(listener, app)
///     .with_graceful_shutdown(async {
///         let _ = tokio::signal::ctrl_c().await;
///     })
///     .await
/// # }
/// ```
pub fn serve<L, M, S>(listener: L, make_service: M) -> Serve<L, M, S>
where
    L: Listener,
    M: for<'a> Service<IncomingStream<'a, TakeOver<L>>, Error = Infallible, Response = S>,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    Serve { listener: TakeOver::new(listener), make_service, signal: future::pending(), service: PhantomData }
}

/// The server that [`serve`](crate::serve()) returns. Await it to run the server.
///
/// Like `axum::serve`, it does not return unless it has a [signal to shut
/// down](Self::with_graceful_shutdown), and it never returns an error.
#[must_use = "a server does nothing unless it is awaited"]
pub struct Serve<L, M, S, F = Pending<()>> {
    listener: TakeOver<L>,
    make_service: M,
    signal: F,
    service: PhantomData<fn() -> S>,
}

impl<L, M, S, F> Serve<L, M, S, F> {
    /// Shuts the server down when `signal` completes.
    ///
    /// The server then accepts no more connections, ends all event streams, and waits for the other responses. An event
    /// stream with its own [`shutdown`](crate::Sse::shutdown) or [`shutdown_with`](crate::Sse::shutdown_with) has half a
    /// second to end by itself. Others end after that, between two events. A client that does not read delays the shutdown
    /// by five seconds.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let app = axum::Router::new();
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// let interrupted = async {
    ///     let _ = tokio::signal::ctrl_c().await;
    /// };
    /// sse_axum::serve(listener, app).with_graceful_shutdown(interrupted).await
    /// # }
    /// ```
    pub fn with_graceful_shutdown<G>(self, signal: G) -> Serve<L, M, S, G>
    where
        G: Future<Output = ()> + Send + 'static,
    {
        let Self { listener, make_service, signal: _, service } = self;
        Serve { listener, make_service, signal, service }
    }

    /// Sets the time without an accepted byte after which a stream is cut whose client does not read. The default is 30
    /// seconds. Zero turns it off.
    ///
    /// It concerns connections that are taken over. hyper has no such limit for other responses.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let app = axum::Router::new();
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// sse_axum::serve(listener, app).write_timeout(Duration::from_secs(10)).await
    /// # }
    /// ```
    pub fn write_timeout(self, timeout: Duration) -> Self {
        Self { listener: self.listener.write_timeout(timeout), ..self }
    }

    /// Returns a handle to the event streams, which reports how many connections are taken over.
    #[must_use]
    pub fn streams(&self) -> super::Streams {
        self.listener.streams()
    }

    /// Returns the address that the listener is bound to.
    ///
    /// # Errors
    ///
    /// Returns the error of the listener.
    pub fn local_addr(&self) -> io::Result<L::Addr>
    where
        L: Listener,
    {
        self.listener.local_addr()
    }
}

impl<L: Debug, M: Debug, S, F> Debug for Serve<L, M, S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("listener", &self.listener)
            .field("make_service", &self.make_service)
            .finish_non_exhaustive()
    }
}

impl<L, M, S, F> IntoFuture for Serve<L, M, S, F>
where
    L: Listener,
    L::Addr: Clone + Debug + Send + Sync + 'static,
    M: for<'a> Service<IncomingStream<'a, TakeOver<L>>, Error = Infallible, Response = S> + Send + 'static,
    for<'a> <M as Service<IncomingStream<'a, TakeOver<L>>>>::Future: Send,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    F: Future<Output = ()> + Send + 'static,
{
    type Output = io::Result<()>;
    type IntoFuture = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { listener, make_service, signal, service: _ } = self;
        let streams = listener.streams();
        let ending = streams.clone();
        let signal = async move {
            signal.await;
            ending.end();
        };
        let server =
            axum::serve(listener, MakeTakeOver::new(make_service)).with_graceful_shutdown(signal).into_future();
        Box::pin(async move {
            server.await?;
            // A driver is counted before its connection's task ends, which axum has waited for.
            streams.ended().await;
            Ok(())
        })
    }
}
