//! The future of a publish.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::sync::oneshot;

use crate::{Cursor, PublishError, error::Sent};

/// A future that resolves to the outcome of a publish: the cursor of the event, which is its ID.
///
/// The event is queued before the future is returned, so dropping the future does not cancel the publish.
#[derive(Debug)]
#[must_use = "the future reports whether the event was published"]
pub struct Publish(State);

#[derive(Debug)]
enum State {
    Ready(Option<Result<Cursor, PublishError>>),
    Queued(oneshot::Receiver<Result<Cursor, PublishError>>),
}

impl Publish {
    pub(crate) const fn ready(cursor: Cursor) -> Self {
        Self(State::Ready(Some(Ok(cursor))))
    }

    pub(crate) fn ready_or(publish: Result<Self, PublishError>) -> Self {
        publish.unwrap_or_else(|error| Self(State::Ready(Some(Err(error)))))
    }

    pub(crate) const fn queued(outcome: oneshot::Receiver<Result<Cursor, PublishError>>) -> Self {
        Self(State::Queued(outcome))
    }
}

/// # Cancel safety
///
/// Dropping the future does not undo the publish.
impl Future for Publish {
    type Output = Result<Cursor, PublishError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            // Polled again after completion; pending forever is allowed by the contract of `Future`.
            State::Ready(outcome) => outcome.take().map_or(Poll::Pending, Poll::Ready),
            // The task of the hub has ended together with its runtime.
            State::Queued(outcome) => Poll::Ready(
                ready!(Pin::new(outcome).poll(cx)).unwrap_or(Err(PublishError::Unavailable { sent: Sent::Unknown })),
            ),
        }
    }
}
