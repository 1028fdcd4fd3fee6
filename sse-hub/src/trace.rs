//! Events for `tracing` with the target `sse_hub`. No events are emitted without the feature.

#[cfg(all(feature = "redis", not(feature = "tracing")))]
pub(crate) use self::off::evicting;
#[cfg(not(feature = "tracing"))]
pub(crate) use self::off::{closed, cut, draining, epoch, gap, store_failed, subscribed, unreadable};
#[cfg(all(feature = "redis", feature = "tracing"))]
pub(crate) use self::on::evicting;
#[cfg(feature = "tracing")]
pub(crate) use self::on::{closed, cut, draining, epoch, gap, store_failed, subscribed, unreadable};

#[cfg(feature = "tracing")]
mod on {
    use std::fmt::Display;

    use sse_core::Gap;
    use tracing::{debug, info, warn};

    use crate::{Cursor, Epoch};

    const TARGET: &str = "sse_hub";

    pub(crate) fn subscribed(topics: &[&str], gap: Option<Gap>) {
        let (reason, missed) = (gap.map(|gap| gap.reason.as_str()), gap.and_then(|gap| gap.missed));
        debug!(target: TARGET, ?topics, gap = reason, missed, "subscribed");
    }

    pub(crate) fn gap(gap: Gap, id: Cursor) {
        debug!(target: TARGET, reason = %gap.reason, missed = gap.missed, %id, "gap told");
    }

    pub(crate) fn cut(error: &dyn Display) {
        debug!(target: TARGET, %error, "subscription cut");
    }

    pub(crate) fn draining(subscriptions: usize) {
        info!(target: TARGET, subscriptions, "hub draining");
    }

    pub(crate) fn closed() {
        info!(target: TARGET, "hub closed");
    }

    pub(crate) fn epoch(epoch: Epoch) {
        info!(target: TARGET, start = %epoch.start, kind = ?epoch.kind, "epoch began");
    }

    #[cfg(feature = "redis")]
    pub(crate) fn evicting(policy: &str) {
        warn!(target: TARGET, policy, "keys may be evicted");
    }

    pub(crate) fn unreadable(cursor: Cursor, error: &dyn Display) {
        warn!(target: TARGET, %cursor, %error, "record unreadable");
    }

    pub(crate) fn store_failed(action: &'static str, error: &dyn Display) {
        warn!(target: TARGET, action, %error, "store failed");
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::fmt::Display;

    use sse_core::Gap;

    use crate::{Cursor, Epoch};

    pub(crate) const fn subscribed(_: &[&str], _: Option<Gap>) {}

    pub(crate) const fn gap(_: Gap, _: Cursor) {}

    pub(crate) fn cut(_: &dyn Display) {}

    pub(crate) const fn draining(_: usize) {}

    pub(crate) const fn closed() {}

    pub(crate) const fn epoch(_: Epoch) {}

    #[cfg(feature = "redis")]
    pub(crate) const fn evicting(_: &str) {}

    pub(crate) fn unreadable(_: Cursor, _: &dyn Display) {}

    pub(crate) fn store_failed(_: &'static str, _: &dyn Display) {}
}
