//! Events for `tracing`. Without the feature nothing is recorded.

#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::{closed, opened, waiting};
#[cfg(feature = "tracing")]
pub(crate) use self::on::{closed, opened, waiting};

#[cfg(feature = "tracing")]
mod on {
    use std::{error::Error, time::Duration};

    use sse_core::Report;
    use tracing::{debug, warn};

    use crate::{CloseReason, Head, WaitReason};

    const TARGET: &str = "sse_client";

    /// Records a connection that opened.
    pub(crate) fn opened(head: &Head, attempt: u64) {
        debug!(target: TARGET, version = ?head.version(), attempt, "stream opened");
    }

    /// Records that a connection was lost. The level is `warn` if it failed, because a retry hides the failure from the
    /// caller.
    pub(crate) fn waiting(reason: &WaitReason, delay: Duration, attempt: u64) {
        match reason {
            WaitReason::Failed(error) => {
                let cause = error.source().map(|cause| tracing::field::display(Report::new(cause)));
                warn!(target: TARGET, %error, cause, ?delay, attempt, "connection lost, will be retried");
            }
            WaitReason::Ended => warn!(target: TARGET, ?delay, attempt, "stream ended, will reconnect"),
            WaitReason::Requested => debug!(target: TARGET, ?delay, attempt, "reconnecting on request"),
        }
    }

    /// Records how a source ended.
    pub(crate) fn closed(reason: CloseReason, attempts: u64) {
        debug!(target: TARGET, ?reason, attempts, "source closed");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::time::Duration;

    use crate::{CloseReason, Head, WaitReason};

    pub(crate) const fn opened(_: &Head, _: u64) {}

    pub(crate) const fn waiting(_: &WaitReason, _: Duration, _: u64) {}

    pub(crate) const fn closed(_: CloseReason, _: u64) {}
}
