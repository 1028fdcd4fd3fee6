//! Reading a response envelope by envelope.

use std::{convert::Infallible, fmt, future::poll_fn, marker::PhantomData, pin::Pin, time::Duration};

use axum_core::{
    body::{Body, BodyDataStream},
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_core::Stream as _;
use http::{StatusCode, header::CONTENT_TYPE, response::Parts};
use sse_core::{Envelope, Limits, Retry, SseDecodeOwned};
use tower_service::Service;

use super::{ReadError, envelopes::Envelopes};

/// The default time limit of a call. It is longer than a test should take, so only a call that hangs exceeds it.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A reader for tests that decodes a response envelope by envelope.
///
/// Use it for a stream that does not end, or to send a request to a whole router. For a response that ends, a single
/// call of [`events`](super::events) or [`envelopes`](super::envelopes) is sufficient.
///
/// # Examples
///
/// Testing the keep-alive of an idle stream, with a paused clock:
///
/// ```
/// use std::time::Duration;
///
/// use futures_util::{StreamExt, stream};
/// use sse_axum::{Sse, test::ResponseReader};
/// use sse_core::{Comment, Envelope, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), sse_axum::test::ReadError> {
/// let idle = Sse::new(stream::iter([Job::Progress(0)]).chain(stream::pending()));
/// let mut reader = ResponseReader::<Job>::new(idle);
/// assert_eq!(reader.next().await?, Some(Envelope::new(Job::Progress(0))));
/// assert_eq!(reader.next().await?, Some(Envelope::comment(Comment::default())));
/// # Ok(())
/// # }
/// ```
#[must_use = "a reader does nothing unless it is read from"]
pub struct ResponseReader<E> {
    head: Parts,
    body: BodyDataStream,
    envelopes: Envelopes,
    timeout: Duration,
    event: PhantomData<fn() -> E>,
}

impl<E> ResponseReader<E> {
    /// Creates a reader of a response.
    pub fn new(response: impl IntoResponse) -> Self
    where
        E: SseDecodeOwned,
    {
        let (head, body) = response.into_response().into_parts();
        let envelopes = Envelopes::default();
        Self { head, body: body.into_data_stream(), envelopes, timeout: TIMEOUT, event: PhantomData }
    }

    /// Sends a request to a service, such as axum's `Router`, and creates a reader of its response.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::{Router, body::Body, http::Request, routing::get};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::{LastEventId, Sse, test::ResponseReader};
    /// use sse_core::SseEvent;
    ///
    /// #[derive(Debug, PartialEq, SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Counter {
    ///     Count { #[sse(id)] number: u64 },
    /// }
    ///
    /// async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Counter>> {
    ///     let next = last.map_or(0, |last| last.saturating_add(1));
    ///     Sse::new(stream::iter((next..5).map(|number| Counter::Count { number })))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app: Router = Router::new().route("/events", get(counter));
    /// let request = Request::get("/events").header("last-event-id", "3").body(Body::empty())?;
    /// let mut reader = ResponseReader::from_service(app, request).await;
    /// let envelope = reader.next().await?.unwrap();
    /// assert_eq!(envelope.event, Some(Counter::Count { number: 4 }));
    /// assert_eq!(reader.last_event_id(), "4");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn from_service<S>(mut service: S, request: Request<Body>) -> Self
    where
        S: Service<Request<Body>, Response = Response, Error = Infallible>,
        E: SseDecodeOwned,
    {
        let Ok(()) = poll_fn(|cx| service.poll_ready(cx)).await;
        let Ok(response) = service.call(request).await;
        Self::new(response)
    }

    /// Sets the time limit of each call. The default is one minute.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::stream;
    /// use sse_axum::{KeepAlive, Sse, test::{ReadError, ResponseReader}};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let silent = Sse::new(stream::pending::<Job>()).keep_alive(KeepAlive::off());
    /// let mut reader = ResponseReader::<Job>::new(silent).timeout(Duration::from_secs(3600));
    /// assert!(matches!(reader.next().await, Err(ReadError::Timeout { .. })));
    /// # }
    /// ```
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the limits on the size of events. The default is [`Limits::new`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.envelopes.set_limits(limits);
        self
    }

    /// Returns the head of the response: its status, version, headers and extensions.
    #[must_use]
    pub const fn head(&self) -> &Parts {
        &self.head
    }

    /// Returns the last event ID after the envelope that was read last. A client would send it when it reconnects.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.envelopes.last_event_id()
    }

    /// Returns the reconnection time that was read last, or `None` if there was none. It takes effect at its line,
    /// before the envelope that contains it is returned.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use futures_util::stream;
    /// use sse_axum::{Sse, test::{ReadError, ResponseReader}};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ReadError> {
    /// let sse = Sse::new(stream::iter([Job::Progress(0)])).retry(Duration::from_secs(5));
    /// let mut reader = ResponseReader::<Job>::new(sse);
    /// reader.rest().await?;
    /// assert_eq!(reader.reconnection_time(), Some(Duration::from_secs(5).into()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn reconnection_time(&self) -> Option<Retry> {
        self.envelopes.reconnection_time()
    }

    /// Reads the next envelope. Returns `None` at the end of the body.
    ///
    /// A comment, such as a keep-alive, is returned in a separate envelope, and so is a block that only sets an ID. A
    /// reconnection time without an event or ID belongs to the block that follows it, as clients read it. At the end of
    /// the body, it is returned in a separate envelope. Events that the type ignores are skipped.
    ///
    /// The body is dropped at its end, so that the callback of [`Sse::on_close`](crate::Sse::on_close) has been called
    /// when this method returns `None`.
    ///
    /// # Errors
    ///
    /// Returns an error if
    ///
    /// - the response is not a stream of events, or has the status 204 (No Content);
    /// - an event cannot be decoded, is unknown to the type, or exceeds a limit of the decoder;
    /// - the body fails, or ends within an event;
    /// - the call exceeds its time limit.
    pub async fn next(&mut self) -> Result<Option<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.bounded(1).await.map(|mut envelopes| envelopes.pop())
    }

    /// Reads the next `count` envelopes. The time limit applies to all of them together.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`next`](Self::next). Also returns an error if the body ends before `count` envelopes
    /// are read.
    ///
    /// # Examples
    ///
    /// ```
    /// use futures_util::stream;
    /// use sse_axum::{Sse, test::{ReadError, ResponseReader}};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ReadError> {
    /// let endless = Sse::new(stream::iter((0_u8..=100).cycle().map(Job::Progress)));
    /// let envelopes = ResponseReader::<Job>::new(endless).take(3).await?;
    /// assert_eq!(envelopes[2].event, Some(Job::Progress(2)));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn take(&mut self, count: usize) -> Result<Vec<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        let envelopes = self.bounded(count).await?;
        if envelopes.len() < count { Err(ReadError::Ended { envelopes: envelopes.len() }) } else { Ok(envelopes) }
    }

    /// Reads all remaining envelopes. The time limit applies to all of them together.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`next`](Self::next).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    ///
    /// use futures_util::stream;
    /// use sse_axum::{CloseReason, Sse, test::{ReadError, ResponseReader}};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ReadError> {
    /// let reason = Arc::new(Mutex::new(None));
    /// let seen = Arc::clone(&reason);
    /// let sse = Sse::new(stream::iter([Job::Progress(50)])).on_close(move |closed| {
    ///     *seen.lock().unwrap() = Some(closed.reason);
    /// });
    /// let mut reader = ResponseReader::<Job>::new(sse);
    /// assert_eq!(reader.rest().await?.len(), 1);
    /// assert_eq!(*reason.lock().unwrap(), Some(CloseReason::Finished));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rest(&mut self) -> Result<Vec<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.bounded(usize::MAX).await
    }

    /// Reads at most `count` envelopes within the time limit.
    async fn bounded(&mut self, count: usize) -> Result<Vec<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        let limit = self.timeout;
        let mut envelopes = Vec::new();
        let reading = async {
            while envelopes.len() < count
                && let Some(envelope) = self.read().await?
            {
                envelopes.push(envelope);
            }
            Ok(())
        };
        match tokio::time::timeout(limit, reading).await {
            Ok(read) => read.map(|()| envelopes),
            Err(_) => Err(ReadError::Timeout { limit, envelopes: envelopes.len() }),
        }
    }

    /// Reads the next envelope, without a time limit.
    async fn read(&mut self) -> Result<Option<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.check().await?;
        loop {
            if let Some(envelope) = self.envelopes.next()? {
                return Ok(Some(envelope));
            }
            match self.chunk().await? {
                Some(chunk) => self.envelopes.push(chunk),
                None => return self.envelopes.end(),
            }
        }
    }

    /// Reads the next chunk of the body. Returns `None` at its end.
    async fn chunk(&mut self) -> Result<Option<bytes::Bytes>, ReadError> {
        let chunk = poll_fn(|cx| Pin::new(&mut self.body).poll_next(cx)).await;
        if !matches!(chunk, Some(Ok(_))) {
            // Drop the body at its end, as a server does, so that the callback of `Sse::on_close` is called.
            self.body = Body::empty().into_data_stream();
        }
        chunk.transpose().map_err(ReadError::Body)
    }

    /// Checks that the response is a stream of events. If it is not, its body usually contains the reason, so the error
    /// includes it.
    async fn check(&mut self) -> Result<(), ReadError> {
        let content_type = self.head.headers.get(CONTENT_TYPE).map_or(&b""[..], |value| value.as_bytes());
        let essence = content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        if self.head.status == StatusCode::OK && essence.eq_ignore_ascii_case(b"text/event-stream") {
            return Ok(());
        }
        if self.head.status == StatusCode::NO_CONTENT {
            return Err(ReadError::NoContent);
        }
        let content_type = String::from_utf8_lossy(content_type).into_owned();
        let mut body = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            body.extend_from_slice(&chunk);
        }
        let body = String::from_utf8_lossy(&body).into_owned();
        Err(ReadError::NotEventStream { status: self.head.status, content_type, body })
    }
}

impl<E> fmt::Debug for ResponseReader<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseReader")
            .field("head", &self.head)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
