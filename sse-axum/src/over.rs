//! The answer for a stream that is over.

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};

/// The stream is over: as a response it is [`no_content`]. For handlers that return a [`Result`], where it stands
/// beside the stream without giving up its type.
///
/// # Examples
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, Over, Sse};
/// use sse_core::SseEvent;
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Counter {
///     Count { #[sse(id)] number: u64 },
/// }
///
/// const LAST: u64 = 99;
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Result<Sse<impl Stream<Item = Counter>>, Over> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     if next > LAST {
///         return Err(Over);
///     }
///     Ok(Sse::new(stream::iter((next..=LAST).map(|number| Counter::Count { number }))))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

impl IntoResponse for Over {
    fn into_response(self) -> Response {
        no_content()
    }
}

/// An empty response with the status 204 (No Content), which
/// [tells clients to stop](https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model): one that
/// gets it does not connect again. It is not to be stored by caches, or a client would be told so for a stream that has
/// begun anew.
///
/// # Examples
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use futures_util::stream;
/// use sse_axum::{LastEventId, Sse, no_content};
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Job { Progress(u8) }
///
/// const LAST: u64 = 99;
///
/// async fn events(LastEventId(last): LastEventId<u64>) -> Response {
///     if last == Some(LAST) {
///         return no_content();
///     }
///     Sse::new(stream::pending::<Job>()).into_response()
/// }
/// ```
#[must_use]
pub fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
