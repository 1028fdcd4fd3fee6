//! Appending records.

use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll};

use super::{append, both, check, epoch, fail, last, open, read, record};
use crate::{Cursor, Origin, Record, RecordKind, Store};

pub(super) async fn offsets_are_dense(store: &impl Store) {
    let opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..50).await;
    let expected = (1..=50).map(|n| Cursor::new(opened.tip.epoch(), opened.tip.offset() + n));
    check(cursors.iter().copied().eq(expected), "offsets are dense and in order");
}

pub(super) async fn records_come_back_whole(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..5).await;
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(records.iter().map(|stored| stored.cursor).eq(cursors), "the tail yields the cursors of the appends");
    check(records.iter().map(|stored| stored.record.clone()).eq((0..5).map(record)), "records are stored unchanged");
}

pub(super) async fn records_of_every_kind_and_shape_come_back_whole(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let origin = |number| Origin { node: 0, number };

    let batch = vec![
        Record { topics: vec![], kind: RecordKind::Event, block: "data: no topic\n\n".into(), origin: origin(0) },
        Record { topics: vec!["a".into()], kind: RecordKind::End, block: "".into(), origin: origin(1) },
        Record {
            topics: (0..256).map(|number| format!("topic/{number}")).collect(),
            kind: RecordKind::Event,
            block: "event: many topics\ndata: 1\ndata: 2\n\n".into(),
            origin: origin(u64::MAX),
        },
        Record {
            topics: vec!["x".repeat(255), "-".into(), "\u{1f980} $ * {a}".into()],
            kind: RecordKind::TerminalEvent,
            block: format!("data: {}\n\n", "x".repeat(256 * 1024)).into(),
            origin: Origin { node: u128::MAX, number: 2 },
        },
    ];
    let results = store.append(epoch(&opened).start.epoch(), batch.clone()).await;
    let cursors: Vec<_> = results.into_iter().filter_map(Result::ok).collect();
    check(cursors.len() == 4, "records without topics, with many topics and with 256 KiB are accepted");
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(
        records.iter().map(|stored| &stored.record).eq(&batch),
        "topics, kind, block and origin are stored unchanged",
    );
}

pub(super) async fn a_large_batch_has_a_result_for_each_record(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let cursors = append(store, epoch(&opened).start.epoch(), 0..1000).await;
    check(cursors.len() == 1000, "an append has a result for each record");
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    check(
        records.iter().map(|stored| stored.record.origin.number).eq(0..1000),
        "the records of an append are in the log in their order",
    );
}

pub(super) async fn appends_at_the_same_time_take_different_offsets(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    let (one, two) = both(append(store, epoch, 0..40), append(store, epoch, 40..80)).await;
    let rises = |cursors: &[Cursor]| cursors.is_sorted_by(|earlier, later| earlier < later);
    check(rises(&one) && rises(&two), "the records of an append are in order, even if others are appended meanwhile");
    let all: BTreeSet<_> = one.iter().chain(&two).copied().collect();
    check(all.len() == 80, "no two records have the same cursor");
    let until = all.last().copied().unwrap_or_else(|| fail("an append has a result for each record"));
    let (records, _) = read(&mut opened.tail, until).await;
    check(records.iter().map(|record| record.cursor).eq(all), "the tail yields the records of all appends in order");
}

pub(super) async fn an_append_that_is_dropped_leaves_no_hole(store: &impl Store) {
    let mut opened = open(store, None, None).await;
    let epoch = epoch(&opened).start.epoch();
    {
        let mut dropped = pin!(store.append(epoch, vec![record(0), record(1)]));
        poll_fn(|cx| Poll::Ready(dropped.as_mut().poll(cx).is_ready())).await;
    }
    let cursors = append(store, epoch, 2..4).await;
    let (records, _) = read(&mut opened.tail, last(&cursors)).await;
    let offsets = records.iter().map(|record| record.cursor.offset());
    check(offsets.eq(opened.tip.offset() + 1..=last(&cursors).offset()), "an append that is dropped leaves no hole");
}

pub(super) async fn an_empty_append_has_no_results(store: &impl Store) {
    let opened = open(store, None, None).await;
    check(append(store, epoch(&opened).start.epoch(), 0..0).await.is_empty(), "an append has a result for each record");
}
