//! The response and its builder methods.

mod close;
mod end;
mod peek;

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

use crate::{
    body::SseBody,
    error_action::{ErrorAction, OnError},
    item_stream::ItemStream,
    keep_alive::KeepAlive,
    trace::Trace,
};

/// The default headers. `no-transform` forbids proxies from compressing the body, which would delay events.
/// `X-Accel-Buffering: no` turns off buffering in nginx and in other proxies that support it.
const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8")),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform")),
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
];

/// A response that sends a stream of typed events to the client.
///
/// The stream yields events `E`, [`Envelope<E>`](sse_core::Envelope), [`Encoded<E>`](sse_core::Encoded), or a `Result`
/// of one of these. `E` is a type with `#[derive(SseEvent)]`.
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
/// # Behavior
///
/// - **Start.** The status and the headers are sent immediately, before the first event is ready. No initial comment is
///   needed: a browser's `EventSource` is open once it has the headers.
/// - **Events.** Events that are ready together are joined into one frame, up to about 32 KiB. The stream is not polled
///   while the client does not read. A stream that is always ready still yields to other tasks.
/// - **Idle.** An idle stream holds no buffer. It sends an empty comment every 15 seconds;
///   [`keep_alive`](Self::keep_alive) changes that.
/// - **End.** The body ends after a terminal event, or when the stream ends. A browser then reconnects, unless the page
///   calls `close()` on a terminal event. If there are no more events, respond to the new request with
///   [`StopReconnecting`](crate::StopReconnecting).
/// - **Error.** If the stream yields an error, or an event that cannot be encoded, the events before it are sent and
///   the body is cut, so that the client sees a broken connection instead of an orderly end. Nothing of the failed
///   event is sent. [`on_error`](Self::on_error) changes that.
/// - **Disconnect.** The stream is dropped when the client disconnects.
///
/// A `HEAD` request is answered with the headers alone, and its stream is dropped without being polled.
///
/// Polling the body requires a Tokio runtime. Keep-alive, which is on by default, and `max_age` require its time
/// driver, which `#[tokio::main]` enables.
///
/// # Headers
///
/// | header | value | effect |
/// |---|---|---|
/// | `Content-Type` | `text/event-stream; charset=utf-8` | the body is an event stream in UTF-8 |
/// | `Cache-Control` | `no-cache, no-transform` | caches do not reuse the response without revalidation, and proxies do not compress it |
/// | `X-Accel-Buffering` | `no` | nginx does not buffer the response |
///
/// To add or replace a header, return a tuple of headers and the response, as with any axum response. The
/// [last example](#examples) does so.
///
/// # Examples
///
/// Sending events from a channel. `tokio_stream::wrappers::ReceiverStream` can be used instead of `unfold`:
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
///                 return; // The client has disconnected, so the stream and its receiver were dropped.
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
/// Replacing a default header and adding another one:
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
/// # assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "a response does nothing unless it is returned"]
pub struct Sse<S> {
    body: SseBody<S>,
}

/// Does not require `S: Debug`, because most streams do not implement it.
impl<S> fmt::Debug for Sse<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sse").field("body", &self.body).finish()
    }
}

impl<S> Sse<S>
where
    S: ItemStream<Item: StreamItem<Error: Into<BoxError>>> + Send + 'static,
{
    /// Creates a response that sends the events of `stream`.
    ///
    /// If the items are `Result`s, their error type must implement `Into<BoxError>`. Strings do, and so does every type
    /// that implements [`Error`] and is `Send + Sync + 'static`. Without [`on_error`](Self::on_error), the server
    /// receives this error when the body is cut.
    ///
    /// [`Error`]: std::error::Error
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
}

impl<S, I> Sse<S>
where
    S: Stream<Item = I> + Send + 'static,
    I: StreamItem<Error: Into<BoxError>>,
{
    /// Sets the keep-alive. The default is an empty comment every 15 seconds while the stream is idle.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// let keep_alive = KeepAlive::new().interval(Duration::from_secs(5));
    /// let response = Sse::new(stream::pending::<Job>()).keep_alive(keep_alive);
    /// ```
    pub fn keep_alive(mut self, keep_alive: KeepAlive<I::Event>) -> Self {
        self.body.options().keep_alive = keep_alive.erased();
        self
    }

    /// Sets the [reconnection time]: how long a client waits before it reconnects. By default none is sent, and clients
    /// use their own.
    ///
    /// The `retry` line is sent before all events, without waiting for the first one. Readers attribute it to the block
    /// of the first event. Its value is in milliseconds; a `Duration` is rounded down.
    ///
    /// [reconnection time]: https://html.spec.whatwg.org/multipage/server-sent-events.html#concept-event-stream-reconnection-time
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
    /// let response = Sse::new(stream::pending::<Job>()).retry(Duration::from_secs(10));
    /// ```
    pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
        self.body.options().retry = Some(retry.into());
        self
    }

    /// Sets the handler that is called when the stream yields an error or an event that cannot be encoded. The default
    /// is to cut the body.
    ///
    /// The handler returns the [`ErrorAction`] to take. If that sends an event which cannot be encoded either, the body
    /// is cut. The handler is also the place to log the error, because axum does not.
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
        handler: impl FnMut(SendError<I::Error>) -> ErrorAction<I::Event> + Send + 'static,
    ) -> Self {
        self.body.options().on_error = Some(OnError::new(handler));
        self
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
