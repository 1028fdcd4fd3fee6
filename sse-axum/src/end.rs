//! How a stream is ended from outside.

use std::{pin::Pin, time::Duration};

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::StreamItem;

use crate::{CloseReason, Sse, age, batch::WriteEvent};

/// Ends the body when it is ready.
pub(crate) type End = Pin<Box<dyn Future<Output = Ending> + Send>>;

/// How the body is ended.
pub(crate) struct Ending {
    pub(crate) reason: CloseReason,
    /// Sent behind all others.
    pub(crate) last: Option<Box<dyn WriteEvent + Send>>,
}

impl<S, O> Sse<S>
where
    S: Stream<Item = O> + Send + 'static,
    O: StreamItem<Error: Into<BoxError>>,
{
    /// Ends the body as soon as `signal` is ready, between two events: a graceful shutdown waits for all connections,
    /// and an open stream would hold it up for ever. Clients connect again, and find the next server.
    ///
    /// Any future will do; each stream takes one of its own, such as `CancellationToken::cancelled_owned` of
    /// `tokio-util`. Given more than once, the first that is ready ends the body. A client that has stopped reading is
    /// not asked: it holds up its connection, as it would with any response.
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
    ///     // A sender that is gone says so too.
    ///     let _ = stop.wait_for(|stop| *stop).await;
    /// }
    ///
    /// /// Ctrl-C, or the signal with which a service is stopped.
    /// async fn asked_to_stop() -> std::io::Result<()> {
    ///     #[cfg(unix)]
    ///     {
    ///         use tokio::signal::unix::{SignalKind, signal};
    ///
    ///         let mut terminate = signal(SignalKind::terminate())?;
    ///         tokio::select! {
    ///             asked = tokio::signal::ctrl_c() => asked,
    ///             _ = terminate.recv() => Ok(()),
    ///         }
    ///     }
    ///     #[cfg(not(unix))]
    ///     tokio::signal::ctrl_c().await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stopper, stop) = watch::channel(false);
    /// let app = Router::new().route("/events", get(events)).with_state(stop.clone());
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    /// let serve = axum::serve(listener, app.into_make_service()).with_graceful_shutdown(stopped(stop));
    ///
    /// let (served, asked) = tokio::join!(serve.into_future(), async {
    ///     let asked = asked_to_stop().await;
    ///     stopper.send_replace(true);
    ///     asked
    /// });
    /// served.and(asked)
    /// # }
    /// ```
    ///
    /// The example `ticker` has this, and bounds the wait for clients that have stopped reading.
    pub fn shutdown(self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.end_with(async move {
            signal.await;
            Ending { reason: CloseReason::Shutdown, last: None }
        })
    }

    /// As [`shutdown`](Self::shutdown), with a last event behind all others: it tells clients that this is no failure.
    ///
    /// They connect again all the same, unless the event is marked as terminal, which tells those that read the type
    /// to stay away. An event that cannot be encoded is what [`on_error`](Self::on_error) is asked about; the body
    /// ends in any case.
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
    ///     ServerGone,
    /// }
    ///
    /// async fn events(State(stop): State<CancellationToken>) -> Sse<impl Stream<Item = Job>> {
    ///     Sse::new(stream::pending()).shutdown_with(stop.cancelled_owned(), Job::ServerGone)
    /// }
    /// # let _ = events(State(CancellationToken::new()));
    /// ```
    pub fn shutdown_with(self, signal: impl Future<Output = ()> + Send + 'static, last: O::Event) -> Self
    where
        O::Event: Send + 'static,
    {
        self.end_with(async move {
            signal.await;
            Ending { reason: CloseReason::Shutdown, last: Some(Box::new(last)) }
        })
    }

    /// Ends the body when it is about this old, between two events: clients connect again and go on where they were,
    /// perhaps on another server. So load spreads out again after a deploy, and nobody holds an old login for days.
    ///
    /// Each stream ends at a random moment between nine tenths of the age and the age, so that clients that came
    /// together do not come again together.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
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
