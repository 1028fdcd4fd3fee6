//! The response.

use std::time::Duration;

use axum_core::{
    BoxError,
    body::Body,
    response::{IntoResponse, Response},
};
use futures_core::Stream;
use http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use sse_core::{Outgoing, Retry, SendError, SseEvent};

use crate::{Action, First, KeepAlive, action::OnError, age, body::SseBody};

/// The content type; `no-transform` keeps compression, which buffers, away; nginx and others do not buffer where the
/// last one says so.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
];

/// A response that streams events: `E`, [`Frame<E>`](sse_core::Frame), [`Encoded<E>`](sse_core::Encoded) or a
/// `Result` of these, where `E` has `#[derive(SseEvent)]`.
///
/// - **Start.** The status and the headers go out at once, before any event is ready: servers flush the head of a
///   response as soon as its body has to wait. So no comment is sent ahead of the events; `EventSource` is open then.
/// - **Events** that are ready together go out together, in one write. Nothing is pulled out of the stream while the
///   client does not read, and nothing is held while the stream is idle, which is when a [`KeepAlive`] comment goes
///   out now and then.
/// - **End.** The body ends after an event that is marked as terminal, or with the stream. Clients connect again unless
///   they know that it was the last event; [`no_content`](crate::no_content) is the answer that stops them.
/// - **Failure.** When the stream yields an error, or an event that cannot be encoded, what came before it is sent and
///   the body is cut, so that clients see a broken connection and not an orderly end; [`on_error`](Self::on_error)
///   does otherwise. Of an event that fails, not one byte is sent.
/// - **Client gone.** The stream is dropped, and with it all that it holds.
///
/// A stream that is never pending still yields to the other tasks. A `HEAD` request gets the head of the response, and
/// its stream is dropped without having been polled.
///
/// Polling the body needs a tokio runtime with its time driver, as axum's own server has it.
///
/// # Examples
///
/// ```
/// use axum::{Router, routing::get};
/// use futures_util::{Stream, stream};
/// use sse_axum::{Sse, sse_core::{EventName, RawEventBuf}};
///
/// async fn hello() -> Sse<impl Stream<Item = RawEventBuf>> {
///     let event = RawEventBuf::new(EventName::from_static("greeting"), "hello");
///     Sse::new(stream::iter([event]))
/// }
///
/// let app: Router = Router::new().route("/hello", get(hello));
/// ```
#[must_use = "a response does nothing unless it is returned"]
#[derive(Debug)]
pub struct Sse<S: Stream<Item: Outgoing>> {
    body: SseBody<S>,
}

