//! Requests: made for each attempt, completed with the headers of an event stream, and sent.

use std::{
    error::Error as StdError,
    fmt,
    future::{self, Future, poll_fn},
    pin::{Pin, pin},
    task::{Poll, ready},
};

use reqwest::{
    Body, Client, Request, RequestBuilder, StatusCode,
    header::{ACCEPT, CACHE_CONTROL, HeaderValue},
};

use sse_core::EventId;

use crate::{
    body::{self, Chunks},
    error::{BoxError, Error, NoTls, Permanent, Silence},
    exclusive::Exclusive,
    head::Head,
    idle::Idle,
    state::How,
};

/// An attempt to connect, as the function of [`EventSource::with`](crate::EventSource::with) sees it.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub(crate) number: u64,
    pub(crate) failures: u32,
    pub(crate) last_event_id: String,
    pub(crate) refused: Option<StatusCode>,
}

impl Attempt {
    /// Returns the number of the attempt among all attempts of the source, counted from 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// Returns the number of attempts without progress directly before this one. It is 0 for the first attempt, and for
    /// an attempt after a connection that worked.
    ///
    /// A client that has several servers can choose one by this number.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Returns the ID of the last event that was received, which is empty if there is none.
    ///
    /// It is sent in the header `Last-Event-ID` in any case. Use it for a server that expects it elsewhere, such as in
    /// the query.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Returns the status of the last response if it refused the request, or `None` if it was an event stream.
    ///
    /// If it is 401 (Unauthorized), get a new token: the source ends if this attempt is answered with 401 too. Attempts
    /// without a response, such as one for which the token service was down, do not change the status.
    #[must_use]
    pub const fn refused(&self) -> Option<StatusCode> {
        self.refused
    }
}

pub(crate) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A request that is ready to be sent, or the reason why it cannot be.
pub(crate) type Made = Result<(Client, Request), Failure>;

/// An attempt that ended without a response.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) how: How,
    pub(crate) error: Error,
}

impl Failure {
    const fn hopeless(error: Error) -> Self {
        Self { how: How::Hopeless, error }
    }
}

/// Makes the request of each attempt.
pub(crate) enum Maker {
    /// The same request each time. It is taken out if it is sent only once, or if it could not be built.
    Same {
        client: Client,
        request: Box<Option<reqwest::Result<Request>>>,
    },
    New(Exclusive<Box<Make>>),
}

type Make = dyn FnMut(Attempt) -> BoxFuture<Made> + Send;

impl Maker {
    /// Repeats a request. Its error, if it cannot be built, is that of the first attempt.
    pub(crate) fn same(builder: RequestBuilder) -> Self {
        let (client, request) = builder.build_split();
        Self::Same { client, request: Box::new(Some(request)) }
    }

    pub(crate) fn new<F, R, Err>(mut make: F) -> Self
    where
        F: FnMut(Attempt) -> R + Send + 'static,
        R: Future<Output = Result<RequestBuilder, Err>> + Send + 'static,
        Err: Into<BoxError>,
    {
        Self::New(Exclusive::new(Box::new(move |attempt| {
            let builder = make(attempt);
            Box::pin(async {
                let builder = builder.await.map_err(|error| unmade(error.into()))?;
                let (client, request) = builder.build_split();
                Ok((client, request.map_err(unbuilt)?))
            })
        })))
    }

    pub(crate) const fn renews(&self) -> bool {
        matches!(self, Self::New(_))
    }

    /// Makes the request of an attempt. `once` is whether it is the only one.
    pub(crate) fn make(&mut self, attempt: Attempt, once: bool) -> BoxFuture<Made> {
        let (client, request) = match self {
            Self::New(make) => return make.get_mut()(attempt),
            Self::Same { client, request } => (client, request),
        };
        let made = match &mut **request {
            Some(Ok(request)) if !once => request.try_clone().ok_or(Failure::hopeless(Error::NotRepeatable)),
            _ => match request.take() {
                Some(request) => request.map_err(unbuilt),
                None => Err(Failure::hopeless(Error::NotRepeatable)),
            },
        };
        Box::pin(future::ready(made.map(|request| (client.clone(), request))))
    }
}

