//! A store that injects faults, determined by a seed.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use tokio::time::sleep;

use crate::{
    AppendError, Cursor, EpochKind, MemoryStore, MemoryTail, Opened, Opening, Record, Step, Store, StoreError,
};

/// A [`MemoryStore`] that fails at random, in an order that a seed determines. Runs are reproducible under Tokio's
/// paused time.
///
/// Clones share the log and the random number generator. [`Faulty::stop`] ends the faults, so that a test can wait
/// until all nodes have the same log.
#[derive(Clone, Debug)]
pub struct Faulty {
    store: MemoryStore,
    random: Arc<Mutex<Option<u64>>>,
    faults: Arc<[Fault]>,
}

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An answer is delayed.
    Delay,
    /// Opening fails.
    Open,
    /// An append is refused.
    Refuse,
    /// Records are appended, but the store does not answer.
    LoseAnswer,
    /// Records are not appended, and the store does not answer.
    LoseAppend,
    /// The tail fails and has to be opened again.
    Tail,
    /// The tail yields records twice.
    Double,
    /// The log loses its newest records, and an epoch begins at the first of them.
    Rewind,
    /// An epoch begins, as if another node had opened it.
    Fence,
}

impl Fault {
    /// All faults.
    pub const ALL: &'static [Self] = &[
        Self::Delay,
        Self::Open,
        Self::Refuse,
        Self::LoseAnswer,
        Self::LoseAppend,
        Self::Tail,
        Self::Double,
        Self::Rewind,
        Self::Fence,
    ];
}

impl Faulty {
    /// Creates a store with these faults.
    #[must_use]
    pub fn new(seed: u64, faults: &[Fault]) -> Self {
        // The lowest bit is set, because the generator never leaves zero.
        let random = Arc::new(Mutex::new(Some(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)));
        Self { store: MemoryStore::new(), random, faults: faults.into() }
    }

    /// Ends the faults.
    pub fn stop(&self) {
        *self.random.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Returns a random number below `limit`, or `None` if the faults have ended.
    fn random(&self, limit: u64) -> Option<u64> {
        let mut state = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = (*state)?;
        next ^= next << 13;
        next ^= next >> 7;
        next ^= next << 17;
        *state = Some(next);
        (next >> 16).checked_rem(limit)
    }

    /// Returns whether a fault occurs, with a probability of one in `rarity`.
    fn happens(&self, fault: Fault, rarity: u64) -> bool {
        self.faults.contains(&fault) && self.random(rarity) == Some(0)
    }

    async fn delay(&self) {
        if self.happens(Fault::Delay, 3) {
            sleep(Duration::from_millis(self.random(40).unwrap_or(0))).await;
        }
    }

    fn disturb(&self) {
        if self.happens(Fault::Rewind, 40) {
            let mut log = self.store.log();
            let lost = self.random(6).unwrap_or(0);
            let kind = if self.random(2) == Some(0) { EpochKind::Break } else { EpochKind::Fence };
            log.lose_newest(usize::try_from(lost).unwrap_or(0));
            log.open_epoch(kind, None);
        }
        if self.happens(Fault::Fence, 40) {
            self.store.log().open_epoch(EpochKind::Fence, None);
        }
    }
}

impl Store for Faulty {
    type Tail = FaultyTail;

    async fn open(&self, opening: Opening) -> Result<Opened<FaultyTail>, StoreError> {
        self.delay().await;
        if self.happens(Fault::Open, 4) {
            return Err(StoreError::new("opening failed"));
        }
        let Opened { epochs, start, tip, tail } = self.store.open(opening).await?;
        Ok(Opened::new(epochs, start, tip, FaultyTail { faulty: self.clone(), tail, again: None }))
    }

    async fn append(&self, epoch: u64, batch: Vec<Record>) -> Vec<Result<Cursor, AppendError>> {
        self.delay().await;
        self.disturb();
        let all = batch.len();
        if self.happens(Fault::Refuse, 20) {
            return batch.iter().map(|_| Err(AppendError::Refused(StoreError::new("the store is full")))).collect();
        }
        let unknown = || Err(AppendError::Unknown(StoreError::new("no answer")));
        if self.happens(Fault::LoseAppend, 10) {
            // Some of the records may be appended before the connection is lost.
            let landed = self.random(all as u64 + 1).and_then(|landed| usize::try_from(landed).ok()).unwrap_or(0);
            let _ = self.store.append(epoch, batch.into_iter().take(landed).collect()).await;
            return (0..all).map(|_| unknown()).collect();
        }
        let mut results = self.store.append(epoch, batch).await;
        self.delay().await;
        if self.happens(Fault::LoseAnswer, 10) {
            let answered = self.random(all as u64 + 1).and_then(|answered| usize::try_from(answered).ok()).unwrap_or(0);
            results.truncate(answered);
            results.resize_with(all, unknown);
        }
        results
    }
}

/// The tail of a [`Faulty`].
#[derive(Debug)]
pub struct FaultyTail {
    faulty: Faulty,
    tail: MemoryTail,
    /// A step that is yielded again.
    again: Option<Step>,
}

impl Stream for FaultyTail {
    type Item = Result<Step, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(step) = self.again.take() {
            return Poll::Ready(Some(Ok(step)));
        }
        let polled = Pin::new(&mut self.tail).poll_next(cx);
        if let Poll::Ready(Some(Ok(step))) = &polled {
            if self.faulty.happens(Fault::Tail, 15) {
                return Poll::Ready(Some(Err(StoreError::new("the tail failed"))));
            }
            // A report that is repeated would be a false one.
            if *step != Step::CaughtUp && self.faulty.happens(Fault::Double, 8) {
                self.again = Some(step.clone());
            }
        }
        polled
    }
}
