//! A contract test for stores.

mod appends;
#[cfg(test)]
mod broken;
mod epochs;
mod opening;
mod tails;

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use futures_core::Stream;
use tokio::time::timeout;

use crate::{Cursor, Epoch, Opened, Opening, Origin, Record, RecordKind, Step, Store, StoreError, Stored, Window};

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
    opening::opening_creates_an_epoch(&make()).await;
    opening::joining_opens_no_epoch(&make()).await;
    opening::the_window_bounds_what_is_loaded(&make()).await;
    opening::a_large_window_loads_the_whole_log(&make()).await;
    opening::a_window_of_one_event_loads_the_newest(&make()).await;
    opening::the_tip_is_the_newest_record_or_fence(&make()).await;
    opening::nodes_that_open_an_empty_log_together_share_an_epoch(&make()).await;
    opening::an_opening_that_is_dropped_leaves_the_log_usable(&make()).await;
    opening::an_epoch_is_above_what_was_seen(&make()).await;
    appends::offsets_are_dense(&make()).await;
    appends::records_come_back_whole(&make()).await;
    appends::records_of_every_kind_and_shape_come_back_whole(&make()).await;
    appends::a_large_batch_has_a_result_for_each_record(&make()).await;
    appends::appends_at_the_same_time_take_different_offsets(&make()).await;
    appends::an_append_that_is_dropped_leaves_no_hole(&make()).await;
    appends::an_empty_append_has_no_results(&make()).await;
    tails::the_tail_follows(&make()).await;
    tails::the_tail_continues_after_what_was_seen(&make()).await;
    tails::two_tails_yield_the_same(&make()).await;
    tails::a_tail_after_the_tip_yields_only_later_records(&make()).await;
    tails::a_tail_can_be_read_again_from_the_same_place(&make()).await;
    tails::a_tail_continues_from_an_earlier_epoch_over_its_fence(&make()).await;
    tails::a_dropped_tail_does_not_disturb_others(&make()).await;
    tails::an_idle_tail_reports_that_the_store_answers(&make()).await;
    tails::a_tail_has_not_caught_up_before_its_tip(&make()).await;
    tails::a_busy_tail_reports_that_it_has_caught_up(&make()).await;
    tails::a_record_has_its_age(&make()).await;
    epochs::leaving_opens_an_epoch_above(&make()).await;
    epochs::leaving_an_old_epoch_joins_the_current_one(&make()).await;
    epochs::a_fence_refuses_appends_under_earlier_epochs(&make()).await;
    epochs::a_fence_is_in_the_tail_between_the_records(&make()).await;
    epochs::epochs_rise_and_are_all_known(&make()).await;
    epochs::nodes_that_leave_an_epoch_together_open_one(&make()).await;
    epochs::every_tail_yields_a_fence_that_another_node_opened(&make()).await;
    epochs::a_fence_comes_with_all_epochs(&make()).await;
    epochs::nodes_of_the_same_epoch_append_to_one_log(&make()).await;
    epochs::leaving_an_unknown_older_epoch_joins_the_current_one(&make()).await;
}

/// The maximum time for an answer of the store.
const WAIT: Duration = Duration::from_secs(10);

/// The maximum time and number of steps until a tail has yielded all records.
const READ: (Duration, usize) = (Duration::from_secs(60), 100_000);

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

/// Reads the tail up to a cursor. What the tail repeats is left out.
async fn read<T: Stream<Item = Result<Step, StoreError>>>(
    tail: &mut Pin<Box<T>>,
    until: Cursor,
) -> (Vec<Stored>, Vec<Epoch>) {
    let (time, steps) = READ;
    let read = timeout(time, async {
        let (mut records, mut epochs) = (Vec::new(), Vec::new());
        let mut last = None;
        for _ in 0..steps {
            match step(tail).await {
                Step::Records(step) => {
                    for record in step {
                        if last.is_none_or(|last| last < record.cursor) {
                            last = Some(record.cursor);
                            records.push(record);
                        }
                    }
                }
                Step::Epoch { epoch, table } => {
                    check(table.contains(&epoch), "the table of a step contains its epoch");
                    if last.is_none_or(|last| last < epoch.start) {
                        last = Some(epoch.start);
                        epochs.push(epoch);
                    }
                }
                Step::Alive | Step::CaughtUp => {}
            }
            if last >= Some(until) {
                return Some((records, epochs));
            }
        }
        None
    });
    read.await.ok().flatten().unwrap_or_else(|| fail("the tail yields the records and fences up to the newest one"))
}

/// Returns the next step of a tail.
async fn step<T: Stream<Item = Result<Step, StoreError>>>(tail: &mut Pin<Box<T>>) -> Step {
    let step = timeout(WAIT, poll_fn(|cx| tail.as_mut().poll_next(cx))).await;
    match step.unwrap_or_else(|_| fail("a tail yields an item every few seconds")) {
        Some(Ok(step)) => step,
        Some(Err(_)) | None => fail("a tail does not end while the store answers"),
    }
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

/// Waits for two futures at the same time.
async fn both<A: Future, B: Future>(one: A, two: B) -> (A::Output, B::Output) {
    let (mut one, mut two) = (pin!(one), pin!(two));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none()
            && let Poll::Ready(output) = one.as_mut().poll(cx)
        {
            first = Some(output);
        }
        if second.is_none()
            && let Poll::Ready(output) = two.as_mut().poll(cx)
        {
            second = Some(output);
        }
        match (first.take(), second.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            unfinished => {
                (first, second) = unfinished;
                Poll::Pending
            }
        }
    })
    .await
}

fn last(cursors: &[Cursor]) -> Cursor {
    cursors.last().copied().unwrap_or_else(|| fail("an append has a result for each record"))
}
