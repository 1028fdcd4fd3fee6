//! What only some streams ask for.

use std::{fmt, pin::Pin};

use sse_core::Retry;

use crate::{KeepAlive, Reason, action::OnError, close::Closer};

/// What a body has beside its stream. In a box of its own, so that a body without any pays for one pointer.
pub(crate) struct Options<E, Err> {
    pub(crate) keep_alive: KeepAlive<E>,
    pub(crate) on_error: Option<OnError<Err>>,
    /// Still to be sent.
    pub(crate) retry: Option<Retry>,
    pub(crate) ends: Vec<End<E>>,
    pub(crate) closer: Closer,
}

/// Ends the body from outside.
pub(crate) type End<E> = Pin<Box<dyn Future<Output = Ending<E>> + Send>>;

/// How it is ended.
pub(crate) struct Ending<E> {
    pub(crate) reason: Reason,
    /// Sent behind all others.
    pub(crate) last: Option<E>,
}

impl<E, Err> Default for Options<E, Err> {
    fn default() -> Self {
        let keep_alive = KeepAlive::new();
        Self { keep_alive, on_error: None, retry: None, ends: Vec::new(), closer: Closer::default() }
    }
}

impl<E, Err> fmt::Debug for Options<E, Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("keep_alive", &self.keep_alive)
            .field("on_error", &self.on_error)
            .field("retry", &self.retry)
            .field("ends", &self.ends.len())
            .field("closer", &self.closer)
            .finish_non_exhaustive()
    }
}
