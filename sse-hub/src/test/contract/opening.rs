//! Opening a log.

use std::{future::poll_fn, pin::pin, task::Poll};

use super::{append, both, check, epoch, last, open, open_window, read};
use crate::{Cursor, Opening, Store, Window};

pub(super) async fn opening_creates_an_epoch(store: &impl Store) {
    let opened = open(store, None, None).await;
    check(opened.epochs.len() == 1, "an empty log has one epoch when it is opened");
    check(opened.tip == epoch(&opened).start, "the tip of an empty log is its fence");
    check(opened.start <= opened.tip, "the tail starts at or before the tip");
}

pub(super) async fn joining_opens_no_epoch(store: &impl Store) {
    let opened = open(store, None, None).await;
    let again = open(store, Some(opened.tip), None).await;
    check(again.epochs == opened.epochs, "opening a log again does not open an epoch");
}

pub(super) async fn the_window_bounds_what_is_loaded(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..100).await;
    let mut again = open_window(store, Window::new().events(10), None, None).await;
    check(again.tip == last(&cursors), "the tip is the newest record");
    let (records, _) = read(&mut again.tail, again.tip).await;
    check(records.len() >= 10, "the window is loaded");
    check(records.len() < 100, "the window bounds what is loaded");
    let first = records.first().map(|record| record.cursor.offset());
    check(first == Some(again.start.offset() + 1), "the first record follows the start");
}

pub(super) async fn a_large_window_loads_the_whole_log(store: &impl Store) {
    let first = open(store, None, None).await;
    append(store, epoch(&first).start.epoch(), 0..30).await;
    let mut opened = open_window(store, Window::new().events(1_000_000), None, None).await;
    let (records, _) = read(&mut opened.tail, opened.tip).await;
    check(records.len() == 30, "all records are loaded if the window has room for them");
}

pub(super) async fn a_window_of_one_event_loads_the_newest(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..10).await;
    let mut again = open_window(store, Window::new().events(1), None, None).await;
    let (records, _) = read(&mut again.tail, again.tip).await;
    check(records.last().map(|record| record.cursor) == cursors.last().copied(), "the newest record is always loaded");
}

pub(super) async fn the_tip_is_the_newest_record_or_fence(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..3).await;
    check(open(store, None, None).await.tip == last(&cursors), "the tip is the newest record");
    let left = open(store, None, Some(epoch(&opened).start.epoch())).await;
    check(left.tip == epoch(&left).start, "the tip is the fence if no record follows it");
}

pub(super) async fn nodes_that_open_an_empty_log_together_share_an_epoch(store: &impl Store) {
    let (one, two) = both(open(store, None, None), open(store, None, None)).await;
    check(epoch(&one) == epoch(&two), "nodes that open an empty log at the same time join the same epoch");
}

pub(super) async fn an_opening_that_is_dropped_leaves_the_log_usable(store: &impl Store) {
    {
        let mut opening = pin!(store.open(Opening { window: Window::new(), seen: None, leave: None }));
        poll_fn(|cx| Poll::Ready(opening.as_mut().poll(cx).is_ready())).await;
    }
    let mut opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..2).await;
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(records.len() == 2, "an `open` whose future is dropped has no effect on later ones");
}

pub(super) async fn an_epoch_is_above_what_was_seen(store: &impl Store) {
    let seen = Cursor::new(u64::MAX / 2, 7);
    let opened = open(store, Some(seen), None).await;
    check(epoch(&opened).start.epoch() > seen.epoch(), "the epoch of a lost log is above every epoch seen by a hub");
}
