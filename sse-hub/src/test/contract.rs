//! A contract test for stores.

use std::{collections::HashSet, future::poll_fn, pin::Pin, time::Duration};

use futures_core::Stream;
use tokio::time::timeout;

use crate::{AppendError, Cursor, Epoch, Opened, Opening, Origin, Record, RecordKind, Step, Store, Stored, Window};

/// Checks that a store meets the contract of [`Store`]. `make` returns a store with an empty log. The stores that it
/// returns must not share state.
///
/// ```
/// use sse_hub::{MemoryStore, test::store_contract};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// store_contract(MemoryStore::new).await;
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
///
/// Panics if the store violates the contract, with a message that contains the requirement.
pub async fn store_contract<S: Store>(mut make: impl FnMut() -> S) {
    opening_creates_an_epoch(&make()).await;
    offsets_are_dense(&make()).await;
    records_come_back_whole(&make()).await;
    the_tail_follows(&make()).await;
    the_tail_continues_after_what_was_seen(&make()).await;
    the_window_bounds_what_is_loaded(&make()).await;
    joining_opens_no_epoch(&make()).await;
    leaving_opens_an_epoch_above(&make()).await;
    leaving_an_old_epoch_joins_the_current_one(&make()).await;
    a_fence_refuses_appends_under_earlier_epochs(&make()).await;
    a_fence_is_in_the_tail_between_the_records(&make()).await;
    an_epoch_is_above_what_was_seen(&make()).await;
    two_tails_yield_the_same(&make()).await;
    an_empty_append_has_no_results(&make()).await;
}

const WAIT: Duration = Duration::from_secs(10);

fn record(number: u64) -> Record {
    Record {
        topics: vec!["a".to_owned(), format!("topic {number} \u{1f980}")],
        kind: if number.is_multiple_of(2) { RecordKind::Event } else { RecordKind::TerminalEvent },
        block: format!("event: tick\ndata: {number}\n\n").into(),
        origin: Origin { node: u128::MAX - 1, number },
    }
}

async fn open<S: Store>(store: &S, seen: Option<Cursor>, leave: Option<u64>) -> Opened<Pin<Box<S::Tail>>> {
    open_window(store, Window::new(), seen, leave).await
}

async fn open_window<S: Store>(
    store: &S,
    window: Window,
    seen: Option<Cursor>,
    leave: Option<u64>,
) -> Opened<Pin<Box<S::Tail>>> {
    let opened = timeout(WAIT, store.open(Opening { window, seen, leave })).await;
    let opened = opened.unwrap_or_else(|_| fail("`open` returns in time")).unwrap_or_else(|_| fail("`open` succeeds"));
    Opened::new(opened.epochs, opened.start, opened.tip, Box::pin(opened.tail))
}

fn epoch<T>(opened: &Opened<T>) -> Epoch {
    opened.epochs.last().copied().unwrap_or_else(|| fail("an open log has an epoch"))
}

async fn append<S: Store>(store: &S, epoch: u64, numbers: std::ops::Range<u64>) -> Vec<Cursor> {
    let results = timeout(WAIT, store.append(epoch, numbers.map(record).collect())).await;
    let results = results.unwrap_or_else(|_| fail("`append` returns in time"));
    results.into_iter().map(|result| result.unwrap_or_else(|_| fail("an append succeeds"))).collect()
}

/// Reads the tail up to a cursor.
async fn read<T: Stream<Item = Result<Step, crate::StoreError>>>(
    tail: &mut Pin<Box<T>>,
    until: Cursor,
) -> (Vec<Stored>, Vec<Epoch>) {
    let (mut records, mut epochs) = (Vec::new(), Vec::new());
    let mut last = None;
    while last.is_none_or(|last| last < until) {
        let step = timeout(WAIT, poll_fn(|cx| tail.as_mut().poll_next(cx))).await;
        match step.unwrap_or_else(|_| fail("the tail yields the appended records, and an item every few seconds")) {
            Some(Ok(Step::Records(step))) => {
                last = step.last().map_or(last, |record| Some(record.cursor));
                records.extend(step);
            }
            Some(Ok(Step::Epoch { epoch, table })) => {
                check(table.contains(&epoch), "the table of a step contains its epoch");
                last = Some(epoch.start);
                epochs.push(epoch);
            }
            Some(Ok(Step::Alive)) => {}
            Some(Err(_)) | None => fail("the tail does not end"),
        }
    }
    (records, epochs)
}

#[expect(clippy::panic, reason = "the result of a test")]
fn fail(requirement: &str) -> ! {
    panic!("the store violates its contract: {requirement}")
}

fn check(holds: bool, requirement: &str) {
    if !holds {
        fail(requirement);
    }
}

async fn opening_creates_an_epoch(store: &impl Store) {
    let opened = open(store, None, None).await;
    check(opened.epochs.len() == 1, "an empty log has one epoch when it is opened");
    check(opened.tip == epoch(&opened).start, "the tip of an empty log is its fence");
    check(opened.start <= opened.tip, "the tail starts at or before the tip");
}

async fn offsets_are_dense(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..50).await;
    let expected = (1..=50).map(|n| Cursor::new(opened.tip.epoch(), opened.tip.offset() + n));
    check(cursors.iter().copied().eq(expected), "offsets are dense and in order");
}

