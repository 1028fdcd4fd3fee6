//! Where a client goes on.

use std::{error::Error, fmt, str::FromStr};

use axum_core::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderName, StatusCode, header::GetAll, request::Parts};

/// The header, which `http` does not name.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How much of an ID an error shows: it comes from outside, and goes into logs.
const SHOWN_CHARS: usize = 64;

/// The ID of the last event that the client got, from the `Last-Event-ID` header of its request: where it wants to go
/// on. `None` on a first connect, and after an ID that was reset.
///
/// The ID is read with `FromStr`: `LastEventId<u64>` for numbers, `LastEventId` alone for the text as it is.
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
/// use futures_util::{Stream, StreamExt, stream};
/// use sse_axum::{LastEventId, Sse, sse_core::{EventName, Frame, RawEventBuf}};
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Frame<RawEventBuf>>> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     Sse::new(stream::iter(next..).map(|n| {
///         Frame::new(RawEventBuf::new(EventName::from_static("count"), n.to_string())).with_id(n)
///     }))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastEventId<T = String>(pub Option<T>);

impl<T> Default for LastEventId<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T, S> FromRequestParts<S> for LastEventId<T>
where
    T: FromStr<Err: fmt::Display>,
    S: Send + Sync,
{
    type Rejection = LastEventIdRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, LastEventIdRejection> {
        let Some(id) = header(&parts.headers.get_all(LAST_EVENT_ID))? else { return Ok(Self(None)) };
        id.parse().map(|id| Self(Some(id))).map_err(|error: T::Err| {
            LastEventIdRejection::new(Kind::Invalid { id: shown(id), reason: error.to_string() })
        })
    }
}

/// The one ID of the headers; an empty one is none.
fn header<'h>(values: &GetAll<'h, http::HeaderValue>) -> Result<Option<&'h str>, LastEventIdRejection> {
    let mut values = values.iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(LastEventIdRejection::new(Kind::Several));
    }
    match str::from_utf8(value.as_bytes()) {
        Ok(id) => Ok((!id.is_empty()).then_some(id)),
        Err(error) => Err(LastEventIdRejection::new(Kind::NotUtf8 { position: error.valid_up_to() })),
    }
}

/// The start of an ID, without what would disturb a log.
fn shown(id: &str) -> String {
    let mut shown: String = id.escape_debug().take(SHOWN_CHARS).collect();
    if id.escape_debug().nth(SHOWN_CHARS).is_some() {
        shown.push_str("..");
    }
    shown
}

/// Why a `Last-Event-ID` was not taken: a response with the status 400 (Bad Request) and the reason as text.
///
/// # Examples
///
/// ```
/// use axum::response::IntoResponse;
/// use futures_util::stream;
/// use sse_axum::{LastEventId, LastEventIdRejection, Sse, sse_core::RawEventBuf};
///
/// // An ID of an earlier version starts the stream from its beginning.
/// async fn events(last: Result<LastEventId<u64>, LastEventIdRejection>) -> impl IntoResponse {
///     let LastEventId(last) = last.unwrap_or_default();
///     # let _ = last;
///     Sse::new(stream::pending::<RawEventBuf>())
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastEventIdRejection(Box<Kind>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Several,
    NotUtf8 { position: usize },
    Invalid { id: String, reason: String },
}

impl LastEventIdRejection {
    fn new(kind: Kind) -> Self {
        Self(Box::new(kind))
    }
}

impl fmt::Display for LastEventIdRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Several => f.write_str("`Last-Event-ID` is there more than once; send it once"),
            Kind::NotUtf8 { position } => {
                write!(f, "`Last-Event-ID` is not UTF-8 from byte {position} on; send the ID as it came with its event")
            }
            Kind::Invalid { id, reason } => write!(
                f,
                "`Last-Event-ID` is `{id}`, which is no ID of this stream: {reason}; send the ID as it came with its event"
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
