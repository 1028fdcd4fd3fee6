//! What `tracing` is told: the names that [`production`](crate::production) lists. Nothing at all without the feature.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::{Trace, cut, resumed};
#[cfg(feature = "tracing")]
pub(crate) use self::on::{Trace, cut, resumed};

#[cfg(feature = "tracing")]
mod on {
    use axum_core::BoxError;
    use tracing::{Span, debug, debug_span, span::EnteredSpan, warn};

    use crate::StreamClosed;

    const TARGET: &str = "sse_axum";

    /// The span of one stream, within that of its request.
    pub(crate) struct Trace(Span);

    impl Trace {
        /// A response is made. `None` where nobody listens.
        pub(crate) fn open() -> Option<Self> {
            let span = debug_span!(target: TARGET, "sse_stream");
            if span.is_disabled() {
                return None;
            }
            debug!(target: TARGET, parent: &span, "stream opened");
            Some(Self(span))
        }

        /// What the stream says while it is asked belongs to its span.
        pub(crate) fn enter(&self) -> EnteredSpan {
            self.0.clone().entered()
        }

        pub(crate) fn closed(&self, StreamClosed { reason, events, bytes }: StreamClosed) {
            debug!(target: TARGET, parent: &self.0, %reason, events, bytes, "stream closed");
        }
    }

    /// The body is to be cut: an error of the program, which a cut body does not tell.
    pub(crate) fn cut(error: &BoxError) {
        warn!(target: TARGET, %error, "stream cut");
    }

    /// A client said where it goes on.
    pub(crate) fn resumed(id: &str) {
        debug!(target: TARGET, resumed_from = id, "stream resumed");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use axum_core::BoxError;

    use crate::StreamClosed;

    /// Never made.
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
