//! Test helpers that decode a response back into typed events. Requires the feature `test`.
//!
//! [`events`] and [`envelopes`] read a whole response:
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
//! // In a `#[tokio::test]` function:
//! let events: Vec<Job> = test::events(job().await).await?;
//! assert_eq!(events, [Job::Progress(50), Job::Done]);
//!
//! let envelopes: Vec<Envelope<Job>> = test::envelopes(job().await).await?;
//! assert_eq!(envelopes, [Envelope::new(Job::Progress(50)).with_id(1), Envelope::new(Job::Done)]);
//! # Ok(())
//! # }
//! ```
//!
//! A [`ResponseReader`] reads a response envelope by envelope. Use it to test a stream that does not end, or to send a
//! request to a whole [`Router`](https://docs.rs/axum/latest/axum/struct.Router.html).
//!
//! Every call has a time limit, measured by the Tokio clock. If the clock is paused
//! (`#[tokio::test(start_paused = true)]`), tests do not wait for time limits or keep-alives in real time.

mod envelopes;
mod error;
mod reader;

use axum_core::response::IntoResponse;
use sse_core::{Envelope, SseDecodeOwned};

pub use self::{error::ReadError, reader::ResponseReader};

/// Reads all events of a response.
///
/// The response must end within a minute. Use a [`ResponseReader`] to set another limit or to read a stream that does
/// not end.
///
/// # Errors
///
/// Returns the same errors as [`ResponseReader::next`].
///
/// # Examples
///
/// Testing the response to a client that reconnects before and after the last event:
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
/// async fn counter(
///     LastEventId(last): LastEventId<u64>,
/// ) -> Result<Sse<impl Stream<Item = Counter>>, StopReconnecting> {
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

/// Reads all envelopes of a response: the events with their IDs and reconnection times, each comment in a separate
/// envelope, and the blocks that only set an ID.
///
/// The response must end within a minute, as for [`events`].
///
/// # Errors
///
/// Returns the same errors as [`ResponseReader::next`].
pub async fn envelopes<E: SseDecodeOwned>(response: impl IntoResponse) -> Result<Vec<Envelope<E>>, ReadError> {
    ResponseReader::new(response).rest().await
}
