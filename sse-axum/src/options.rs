//! The optional settings of a body.

use std::{convert::Infallible, fmt};

use sse_core::Retry;

use crate::{closer::Closer, ending::End, error_action::OnError, keep_alive::KeepAlive};

/// The optional settings of a body, and their state. Boxed, so that they cost a body without settings only a pointer.
pub(crate) struct Options<S> {
    /// The keep-alive, with its event type erased.
    pub(crate) keep_alive: KeepAlive<Infallible>,
    pub(crate) on_error: Option<OnError<S>>,
    /// The reconnection time, until it is sent.
    pub(crate) retry: Option<Retry>,
    pub(crate) ends: Vec<End>,
    pub(crate) closer: Closer,
}

impl<S> Default for Options<S> {
    fn default() -> Self {
        let keep_alive = KeepAlive::new();
        Self { keep_alive, on_error: None, retry: None, ends: Vec::new(), closer: Closer::default() }
    }
}

impl<S> fmt::Debug for Options<S> {
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
