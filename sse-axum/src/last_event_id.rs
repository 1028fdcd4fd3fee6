//! Where a client goes on.

use std::{borrow::Cow, error::Error, fmt, str::FromStr};

use axum_core::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, request::Parts};
use percent_encoding::percent_decode;

use crate::trace;

/// The header, which `http` does not name.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What polyfills of `EventSource` call their query parameter.
const PARAMETER: &str = "lastEventId";

/// How much of an ID an error shows: it comes from outside, and goes into logs.
const SHOWN_CHARS: usize = 64;

/// The ID of the last event that the client got: where it wants to go on. `None` on a first connect, and after an ID
/// that was reset.
///
/// It comes from the [`Last-Event-ID`] header; where there is none, from the query parameter `lastEventId`. A browser's
/// `EventSource` sends the header when it connects again, and cannot be told to send one with its first request: that
/// is what the parameter is for. Polyfills such as
/// [`event-source-polyfill`](https://www.npmjs.com/package/event-source-polyfill) send each ID in it, under this name.
/// [`from_parts`](Self::from_parts) takes another.
///
/// [`Last-Event-ID`]: https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
///
/// The ID is read with `FromStr`: `LastEventId<u64>` for numbers, `LastEventId` alone for the text as it is. Of a type
/// without `FromStr`, or with one whose error is not `Display`, axum says only that the function is no `Handler`; under
/// `#[axum::debug_handler]` the type is named.
///
/// # Errors
///
/// A request with an ID that is not UTF-8 or that the type does not take, or with several, is answered with the status
/// 400 (Bad Request) and what is wrong, as text. To answer otherwise, extract a
/// `Result<LastEventId<T>, LastEventIdRejection>`.
///
/// # Examples
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, Sse};
/// use sse_core::SseEvent;
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Counter {
///     Count { #[sse(id)] number: u64 },
/// }
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Counter>> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     Sse::new(stream::iter((next..).map(|number| Counter::Count { number })))
/// }
/// ```
///
/// A stream that has an end tells a client that has everything to [stop](crate::StopReconnecting):
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, StopReconnecting, Sse};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Counter { #[sse(event = "count")] Count { #[sse(id)] number: u64 } }
///
/// const LAST: u64 = 99;
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Result<Sse<impl Stream<Item = Counter>>, StopReconnecting> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     if next > LAST {
///         return Err(StopReconnecting);
///     }
///     Ok(Sse::new(stream::iter((next..=LAST).map(|number| Counter::Count { number }))))
/// }
/// # futures_util::future::FutureExt::now_or_never(async {
/// # assert!(counter(LastEventId(Some(98))).await.is_ok());
/// # assert!(counter(LastEventId(Some(99))).await.is_err());
/// # }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastEventId<T = String>(pub Option<T>);

impl<T> Default for LastEventId<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: FromStr<Err: fmt::Display>> LastEventId<T> {
    /// The same out of a request, with a query parameter of this name.
    ///
    /// # Errors
    ///
    /// As the extractor's.
    ///
    /// # Examples
    ///
    /// ```
    /// use axum::http::{Request, request::Parts};
    /// use futures_util::{Stream, stream};
    /// use sse_axum::{LastEventId, LastEventIdRejection, Sse};
    /// # use sse_core::SseEvent;
    /// # #[derive(SseEvent)]
    /// # enum Job { Progress(u8) }
    ///
    /// async fn jobs(request: Parts) -> Result<Sse<impl Stream<Item = Job>>, LastEventIdRejection> {
    ///     let LastEventId(last) = LastEventId::<u64>::from_parts(&request, "since")?;
    ///     # let _ = last;
    ///     Ok(Sse::new(stream::pending()))
    /// }
    /// # let _ = jobs;
    ///
    /// let (request, ()) = Request::get("/jobs?since=17").body(()).unwrap().into_parts();
    /// assert_eq!(LastEventId::from_parts(&request, "since").unwrap(), LastEventId(Some(17)));
    /// ```
    pub fn from_parts(request: &Parts, name: &str) -> Result<Self, LastEventIdRejection> {
        if request.headers.contains_key(LAST_EVENT_ID) {
            let values = request.headers.get_all(LAST_EVENT_ID).iter().map(HeaderValue::as_bytes);
            let read = Self::read(values.map(Cow::Borrowed));
            return read.map_err(|fault| LastEventIdRejection::new(Source::Header, fault));
        }
        let query = request.uri.query().unwrap_or_default();
        let read = Self::read(parameters(query, name));
        read.map_err(|fault| LastEventIdRejection::new(Source::Parameter(name.to_owned()), fault))
    }

    /// The one ID of these; an empty one is none.
    fn read<'v>(mut values: impl Iterator<Item = Cow<'v, [u8]>>) -> Result<Self, Fault> {
        let Some(value) = values.next() else { return Ok(Self(None)) };
        if values.next().is_some() {
            return Err(Fault::Several);
        }
        let id = str::from_utf8(&value).map_err(|error| Fault::NotUtf8 { position: error.valid_up_to() })?;
        // Only a parameter can hold one; an event's ID cannot.
        if let Some(position) = id.find(['\r', '\n', '\0']) {
            return Err(Fault::Control { position });
        }
        if id.is_empty() {
            return Ok(Self(None));
        }
        let parsed = id.parse().map_err(|error: T::Err| Fault::Invalid { id: shown(id), reason: error.to_string() })?;
        trace::resumed(id);
        Ok(Self(Some(parsed)))
    }
}

impl<T, S> FromRequestParts<S> for LastEventId<T>
where
    T: FromStr<Err: fmt::Display>,
    S: Send + Sync,
{
    type Rejection = LastEventIdRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, LastEventIdRejection> {
        Self::from_parts(parts, PARAMETER)
    }
}

/// The values of a parameter in a query, each decoded.
fn parameters<'q>(query: &'q str, name: &str) -> impl Iterator<Item = Cow<'q, [u8]>> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.filter(move |(key, _)| *decoded(key) == *name.as_bytes()).map(|(_, value)| decoded(value))
}

