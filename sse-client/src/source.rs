//! `EventSource`: a stream of typed events over any number of connections.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_core::{FusedStream, Stream};
use reqwest::RequestBuilder;
use sse_core::{IntoEventId, Limits, SseDecodeOwned};

use crate::{
    Attempt, BoxError, CloseReason, Error, Head, Policy, Updates,
    engine::{Engine, Step},
    exclusive::Exclusive,
    item::Known,
    request::Maker,
    state::Input,
};

/// A stream of typed events that reconnects, and resumes after the last event that it received.
///
/// ```no_run
/// use futures_util::StreamExt;
/// use sse_client::EventSource;
/// use sse_core::SseEvent;
///
/// #[derive(Debug, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress { #[sse(id)] step: u64, percent: f32 },
///     #[sse(terminal)]
///     Done,
/// }
///
/// # async fn watch(client: reqwest::Client, url: &str) -> Result<(), sse_client::Error> {
/// let mut jobs = EventSource::<Job>::new(client.get(url));
/// while let Some(job) = jobs.next().await {
///     println!("{:?}", job?);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Items
///
/// The stream yields the events. An `Err` is either one event that is skipped, or the last item; see
/// [`Error::is_final`]. Connections that are lost and made again do not appear. To see them, use
/// [`updates`](Self::updates).
///
/// The stream ends after a terminal event or one that [`complete_when`](Self::complete_when) accepts, after a response
/// with the status 204 (No Content), after a complete response if the request is not sent again, after
/// [`close`](Self::close), or after a final error. [`close_reason`](Self::close_reason) returns which of them it was.
///
/// With [`RawEventBuf`](sse_core::RawEventBuf) as `E`, the stream yields every event without a type.
///
/// # Settings
///
/// The methods that take and return `self` are settings. They take effect with the next connection, so use them before
/// the source is polled. Without settings, the source reconnects as a browser does, also retries responses that are
/// likely to succeed later, and gives up after 5 attempts if none has made progress; the [guide](crate::guide) has a
/// table.
///
/// # Cancellation and backpressure
///
/// Dropping the future of `next()` loses nothing. Dropping the source closes its connection. While the caller does not
/// poll, nothing is read, so that a server which sends faster than the caller reads is slowed down by TCP.
///
/// # Panics
///
/// Must be polled in a Tokio runtime with its timer enabled, as `#[tokio::main]` does. Tokio panics otherwise.
#[must_use = "streams do nothing unless polled"]
pub struct EventSource<E>(Engine<E, Known<E>>);

impl<E: SseDecodeOwned> EventSource<E> {
    /// Creates a source that sends the same request for each connection.
    ///
    /// The headers `Accept: text/event-stream` and `Cache-Control: no-cache` are added unless the request has others.
    /// `Last-Event-ID` is managed by the source; one in the request is the ID that the first connection resumes from.
    ///
    /// If the request cannot be built, the stream yields only an error. The same applies if the body of the request is
    /// a stream, which can be sent only once, unless [`once`](Self::once) is set; use [`with`](Self::with) for such a
    /// body.
    pub fn new(request: RequestBuilder) -> Self {
        Self(Engine::new(Maker::same(request)))
    }

    /// Creates a source that makes a new request for each connection, for example with a fresh token.
    ///
    /// If the server answers 401 (Unauthorized), the request is made anew and sent after a short wait, with the status
    /// in [`Attempt::refused`]. If this request is answered with 401 too, the source ends.
    ///
    /// An error of the function is retried like a connection that fails, unless it is [`Permanent`](crate::Permanent).
    ///
    /// ```no_run
    /// use reqwest::StatusCode;
    /// use sse_client::{Attempt, BoxError, EventSource};
    /// # use sse_core::RawEventBuf;
    /// # #[derive(Clone)] struct Tokens;
    /// # impl Tokens { async fn get(&self, fresh: bool) -> Result<String, BoxError> { Ok(String::new()) } }
    /// # fn follow(client: reqwest::Client, tokens: Tokens) -> EventSource<RawEventBuf> {
    ///
    /// EventSource::with(move |attempt: Attempt| {
    ///     let (client, tokens) = (client.clone(), tokens.clone());
    ///     async move {
    ///         let refused = attempt.refused() == Some(StatusCode::UNAUTHORIZED);
    ///         let token = tokens.get(refused).await?;
    ///         Ok::<_, BoxError>(client.get("https://example.com/events").bearer_auth(token))
    ///     }
    /// })
    /// # }
    /// ```
    pub fn with<F, R, Err>(make: F) -> Self
    where
        F: FnMut(Attempt) -> R + Send + 'static,
        R: Future<Output = Result<RequestBuilder, Err>> + Send + 'static,
        Err: Into<BoxError>,
    {
        Self(Engine::new(Maker::new(make)))
    }

    /// Makes a single attempt, for a stream that cannot be resumed, such as the answer of a model.
    ///
    /// A stream that ends before its last event is [`Error::Incomplete`], so a cut answer never looks complete. If the
    /// events have no last one (no event is [terminal](sse_core::TypedEvent::is_terminal), and
    /// [`complete_when`](Self::complete_when) is not set), the stream is complete if the server ends the response
    /// between two events.
    pub fn once(mut self) -> Self {
        self.0.machine.settings.once = true;
        self
    }

