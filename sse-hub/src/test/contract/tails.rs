//! Following the tail.

use std::{collections::HashSet, time::Duration};

use tokio::time::{sleep, timeout};

use super::{WAIT, append, check, epoch, last, open, read, step};
use crate::{Cursor, Step, Store, Stored};

pub(super) async fn the_tail_follows(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    for round in 0..5 {
        let cursors = append(store, epoch, round * 3..round * 3 + 3).await;
        let (records, _) = read(&mut opened.tail, last(&cursors)).await;
        check(records.len() == 3, "each record is yielded");
    }
}

pub(super) async fn the_tail_continues_after_what_was_seen(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..10).await;
    let seen = cursors.get(3).copied();
    let mut again = open(store, seen, None).await;
    check(Some(again.start) == seen, "the tail starts after `seen`");
    let (records, _) = read(&mut again.tail, last(&cursors)).await;
    check(records.len() == 6, "only records after `seen` are yielded");
}

pub(super) async fn two_tails_yield_the_same(store: &impl Store) {
    let mut first = open(store, None, None).await;
    let mut second = open(store, None, None).await;
    let cursors = append(store, epoch(&first).start.epoch(), 0..20).await;
    let (one, _) = read(&mut first.tail, last(&cursors)).await;
    let (two, _) = read(&mut second.tail, last(&cursors)).await;
    let cursors = |records: &[Stored]| records.iter().map(|record| record.cursor).collect::<HashSet<_>>();
    check(cursors(&one) == cursors(&two), "all tails yield the same records");
}

pub(super) async fn a_tail_after_the_tip_yields_only_later_records(store: &impl Store) {
    let opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    let cursors = append(store, epoch, 0..5).await;
    let mut again = open(store, cursors.last().copied(), None).await;
    let later = append(store, epoch, 5..7).await;
    let (records, _) = read(&mut again.tail, last(&later)).await;
    check(records.iter().map(|record| record.cursor).eq(later), "a tail after the tip yields only later records");
}

pub(super) async fn a_tail_can_be_read_again_from_the_same_place(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..8).await;
    let seen = cursors.get(2).copied();
    for _ in 0..3 {
        let mut again = open(store, seen, None).await;
        let (records, _) = read(&mut again.tail, last(&cursors)).await;
        check(records.len() == 5, "reading a tail removes nothing from the log");
    }
}

pub(super) async fn a_tail_continues_from_an_earlier_epoch_over_its_fence(store: &impl Store) {
    let opened = open(store, None, None).await;
    let old = epoch(&opened).start.epoch();
    let seen = append(store, old, 0..3).await;
    let new = epoch(&open(store, None, Some(old)).await);
    let cursors = append(store, new.start.epoch(), 3..5).await;
    let mut again = open(store, seen.get(1).copied(), None).await;
    let (records, epochs) = read(&mut again.tail, last(&cursors)).await;
    check(records.len() == 3 && epochs == [new], "a tail continues from an earlier epoch over the fence");
}

pub(super) async fn a_dropped_tail_does_not_disturb_others(store: &impl Store) {
    let mut kept = open(store, None, None).await;
    let dropped = open(store, None, None).await;
    drop(dropped);
    let cursors = append(store, epoch(&kept).start.epoch(), 0..3).await;
    let (records, _) = read(&mut kept.tail, last(&cursors)).await;
    check(records.len() == 3, "dropping a tail does not affect other tails");
}

pub(super) async fn an_idle_tail_reports_that_the_store_answers(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    // The records up to the tip, and then two items without any appends.
    for _ in 0..3 {
        step(&mut opened.tail).await;
    }
}

pub(super) async fn a_tail_has_not_caught_up_before_its_tip(store: &impl Store) {
    let opened = open(store, None, None).await;
    append(store, epoch(&opened).start.epoch(), 0..12).await;
    let mut again = open(store, None, None).await;
    let mut yielded = again.start;
    while let Some(cursor) = newest(&step(&mut again.tail).await, yielded) {
        yielded = cursor;
    }
    check(yielded >= again.tip, "a tail that reports that it has caught up has yielded its tip");
}

pub(super) async fn a_busy_tail_reports_that_it_has_caught_up(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    let (mut yielded, mut at_last_report) = (opened.start, None);
    let reports = timeout(3 * WAIT, async {
        let mut reports = 0;
        while reports < 2 {
            let appended = last(&append(store, epoch, 0..11).await);
            while yielded < appended {
                let Some(cursor) = newest(&step(&mut opened.tail).await, yielded) else {
                    let has_caught_up = at_last_report.is_none_or(|appended| yielded >= appended);
                    check(
                        has_caught_up,
                        "a tail that reports that it has caught up has yielded the records up to its last report",
                    );
                    at_last_report = Some(appended);
                    reports += 1;
                    break;
                };
                yielded = cursor;
            }
            sleep(Duration::from_millis(10)).await;
        }
    });
    let in_time = reports.await.is_ok();
    check(in_time, "a tail reports every few seconds that it has caught up, also while records arrive");
}

/// Returns the newest record that was yielded, of which `before` was the newest one until now, or `None` if the step
/// reports that the tail has caught up.
fn newest(step: &Step, before: Cursor) -> Option<Cursor> {
    match step {
        Step::Records(records) => Some(records.last().map_or(before, |record| record.cursor.max(before))),
        Step::Epoch { epoch, .. } => Some(epoch.start.max(before)),
        Step::Alive => Some(before),
        Step::CaughtUp => None,
    }
}

pub(super) async fn a_record_has_its_age(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..1).await;
    // The clock of the store may be coarse, so half of the time is enough.
    let waited = Duration::from_millis(100);
    sleep(waited).await;
    let mut again = open(store, None, None).await;
    let (records, _) = read(&mut again.tail, last(&cursors)).await;
    let plausible = waited / 2..Duration::from_secs(60);
    let is_age = records.iter().all(|record| plausible.contains(&record.age));
    check(is_age, "the age of a record is the time since it was appended");
}
