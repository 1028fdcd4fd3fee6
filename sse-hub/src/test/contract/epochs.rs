//! Epochs and their fences.

use super::{append, both, check, epoch, fail, last, open, read, record, step};
use crate::{AppendError, Cursor, EpochKind, Step, Store};

pub(super) async fn leaving_opens_an_epoch_above(store: &impl Store) {
    let opened = open(store, None, None).await;
    let old = epoch(&opened).start;
    let cursors = append(store, old.epoch(), 0..3).await;
    let left = open(store, Some(last(&cursors)), Some(old.epoch())).await;
    check(epoch(&left).kind == EpochKind::Fence, "a new epoch is a break only if records are lost");
    let new = epoch(&left).start;
    check(new.epoch() > old.epoch(), "a new epoch is above the one that is left");
    check(new.offset() == last(&cursors).offset() + 1, "a fence takes the next offset");
    let next = append(store, new.epoch(), 3..4).await;
    check(last(&next) == Cursor::new(new.epoch(), new.offset() + 1), "records follow the fence under its epoch");
}

pub(super) async fn leaving_an_old_epoch_joins_the_current_one(store: &impl Store) {
    let first = epoch(&open(store, None, None).await).start;
    let second = epoch(&open(store, Some(first), Some(first.epoch())).await).start;
    let third = epoch(&open(store, Some(first), Some(first.epoch())).await).start;
    check(second == third, "leaving an epoch that is no longer current does not open another one");
}

pub(super) async fn a_fence_refuses_appends_under_earlier_epochs(store: &impl Store) {
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

pub(super) async fn a_fence_is_in_the_tail_between_the_records(store: &impl Store) {
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

pub(super) async fn epochs_rise_and_are_all_known(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let mut known = vec![epoch(&opened)];
    for number in 0..5 {
        let current = epoch(&opened).start.epoch();
        append(store, current, number..number + 1).await;
        opened = open(store, None, Some(current)).await;
        known.push(epoch(&opened));
        check(opened.epochs == known, "an opening returns all epochs, oldest first");
    }
    let rises = known.is_sorted_by(|earlier, later| {
        // Each epoch has a record after its fence.
        earlier.start < later.start && earlier.start.offset() + 1 < later.start.offset()
    });
    check(rises, "each epoch is above all earlier ones, and begins after their records");
}

pub(super) async fn nodes_that_leave_an_epoch_together_open_one(store: &impl Store) {
    let first = epoch(&open(store, None, None).await).start;
    let leave = || open(store, Some(first), Some(first.epoch()));
    let (one, two) = both(leave(), leave()).await;
    check(epoch(&one) == epoch(&two), "nodes that leave an epoch at the same time open one epoch");
    check(open(store, None, None).await.epochs.len() == 2, "nodes that leave an epoch at the same time open one epoch");
}

pub(super) async fn every_tail_yields_a_fence_that_another_node_opened(store: &impl Store) {
    let mut one = open(store, None, None).await;
    let mut two = open(store, None, None).await;
    let new = epoch(&open(store, None, Some(epoch(&one).start.epoch())).await);
    let (_, first) = read(&mut one.tail, new.start).await;
    let (_, second) = read(&mut two.tail, new.start).await;
    check(first.contains(&new) && second.contains(&new), "every tail yields the fences of other nodes");
}

pub(super) async fn a_fence_comes_with_all_epochs(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let first = epoch(&opened);
    let second = epoch(&open(store, None, Some(first.start.epoch())).await);
    for _ in 0..10 {
        if let Step::Epoch { epoch, table } = step(&mut opened.tail).await
            && epoch == second
        {
            check(table == [first, second], "the table of a step contains all epochs, oldest first");
            return;
        }
    }
    fail("every tail yields the fences of other nodes");
}

pub(super) async fn nodes_of_the_same_epoch_append_to_one_log(store: &impl Store) {
    let one = open(store, None, None).await;
    let mut two = open(store, None, None).await;
    let epoch = epoch(&one).start.epoch();
    let first = append(store, epoch, 0..2).await;
    let second = append(store, epoch, 2..4).await;
    let offsets = first.iter().chain(&second).map(|cursor| cursor.offset());
    check(offsets.eq(one.tip.offset() + 1..=one.tip.offset() + 4), "the appends of all nodes are in one log");
    let (records, _) = read(&mut two.tail, last(&second)).await;
    check(records.len() == 4, "a tail yields the records of all nodes");
}

pub(super) async fn leaving_an_unknown_older_epoch_joins_the_current_one(store: &impl Store) {
    let opened = open(store, None, None).await;
    let older = epoch(&opened).start.epoch().saturating_sub(1);
    let again = open(store, Some(Cursor::new(older, 0)), Some(older)).await;
    check(again.epochs == opened.epochs, "leaving an epoch that is no longer current does not open another one");
}