/// As the URL standard decodes forms: `+` is a space.
fn decoded(text: &str) -> Cow<'_, [u8]> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return Cow::Owned(percent_decode(spaced.as_bytes()).collect());
    }
    percent_decode(text.as_bytes()).into()
}

/// The start of an ID, without what would disturb a log.
fn shown(id: &str) -> String {
    let mut shown: String = id.escape_debug().take(SHOWN_CHARS).collect();
    if id.escape_debug().nth(SHOWN_CHARS).is_some() {
        shown.push_str("..");
    }
    shown
}

/// Why a last event ID was not taken: a response with the status 400 (Bad Request) and the reason as text.
///
/// # Examples
///
/// ```
/// use axum::response::IntoResponse;
/// use futures_util::stream;
/// use sse_axum::{LastEventId, LastEventIdRejection, Sse};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// // An ID of an earlier version starts the stream from its beginning.
/// async fn events(last: Result<LastEventId<u64>, LastEventIdRejection>) -> impl IntoResponse {
///     let LastEventId(last) = last.unwrap_or_default();
///     # let _ = last;
///     Sse::new(stream::pending::<Job>())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastEventIdRejection(Box<(Source, Fault)>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Header,
    Parameter(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    Several,
    NotUtf8 { position: usize },
    Control { position: usize },
    Invalid { id: String, reason: String },
}

impl LastEventIdRejection {
    fn new(source: Source, fault: Fault) -> Self {
        Self(Box::new((source, fault)))
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("`Last-Event-ID`"),
            Self::Parameter(name) => write!(f, "the query parameter `{name}`"),
        }
    }
}

impl fmt::Display for LastEventIdRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (source, fault) = &*self.0;
        match fault {
            Fault::Several => write!(f, "{source} is there more than once; send it once"),
            Fault::NotUtf8 { position } => {
                write!(f, "{source} is not UTF-8 from byte {position} on; send the ID as it came with its event")
            }
            Fault::Control { position } => write!(
                f,
                "{source} has a line break or a NUL at byte {position}, as no ID has; send the ID as it came with its event"
            ),
            Fault::Invalid { id, reason } => write!(
                f,
                "{source} is `{id}`, which is no ID of this stream: {reason}; send the ID as it came with its event"
            ),
        }
    }
}

impl Error for LastEventIdRejection {}

impl IntoResponse for LastEventIdRejection {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, self.to_string()).into_response()
    }
}
