//! The event ID from which a client resumes.

use std::{borrow::Cow, error::Error, fmt, str::FromStr};

use axum_core::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, request::Parts};
use percent_encoding::percent_decode;

use crate::trace;

/// The name of the header, for which `http` has no constant.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// The query parameter that polyfills of `EventSource` send.
const PARAMETER: &str = "lastEventId";

/// The maximum number of characters of an ID in an error, because the ID is untrusted and errors are logged.
const SHOWN_CHARS: usize = 64;

/// An extractor for the ID of the last event that a client has received, so that its stream can resume there.
///
/// It contains `None` if the client connects for the first time, or if its last event ID was reset.
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
///     Sse::new(stream::iter((next..=u64::MAX).map(|number| Counter::Count { number })))
/// }
/// ```
///
/// # Source
///
/// The ID is taken from the [`Last-Event-ID`] header, or from the query parameter `lastEventId` if the request does not
/// have that header.
///
/// A browser's `EventSource` sends the header when it reconnects, but cannot send it with its first request. For that
/// case a page can put the ID into the parameter. Polyfills such as
/// [`event-source-polyfill`](https://www.npmjs.com/package/event-source-polyfill) send every ID in it. Use
/// [`from_parts`](Self::from_parts) for a parameter of another name.
///
/// [`Last-Event-ID`]: https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header
///
/// # Type
///
/// The ID is parsed with [`FromStr`]: use `LastEventId<u64>` for numbers, and `LastEventId` for unparsed text. The
/// error of the `FromStr` implementation must implement [`Display`](fmt::Display).
///
/// If `T` does not meet these bounds, the compiler reports only that the function is not a `Handler`. To make it name
/// the type, put `#[axum::debug_handler]` on the function, which requires axum's feature `macros`.
///
/// # Errors
///
/// The request is rejected if the ID is sent more than once, is not valid UTF-8, contains a line break or NUL, or
/// cannot be parsed. The response has the status 400 (Bad Request) and the reason as text. To respond differently,
/// extract a `Result<LastEventId<T>, LastEventIdRejection>`. An `Option<LastEventId<T>>` is rejected in the same cases.
///
/// # Examples
///
/// Responding with [`StopReconnecting`](crate::StopReconnecting) to a client that has received all events:
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
/// async fn counter(
///     LastEventId(last): LastEventId<u64>,
/// ) -> Result<Sse<impl Stream<Item = Counter>>, StopReconnecting> {
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
    /// Reads the ID like the extractor, but uses the query parameter `name` in place of `lastEventId`.
    ///
    /// # Errors
    ///
    /// Returns an error in the same cases as the extractor.
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
    /// async fn jobs(parts: Parts) -> Result<Sse<impl Stream<Item = Job>>, LastEventIdRejection> {
    ///     let LastEventId(last) = LastEventId::<u64>::from_parts(&parts, "since")?;
    ///     # let _ = last;
    ///     Ok(Sse::new(stream::pending()))
    /// }
    /// # let _ = jobs;
    ///
    /// let (parts, ()) = Request::get("/jobs?since=17").body(()).unwrap().into_parts();
    /// assert_eq!(LastEventId::from_parts(&parts, "since").unwrap(), LastEventId(Some(17)));
    /// ```
    pub fn from_parts(parts: &Parts, name: &str) -> Result<Self, LastEventIdRejection> {
        if parts.headers.contains_key(LAST_EVENT_ID) {
            let values = parts.headers.get_all(LAST_EVENT_ID).iter().map(HeaderValue::as_bytes);
            let read = Self::read(values.map(Cow::Borrowed));
            return read.map_err(|fault| LastEventIdRejection::new(Source::Header, fault));
        }
        let query = parts.uri.query().unwrap_or_default();
        let read = Self::read(parameters(query, name));
        read.map_err(|fault| LastEventIdRejection::new(Source::Parameter(name.to_owned()), fault))
    }

    /// Parses a single value. Returns `None` in place of an ID if the value is missing or empty.
    fn read<'v>(mut values: impl Iterator<Item = Cow<'v, [u8]>>) -> Result<Self, Fault> {
        let Some(value) = values.next() else { return Ok(Self(None)) };
        if values.next().is_some() {
            return Err(Fault::Several);
        }
        let id = str::from_utf8(&value).map_err(|error| Fault::NotUtf8 { position: error.valid_up_to() })?;
        // Only a query parameter can contain one of these: they are not valid in a header or an event ID.
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

/// An `Option<LastEventId<T>>` is `None` if the client has no last event ID.
impl<T, S> OptionalFromRequestParts<S> for LastEventId<T>
where
    T: FromStr<Err: fmt::Display>,
    S: Send + Sync,
{
    type Rejection = LastEventIdRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, LastEventIdRejection> {
        Self::from_parts(parts, PARAMETER).map(|this| this.0.is_some().then_some(this))
    }
}

/// Returns the decoded values of a query parameter.
fn parameters<'q>(query: &'q str, name: &str) -> impl Iterator<Item = Cow<'q, [u8]>> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.filter(move |(key, _)| *decoded(key) == *name.as_bytes()).map(|(_, value)| decoded(value))
}

/// Decodes a name or value of a query as the URL standard does for forms, where `+` is a space.
fn decoded(text: &str) -> Cow<'_, [u8]> {
    if text.contains('+') {
        let spaced = text.replace('+', " ");
        return Cow::Owned(percent_decode(spaced.as_bytes()).collect());
    }
    percent_decode(text.as_bytes()).into()
}

/// Returns the start of an ID, escaped for a log.
fn shown(id: &str) -> String {
    let mut shown: String = id.escape_debug().take(SHOWN_CHARS).collect();
    if id.escape_debug().nth(SHOWN_CHARS).is_some() {
        shown.push_str("..");
    }
    shown
}

/// The rejection of [`LastEventId`]: a response with the status 400 (Bad Request) and the reason as text.
///
/// # Examples
///
/// Accepting requests with an invalid ID:
///
/// ```
/// use axum::response::IntoResponse;
/// use futures_util::stream;
/// use sse_axum::{LastEventId, LastEventIdRejection, Sse};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// // Start from the first event if the ID is invalid, for example because an earlier version of the server sent it.
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
            Fault::Several => write!(f, "{source} is sent more than once; send it once"),
            Fault::NotUtf8 { position } => {
                write!(f, "{source} is not valid UTF-8 at byte {position}; send the ID exactly as received")
            }
            Fault::Control { position } => {
                write!(f, "{source} contains a line break or NUL at byte {position}; send the ID exactly as received")
            }
            Fault::Invalid { id, reason } => write!(
                f,
                "{source} is `{id}`, which is not an ID of this stream: {reason}; send the ID exactly as received"
            ),
        }
    }
}

impl Error for LastEventIdRejection {}

impl IntoResponse for LastEventIdRejection {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, format!("{self}\n")).into_response()
    }
}
