//! Stores that each break one requirement, to show that the contract test reports it.

mod appends;
mod epochs;
mod opening;
mod tails;

use std::{
    collections::BTreeSet,
    future::pending,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use tokio::{runtime::Builder, task::yield_now};

use super::store_contract;
use crate::{
    AppendError, Cursor, Epoch, EpochKind, MemoryStore, MemoryTail, Opened, Opening, Record, Step, Store, StoreError,
    Stored,
};

/// A memory store that is changed by hooks.
#[derive(Clone)]
struct Broken {
    store: MemoryStore,
    history: Arc<Mutex<History>>,
    hooks: Hooks,
}

/// What has happened to a store.
#[derive(Default)]
struct History {
    /// The number of openings.
    opened: usize,
    /// The epochs at the last opening.
    epochs: Vec<Epoch>,
    /// The number of records of each append.
    batches: Vec<usize>,
    /// The cursors of the first append.
    first: Vec<Cursor>,
    /// Whether the future of an opening or an append was dropped before it was complete.
    dropped_future: bool,
    dropped_tail: bool,
}

impl History {
    fn current(&self) -> Epoch {
        *self.epochs.last().unwrap()
    }

    fn last_batch(&self) -> usize {
        self.batches.last().copied().unwrap_or(0)
    }
}

/// The changes to a store.
#[derive(Clone, Copy)]
struct Hooks {
    wait: Wait,
    opening: fn(&mut Opening, &History),
    opened: fn(&mut Opened<BrokenTail>, &Opening, &History),
    append: fn(&mut u64, &mut Vec<Record>, &History),
    appended: fn(&mut Results, &History),
    step: fn(&mut Step, &Place, &History) -> Flow,
    records: fn(&mut Vec<Stored>, &Place, &History),
}

type Results = Vec<Result<Cursor, AppendError>>;

/// What happens at the beginning of an opening or an append.
#[derive(Clone, Copy, PartialEq)]
enum Wait {
    Never,
    /// The future is not ready when it is polled first.
    Yield,
    /// Like `Yield`. If another node has opened the empty log meanwhile, an epoch is opened too.
    RaceToOpen,
    /// Like `Yield`. If another node has left the same epoch meanwhile, an epoch is opened too.
    RaceToLeave,
    Forever,
    /// Appends wait forever.
    ForeverToAppend,
    Fail,
}

/// What happens to a step of a tail.
enum Flow {
    Yield,
    Skip,
    Fail,
    End,
    /// The tail yields `CaughtUp` from now on, without waiting.
    Spin,
}

/// The place of a tail.
struct Place {
    opening: Opening,
    /// The number of openings up to this one.
    number: usize,
}

/// The hooks of a store that meets the contract.
const SOUND: Hooks = Hooks {
    wait: Wait::Never,
    opening: |_, _| {},
    opened: |_, _, _| {},
    append: |_, _, _| {},
    appended: |_, _| {},
    step: |_, _, _| Flow::Yield,
    records: |_, _, _| {},
};

impl Broken {
    fn new(hooks: Hooks) -> Self {
        Self { store: MemoryStore::new(), history: Arc::default(), hooks }
    }

    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait(&self, leave: Option<u64>) -> Result<(), StoreError> {
        match self.hooks.wait {
            Wait::Never | Wait::ForeverToAppend => return Ok(()),
            Wait::Forever => pending().await,
            Wait::Fail => return Err(StoreError::new("broken")),
            Wait::Yield | Wait::RaceToOpen | Wait::RaceToLeave => {}
        }
        let before = self.history().epochs.clone();
        let mut guard = Guard { broken: self, is_complete: false };
        yield_now().await;
        guard.is_complete = true;
        let races = match before.last() {
            None => self.hooks.wait == Wait::RaceToOpen,
            Some(epoch) => self.hooks.wait == Wait::RaceToLeave && leave == Some(epoch.start.epoch()),
        };
        if races && self.history().epochs.len() > before.len() {
            self.store.log().open_epoch(EpochKind::Fence, None);
        }
        Ok(())
    }
}

/// Records that a future is dropped before it is complete.
struct Guard<'a> {
    broken: &'a Broken,
    is_complete: bool,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.broken.history().dropped_future |= !self.is_complete;
    }
}

impl Store for Broken {
    type Tail = BrokenTail;

    async fn open(&self, mut opening: Opening) -> Result<Opened<BrokenTail>, StoreError> {
        self.wait(opening.leave).await?;
        let requested = opening;
        (self.hooks.opening)(&mut opening, &self.history());
        let Opened { epochs, start, tip, tail } = self.store.open(opening).await?;
        let mut history = self.history();
        history.opened += 1;
        history.epochs.clone_from(&epochs);
        let place = Place { opening: requested, number: history.opened };
        let tail = BrokenTail { broken: self.clone(), tail, place, spins: false };
        let mut opened = Opened::new(epochs, start, tip, tail);
        (self.hooks.opened)(&mut opened, &requested, &history);
        Ok(opened)
    }

