//! A store whose tail is a script: the test decides what each hub sees.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use futures_util::Stream;
use sse_core::{Draft, SseEvent};
use sse_hub::{
    AppendError, Cursor, Epoch, EpochKind, Hub, Opened, Opening, Options, Origin, Record, RecordKind, Step, Store,
    StoreError, Stored,
};
use tokio::{sync::mpsc, task::yield_now, time::sleep};

/// A store with one hub, which the test feeds.
pub(super) struct Script(Arc<Mutex<Openings>>);

#[derive(Default)]
struct Openings {
    /// The results of the next openings. Without one, opening fails.
    next: VecDeque<Opened<Tail>>,
    /// What the hub has asked for.
    asked: Vec<Opening>,
    /// The results of the next appends. Without them, all records are refused.
    answers: VecDeque<Vec<Result<Cursor, AppendError>>>,
    /// The epoch and the records of each append.
    appended: Vec<(u64, Vec<Record>)>,
    /// Whether appends are not answered.
    is_silent: bool,
}

/// The feeding half.
pub(super) struct Feed {
    openings: Arc<Mutex<Openings>>,
    steps: mpsc::UnboundedSender<Step>,
    epochs: Vec<Epoch>,
    number: u64,
}

pub(super) struct Tail(mpsc::UnboundedReceiver<Step>);

impl Stream for Tail {
    type Item = Result<Step, StoreError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|step| step.map(Ok))
    }
}

impl Store for Script {
    type Tail = Tail;

    async fn open(&self, opening: Opening) -> Result<Opened<Tail>, StoreError> {
        let mut openings = self.0.lock().unwrap();
        openings.asked.push(opening);
        openings.next.pop_front().ok_or_else(|| StoreError::new("the script has no other opening"))
    }

    async fn append(&self, epoch: u64, batch: Vec<Record>) -> Vec<Result<Cursor, AppendError>> {
        let refused = batch.iter().map(|_| Err(AppendError::Refused(StoreError::new("a script")))).collect();
        self.0.lock().unwrap().appended.push((epoch, batch));
        while self.0.lock().unwrap().is_silent {
            sleep(Duration::from_millis(10)).await;
        }
        self.0.lock().unwrap().answers.pop_front().unwrap_or(refused)
    }
}

/// Opens a hub whose log begins after `start`.
pub(super) async fn open<E: SseEvent>(start: Cursor, options: Options) -> (Hub<E>, Feed) {
    let (steps, _) = mpsc::unbounded_channel();
    let epochs = vec![Epoch { start, kind: EpochKind::Fence }];
    let mut feed = Feed { openings: Arc::default(), steps, epochs, number: 0 };
    feed.open_again(start, start);
    (Hub::open(Script(feed.openings.clone()), options).await.unwrap(), feed)
}

impl Feed {
    /// Ends the tail. The next opening yields the following steps, after `start`, with `tip` as the newest record.
    pub(super) fn open_again(&mut self, start: Cursor, tip: Cursor) {
        let (steps, tail) = mpsc::unbounded_channel();
        self.steps = steps;
        let opened = Opened::new(self.epochs.clone(), start, tip, Tail(tail));
        self.openings.lock().unwrap().next.push_back(opened);
    }

    /// Returns what the hub has asked for in its last opening.
    pub(super) fn asked(&self) -> Opening {
        *self.openings.lock().unwrap().asked.last().unwrap()
    }

    /// Sets the results of the next append.
    pub(super) fn answer(&self, results: Vec<Result<Cursor, AppendError>>) {
        self.openings.lock().unwrap().answers.push_back(results);
    }

    /// Sets whether appends are not answered.
    pub(super) fn silence(&self, is_silent: bool) {
        self.openings.lock().unwrap().is_silent = is_silent;
    }

    /// Returns the epoch and the records of each append since the last call.
    pub(super) fn appended(&self) -> Vec<(u64, Vec<Record>)> {
        std::mem::take(&mut self.openings.lock().unwrap().appended)
    }

    /// Yields a record that a hub has appended.
    pub(super) fn show(&self, cursor: Cursor, record: Record) {
        self.step(Step::Records(vec![Stored { cursor, record, age: Duration::ZERO }]));
    }

    /// Yields a step, without waiting for the hub.
    pub(super) fn step(&self, step: Step) {
        self.steps.send(step).unwrap();
    }

    /// Returns the step of a record.
    pub(super) fn stored<E: SseEvent>(&mut self, cursor: Cursor, topics: &[&str], event: Option<&E>) -> Step {
        self.number += 1;
        let (kind, block) = match event {
            None => (RecordKind::End, Vec::new()),
            Some(event) => {
                let draft = Draft::new(event).unwrap();
                let kind = if draft.is_terminal() { RecordKind::TerminalEvent } else { RecordKind::Event };
                (kind, draft.as_bytes().to_vec())
            }
        };
        let record = Record {
            topics: topics.iter().map(|&topic| topic.to_owned()).collect(),
            kind,
            block: block.into(),
            origin: Origin { node: 1, number: self.number },
        };
        Step::Records(vec![Stored { cursor, record, age: Duration::ZERO }])
    }

    /// Feeds a record, and waits until the hub has applied it.
    pub(super) async fn record<E: SseEvent>(
        &mut self,
        hub: &Hub<E>,
        cursor: Cursor,
        topics: &[&str],
        event: Option<&E>,
    ) {
        let step = self.stored(cursor, topics, event);
        self.step(step);
        applied(hub, cursor).await;
    }

    /// Yields a record whose block is not an event, and waits until the hub has applied it.
    pub(super) async fn unreadable<E: SseEvent>(&mut self, hub: &Hub<E>, cursor: Cursor) {
        self.number += 1;
        let origin = Origin { node: 1, number: self.number };
        let record = Record { topics: Vec::new(), kind: RecordKind::Event, block: "nothing".into(), origin };
        self.show(cursor, record);
        applied(hub, cursor).await;
    }

    /// Adds an epoch whose fence the tail does not yield.
    pub(super) fn hide(&mut self, start: Cursor, kind: EpochKind) {
        self.epochs.push(Epoch { start, kind });
    }

    /// Feeds a fence, and waits until the hub has applied it.
    pub(super) async fn epoch<E: SseEvent>(&mut self, hub: &Hub<E>, start: Cursor, kind: EpochKind) {
        let step = self.fence(start, kind);
        self.step(step);
        applied(hub, start).await;
    }

    /// Returns the step of a fence.
    pub(super) fn fence(&mut self, start: Cursor, kind: EpochKind) -> Step {
        let epoch = Epoch { start, kind };
        if !self.epochs.contains(&epoch) {
            self.epochs.push(epoch);
        }
        Step::Epoch { epoch, table: self.epochs.clone() }
    }
}

/// Waits until the hub is at a cursor.
pub(super) async fn applied<E: SseEvent>(hub: &Hub<E>, cursor: Cursor) {
    for _ in 0..1000 {
        if hub.cursor() == cursor {
            return;
        }
        yield_now().await;
    }
    panic!("the hub is at {}, not at {cursor}", hub.cursor());
}
