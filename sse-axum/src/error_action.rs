//! What happens when an item cannot be sent.

use std::{fmt, ops::ControlFlow};

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::{EncodeError, SendError, SseEvent, StreamItem};

use crate::{
    CloseReason,
    batch::Batch,
    body::{Event, SourceError},
};

/// What [`Sse::on_error`](crate::Sse::on_error) answers an error with.
///
/// # Examples
///
/// ```
/// use std::fmt::Display;
/// use sse_axum::ErrorAction;
/// use sse_core::{SendError, SseEvent};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     #[sse(error, terminal)]
///     Failed(String),
/// }
///
/// fn report(error: SendError<impl Display>) -> ErrorAction<Job> {
///     match error {
///         // The source is gone: the client learns of it, and the stream ends in order.
///         SendError::Source(error) => ErrorAction::Send(Job::Failed(error.to_string())),
///         // One bad event: the next one may be better.
///         SendError::Encode(_) => ErrorAction::Skip,
///         _ => ErrorAction::Cut,
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorAction<E> {
    /// Sends this event instead, and goes on; the body ends if it is a terminal one.
    Send(E),
    /// Sends this event instead, and ends the body in order.
    SendAndEnd(E),
    /// Sends nothing, and goes on.
    Skip,
    /// Ends the body in order: clients cannot tell it from a stream that is complete.
    End,
    /// Cuts the body, so that clients see a broken connection. What happens without `on_error`.
    Cut,
}

impl<E: SseEvent> ErrorAction<E> {
    fn take(self, batch: &mut Batch) -> Next {
        match self {
            Self::Send(event) => batch.event(&event).map_or_else(Next::from, Next::from),
            Self::SendAndEnd(event) => batch.event(&event).map_or_else(Next::from, |_| Next::End(CloseReason::Error)),
            Self::Skip => Next::Continue,
            Self::End => Next::End(CloseReason::Error),
            Self::Cut => Next::Cut("the body was cut by `on_error`".into()),
        }
    }
}

/// How the body goes on after an item.
#[derive(Debug)]
pub(crate) enum Next {
    Continue,
    End(CloseReason),
    Cut(BoxError),
}

impl From<ControlFlow<()>> for Next {
    fn from(flow: ControlFlow<()>) -> Self {
        match flow {
            ControlFlow::Continue(()) => Self::Continue,
            ControlFlow::Break(()) => Self::End(CloseReason::Terminal),
        }
    }
}

impl From<EncodeError> for Next {
    fn from(error: EncodeError) -> Self {
        Self::Cut(error.into())
    }
}

/// Takes what cannot be sent, and may write something else.
pub(crate) struct OnError<S>(Box<dyn Answer<S> + Send>);

trait Answer<S> {
    fn answer(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next
    where
        S: Stream<Item: StreamItem>;
}

impl<S, F> Answer<S> for F
where
    S: Stream<Item: StreamItem>,
    F: FnMut(SendError<SourceError<S>>) -> ErrorAction<Event<S>>,
{
    fn answer(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next {
        self(error).take(batch)
    }
}

impl<S: Stream<Item: StreamItem>> OnError<S> {
    pub(crate) fn new(answer: impl FnMut(SendError<SourceError<S>>) -> ErrorAction<Event<S>> + Send + 'static) -> Self {
        Self(Box::new(answer))
    }

    /// Whatever ends the body now, the error is why.
    pub(crate) fn answer(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next {
        match self.0.answer(error, batch) {
            Next::End(_) => Next::End(CloseReason::Error),
            next => next,
        }
    }
}

impl<S> fmt::Debug for OnError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnError(..)")
    }
}

/// The answer where nobody gave another one.
pub(crate) fn cut<Err: Into<BoxError>>(error: SendError<Err>) -> Next {
    Next::Cut(match error {
        SendError::Source(error) => error.into(),
        SendError::Encode(error) => error.into(),
        other => other.to_string().into(),
    })
}
