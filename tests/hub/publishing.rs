//! Publishing to a store: the queue, its limit, failures, and the order over them.

use std::time::Duration;

use futures_util::FutureExt;
use sse_hub::{AppendError, Cursor, EpochKind, Hub, Options, PublishError, Sent, Step, StoreError};
use tokio::time::{advance, sleep};

use super::{
    Score,
    script::{Feed, open},
};

async fn node(options: Options) -> (Hub<Score>, Feed) {
    open(Cursor::new(2, 10), options).await
}

fn at(epoch: u64, offset: u64) -> Cursor {
    Cursor::new(epoch, offset)
}

const fn goal(number: u64) -> Score {
    Score::Goal { number }
}

fn unknown() -> Result<Cursor, AppendError> {
    Err(AppendError::Unknown(StoreError::new("no answer")))
}

fn numbers(appended: &[(u64, Vec<sse_hub::Record>)]) -> Vec<(u64, Vec<u64>)> {
    let numbers = |records: &[sse_hub::Record]| records.iter().map(|record| record.origin.number).collect();
    appended.iter().map(|(epoch, records)| (*epoch, numbers(records))).collect()
}

#[tokio::test(start_paused = true)]
async fn a_publish_beyond_the_limit_is_busy_at_once_and_room_waits_for_half_of_it() {
    let (hub, feed) = node(Options::new().max_pending(1000)).await;
    feed.silence(true);
    // Each takes its block, its topic and 128 bytes.
    let mut queued: Vec<_> = (0..6).map(|number| hub.topic("a").publish(&goal(number))).collect();
    let error = hub.topic("a").publish(&goal(6)).now_or_never().unwrap().unwrap_err();
    assert!(matches!(error, PublishError::Busy { max: 1000 }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "more than 1000 bytes are pending; wait with `Hub::room` or raise `Options::max_pending`"
    );
    assert!((900..=1000).contains(&hub.stats().pending_bytes), "{}", hub.stats().pending_bytes);
    let mut room = Box::pin(hub.room());
    sleep(Duration::from_secs(1)).await;
    assert!(room.as_mut().now_or_never().is_none());
    // The first was sent alone, because nothing else was queued.
    feed.answer(vec![Ok(at(2, 11))]);
    feed.answer((12..=16).map(|offset| Ok(at(2, offset))).collect());
    feed.silence(false);
    room.await;
    assert!(hub.stats().pending_bytes <= 500);
    for (publish, offset) in queued.drain(..).zip(11..) {
        assert_eq!(publish.await.unwrap(), at(2, offset));
    }
    assert_eq!(hub.stats().pending_bytes, 0);
    hub.room().now_or_never().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_event_larger_than_the_limit_is_accepted_if_nothing_else_is_pending() {
    let (hub, feed) = node(Options::new().max_pending(10)).await;
    feed.answer(vec![Ok(at(2, 11))]);
    assert_eq!(hub.topic("a").publish(&goal(1)).await.unwrap(), at(2, 11));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_publish_is_published() {
    let (hub, feed) = node(Options::new()).await;
    drop(hub.topic("a").publish(&goal(1)));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(feed.appended().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn events_that_are_queued_when_the_last_handle_is_dropped_are_published() {
    let (hub, feed) = node(Options::new()).await;
    feed.silence(true);
    let publishes: Vec<_> = (0..100).map(|number| hub.topic("a").publish(&goal(number))).collect();
    drop(hub);
    sleep(Duration::from_secs(1)).await;
    feed.answer(vec![Ok(at(2, 11))]);
    feed.answer((12..=110).map(|offset| Ok(at(2, offset))).collect());
    feed.silence(false);
    for (publish, offset) in publishes.into_iter().zip(11..) {
        assert_eq!(publish.await.unwrap(), at(2, offset));
    }
}

#[tokio::test(start_paused = true)]
async fn health_is_the_age_of_the_last_answer_and_an_error_is_no_answer() {
    let (hub, mut feed) = node(Options::new()).await;
    advance(Duration::from_secs(8)).await;
    assert!(hub.health().is_ready());
    // The tail fails, and opening it again fails too.
    feed.open_again(at(2, 10), at(2, 10));
    sleep(Duration::from_secs(2)).await;
    assert!(!hub.health().is_ready() && hub.health().tail >= Duration::from_secs(10), "{:?}", hub.health());
    feed.step(Step::CaughtUp);
    sleep(Duration::from_millis(1)).await;
    assert!(hub.health().is_ready() && hub.health().tail < Duration::from_secs(1), "{:?}", hub.health());
    // Appends fail and the tail goes on.
    assert_eq!(hub.health().appends_failing, None);
    let refused = hub.topic("a").publish(&goal(1)).await.unwrap_err();
    assert!(matches!(refused, PublishError::Unavailable { sent: Sent::NotSent }));
    sleep(Duration::from_secs(5)).await;
    assert!(hub.health().is_ready() && hub.health().appends_failing.unwrap() >= Duration::from_secs(5));
    feed.answer(vec![Ok(at(2, 11))]);
    hub.topic("a").publish(&goal(2)).await.unwrap();
    assert_eq!(hub.health().appends_failing, None);
}

#[tokio::test(start_paused = true)]
async fn records_that_are_not_found_at_the_fence_are_sent_again_in_order_with_their_numbers() {
    let (hub, mut feed) = node(Options::new()).await;
    feed.answer(vec![unknown()]);
    let first = hub.topic("a").publish(&goal(0));
    sleep(Duration::from_millis(1)).await;
    let later: Vec<_> = (1..4).map(|number| hub.topic("a").publish(&goal(number))).collect();
    // The hub leaves the epoch, and reads up to the fence of the next one.
    feed.hide(at(3, 11), EpochKind::Fence);
    feed.open_again(at(2, 10), at(3, 11));
    sleep(Duration::from_secs(1)).await;
    assert_eq!(feed.asked().leave, Some(2));
    assert_eq!(numbers(&feed.appended()), [(2, vec![0])]);
    feed.answer((12..=15).map(|offset| Ok(at(3, offset))).collect());
    let fence = feed.fence(at(3, 11), EpochKind::Fence);
    feed.step(fence);
    assert_eq!(first.await.unwrap(), at(3, 12));
    for (publish, offset) in later.into_iter().zip(13..) {
        assert_eq!(publish.await.unwrap(), at(3, offset));
    }
    assert_eq!(numbers(&feed.appended()), [(3, vec![0, 1, 2, 3])]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_landed_is_not_sent_again_and_one_before_it_fails_instead_of_following_it() {
    let (hub, mut feed) = node(Options::new()).await;
    feed.silence(true);
    let lead = hub.topic("a").publish(&goal(9));
    sleep(Duration::from_millis(1)).await;
    let [first, second, third] = [0, 1, 2].map(|number| hub.topic("a").publish(&goal(number)));
    feed.answer(vec![Ok(at(2, 11))]);
    feed.answer(vec![Err(AppendError::Fenced), unknown(), unknown()]);
    feed.silence(false);
    assert_eq!(lead.await.unwrap(), at(2, 11));
    feed.hide(at(3, 13), EpochKind::Fence);
    feed.open_again(at(2, 10), at(3, 13));
    sleep(Duration::from_secs(1)).await;
    let appended = feed.appended();
    assert_eq!(numbers(&appended), [(2, vec![0]), (2, vec![1, 2, 3])]);
    // Only the second of the three is in the log.
    feed.show(at(2, 11), appended[0].1[0].clone());
    feed.show(at(2, 12), appended[1].1[1].clone());
    feed.answer(vec![Ok(at(3, 14))]);
    let fence = feed.fence(at(3, 13), EpochKind::Fence);
    feed.step(fence);
    assert_eq!(second.await.unwrap(), at(2, 12));
    assert!(matches!(first.await.unwrap_err(), PublishError::Unavailable { sent: Sent::NotSent }));
    assert_eq!(third.await.unwrap(), at(3, 14));
    assert_eq!(numbers(&feed.appended()), [(3, vec![3])]);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_may_have_been_lost_is_not_reported_as_not_sent_when_it_is_refused_later() {
    let (hub, mut feed) = node(Options::new()).await;
    // Another node may have delivered the record before the log lost it. The second one was never accepted.
    feed.silence(true);
    let lead = hub.topic("a").publish(&goal(9));
    sleep(Duration::from_millis(1)).await;
    let [first, second] = [0, 1].map(|number| hub.topic("a").publish(&goal(number)));
    feed.answer(vec![Ok(at(2, 11))]);
    feed.answer(vec![unknown(), Err(AppendError::Fenced)]);
    feed.silence(false);
    assert_eq!(lead.await.unwrap(), at(2, 11));
    feed.hide(at(3, 12), EpochKind::Break);
    feed.open_again(at(2, 10), at(3, 12));
    sleep(Duration::from_secs(1)).await;
    let fence = feed.fence(at(3, 12), EpochKind::Break);
    let lead = feed.appended()[0].1[0].clone();
    feed.show(at(2, 11), lead);
    // Both are refused when they are sent again.
    feed.step(fence);
    assert!(matches!(first.await.unwrap_err(), PublishError::Unavailable { sent: Sent::Unknown }));
    assert!(matches!(second.await.unwrap_err(), PublishError::Unavailable { sent: Sent::NotSent }));
    assert_eq!(numbers(&feed.appended()), [(3, vec![1, 2])]);
}

#[tokio::test(start_paused = true)]
async fn the_outcome_is_unknown_if_records_are_missing_before_the_fence() {
    let (hub, mut feed) = node(Options::new()).await;
    feed.answer(vec![unknown()]);
    let publish = hub.topic("a").publish(&goal(0));
    sleep(Duration::from_millis(1)).await;
    feed.hide(at(3, 13), EpochKind::Fence);
    feed.open_again(at(2, 10), at(3, 13));
    sleep(Duration::from_secs(1)).await;
    // Offsets 11 and 12 are missing. The record may have been one of them.
    let fence = feed.fence(at(3, 13), EpochKind::Fence);
    feed.step(fence);
    assert!(matches!(publish.await.unwrap_err(), PublishError::Unavailable { sent: Sent::Unknown }));
    assert_eq!(numbers(&feed.appended()), [(2, vec![0])]);
}

#[tokio::test(start_paused = true)]
async fn the_outcome_is_unknown_if_a_window_that_is_loaded_again_does_not_begin_with_the_log() {
    let (hub, mut feed) = node(Options::new()).await;
    for offset in 11..=15 {
        feed.record(&hub, at(2, offset), &["a"], Some(&goal(offset))).await;
    }
    feed.answer(vec![unknown()]);
    let publish = hub.topic("a").publish(&goal(0));
    sleep(Duration::from_millis(1)).await;
    // The records are other ones now, and the log is trimmed up to offset 12. The record may have been one of those.
    feed.hide(at(3, 14), EpochKind::Break);
    feed.open_again(at(2, 12), at(3, 14));
    sleep(Duration::from_secs(1)).await;
    let (record, fence) = (feed.stored(at(2, 13), &["a"], Some(&goal(13))), feed.fence(at(3, 14), EpochKind::Break));
    feed.step(record);
    feed.step(fence);
    assert!(matches!(publish.await.unwrap_err(), PublishError::Unavailable { sent: Sent::Unknown }));
    assert_eq!((hub.cursor(), numbers(&feed.appended())), (at(3, 14), vec![(2, vec![0])]));
}

#[tokio::test(start_paused = true)]
async fn publishes_fail_after_five_seconds_without_a_store() {
    let (hub, mut feed) = node(Options::new()).await;
    feed.answer(vec![unknown()]);
    let start = tokio::time::Instant::now();
    let sent = hub.topic("a").publish(&goal(0));
    sleep(Duration::from_millis(1)).await;
    let waiting = hub.topic("a").publish(&goal(1));
    // Opening fails from now on.
    assert!(matches!(waiting.await.unwrap_err(), PublishError::Unavailable { sent: Sent::NotSent }));
    assert!(matches!(sent.await.unwrap_err(), PublishError::Unavailable { sent: Sent::Unknown }));
    assert!((5..=7).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    // The epoch is left nevertheless, and the record is not sent again.
    feed.hide(at(3, 11), EpochKind::Fence);
    feed.open_again(at(2, 10), at(3, 11));
    let fence = feed.fence(at(3, 11), EpochKind::Fence);
    feed.step(fence);
    sleep(Duration::from_secs(10)).await;
    assert_eq!((feed.asked().leave, hub.cursor(), feed.appended().len()), (Some(2), at(3, 11), 1));
    feed.answer(vec![Ok(at(3, 12))]);
    assert_eq!(hub.topic("a").publish(&goal(2)).await.unwrap(), at(3, 12));
}

#[tokio::test(start_paused = true)]
async fn publishes_that_are_pending_when_the_hub_closes_are_resolved() {
    let (hub, feed) = node(Options::new()).await;
    feed.silence(true);
    let sent = hub.topic("a").publish(&goal(0));
    sleep(Duration::from_millis(1)).await;
    let waiting = hub.topic("a").publish(&goal(1));
    hub.close();
    assert!(matches!(waiting.await.unwrap_err(), PublishError::Closed));
    assert!(matches!(sent.await.unwrap_err(), PublishError::Unavailable { sent: Sent::Unknown }));
    let late = hub.topic("a").publish(&goal(2)).now_or_never().unwrap();
    assert!(matches!(late.unwrap_err(), PublishError::Closed));
    hub.room().now_or_never().unwrap();
}
