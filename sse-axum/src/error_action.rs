//! The reaction to an item that cannot be sent.

use std::fmt;

use axum_core::BoxError;
use futures_core::Stream;
use sse_core::{SendError, SseEvent, StreamItem};

use crate::{
    batch::Batch,
    close::CloseReason,
    item::{Event, SourceError},
    next::Next,
};

/// The reaction to an error, returned by the handler of [`Sse::on_error`](crate::Sse::on_error).
///
/// # Examples
///
/// ```
/// use std::{fmt::Display, io};
///
/// use futures_util::{Stream, stream};
/// use sse_axum::{ErrorAction, Sse};
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
///         // The stream failed: report it to the client. The event is terminal, so the body ends.
///         SendError::Source(error) => ErrorAction::Send(Job::Failed(error.to_string())),
///         // Only this event failed: continue with the next one.
///         SendError::Encode(_) => ErrorAction::Skip,
///         _ => ErrorAction::Cut,
///     }
/// }
///
/// async fn events() -> Sse<impl Stream<Item = Result<Job, io::Error>>> {
///     Sse::new(stream::iter([Ok(Job::Progress(50)), Err(io::Error::other("the disk is full"))])).on_error(report)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorAction<E> {
    /// Sends this event instead and continues. The body ends if the event is terminal.
    Send(E),
    /// Sends this event instead and ends the body.
    SendAndEnd(E),
    /// Sends nothing and continues.
    Skip,
    /// Ends the body. Clients cannot distinguish this from the end of a complete stream.
    End,
    /// Cuts the body, so that clients see a broken connection, as without `on_error`.
    ///
    /// The server then receives an error without the cause, so log the cause in the handler.
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

/// The handler that [`Sse::on_error`](crate::Sse::on_error) sets, with the type of the closure erased.
pub(crate) struct OnError<S>(Box<dyn Handler<S> + Send>);

trait Handler<S> {
    fn handle(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next
    where
        S: Stream<Item: StreamItem>;
}

impl<S, F> Handler<S> for F
where
    S: Stream<Item: StreamItem>,
    F: FnMut(SendError<SourceError<S>>) -> ErrorAction<Event<S>>,
{
    fn handle(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next {
        self(error).take(batch)
    }
}

impl<S: Stream<Item: StreamItem>> OnError<S> {
    pub(crate) fn new(
        handler: impl FnMut(SendError<SourceError<S>>) -> ErrorAction<Event<S>> + Send + 'static,
    ) -> Self {
        Self(Box::new(handler))
    }

    /// Calls the handler. If the body ends, the reason is the error, even after a terminal event.
    pub(crate) fn handle(&mut self, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next {
        match self.0.handle(error, batch) {
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

/// Returns the default reaction, which is to cut the body.
pub(crate) fn cut<Err: Into<BoxError>>(error: SendError<Err>) -> Next {
    Next::Cut(match error {
        SendError::Source(error) => error.into(),
        SendError::Encode(error) => error.into(),
        other => other.to_string().into(),
    })
}
