//! `Sse::shutdown`, `Sse::shutdown_with`, `Sse::max_age`: ending a stream from outside.

use std::time::Duration;

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use super::Sse;
use crate::{age, close::CloseReason, ending::Ending};

impl<S, I> Sse<S>
where
    S: Stream<Item = I> + Send + 'static,
    I: StreamItem<Error: Into<BoxError>>,
{
    /// Ends the body between two events when `signal` completes.
    ///
    /// A graceful shutdown waits for all connections, so a stream that does not end would block it forever. When the
    /// stream ends, its client reconnects and reaches the next server. `sse_axum::serve`, with the feature `serve`, ends
    /// every stream without this method.
    ///
    /// Any future can be the signal, for example `CancellationToken::cancelled_owned` of `tokio-util`. Each stream
    /// needs its own future. If this method is called more than once, the first signal that completes ends the body.
    ///
    /// The signal does not close the connection of a client that has stopped reading. As with any other response, such
    /// a client delays the shutdown.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use axum::{Router, extract::State, routing::get};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::Sse;
    /// use tokio::sync::watch;
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// async fn events(State(stop): State<watch::Receiver<bool>>) -> Sse<impl Stream<Item = Job>> {
    ///     Sse::new(stream::pending()).shutdown(stopped(stop))
    /// }
    ///
    /// async fn stopped(mut stop: watch::Receiver<bool>) {
    ///     // An error means that the sender was dropped, which is a reason to stop as well.
    ///     let _ = stop.wait_for(|stop| *stop).await;
    /// }
    ///
    /// /// Waits for Ctrl-C or SIGTERM.
    /// async fn shutdown_signal() -> std::io::Result<()> {
    ///     #[cfg(unix)]
    ///     {
    ///         use tokio::signal::unix::{SignalKind, signal};
    ///
    ///         let mut terminate = signal(SignalKind::terminate())?;
    ///         tokio::select! {
    ///             received = tokio::signal::ctrl_c() => received,
    ///             _ = terminate.recv() => Ok(()),
    ///         }
    ///     }
    ///     #[cfg(not(unix))]
    ///     tokio::signal::ctrl_c().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (sender, stop) = watch::channel(false);
    /// let app = Router::new().route("/events", get(events)).with_state(stop.clone());
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// let serve = axum::serve(listener, app.into_make_service()).with_graceful_shutdown(stopped(stop));
    ///
    /// let (served, received) = tokio::join!(serve.into_future(), async {
    ///     let received = shutdown_signal().await;
    ///     sender.send_replace(true);
    ///     received
    /// });
    /// served.and(received)
    /// # }
    /// ```
    ///
    /// The program `examples/ticker` also limits how long the shutdown waits for clients that have stopped reading.
    pub fn shutdown(self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.end_with(async move {
            signal.await;
            Ending { reason: CloseReason::Shutdown, last: None }
        })
    }

    /// Like [`shutdown`](Self::shutdown), but sends a last event, so that clients can distinguish a shutdown from a
    /// failure.
    ///
    /// Clients still reconnect, unless the event is terminal and the client decodes this type. If the event cannot be
    /// encoded, [`on_error`](Self::on_error) is called, and the body ends or is cut.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::extract::State;
    /// use futures_util::{Stream, stream};
    /// use sse_axum::Sse;
    /// use sse_core::SseEvent;
    /// use tokio_util::sync::CancellationToken;
    ///
    /// #[derive(SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    ///     ShuttingDown,
    /// }
    ///
    /// async fn events(State(stop): State<CancellationToken>) -> Sse<impl Stream<Item = Job>> {
    ///     Sse::new(stream::pending()).shutdown_with(stop.cancelled_owned(), Job::ShuttingDown)
    /// }
    /// # let _ = events(State(CancellationToken::new()));
    /// ```
    pub fn shutdown_with(self, signal: impl Future<Output = ()> + Send + 'static, last: I::Event) -> Self
    where
        I::Event: Send + 'static,
    {
        self.end_with(async move {
            signal.await;
            Ending { reason: CloseReason::Shutdown, last: Some(Box::new(last)) }
        })
    }

    /// Ends the body between two events after at most `age`.
    ///
    /// Clients reconnect and resume, possibly on another server. This distributes the load again after a deploy, and
    /// limits how long a client can use an expired login.
    ///
    /// The exact time is random, between 90 % and 100 % of `age`, so that clients that connected together do not
    /// reconnect together.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::stream;
    /// use sse_axum::Sse;
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let response = Sse::new(stream::pending::<Job>()).max_age(Duration::from_secs(60 * 60));
    /// ```
    pub fn max_age(self, age: Duration) -> Self {
        self.end_with(async move {
            age::reached(age).await;
            Ending { reason: CloseReason::MaxAge, last: None }
        })
    }

    fn end_with(mut self, end: impl Future<Output = Ending> + Send + 'static) -> Self {
        self.body.options().ends.push(Box::pin(end));
        self
    }
}
