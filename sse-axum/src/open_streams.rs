//! A count of open streams.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// A count of open streams, for a gauge.
///
/// Streams are counted with [`Sse::count_in`](crate::Sse::count_in). Clones share the count, so that one is kept in the
/// state of the handlers and another one where the metrics are exported.
#[derive(Clone, Debug, Default)]
pub struct OpenStreams(Arc<AtomicUsize>);

impl OpenStreams {
    /// Creates a count of zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of streams that are open.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn enter(&self) -> Counted {
        self.0.fetch_add(1, Ordering::Relaxed);
        Counted(self.clone())
    }
}

/// A stream that is counted until this is dropped.
pub(crate) struct Counted(OpenStreams);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
