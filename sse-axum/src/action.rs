//! What happens when an item cannot be sent.

use std::{fmt, ops::ControlFlow};

use axum_core::BoxError;
use sse_core::{EncodeError, SendError, SseEvent};

use crate::{Reason, batch::Batch};

/// What [`Sse::on_error`](crate::Sse::on_error) answers an error with.
///
/// # Examples
///
/// ```
/// use std::fmt::Display;
/// use sse_axum::Action;
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
/// fn report(error: SendError<impl Display>) -> Action<Job> {
///     match error {
///         // The source is gone: the client learns of it, and the stream ends in order.
///         SendError::Source(error) => Action::Send(Job::Failed(error.to_string())),
///         // One bad event: the next one may be better.
///         SendError::Encode(_) => Action::Skip,
///         _ => Action::Cut,
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action<E> {
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

impl<E: SseEvent> Action<E> {
    fn take(self, batch: &mut Batch) -> Next {
        match self {
            Self::Send(event) => batch.event(&event).map_or_else(Next::from, Next::from),
            Self::SendAndEnd(event) => batch.event(&event).map_or_else(Next::from, |_| Next::End(Reason::Error)),
            Self::Skip => Next::Continue,
            Self::End => Next::End(Reason::Error),
            Self::Cut => Next::Cut("the body was cut by `on_error`".into()),
        }
    }
}

/// How the body goes on after an item.
#[derive(Debug)]
pub(crate) enum Next {
    Continue,
    End(Reason),
    Cut(BoxError),
}

impl From<ControlFlow<()>> for Next {
    fn from(flow: ControlFlow<()>) -> Self {
        match flow {
            ControlFlow::Continue(()) => Self::Continue,
            ControlFlow::Break(()) => Self::End(Reason::Terminal),
        }
    }
}

impl From<EncodeError> for Next {
    fn from(error: EncodeError) -> Self {
        Self::Cut(error.into())
    }
}

/// Takes what cannot be sent, and may write something else.
pub(crate) struct OnError<Err>(Box<Answer<Err>>);

type Answer<Err> = dyn FnMut(SendError<Err>, &mut Batch) -> Next + Send;

impl<Err> OnError<Err> {
    pub(crate) fn new<E: SseEvent>(mut answer: impl FnMut(SendError<Err>) -> Action<E> + Send + 'static) -> Self {
        Self(Box::new(move |error, batch| answer(error).take(batch)))
    }

    /// Whatever ends the body now, the error is why.
    pub(crate) fn answer(&mut self, error: SendError<Err>, batch: &mut Batch) -> Next {
        match (self.0)(error, batch) {
            Next::End(_) => Next::End(Reason::Error),
            next => next,
        }
    }
}

impl<Err> fmt::Debug for OnError<Err> {
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
