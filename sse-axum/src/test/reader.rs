//! A response, read envelope by envelope.

use std::{convert::Infallible, fmt, future::poll_fn, marker::PhantomData, pin::Pin, time::Duration};

use axum_core::{
    body::{Body, BodyDataStream},
    extract::Request,
    response::{IntoResponse, Response},
};
use futures_core::Stream as _;
use http::{StatusCode, header::CONTENT_TYPE, response::Parts};
use sse_core::{Envelope, SseDecodeOwned};
use tower_service::Service;

use super::{ReadError, block::Blocks};

/// What a call may take, unless [`ResponseReader::timeout`] says otherwise: longer than any test, shorter than for ever.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Reads a response envelope by envelope.
///
/// # Examples
///
/// The keep-alive of an idle stream, on a clock that is paused:
///
/// ```
/// use std::time::Duration;
/// use futures_util::{StreamExt, stream};
/// use sse_axum::{KeepAlive, Sse, test::ResponseReader};
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
#[must_use = "a reader does nothing unless it is asked for envelopes"]
pub struct ResponseReader<E> {
    head: Parts,
    body: BodyDataStream,
    blocks: Blocks,
    timeout: Duration,
    event: PhantomData<fn() -> E>,
}

impl<E> ResponseReader<E> {
    /// Reads this response.
    pub fn new(response: impl IntoResponse) -> Self
    where
        E: SseDecodeOwned,
    {
        let (head, body) = response.into_response().into_parts();
        let blocks = Blocks::default();
        Self { head, body: body.into_data_stream(), blocks, timeout: TIMEOUT, event: PhantomData }
    }

    /// Reads what a service, such as axum's `Router`, answers a request with.
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
    /// let mut reader = ResponseReader::send(app, request).await;
    /// let envelope = reader.next().await?.unwrap();
    /// assert_eq!(envelope.event, Some(Counter::Count { number: 4 }));
    /// assert_eq!(reader.last_event_id(), "4");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send<S>(mut service: S, request: Request<Body>) -> Self
    where
        S: Service<Request<Body>, Response = Response, Error = Infallible>,
        E: SseDecodeOwned,
    {
        let Ok(()) = poll_fn(|cx| service.poll_ready(cx)).await;
        let Ok(response) = service.call(request).await;
        Self::new(response)
    }

    /// With another time that a call may take; it is a minute unless told.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
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

    /// The head of the response.
    #[must_use]
    pub const fn head(&self) -> &Parts {
        &self.head
    }

    /// The last event ID as of the envelope that was read last: what a client would connect again with.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.blocks.last_event_id()
    }

    /// The next envelope; `None` at the end of the body, which is dropped there: [`Sse::on_close`](crate::Sse::on_close) has
    /// been told by then.
    ///
    /// An envelope without an event is one that the response had so: a keep-alive comment, or a reconnection time alone.
    /// What the type is told to ignore is skipped.
    ///
    /// # Errors
    ///
    /// When the response is not a stream of events, or says that the stream is over; when an event is not what the type expects, or of none that it knows;
    /// when the body fails, or ends within an event; when the time is over.
    pub async fn next(&mut self) -> Result<Option<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.bounded(1).await.map(|mut envelopes| envelopes.pop())
    }

    /// So many envelopes.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next); and when there are not so many. The time limit is for all of them together.
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

    /// All envelopes that are left.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next). The time limit is for all of them together.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::{Arc, Mutex};
    /// use futures_util::stream;
    /// use sse_axum::{CloseReason, Sse, test::{ReadError, ResponseReader}};
    /// # use sse_core::SseEvent;
    /// # #[derive(Debug, PartialEq, SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), ReadError> {
    /// let told = Arc::new(Mutex::new(Vec::new()));
    /// let closed = Arc::clone(&told);
    /// let job = Sse::new(stream::iter([Job::Progress(50)])).on_close(move |how| closed.lock().unwrap().push(how.reason));
    /// let mut reader = ResponseReader::<Job>::new(job);
    /// assert_eq!(reader.rest().await?.len(), 1);
    /// assert_eq!(*told.lock().unwrap(), [CloseReason::Finished]);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rest(&mut self) -> Result<Vec<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.bounded(usize::MAX).await
    }

    /// At most so many envelopes, within the time limit.
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

    async fn read(&mut self) -> Result<Option<Envelope<E>>, ReadError>
    where
        E: SseDecodeOwned,
    {
        self.check().await?;
        loop {
            if let Some(envelope) = self.blocks.next()? {
                return Ok(Some(envelope));
            }
            match self.chunk().await? {
                Some(chunk) => self.blocks.push(&chunk),
                None => return self.blocks.end().map(|()| None),
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<bytes::Bytes>, ReadError> {
        let chunk = poll_fn(|cx| Pin::new(&mut self.body).poll_next(cx)).await;
        if !matches!(chunk, Some(Ok(_))) {
            // As a server does: what is told of a stream at its close is told now.
            self.body = Body::empty().into_data_stream();
        }
        chunk.transpose().map_err(ReadError::Body)
    }

    /// A response that is none of events says why in its body.
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
        Err(ReadError::Refused { status: self.head.status, content_type, body })
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
