//! Hubs on a server within the test, and readers that keep what they receive.

use std::{
    pin::Pin,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use sse_core::{Decoder, Gap, GapReason};
use sse_hub::{Cursor, Hub, Options, Redis, Start, Subscription};
use tokio::time::timeout;

use crate::hub::Score;

/// The time limit of a step.
pub(crate) const STEP: Duration = Duration::from_secs(20);

/// Opens a node of the hub `test`.
pub(crate) async fn node(url: &str) -> Hub<Score> {
    Hub::open(Redis::at(url).unwrap().name("test"), Options::new()).await.unwrap()
}

pub(crate) async fn publish(hub: &Hub<Score>, number: u64) -> Cursor {
    let published = timeout(STEP, hub.topic("a").publish(&Score::Goal { number })).await;
    published.unwrap_or_else(|_| panic!("{number} has no outcome")).unwrap_or_else(|error| panic!("{number}: {error}"))
}

type Scores = Subscription<Score, fn(Gap) -> Score>;

/// A reader of the topic `a`.
pub(crate) struct Reader {
    stream: Pin<Box<Scores>>,
    /// The events in the order of arrival.
    pub(crate) events: Vec<(Cursor, u64)>,
    pub(crate) gaps: Vec<(Cursor, GapReason)>,
    pub(crate) last: Option<Cursor>,
}

impl Reader {
    pub(crate) fn new(hub: &Hub<Score>, start: impl Into<Start>) -> Self {
        let stream = hub.topic("a").subscribe(start).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
        Self { stream: Box::pin(stream), events: Vec::new(), gaps: Vec::new(), last: None }
    }

    /// Reads up to the event with a number.
    pub(crate) async fn until(&mut self, number: u64) {
        let start = Instant::now();
        while self.events.last().is_none_or(|(_, last)| *last != number) {
            let left = STEP.checked_sub(start.elapsed()).unwrap_or_default();
            let Ok(block) = timeout(left, self.stream.next()).await else {
                panic!("{number} does not arrive: {:?} {:?}", self.events.last(), self.gaps)
            };
            self.take(block.expect("the hub is open").unwrap().as_bytes());
        }
    }

    /// Reads events without decoding them.
    pub(crate) async fn pass(&mut self, events: usize) {
        for _ in 0..events {
            let block = timeout(STEP, self.stream.next()).await.expect("the events arrive");
            block.expect("the hub is open").unwrap();
        }
    }

    fn take(&mut self, block: &[u8]) {
        let mut decoder = Decoder::new();
        let raw = decoder.feed(block).next_event().map(|raw| raw.unwrap().into_owned());
        let id: Cursor = decoder.last_event_id().parse().unwrap();
        assert!(self.last.is_none_or(|last| last < id), "{:?} is followed by {id}", self.last);
        self.last = Some(id);
        match raw {
            None => {}
            Some(raw) if raw.name() == "resync" => {
                self.gaps.push((id, serde_json::from_str::<Gap>(raw.data()).unwrap().reason));
            }
            Some(raw) => {
                let data: serde_json::Value = serde_json::from_str(raw.data()).unwrap();
                self.events.push((id, data["number"].as_u64().unwrap()));
            }
        }
    }

    pub(crate) fn numbers(&self) -> Vec<u64> {
        self.events.iter().map(|(_, number)| *number).collect()
    }

    pub(crate) fn reasons(&self) -> Vec<GapReason> {
        self.gaps.iter().map(|(_, reason)| *reason).collect()
    }
}

/// Waits until a condition holds.
pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) -> Duration {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < STEP, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    start.elapsed()
}