    async fn append(&self, mut epoch: u64, mut batch: Vec<Record>) -> Results {
        if self.hooks.wait == Wait::ForeverToAppend {
            pending::<()>().await;
        }
        if self.wait(None).await.is_err() {
            return Vec::new();
        }
        self.history().batches.push(batch.len());
        (self.hooks.append)(&mut epoch, &mut batch, &self.history());
        let mut results = self.store.append(epoch, batch).await;
        let mut history = self.history();
        if history.first.is_empty() {
            history.first = results.iter().filter_map(|result| result.as_ref().ok()).copied().collect();
        }
        (self.hooks.appended)(&mut results, &history);
        results
    }
}

struct BrokenTail {
    broken: Broken,
    tail: MemoryTail,
    place: Place,
    spins: bool,
}

impl Stream for BrokenTail {
    type Item = Result<Step, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.spins {
            let Some(Ok(mut step)) = ready!(Pin::new(&mut this.tail).poll_next(cx)) else { return Poll::Ready(None) };
            if let Step::Records(records) = &mut step {
                (this.broken.hooks.records)(records, &this.place, &this.broken.history());
            }
            return Poll::Ready(match (this.broken.hooks.step)(&mut step, &this.place, &this.broken.history()) {
                Flow::Yield => Some(Ok(step)),
                Flow::Skip => continue,
                Flow::Fail => Some(Err(StoreError::new("broken"))),
                Flow::End => None,
                Flow::Spin => {
                    this.spins = true;
                    continue;
                }
            });
        }
        Poll::Ready(Some(Ok(Step::CaughtUp)))
    }
}

impl Drop for BrokenTail {
    fn drop(&mut self) {
        self.broken.history().dropped_tail = true;
    }
}

fn moved(cursor: Cursor, by: i64) -> Cursor {
    Cursor::new(cursor.epoch(), cursor.offset().saturating_add_signed(by))
}

fn moved_results(results: &mut Results, by: i64) {
    for cursor in results.iter_mut().filter_map(|result| result.as_mut().ok()) {
        *cursor = moved(*cursor, by);
    }
}

fn moved_records(records: &mut [Stored], by: i64) {
    for record in records {
        record.cursor = moved(record.cursor, by);
    }
}

fn refused() -> Result<Cursor, AppendError> {
    Err(AppendError::Refused(StoreError::new("broken")))
}

/// Returns the message with which the contract test fails, or `None` if it passes.
fn violation(hooks: Hooks) -> Option<String> {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let contract = store_contract(|| Broken::new(hooks));
    let panic = catch_unwind(AssertUnwindSafe(|| runtime.block_on(contract))).err()?;
    Some(panic.downcast_ref::<String>().unwrap().clone())
}

fn all() -> Vec<(&'static str, Hooks)> {
    [opening::BREAKS, appends::BREAKS, tails::BREAKS, epochs::BREAKS].concat()
}

#[test]
fn a_store_without_a_break_meets_the_contract() {
    for wait in [Wait::Never, Wait::Yield] {
        assert_eq!(violation(Hooks { wait, ..SOUND }), None);
    }
}

#[test]
fn each_broken_requirement_is_in_the_message_of_the_contract_test() {
    let mut wrong = Vec::new();
    for (number, (requirement, hooks)) in all().into_iter().enumerate() {
        let expected = format!("the store violates its contract: {requirement}");
        let actual = violation(hooks);
        if actual.as_deref() != Some(expected.as_str()) {
            wrong.push((number, requirement, actual));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_requirement_of_the_contract_test_can_be_broken() {
    let sources = [
        include_str!("../mod.rs"),
        include_str!("../appends.rs"),
        include_str!("../epochs.rs"),
        include_str!("../opening.rs"),
        include_str!("../tails.rs"),
    ];
    let calls = sources.iter().flat_map(|source| source.split("check(").flat_map(|part| part.split("fail(")).skip(1));
    let requirements: BTreeSet<_> = calls
        .filter_map(|call| {
            let end = [call.find("\")"), call.find("\",\n")].into_iter().flatten().min()?;
            let text = &call[..end];
            Some(&text[text.rfind('"')? + 1..])
        })
        .filter(|requirement| !requirement.contains("{requirement}"))
        .collect();
    assert!(requirements.len() > 50, "{requirements:?}");
    assert_eq!(all().into_iter().map(|(requirement, _)| requirement).collect::<BTreeSet<_>>(), requirements);
}
