//! The response that stops a client from reconnecting.

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};

/// An empty response that makes a client stop reconnecting.
///
/// Its status is 204 (No Content), which the standard
/// [defines](https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model) for this purpose. It
/// also has the header `Cache-Control: no-store`, because a cached 204 would keep clients away from a stream that
/// has restarted.
///
/// # Examples
///
/// A handler returns it in place of an [`Sse`](crate::Sse) if the client has received all events:
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, Sse, StopReconnecting};
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
/// async fn counter(
///     LastEventId(last): LastEventId<u64>,
/// ) -> Result<Sse<impl Stream<Item = Counter>>, StopReconnecting> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     if next > LAST {
///         return Err(StopReconnecting);
///     }
///     Ok(Sse::new(stream::iter((next..=LAST).map(|number| Counter::Count { number }))))
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a response does nothing unless it is returned"]
pub struct StopReconnecting;

impl IntoResponse for StopReconnecting {
    fn into_response(self) -> Response {
        (StatusCode::NO_CONTENT, [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]).into_response()
    }
}
