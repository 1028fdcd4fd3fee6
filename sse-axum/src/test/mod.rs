//! Responses read back in tests: the typed events of a response in one call. With the feature `test`.
//!
//! ```
//! use futures_util::{Stream, stream};
//! use sse_axum::{Sse, test};
//! use sse_core::{Frame, SseEvent};
//!
//! #[derive(Debug, PartialEq, SseEvent)]
//! #[sse(rename_all = "kebab-case")]
//! enum Job {
//!     Progress(u8),
//!     #[sse(terminal)]
//!     Done,
//! }
//!
//! async fn job() -> Sse<impl Stream<Item = Frame<Job>>> {
//!     Sse::new(stream::iter([Frame::new(Job::Progress(50)).with_id(1), Frame::new(Job::Done)]))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), test::ReadError> {
//! // In a `#[tokio::test]`:
//! let events: Vec<Job> = test::events(job().await).await?;
//! assert_eq!(events, [Job::Progress(50), Job::Done]);
//!
//! let frames: Vec<Frame<Job>> = test::frames(job().await).await?;
//! assert_eq!(frames, [Frame::new(Job::Progress(50)).with_id(1), Frame::new(Job::Done)]);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Reader`] reads a stream that does not end, item by item, and asks a whole
//! [`Router`](https://docs.rs/axum/latest/axum/struct.Router.html).
//!
//! All of it is bounded by a time limit, which is time as `tokio` has it: on a clock that is paused
//! (`#[tokio::test(start_paused = true)]`) it costs none.

mod block;
mod error;
mod reader;

use axum_core::response::IntoResponse;
use sse_core::{Frame, SseDecodeOwned};

pub use self::{error::ReadError, reader::Reader};

/// All events of a response, to its end, which has to come within a minute; [`Reader::limit`] sets another time, and
/// [`Reader`] reads streams without an end.
///
/// # Errors
///
/// As [`Reader::next`].
///
/// # Examples
///
/// What a client gets that has everything already:
///
/// ```
/// use futures_util::{Stream, stream};
/// use sse_axum::{LastEventId, Over, Sse, test::{self, ReadError}};
/// use sse_core::SseEvent;
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Counter {
///     Count { #[sse(id)] number: u64 },
/// }
///
/// async fn counter(LastEventId(last): LastEventId<u64>) -> Result<Sse<impl Stream<Item = Counter>>, Over> {
///     let next = last.map_or(0, |last| last.saturating_add(1));
///     if next > 9 {
///         return Err(Over);
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
/// assert!(matches!(over, Err(ReadError::Over)));
/// # Ok(())
/// # }
/// ```
pub async fn events<E: SseDecodeOwned>(response: impl IntoResponse) -> Result<Vec<E>, ReadError> {
    Ok(frames(response).await?.into_iter().filter_map(|frame| frame.event).collect())
}

/// All frames of a response, to its end: the events with their IDs, reconnection times and comments, and what stands
/// without an event. As with [`events`], the end has to come within a minute.
///
/// # Errors
///
/// As [`Reader::next`].
pub async fn frames<E: SseDecodeOwned>(response: impl IntoResponse) -> Result<Vec<Frame<E>>, ReadError> {
    Reader::new(response).rest().await
}
