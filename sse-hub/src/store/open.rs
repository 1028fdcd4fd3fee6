//! Opens a hub with a store.

use std::{error::Error, fmt, future::poll_fn, sync::Arc};

use sse_core::SseEvent;

use super::{
    Opening, Step, Store, StoreError, Writer,
    apply::{apply, known_at},
    run::Run,
};
use crate::{Hub, Options, own_id, shared::Shared};

/// The error returned if the store of a hub cannot be opened.
#[derive(Debug)]
pub struct OpenError(StoreError);

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the hub's store cannot be opened: {}", self.0)
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl<E: SseEvent> Hub<E> {
    /// Opens a hub whose log is in a store that several nodes share.
    ///
    /// The call loads the window, and spawns a task on the current Tokio runtime that follows the store.
    ///
    /// ```
    /// use sse_hub::{Hub, MemoryStore, Options};
    /// # use sse_core::{Gap, SseEvent};
    /// # #[derive(SseEvent)]
    /// # #[sse(rename_all = "kebab-case")]
    /// # enum Score { Goal(u8), Resync(Gap) }
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let store = MemoryStore::new();
    /// let node_1: Hub<Score> = Hub::open(store.clone(), Options::new()).await?;
    /// let node_2: Hub<Score> = Hub::open(store, Options::new()).await?;
    /// let id = node_1.topic("match/17").publish(&Score::Goal(12)).await?;
    /// assert_eq!(node_2.topic("match/17").publish(&Score::Goal(30)).await?.offset(), id.offset() + 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the store cannot be opened. No time limit applies; use `tokio::time::timeout` to set one.
    ///
    /// # Panics
    ///
    /// Panics if there is no Tokio runtime with the time driver enabled.
    pub async fn open<S: Store>(store: S, options: Options) -> Result<Self, OpenError> {
        own_id::refuse::<E>();
        let opening = Opening { window: options.window, seen: None, leave: None };
        let opened = store.open(opening).await.map_err(OpenError)?;
        let (writer, queue, load) = Writer::new(options.max_pending);
        let epochs = known_at(opened.start, &opened.epochs);
        let shared = Arc::new(Shared::new(epochs, opened.start, options, Some(writer)));
        let (mut tail, mut table) = (Box::pin(opened.tail), opened.epochs);
        while shared.lock().state.log.tip() < opened.tip {
            let step = poll_fn(|cx| futures_core::Stream::poll_next(tail.as_mut(), cx)).await;
            let step = step.unwrap_or_else(|| Err(StoreError::new("the tail ended while it was loaded")));
            let step = step.map_err(OpenError)?;
            if matches!(step, Step::Alive | Step::CaughtUp) {
                // The newest records were removed from the store since it was opened.
                break;
            }
            if let Step::Epoch { table: newer, .. } = &step {
                table.clone_from(newer);
            }
            if apply(step, &table, &shared).is_lost {
                return Err(OpenError(StoreError::new("the tail yields a record of an unknown epoch")));
            }
        }
        tokio::spawn(Run::new(Arc::new(store), &shared, queue, load, tail, table).run());
        Ok(Self::of_shared(shared))
    }
}
