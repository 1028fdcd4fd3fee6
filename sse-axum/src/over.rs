//! The answer for a stream that is over.

use axum_core::response::Response;
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};

/// An empty response with the status 204 (No Content), which tells clients to stop: one that gets it does not connect
/// again. It is not to be stored by caches, or a client would be told so for a stream that has begun anew.
///
/// # Examples
///
/// ```
/// use axum::response::{IntoResponse, Response};
/// use futures_util::stream;
/// use sse_axum::{LastEventId, Sse, no_content, sse_core::RawEventBuf};
///
/// const LAST: u64 = 99;
///
/// async fn events(LastEventId(last): LastEventId<u64>) -> Response {
///     if last == Some(LAST) {
///         return no_content();
///     }
///     Sse::new(stream::pending::<RawEventBuf>()).into_response()
/// }
/// ```
#[must_use]
pub fn no_content() -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
