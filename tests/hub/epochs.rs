//! Epochs, holes and losses as readers see them, with a store whose tail is a script.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use futures_util::StreamExt;
use sse_core::{Gap, GapReason};
use sse_hub::{Cursor, EpochKind, Hub, Options, Start, Step, Subscription, Window};

use super::{
    Score,
    readers::{Count, poll, read},
    script::{Feed, applied, open},
};

type Scores = Subscription<Score, fn(Gap) -> Score>;

const RESYNC: fn(Gap) -> Score = Score::Resync;

/// A node that holds the newest `events` records of a log whose epoch 2 begins at offset 10.
struct Node {
    hub: Hub<Score>,
    feed: Feed,
}

impl Node {
    async fn new(events: usize) -> Self {
        let options = Options::new().window(Window::new().events(events).age(Duration::from_secs(60)));
        let (hub, feed) = open(Cursor::new(2, 10), options).await;
        Self { hub, feed }
    }

    /// Yields a record at a cursor, whose event has the offset as its number.
    async fn record(&mut self, (epoch, offset): (u64, u64), topics: &[&str]) {
        let event = Score::Goal { number: offset };
        self.feed.record(&self.hub, Cursor::new(epoch, offset), topics, Some(&event)).await;
    }

    async fn end(&mut self, (epoch, offset): (u64, u64), topic: &str) {
        self.feed.record::<Score>(&self.hub, Cursor::new(epoch, offset), &[topic], None).await;
    }

    async fn epoch(&mut self, (epoch, offset): (u64, u64), kind: EpochKind) {
        self.feed.epoch(&self.hub, Cursor::new(epoch, offset), kind).await;
    }

    fn follow(&self, topic: &str, start: impl Into<Start>) -> Scores {
        self.hub.topic(topic).subscribe(start).unwrap().on_gap(RESYNC)
    }

    fn all(&self, start: impl Into<Start>) -> Scores {
        self.hub.all().subscribe(start).unwrap().on_gap(RESYNC)
    }
}

#[tokio::test]
async fn a_slow_reader_that_crosses_a_loss_is_told_slow_because_it_skips_events_after_the_loss() {
    let mut node = Node::new(5).await;
    node.record((2, 11), &[]).await;
    node.epoch((3, 12), EpochKind::Break).await;
    node.record((3, 13), &["a"]).await;
    let mut all = node.all("2-10");
    node.record((3, 14), &[]).await;
    node.record((3, 15), &["a"]).await;
    node.record((3, 16), &[]).await;
    // 11 has left the window. 13 is held, but is not the newest event of its topic.
    assert_eq!(read(&mut all), ["slow@3-13", "14@3-14", "15@3-15", "16@3-16"]);
    // A client that comes back with the ID of the gap is not told again.
    assert_eq!(node.hub.all().subscribe("3-13").unwrap().gap(), None);
}

#[tokio::test]
async fn a_reader_whose_gap_is_pending_goes_on_with_the_oldest_held_event_however_much_is_evicted() {
    let mut node = Node::new(3).await;
    for offset in 11..=15 {
        node.record((2, offset), &["a"]).await;
    }
    // The window is 13 to 15 when the clients come back, and 15 to 17 when they are polled.
    let (mut topic, mut all, mut live) = (node.follow("a", "2-11"), node.all("2-11"), node.all("2-15"));
    node.record((2, 16), &["a"]).await;
    node.record((2, 17), &["a"]).await;
    assert_eq!(read(&mut topic), ["evicted@2-14", "15@2-15", "16@2-16", "17@2-17"]);
    assert_eq!(read(&mut all), ["evicted@2-14", "15@2-15", "16@2-16", "17@2-17"]);
    assert_eq!(read(&mut live), ["16@2-16", "17@2-17"]);
}

