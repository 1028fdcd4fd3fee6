//! Spans and events for `tracing`, which [`production`](crate::production) lists. Without the feature nothing is
//! recorded.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::{Trace, cut, resumed};
#[cfg(feature = "tracing")]
pub(crate) use self::on::{Trace, cut, resumed};

#[cfg(feature = "tracing")]
mod on {
    use axum_core::BoxError;
    use sse_core::Report;
    use tracing::{Span, debug, debug_span, span::EnteredSpan, warn};

    use crate::close::StreamClosed;

    const TARGET: &str = "sse_axum";

    /// The span of one stream, inside the span of its request.
    pub(crate) struct Trace(Span);

    impl Trace {
        /// Opens the span of a response. Returns `None` if the span is disabled.
        pub(crate) fn open() -> Option<Self> {
            let span = debug_span!(target: TARGET, "sse_stream");
            if span.is_disabled() {
                return None;
            }
            debug!(target: TARGET, parent: &span, "stream opened");
            Some(Self(span))
        }

        /// Enters the span, so that records made by the stream while it is polled belong to it.
        pub(crate) fn enter(&self) -> EnteredSpan {
            self.0.clone().entered()
        }

        /// Records how the stream ended.
        pub(crate) fn closed(&self, closed: StreamClosed) {
            let StreamClosed { reason, events, bytes, duration } = closed;
            debug!(target: TARGET, parent: &self.0, %reason, events, bytes, ?duration, "stream closed");
        }
    }

    /// Records that the body will be cut. The level is `warn`, because the cause is in this program and nothing else
    /// reports it.
    pub(crate) fn cut(error: &BoxError) {
        warn!(target: TARGET, error = %Report::new(&**error), "stream cut");
    }

    /// Records the event ID from which a client resumes.
    pub(crate) fn resumed(id: &str) {
        debug!(target: TARGET, resumed_from = id, "stream resumed");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use axum_core::BoxError;

    use crate::close::StreamClosed;

    /// Never constructed.
    pub(crate) enum Trace {}

    impl Trace {
        pub(crate) const fn open() -> Option<Self> {
            None
        }

        pub(crate) const fn enter(&self) {
            match *self {}
        }

        pub(crate) const fn closed(&self, _: StreamClosed) {
            match *self {}
        }
    }

    pub(crate) const fn cut(_: &BoxError) {}

    pub(crate) const fn resumed(_: &str) {}
}