    /// Allows a request that is not idempotent, such as a POST, to be sent again although the server may have acted on
    /// it.
    ///
    /// Otherwise such a request is sent again only if the server has not acted on it, or once an event ID was received
    /// from which the server can resume (RFC 9110, section 9.2.2).
    pub fn resend(mut self) -> Self {
        self.0.options.resend = true;
        self
    }

    /// Sets the ID that the first connection resumes from, such as one that was stored when the program last ran.
    ///
    /// The ID is an integer or an [`EventId`](sse_core::EventId).
    pub fn with_last_event_id(mut self, id: impl IntoEventId) -> Self {
        self.0.decoder = std::mem::take(&mut self.0.decoder).with_last_event_id(&id.into_event_id());
        self
    }

    /// Sets how long the server may be silent while the source waits for it. There is no limit by default.
    ///
    /// Without it, the source never notices a peer that vanished without closing the connection. Choose two to three
    /// times the interval at which the server sends its keep-alives; comments count too. The time begins when the
    /// request is sent. Time in which the caller does not poll the source does not count.
    ///
    /// The connection is then replaced like one that was cut. Do not set `timeout` or `read_timeout` on the client of
    /// reqwest: the former ends every stream after that time, and the latter also counts the time in which the caller
    /// does not poll.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.0.options.idle_timeout = Some(limit);
        self
    }

    /// Sets the waits between connections, and the number of attempts.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.0.machine.settings.policy = policy;
        self
    }

    /// Sets the limits on the size of events.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.0.decoder = std::mem::take(&mut self.0.decoder).with_limits(limits);
        self
    }

    /// Retries responses that are not event streams and for which `test` returns `true`, in addition to those that are
    /// retried anyway.
    ///
    /// ```no_run
    /// # use sse_client::EventSource;
    /// # use sse_core::RawEventBuf;
    /// # fn follow(client: reqwest::Client) -> EventSource<RawEventBuf> {
    /// // This service answers 409 while the job is being created.
    /// EventSource::new(client.get("https://example.com/job/7")).retry_when(|head| head.status() == 409)
    /// # }
    /// ```
    pub fn retry_when(mut self, test: impl FnMut(&Head) -> bool + Send + 'static) -> Self {
        self.0.options.retry_when = Some(Exclusive::new(Box::new(test)));
        self
    }

    /// Ends the stream after the first event for which `test` returns `true`, like a terminal event. Meant for events
    /// without a type.
    ///
    /// ```no_run
    /// # use sse_client::EventSource;
    /// # use sse_core::RawEventBuf;
    /// # fn ask(client: reqwest::Client) -> EventSource<RawEventBuf> {
    /// let request = client.post("https://example.com/chat").body("{}");
    /// EventSource::<RawEventBuf>::new(request).once().complete_when(|event| event.data() == "[DONE]")
    /// # }
    /// ```
    pub fn complete_when(mut self, test: impl FnMut(&E) -> bool + Send + 'static) -> Self {
        self.0.options.complete_when = Some(Exclusive::new(Box::new(test)));
        self
    }

    /// Continues after terminal events, for a feed of several topics in which each topic has its own last event.
    pub fn stay_open(mut self) -> Self {
        self.0.options.stay_open = true;
        self
    }

    /// Delivers a last event that lacks only its empty line when the server ends the response.
    ///
    /// Deviation: the standard drops such an event (section 9.2.6), because it may be cut.
    pub fn lenient_end(mut self) -> Self {
        self.0.options.lenient_end = true;
        self
    }

    /// Converts the source into a stream of everything that happens: connections, waits, comments, unknown events, and
    /// the events in their envelopes.
    ///
    /// Use it before the source is polled. A connection that is already open is replaced by another one.
    pub fn updates(self) -> Updates<E> {
        Updates::new(self.0.into_items())
    }

    /// Returns the last event ID as of the last item, which the next connection resumes from. It is empty if there is
    /// none.
    ///
    /// Store it to resume when the program runs again.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.0.decoder().last_event_id()
    }

    /// Returns the number of unknown events that were skipped, over all connections.
    #[must_use]
    pub fn unknown_events(&self) -> u64 {
        self.0.unknown_events()
    }

    /// Returns whether a connection is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.0.is_open()
    }

    /// Returns how the source ended, or `None` if it has not ended.
    #[must_use]
    pub const fn close_reason(&self) -> Option<CloseReason> {
        self.0.close_reason()
    }

    /// Closes the connection. The stream ends.
    pub fn close(&mut self) {
        self.0.demand(Input::Close);
    }

    /// Replaces the connection after the shortest wait of the policy, for example because the network has changed. If
    /// the source is waiting, this wait replaces the one that is left.
    ///
    /// The number of failed attempts is reset. Nothing happens before the source is first polled, or after it ended.
    pub fn reconnect(&mut self) {
        self.0.demand(Input::Reconnect);
    }
}

impl<E: SseDecodeOwned> Stream for EventSource<E> {
    type Item = Result<E, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut next = None;
        while let Some(step) = ready!(self.0.poll_put(cx, |Known(event)| next = Some(Ok(event)))) {
            if let Step::Skipped(error) | Step::Failed(error) = step {
                next = Some(Err(error));
                break;
            }
        }
        if let Some(Ok(event)) = &next {
            self.0.yielded(event);
        }
        Poll::Ready(next)
    }
}

impl<E: SseDecodeOwned> FusedStream for EventSource<E> {
    fn is_terminated(&self) -> bool {
        self.0.is_done()
    }
}

impl<E> fmt::Debug for EventSource<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventSource").field(&self.0).finish()
    }
}
