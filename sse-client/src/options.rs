//! The settings of a source that the machine does not need.

use std::{fmt, time::Duration};

use sse_core::{SseDecodeOwned, Terminal, WireEvents};

use crate::{Head, exclusive::Exclusive};

/// The settings of a source of events `E`.
pub(crate) struct Options<E> {
    pub(crate) resend: bool,
    pub(crate) stay_open: bool,
    pub(crate) lenient_end: bool,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) retry_when: Option<Exclusive<Box<Test<Head>>>>,
    pub(crate) complete_when: Option<Exclusive<Box<Test<E>>>>,
}

pub(crate) type Test<T> = dyn FnMut(&T) -> bool + Send;

impl<E> Options<E> {
    /// Returns whether the caller wants a retry after a response that is not an event stream.
    pub(crate) fn retries(&mut self, head: &Head) -> bool {
        self.retry_when.as_mut().is_some_and(|test| test.get_mut()(head))
    }
}

impl<E: SseDecodeOwned> Options<E> {
    /// Returns whether the source ends with this event.
    #[inline]
    pub(crate) fn is_last(&mut self, event: &E) -> bool {
        (event.is_terminal() && !self.stay_open)
            || self.complete_when.as_mut().is_some_and(|test| test.get_mut()(event))
    }

    /// Returns whether the stream has a last event, without which it is not complete.
    pub(crate) fn expects_last(&self) -> bool {
        self.complete_when.is_some()
            || (!self.stay_open && WireEvents::of::<E>().any(|event| event.info().terminal() != Terminal::Never))
    }
}

// Not derived: that would require `E: Default`.
impl<E> Default for Options<E> {
    fn default() -> Self {
        Self {
            resend: false,
            stay_open: false,
            lenient_end: false,
            idle_timeout: None,
            retry_when: None,
            complete_when: None,
        }
    }
}

impl<E> fmt::Debug for Options<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("resend", &self.resend)
            .field("stay_open", &self.stay_open)
            .field("lenient_end", &self.lenient_end)
            .field("idle_timeout", &self.idle_timeout)
            .finish_non_exhaustive()
    }
}