impl fmt::Debug for Maker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.renews() { "New(..)" } else { "Same(..)" })
    }
}

/// An error of the caller's function, which is final if it is [`Permanent`].
fn unmade(error: BoxError) -> Failure {
    match error.downcast::<Permanent>() {
        Ok(permanent) => Failure::hopeless(Error::Make(permanent.0)),
        Err(error) => Failure { how: How::Unsent, error: Error::Make(error) },
    }
}

fn unbuilt(error: reqwest::Error) -> Failure {
    Failure::hopeless(Error::Request(error.without_url().into()))
}

/// The name of the header in lower case, as `http` requires of a constant name.
const LAST_EVENT_ID: &str = "last-event-id";

/// Returns the last event ID that the caller has put into the headers.
pub(crate) fn last_event_id(request: &Request) -> Option<EventId> {
    let id = str::from_utf8(request.headers().get(LAST_EVENT_ID)?.as_bytes()).ok()?;
    EventId::from_received(id.to_owned()).ok()
}

/// Completes the headers: `Accept` and `Cache-Control` if the caller has set none (section 9.2.2), and the last event ID
/// unless it is empty (section 9.2.3).
pub(crate) fn complete(request: &mut Request, last_event_id: &str) -> Result<(), Failure> {
    let headers = request.headers_mut();
    headers.entry(ACCEPT).or_insert(HeaderValue::from_static("text/event-stream"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    headers.remove(LAST_EVENT_ID);
    if !last_event_id.is_empty() {
        // The ID is sent in UTF-8 (section 9.2.3). A header cannot contain control characters.
        let id = HeaderValue::from_bytes(last_event_id.as_bytes());
        let id = id.map_err(|_| Failure::hopeless(Error::last_event_id(last_event_id)))?;
        headers.insert(LAST_EVENT_ID, id);
    }
    Ok(())
}

/// The outcome of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    Stream(Head, Chunks),
    NoContent,
    Refused(Head, String),
    Failed(Failure),
}

/// Sends a request and checks the response.
pub(crate) async fn send(client: Client, request: Request, mut idle: Option<Idle>, lenient: bool) -> Answer {
    let is_https = request.url().scheme() == "https";
    let mut sent = pin!(client.execute(request));
    let answered = poll_fn(|cx| match (sent.as_mut().poll(cx), &mut idle) {
        (Poll::Ready(answered), _) => Poll::Ready(answered.map_err(|error| unanswered(error, is_https))),
        (Poll::Pending, None) => Poll::Pending,
        (Poll::Pending, Some(idle)) => {
            ready!(idle.poll_over(cx));
            let error = Error::Connect(Silence(idle.limit()).into());
            Poll::Ready(Err(Failure { how: How::Unanswered, error }))
        }
    });
    let mut response = match answered.await {
        Ok(response) => response,
        Err(failure) => return Answer::Failed(failure),
    };
    if let Some(idle) = &mut idle {
        idle.arrived();
    }
    let head = Head::take(&mut response);
    let body = Body::from(response);
    if head.status() == StatusCode::NO_CONTENT {
        Answer::NoContent
    } else if head.refusal().is_some() {
        Answer::Refused(head, body::beginning(body).await)
    } else {
        Answer::Stream(head, Chunks::new(body, idle, lenient))
    }
}

/// Sorts the errors of requests without a response.
fn unanswered(error: reqwest::Error, is_https: bool) -> Failure {
    if is_https && has_no_tls(&error) {
        return Failure::hopeless(Error::Request(NoTls.into()));
    }
    // An empty `Location` redirects to the same URL, so a retry would send another eleven requests.
    if error.is_builder() || error.is_redirect() {
        return unbuilt(error);
    }
    let how = if error.is_connect() { How::Unsent } else { How::Unanswered };
    Failure { how, error: Error::Connect(body::cause(error)) }
}

/// Returns whether reqwest was built without TLS. Its connector reports this only in the text of its error.
fn has_no_tls(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.to_string().contains("scheme is not http") {
            return true;
        }
        cause = error.source();
    }
    false
}