impl<S> Sse<S>
where
    S: Stream<Item: Outgoing<Error: Into<BoxError>>> + Send + 'static,
{
    /// A response of this stream's events. The errors of a stream that may fail are what the server is told when the
    /// body is cut: any type that becomes a boxed error, as every [`Error`](std::error::Error) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{Sse, sse_core::{EventName, RawEventBuf}};
    ///
    /// let event = RawEventBuf::new(EventName::from_static("greeting"), "hello");
    /// let response = Sse::new(stream::iter([event]));
    /// ```
    pub fn new(stream: S) -> Self {
        Self { body: SseBody::new(stream) }
    }

    /// With another keep-alive than the default one.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse, sse_core::RawEventBuf};
    ///
    /// let keep_alive = KeepAlive::new().interval(Duration::from_secs(5));
    /// let response = Sse::new(stream::pending::<RawEventBuf>()).keep_alive(keep_alive);
    /// ```
    pub fn keep_alive(mut self, keep_alive: KeepAlive) -> Self {
        self.body.keep_alive(keep_alive);
        self
    }

    /// With a reconnection time, sent ahead of all events and at once: how long a client waits before it connects again.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use futures_util::stream;
    /// use sse_axum::{Sse, sse_core::RawEventBuf};
    ///
    /// let response = Sse::new(stream::pending::<RawEventBuf>()).retry(Duration::from_secs(10));
    /// ```
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.body.retry(retry.into());
        self
    }

    /// Asks what to do when the stream yields an error, or an event that cannot be encoded, in place of cutting the
    /// body. It is also the place to log the error: a body that is cut says nothing in the server's log.
    ///
    /// An answer that cannot be encoded either cuts the body.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{Action, Sse, sse_core::{EventName, RawEventBuf, SendError}};
    ///
    /// let prices = stream::iter([Ok(RawEventBuf::new(EventName::from_static("price"), "42")), Err("the exchange is gone")]);
    /// let response = Sse::new(prices).on_error(|error| match error {
    ///     SendError::Source(text) => Action::SendAndEnd(RawEventBuf::new(EventName::from_static("error"), text)),
    ///     _ => Action::Cut,
    /// });
    /// ```
    pub fn on_error<E, Err>(mut self, answer: impl FnMut(SendError<Err>) -> Action<E> + Send + 'static) -> Self
    where
        S::Item: Outgoing<Event = E, Error = Err>,
        E: SseEvent,
    {
        self.body.on_error(OnError::new(answer));
        self
    }

    /// Ends the body as soon as `signal` is ready, between two events: a graceful shutdown waits for all connections,
    /// and an open stream would hold it up for ever. Clients connect again, and find the next server.
    ///
    /// Any future will do; each stream takes one of its own, such as `CancellationToken::cancelled_owned` of
    /// `tokio-util`. Given more than once, the first that is ready ends the body. A client that has stopped reading is
    /// not asked: it holds up its connection, as it would with any response.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, extract::State, routing::get};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::{Sse, sse_core::RawEventBuf};
    /// use tokio::sync::watch;
    ///
    /// async fn events(State(stop): State<watch::Receiver<bool>>) -> Sse<impl Stream<Item = RawEventBuf>> {
    ///     Sse::new(stream::pending()).shutdown(stopped(stop))
    /// }
    ///
    /// async fn stopped(mut stop: watch::Receiver<bool>) {
    ///     // A sender that is gone says so too.
    ///     let _ = stop.wait_for(|stop| *stop).await;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stopper, stop) = watch::channel(false);
    /// let app = Router::new().route("/events", get(events)).with_state(stop.clone());
    /// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    /// let serve = axum::serve(listener, app.into_make_service()).with_graceful_shutdown(stopped(stop));
    /// # let serve = serve.into_future();
    ///
    /// // Elsewhere, as after `tokio::signal::ctrl_c().await`:
    /// stopper.send_replace(true);
    /// serve.await
    /// # }
    /// ```
    pub fn shutdown(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.body.end_with(signal);
        self
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
    /// use sse_axum::{Sse, sse_core::RawEventBuf};
    ///
    /// let response = Sse::new(stream::pending::<RawEventBuf>()).max_age(Duration::from_secs(60 * 60));
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        self.body.end_with(age::reached(age));
        self
    }
}

impl<S, T, Err> Sse<First<S>>
where
    S: Stream<Item = Result<T, Err>> + Send + 'static,
    Result<T, Err>: Outgoing<Error: Into<BoxError>> + Send,
{
    /// Waits for the first item before there is a response, so that an error which the stream begins with can still
    /// become a status of its own. Nothing is sent until then, not even the head.
    ///
    /// # Errors
    ///
    /// With the error that the stream yields first. Later ones, and events that cannot be encoded, go the way of
    /// [`on_error`](Self::on_error).
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{http::StatusCode, response::{IntoResponse, Response}};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::{Sse, sse_core::RawEventBuf};
    ///
    /// # fn ask_upstream() -> impl Stream<Item = Result<RawEventBuf, std::io::Error>> + Send + 'static {
    /// #     stream::iter([Err(std::io::Error::other("no upstream"))])
    /// # }
    /// async fn answer() -> Response {
    ///     match Sse::try_first(ask_upstream()).await {
    ///         Ok(sse) => sse.into_response(),
    ///         Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    ///     }
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// assert_eq!(answer().await.status(), StatusCode::BAD_GATEWAY);
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn try_first(stream: S) -> Result<Self, Err> {
        Ok(Self::new(First::new(stream).await.into_result()?))
    }
}

impl<S> IntoResponse for Sse<S>
where
    S: Stream<Item: Outgoing<Error: Into<BoxError>>> + Send + 'static,
{
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::new(self.body));
        response.headers_mut().extend(HEADERS);
        response
    }
}
