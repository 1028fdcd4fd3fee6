//! A store whose tail is a script: the test decides what each hub sees.

use std::{
    pin::Pin,
    sync::Mutex,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::Stream;
use sse_core::{Draft, SseEvent};
use sse_hub::{
    AppendError, Cursor, Epoch, EpochKind, Hub, Opened, Opening, Options, Origin, Record, RecordKind, Step, Store,
    StoreError, Stored,
};
use tokio::{sync::mpsc, task::yield_now};

/// A store with one hub, which the test feeds.
pub(super) struct Script {
    tail: Mutex<Option<mpsc::UnboundedReceiver<Step>>>,
    start: Epoch,
}

/// The feeding half.
pub(super) struct Feed {
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

    async fn open(&self, _: Opening) -> Result<Opened<Tail>, StoreError> {
        let tail = self.tail.lock().unwrap().take().ok_or_else(|| StoreError::new("the script is opened once"))?;
        Ok(Opened::new(vec![self.start], self.start.start, self.start.start, Tail(tail)))
    }

    async fn append(&self, _: u64, batch: Vec<Record>) -> Vec<Result<Cursor, AppendError>> {
        batch.iter().map(|_| Err(AppendError::Refused(StoreError::new("a script")))).collect()
    }
}

/// Opens a hub whose log begins after `start`.
pub(super) async fn open<E: SseEvent>(start: Cursor, options: Options) -> (Hub<E>, Feed) {
    let (steps, tail) = mpsc::unbounded_channel();
    let start = Epoch { start, kind: EpochKind::Fence };
    let hub = Hub::open(Script { tail: Mutex::new(Some(tail)), start }, options).await.unwrap();
    (hub, Feed { steps, epochs: vec![start], number: 0 })
}

impl Feed {
    /// Feeds a record, and waits until the hub has applied it.
    pub(super) async fn record<E: SseEvent>(
        &mut self,
        hub: &Hub<E>,
        cursor: Cursor,
        topics: &[&str],
        event: Option<&E>,
    ) {
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
        self.steps.send(Step::Records(vec![Stored { cursor, record, age: Duration::ZERO }])).unwrap();
        applied(hub, cursor).await;
    }

    /// Feeds a fence, and waits until the hub has applied it.
    pub(super) async fn epoch<E: SseEvent>(&mut self, hub: &Hub<E>, start: Cursor, kind: EpochKind) {
        let epoch = Epoch { start, kind };
        self.epochs.push(epoch);
        self.steps.send(Step::Epoch { epoch, table: self.epochs.clone() }).unwrap();
        applied(hub, start).await;
    }
}

async fn applied<E: SseEvent>(hub: &Hub<E>, cursor: Cursor) {
    for _ in 0..1000 {
        if hub.cursor() == cursor {
            return;
        }
        yield_now().await;
    }
    panic!("the hub is at {}, not at {cursor}", hub.cursor());
}