async fn records_come_back_whole(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..5).await;
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(records.iter().map(|stored| stored.cursor).eq(cursors), "the tail yields the cursors of the appends");
    check(records.iter().map(|stored| stored.record.clone()).eq((0..5).map(record)), "records are stored unchanged");
}

async fn the_tail_follows(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    for round in 0..5 {
        let cursors = append(store, epoch, round * 3..round * 3 + 3).await;
        let (records, _) = read(&mut opened.tail, last(&cursors)).await;
        check(records.len() == 3, "each record is yielded once");
    }
}

async fn the_tail_continues_after_what_was_seen(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..10).await;
    let seen = cursors.get(3).copied();
    let mut again = open(store, seen, None).await;
    check(Some(again.start) == seen, "the tail starts after `seen`");
    let (records, _) = read(&mut again.tail, last(&cursors)).await;
    check(records.len() == 6, "only records after `seen` are yielded");
}

async fn the_window_bounds_what_is_loaded(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..100).await;
    let mut again = open_window(store, Window::new().events(10), None, None).await;
    check(again.tip == last(&cursors), "the tip is the newest record");
    let (records, _) = read(&mut again.tail, again.tip).await;
    check(records.len() >= 10, "the window is loaded");
    let first = records.first().map(|record| record.cursor.offset());
    check(first == Some(again.start.offset() + 1), "the first record follows the start");
}

async fn joining_opens_no_epoch(store: &impl Store) {
    let opened = open(store, None, None).await;
    let again = open(store, Some(opened.tip), None).await;
    check(again.epochs == opened.epochs, "opening a log again does not open an epoch");
}

async fn leaving_opens_an_epoch_above(store: &impl Store) {
    let opened = open(store, None, None).await;
    let old = epoch(&opened).start;
    let cursors = append(store, old.epoch(), 0..3).await;
    let left = open(store, Some(last(&cursors)), Some(old.epoch())).await;
    let new = epoch(&left).start;
    check(new.epoch() > old.epoch(), "a new epoch is above the one that is left");
    check(new.offset() == last(&cursors).offset() + 1, "a fence takes the next offset");
    let next = append(store, new.epoch(), 3..4).await;
    check(last(&next) == Cursor::new(new.epoch(), new.offset() + 1), "records follow the fence under its epoch");
}

async fn leaving_an_old_epoch_joins_the_current_one(store: &impl Store) {
    let first = epoch(&open(store, None, None).await).start;
    let second = epoch(&open(store, Some(first), Some(first.epoch())).await).start;
    let third = epoch(&open(store, Some(first), Some(first.epoch())).await).start;
    check(second == third, "leaving an epoch that is no longer current does not open another one");
}

async fn a_fence_refuses_appends_under_earlier_epochs(store: &impl Store) {
    let old = epoch(&open(store, None, None).await).start;
    let new = epoch(&open(store, Some(old), Some(old.epoch())).await).start;
    let late = store.append(old.epoch(), vec![record(0), record(1)]).await;
    let is_fenced = |result: &Result<Cursor, AppendError>| matches!(result, Err(AppendError::Fenced));
    check(late.len() == 2 && late.iter().all(is_fenced), "appends under an earlier epoch are fenced");
    let mut opened = open(store, Some(old), None).await;
    let cursors = append(store, new.epoch(), 2..3).await;
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(records.len() == 1, "a fenced record is not in the log");
}

async fn a_fence_is_in_the_tail_between_the_records(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let old = epoch(&opened).start;
    append(store, old.epoch(), 0..2).await;
    let new = epoch(&open(store, None, Some(old.epoch())).await);
    let cursors = append(store, new.start.epoch(), 2..4).await;
    let (records, epochs) = read(&mut opened.tail, last(&cursors)).await;
    check(epochs.contains(&new), "the tail yields the fence");
    let offsets: Vec<_> = records.iter().map(|record| record.cursor.offset()).collect();
    let base = old.offset();
    check(offsets == [base + 1, base + 2, base + 4, base + 5], "the fence takes an offset between the records");
}

async fn an_epoch_is_above_what_was_seen(store: &impl Store) {
    let seen = Cursor::new(u64::MAX / 2, 7);
    let opened = open(store, Some(seen), None).await;
    check(epoch(&opened).start.epoch() > seen.epoch(), "the epoch of a lost log is above every epoch seen by a hub");
}

async fn two_tails_yield_the_same(store: &impl Store) {
    let mut first = open(store, None, None).await;
    let mut second = open(store, None, None).await;
    let cursors = append(store, epoch(&first).start.epoch(), 0..20).await;
    let (one, _) = read(&mut first.tail, last(&cursors)).await;
    let (two, _) = read(&mut second.tail, last(&cursors)).await;
    let cursors = |records: &[Stored]| records.iter().map(|record| record.cursor).collect::<HashSet<_>>();
    check(cursors(&one) == cursors(&two), "all tails yield the same records");
}

async fn an_empty_append_has_no_results(store: &impl Store) {
    let opened = open(store, None, None).await;
    check(append(store, epoch(&opened).start.epoch(), 0..0).await.is_empty(), "an append has a result for each record");
}

fn last(cursors: &[Cursor]) -> Cursor {
    cursors.last().copied().unwrap_or_else(|| fail("an append has a result for each record"))
}
