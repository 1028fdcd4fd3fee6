//! Responses read back in tests: the typed events of a response in one call. With the feature `test`.
//!
//! ```
//! use futures_util::{Stream, stream};
//! use sse_axum::{Sse, test};
//! use sse_core::{Envelope, SseEvent};
//!
//! #[derive(Debug, PartialEq, SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Job {
//!     Progress(u8),
//!     #[sse(terminal)]
//!     Done,
//! }
//!
//! async fn job() -> Sse<impl Stream<Item = Envelope<Job>>> {
//!     Sse::new(stream::iter([Envelope::new(Job::Progress(50)).with_id(1), Envelope::new(Job::Done)]))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), test::ReadError> {
//! // In a `#[tokio::test]`:
//! let events: Vec<Job> = test::events(job().await).await?;
//! assert_eq!(events, [Job::Progress(50), Job::Done]);
//!
//! let envelopes: Vec<Envelope<Job>> = test::envelopes(job().await).await?;
//! assert_eq!(envelopes, [Envelope::new(Job::Progress(50)).with_id(1), Envelope::new(Job::Done)]);
//! # Ok(())
//! # }
//! ```
//!
//! A [`ResponseReader`] reads a stream that does not end, item by item, and asks a whole
//! [`Router`](https://docs.rs/axum/latest/axum/struct.Router.html).
//!
//! All of it is bounded by a time limit, which is time as `tokio` has it: on a clock that is paused
//! (`#[tokio::test(start_paused = true)]`) it costs none.

mod block;
mod error;
mod reader;

use axum_core::response::IntoResponse;
use sse_core::{Envelope, SseDecodeOwned};

pub use self::{error::ReadError, reader::ResponseReader};

/// All events of a response, to its end, which has to come within a minute; [`ResponseReader::timeout`] sets another time, and
/// [`ResponseReader`] reads streams without an end.
///
/// # Errors
///
/// As [`ResponseReader::next`].
///
/// # Examples
///
/// What a client gets that has everything already:
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, StopReconnecting, Sse, test::{self, ReadError}};
/// use sse_core::SseEvent;
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Counter {
///     Count { #[sse(id)] number: u64 },
/// }
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Result<Sse<impl Stream<Item = Counter>>, StopReconnecting> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     if next > 9 {
///         return Err(StopReconnecting);
///     }
///     Ok(Sse::new(stream::iter((next..=9).map(|number| Counter::Count { number }))))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ReadError> {
/// let rest: Vec<Counter> = test::events(counter(LastEventId(Some(8))).await).await?;
/// assert_eq!(rest, [Counter::Count { number: 9 }]);
///
/// let over = test::events::<Counter>(counter(LastEventId(Some(9))).await).await;
/// assert!(matches!(over, Err(ReadError::NoContent)));
/// # Ok(())
/// # }
/// ```
pub async fn events<E: SseDecodeOwned>(response: impl IntoResponse) -> Result<Vec<E>, ReadError> {
    Ok(envelopes(response).await?.into_iter().filter_map(|envelope| envelope.event).collect())
}

/// All envelopes of a response, to its end: the events with their IDs, reconnection times and comments, and what stands
/// without an event. As with [`events`], the end has to come within a minute.
///
/// # Errors
///
/// As [`ResponseReader::next`].
pub async fn envelopes<E: SseDecodeOwned>(response: impl IntoResponse) -> Result<Vec<Envelope<E>>, ReadError> {
    ResponseReader::new(response).rest().await
}
