//! The answer that tells a client to stop.

use axum_core::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header::CACHE_CONTROL};

/// An empty response that tells a client not to connect again.
///
/// Its status is 204 (No Content), after which a client
/// [stops](https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model). Caches must not store
/// it (`Cache-Control: no-store`), or a stream that starts over would stay out of reach.
///
/// # Examples
///
/// A handler returns it as the `Err` of a [`Result`], or as a response of its own:
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