#[tokio::test]
async fn a_reader_that_was_slow_when_the_epoch_changed_goes_on_with_the_newest_event_of_each_topic() {
    let mut node = Node::new(4).await;
    let mut live = node.follow("a", "2-10");
    for offset in 11..=15 {
        node.record((2, offset), &["a"]).await;
    }
    node.epoch((3, 16), EpochKind::Fence).await;
    assert_eq!(read(&mut live), ["slow@2-14", "15@2-15"]);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_was_lost_after_it_had_left_the_window_ends_nobody() {
    let mut node = Node::new(1).await;
    let mut live = node.follow("a", "2-10");
    node.end((2, 11), "a").await;
    tokio::time::advance(Duration::from_secs(61)).await;
    node.record((2, 12), &["b"]).await;
    node.epoch((3, 11), EpochKind::Fence).await;
    node.record((3, 12), &["a"]).await;
    assert_eq!(read(&mut live), ["12@3-12"]);
}

#[tokio::test]
async fn an_epoch_whose_fence_the_tail_never_showed_hides_no_loss() {
    let mut node = Node::new(100).await;
    for offset in 11..=15 {
        node.record((2, offset), &["a"]).await;
    }
    let mut live = node.follow("a", "2-12");
    // Epoch 3 has replaced the records from 13 on. All that it wrote is gone as well.
    node.feed.hide(Cursor::new(3, 13), EpochKind::Fence);
    node.epoch((4, 20), EpochKind::Fence).await;
    node.record((4, 21), &["a"]).await;
    assert_eq!(read(&mut live), ["lost@3-19", "21@4-21"]);
    assert_eq!(read(&mut node.follow("a", "3-17")), ["lost@3-19", "21@4-21"]);
    assert_eq!(read(&mut node.follow("a", "2-14")), ["rewound@3-19", "21@4-21"]);
    assert_eq!(node.hub.topic("a").subscribe("3-19").unwrap().gap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_record_whose_fence_was_trimmed_is_applied_by_the_epochs_of_the_next_opening() {
    let mut node = Node::new(100).await;
    node.record((2, 11), &["a"]).await;
    let mut live = node.follow("a", "2-11");
    node.feed.hide(Cursor::new(3, 15), EpochKind::Fence);
    node.feed.open_again(Cursor::new(2, 11), Cursor::new(3, 18));
    let event = Score::Goal { number: 18 };
    let step = node.feed.stored(Cursor::new(3, 18), &["a"], Some(&event));
    node.feed.step(step);
    // The tail has ended, and the hub opens the store again after a while.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(node.hub.cursor(), Cursor::new(3, 18));
    assert_eq!(read(&mut live), ["lost@3-17", "18@3-18"]);
    assert_eq!(read(&mut node.follow("a", "3-16")), ["lost@3-17", "18@3-18"]);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_a_rewind_has_emptied_is_loaded_again() {
    let mut node = Node::new(4).await;
    for offset in 11..=18 {
        node.record((2, offset), &["a"]).await;
    }
    let (mut slow, mut live) = (node.follow("a", "2-14"), node.follow("a", "2-18"));
    assert_eq!(read(&mut live), [] as [&str; 0]);
    // The store has kept 11 and 12, which have left the window of this node.
    node.epoch((3, 13), EpochKind::Fence).await;
    assert_eq!(node.hub.topic("a").subscribe("2-10").unwrap().gap().unwrap().reason, GapReason::Evicted);
    let fence = node.feed.fence(Cursor::new(3, 13), EpochKind::Fence);
    node.feed.open_again(Cursor::new(2, 10), Cursor::new(3, 14));
    let [first, second, last] = [(2, 11), (2, 12), (3, 14)].map(|(epoch, offset)| {
        node.feed.stored(Cursor::new(epoch, offset), &["a"], Some(&Score::Goal { number: offset }))
    });
    node.feed.step(first);
    node.feed.step(second);
    node.feed.step(fence);
    tokio::time::sleep(Duration::from_secs(20)).await;
    // No reader sees a part of it.
    assert_eq!((node.feed.asked().seen, node.hub.cursor()), (None, Cursor::new(3, 13)));
    assert_eq!(node.hub.stats().held_events, 1);
    node.feed.step(last);
    applied(&node.hub, Cursor::new(3, 14)).await;
    assert_eq!(read(&mut node.follow("a", "2-10")), ["11@2-11", "12@2-12", "14@3-14"]);
    assert_eq!(read(&mut live), ["rewound@3-13", "14@3-14"]);
    assert_eq!(read(&mut slow), ["rewound@3-13", "14@3-14"]);
    // It goes on as before.
    node.record((3, 15), &["a"]).await;
    assert_eq!((read(&mut live), read(&mut slow)), (vec!["15@3-15".to_owned()], vec!["15@3-15".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_window_whose_newest_records_are_removed_while_it_is_loaded_again_is_complete_without_them() {
    let mut node = Node::new(4).await;
    for offset in 11..=14 {
        node.record((2, offset), &["a"]).await;
    }
    let mut live = node.follow("a", "2-14");
    assert_eq!(read(&mut live), [] as [&str; 0]);
    node.epoch((3, 11), EpochKind::Fence).await;
    let fence = node.feed.fence(Cursor::new(3, 11), EpochKind::Fence);
    // Record 12 was there when the store was opened, and is not yielded.
    node.feed.open_again(Cursor::new(2, 10), Cursor::new(3, 12));
    node.feed.step(Step::CaughtUp);
    node.feed.step(fence);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(node.hub.cursor(), Cursor::new(3, 11));
    node.feed.step(Step::CaughtUp);
    // The hub publishes again.
    node.feed.answer(vec![Ok(Cursor::new(3, 12))]);
    node.hub.topic("a").publish(&Score::Goal { number: 12 }).await.unwrap();
    node.record((3, 12), &["a"]).await;
    assert_eq!(read(&mut live), ["rewound@3-11", "12@3-12"]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_ahead_of_this_node_waits_for_it_and_receives_the_rest_without_a_gap() {
    let mut node = Node::new(100).await;
    let subscription = node.hub.topic("a").subscribe("2-13").unwrap();
    assert!(subscription.gap().is_none() && !subscription.is_over());
    let mut ahead = subscription.on_gap(RESYNC);
    for offset in 11..=14 {
        assert_eq!(read(&mut ahead), [] as [&str; 0]);
        node.record((2, offset), &["a"]).await;
        tokio::time::advance(Duration::from_secs(2)).await;
    }
    assert_eq!(read(&mut ahead), ["14@2-14"]);
}

#[tokio::test(start_paused = true)]
async fn an_id_is_unknown_if_this_node_has_read_the_whole_log_without_it() {
    let mut node = Node::new(100).await;
    let mut other_epoch = node.follow("a", "3-50");
    let mut ahead = node.follow("a", "2-50");
    // The reader is woken by the report, not by a record.
    let mut woken = tokio::spawn({
        let mut woken = node.follow("a", "2-50");
        async move { woken.next().await.unwrap().unwrap().as_bytes().starts_with(b"event: resync\nid: 2-11\n") }
    });
    node.record((2, 11), &["a"]).await;
    // The first report may be about the time before the client came back.
    node.feed.step(Step::CaughtUp);
    assert!(tokio::time::timeout(Duration::from_secs(30), &mut woken).await.is_err());
    assert_eq!(read(&mut ahead), [] as [&str; 0]);
    node.feed.step(Step::CaughtUp);
    assert!(woken.await.unwrap());
    // What has arrived since the client came back is delivered, unless the client has it by its ID.
    assert_eq!(read(&mut ahead), ["unknown@2-11"]);
    assert_eq!(read(&mut other_epoch), ["unknown@2-10", "11@2-11"]);
    node.record((2, 12), &["a"]).await;
    assert_eq!((read(&mut ahead), read(&mut other_epoch)), (vec!["12@2-12".to_owned()], vec!["12@2-12".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_waits_for_this_node_goes_on_after_a_fence_that_has_replaced_its_start() {
    let mut node = Node::new(100).await;
    for offset in 11..=15 {
        node.record((2, offset), &["a"]).await;
    }
    let mut ahead = node.follow("a", "9-50");
    node.epoch((3, 13), EpochKind::Fence).await;
    node.record((3, 14), &["a"]).await;
    node.feed.step(Step::CaughtUp);
    node.feed.step(Step::CaughtUp);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(read(&mut ahead), ["unknown@3-13", "14@3-14"]);
    assert_eq!(node.hub.topic("a").subscribe("3-13").unwrap().gap(), None);
}

#[tokio::test]
async fn a_reader_that_is_to_be_woken_when_its_last_event_is_replaced_is_woken_for_the_next_event() {
    let mut node = Node::new(100).await;
    let (all, own) = (Arc::<Count>::default(), Arc::<Count>::default());
    let mut others: Vec<Scores> = (0..400).map(|_| node.follow("a", "2-10")).collect();
    let (mut last, mut stranger) = (node.follow("a", "2-10"), node.follow("other", "2-10"));
    node.record((2, 11), &["b"]).await;
    node.record((2, 12), &["a"]).await;
    for reader in &mut others {
        while poll(reader, &all) {}
    }
    while poll(&mut last, &own) {}
    let mut wake_all = || (0..100).for_each(|_| _ = poll(&mut stranger, &Arc::default()));
    wake_all();
    // The event is replaced by another one at its position in memory, while not everybody has been woken.
    node.epoch((3, 11), EpochKind::Fence).await;
    node.record((3, 12), &["a"]).await;
    while poll(&mut last, &own) {}
    wake_all();
    while poll(&mut last, &own) {}
    own.0.store(0, Ordering::Relaxed);
    node.record((3, 13), &["a"]).await;
    wake_all();
    assert!(own.0.load(Ordering::Relaxed) > 0 && poll(&mut last, &own));
}
