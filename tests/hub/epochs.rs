//! Epochs, holes and losses as readers see them, with a store whose tail is a script.

use std::time::Duration;

use sse_core::Gap;
use sse_hub::{Cursor, EpochKind, Hub, Options, Start, Subscription, Window};

use super::{
    Score,
    readers::read,
    script::{Feed, open},
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
