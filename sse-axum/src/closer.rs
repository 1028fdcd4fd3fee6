//! The report of how a stream ended, made when its body is dropped.

use std::{
    cell::Cell,
    fmt, thread,
    time::{Duration, Instant},
};

use crate::{
    close::{CloseReason, StreamClosed},
    open_streams::Counted,
    trace::Trace,
};

thread_local! {
    /// Whether the body that is being dropped is ended by a shutdown of the server. A body cannot be told otherwise: its
    /// type is erased, and layers wrap it.
    static SHUTTING_DOWN: Cell<bool> = const { Cell::new(false) };
}

/// Runs a function that drops a body because the server shuts down.
#[cfg(feature = "serve")]
pub(crate) fn on_shutdown(drop_body: impl FnOnce()) {
    /// Restores the value from before, because the drop of a body can drop another one in this way.
    struct Reset(bool);

    impl Drop for Reset {
        fn drop(&mut self) {
            SHUTTING_DOWN.set(self.0);
        }
    }

    let _reset = Reset(SHUTTING_DOWN.replace(true));
    drop_body();
}

type OnClose = Box<dyn FnOnce(StreamClosed) + Send>;

/// Reports how a stream ended when it is dropped. Every body is dropped exactly once, but not every body is polled to
/// its end.
pub(crate) struct Closer {
    closed: StreamClosed,
    opened: Instant,
    on_close: Option<OnClose>,
    pub(crate) counted: Option<Counted>,
    pub(crate) trace: Option<Trace>,
}

impl Closer {
    pub(crate) fn on_close(&mut self, on_close: impl FnOnce(StreamClosed) + Send + 'static) {
        self.on_close = Some(Box::new(on_close));
    }

    pub(crate) const fn count(&mut self, events: u64, bytes: usize) {
        self.closed.events += events;
        self.closed.bytes += bytes as u64;
    }

    /// Sets the reason. Without this call the body was dropped before its end, so the client is gone.
    pub(crate) const fn close(&mut self, reason: CloseReason) {
        self.closed.reason = reason;
    }
}

impl Default for Closer {
    fn default() -> Self {
        let closed = StreamClosed { reason: CloseReason::ClientGone, events: 0, bytes: 0, duration: Duration::ZERO };
        Self { closed, opened: Instant::now(), on_close: None, counted: None, trace: None }
    }
}

impl Drop for Closer {
    fn drop(&mut self) {
        // A body that has ended keeps its reason. One that is still open is dropped because its client is gone, unless its
        // stream has panicked or the server ends it.
        if self.closed.reason == CloseReason::ClientGone {
            if thread::panicking() {
                self.close(CloseReason::Error);
            } else if SHUTTING_DOWN.get() {
                self.close(CloseReason::Shutdown);
            }
        }
        self.closed.duration = self.opened.elapsed();
        // Before the callback, which may read the count.
        self.counted = None;
        if let Some(trace) = &self.trace {
            trace.closed(self.closed);
        }
        if let Some(on_close) = self.on_close.take() {
            on_close(self.closed);
        }
    }
}

impl fmt::Debug for Closer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closer").field("closed", &self.closed).finish_non_exhaustive()
    }
}
