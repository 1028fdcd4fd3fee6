//! The response.

use std::fmt;

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
use sse_core::{Retry, SendError, StreamItem};

use crate::{ErrorAction, KeepAlive, body::SseBody, error_action::OnError, peek::Peeked, trace::Trace};

/// The content type; `no-transform` keeps compression, which buffers, away; nginx and others do not buffer where the
/// last one says so.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
];

/// A response that streams events: `E`, [`Envelope<E>`](sse_core::Envelope), [`Encoded<E>`](sse_core::Encoded) or a
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
/// The response has the headers `Content-Type: text/event-stream`, `Cache-Control: no-cache, no-transform` and
/// `X-Accel-Buffering: no`, which keep caches, compression and the buffers of proxies away. Others go in front of it,
/// as with any response of axum, and so do others in their place.
///
/// Polling the body needs a tokio runtime with its time driver, as axum's own server has it.
///
/// # Examples
///
/// ```
/// use axum::{Router, routing::get};
/// use futures_util::{Stream, stream};
/// use sse_axum::Sse;
/// use sse_core::SseEvent;
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     #[sse(terminal)]
///     Done,
/// }
///
/// async fn events() -> Sse<impl Stream<Item = Job>> {
///     Sse::new(stream::iter([Job::Progress(50), Job::Done]))
/// }
///
/// let app: Router = Router::new().route("/events", get(events));
/// ```
///
/// Events often come out of a channel, which becomes a stream like this, or with `ReceiverStream` of `tokio-stream`; a
/// `Vec` becomes one with `stream::iter`:
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::Sse;
/// use tokio::sync::mpsc;
/// # use sse_core::SseEvent;
/// # #[derive(Debug, PartialEq, SseEvent)]
/// # enum Job { #[sse(event = "progress")] Progress(u8) }
///
/// async fn events() -> Sse<impl Stream<Item = Job>> {
///     let (sender, receiver) = mpsc::channel(16);
///     tokio::spawn(async move {
///         for percent in [50, 100] {
///             if sender.send(Job::Progress(percent)).await.is_err() {
///                 return; // The client is gone, and the receiver with its stream.
///             }
///         }
///     });
///     Sse::new(stream::unfold(receiver, async |mut receiver| Some((receiver.recv().await?, receiver))))
/// }
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// # let body = axum::response::IntoResponse::into_response(events().await).into_body();
/// # let bytes = axum::body::to_bytes(body, 1000).await.unwrap();
/// # assert_eq!(bytes, "event: progress\ndata: 50\n\nevent: progress\ndata: 100\n\n");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// With a header more, and one in place of a default:
///
/// ```
/// use axum::{http::header, response::IntoResponse};
/// use futures_util::stream;
/// use sse_axum::Sse;
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// async fn events() -> impl IntoResponse {
///     let headers = [(header::CACHE_CONTROL, "private, no-store, no-transform"), (header::VARY, "Cookie")];
///     (headers, Sse::new(stream::iter([Job::Progress(50)])))
/// }
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let response = events().await.into_response();
/// # assert_eq!(response.headers()["cache-control"], "private, no-store, no-transform");
/// # assert_eq!(response.headers()["vary"], "Cookie");
/// # assert_eq!(response.headers()["content-type"], "text/event-stream");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "a response does nothing unless it is returned"]
pub struct Sse<S> {
    pub(crate) body: SseBody<S>,
}

/// Of any stream: most have no `Debug` of their own.
impl<S> fmt::Debug for Sse<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sse").field("body", &self.body).finish()
    }
}

impl<S, O> Sse<S>
where
    S: Stream<Item = O> + Send + 'static,
    O: StreamItem<Error: Into<BoxError>>,
{
    /// A response of this stream's events. The errors of a stream that may fail are what the server is told when the
    /// body is cut: any type that becomes a boxed error, as every [`Error`](std::error::Error) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::Sse;
    /// use sse_core::SseEvent;
    ///
    /// #[derive(SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    /// }
    ///
    /// let response = Sse::new(stream::iter([Job::Progress(50), Job::Progress(100)]));
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
    /// use sse_axum::{KeepAlive, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let keep_alive = KeepAlive::new().interval(Duration::from_secs(5));
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(keep_alive);
    /// ```
    pub fn keep_alive(mut self, keep_alive: KeepAlive<O::Event>) -> Self {
        self.body.options().keep_alive = keep_alive.erased();
        self
    }

    /// With a [reconnection time], sent ahead of all events and at once: how long a client waits before it connects
    /// again, in whole milliseconds.
    ///
    /// [reconnection time]: https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time
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
    /// let response = Sse::new(stream::pending::<Job>()).retry(Duration::from_secs(10));
    /// ```
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.body.options().retry = Some(retry.into());
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
    /// use sse_axum::{ErrorAction, Sse};
    /// use sse_core::{SendError, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    ///     #[sse(error, terminal)]
    ///     Failed(String),
    /// }
    ///
    /// let job = stream::iter([Ok(Job::Progress(50)), Err("the disk is full")]);
    /// let response = Sse::new(job).on_error(|error| match error {
    ///     SendError::Source(text) => ErrorAction::Send(Job::Failed(text.to_owned())),
    ///     _ => ErrorAction::Cut,
    /// });
    /// ```
    pub fn on_error(
        mut self,
        answer: impl FnMut(SendError<O::Error>) -> ErrorAction<O::Event> + Send + 'static,
    ) -> Self {
        self.body.options().on_error = Some(OnError::new(answer));
        self
    }
}

impl<S, T, Err> Sse<S>
where
    S: Stream<Item = Result<T, Err>> + Send + 'static,
    Result<T, Err>: StreamItem<Error: Into<BoxError>> + Send,
{
    /// Waits for the first item of the stream, so that an error there can still become a status of its own.
    ///
    /// Nothing is sent until the first item is ready, neither the head of the response nor a keep-alive. If that can
    /// take long, bound it with `tokio::time::timeout`. A client that leaves meanwhile drops the stream.
    ///
    /// # Errors
    ///
    /// Returns the error if the first item of the stream is one. Later errors, and events that cannot be encoded, are
    /// handled by [`on_error`](Self::on_error).
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{http::StatusCode, response::{IntoResponse, Response}};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::Sse;
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # fn ask_upstream() -> impl Stream<Item = Result<Job, std::io::Error>> + Send + 'static {
    /// #     stream::iter([Err(std::io::Error::other("no upstream"))])
    /// # }
    /// async fn answer() -> Response {
    ///     match Sse::peek_first(ask_upstream()).await {
    ///         Ok(sse) => sse.into_response(),
    ///         Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    ///     }
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// assert_eq!(answer().await.status(), StatusCode::BAD_GATEWAY);
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub async fn peek_first(stream: S) -> Result<Sse<impl Stream<Item = Result<T, Err>> + Send + 'static>, Err> {
        Ok(Sse::new(Peeked::new(stream).await?))
    }
}

impl<S> IntoResponse for Sse<S>
where
    S: Stream<Item: StreamItem<Error: Into<BoxError>>> + Send + 'static,
{
    fn into_response(mut self) -> Response {
        if let Some(trace) = Trace::open() {
            self.body.options().closer.trace = Some(trace);
        }
        let mut response = Response::new(Body::new(self.body));
        response.headers_mut().extend(HEADERS);
        response
    }
}
