//! The task of a hub with a store, which follows the tail and appends published records.
//!
//! An append whose outcome is unknown is settled at a fence: the task opens an epoch and reads the tail up to its
//! fence. It then knows whether the record is in the log.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    mem,
    pin::Pin,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use tokio::{
    sync::mpsc,
    time::{Interval, MissedTickBehavior, Sleep, interval, sleep},
};

use super::{
    AppendError, Opened, Opening, Origin, Record, Step, Store, StoreError,
    apply::{Applied, apply},
    backoff::Backoff,
    writer::{Load, Pending},
};
use crate::{Cursor, PublishError, error::Sent, shared::Shared, state::Phase, trace};

/// The maximum number of records per append.
const BATCH: usize = 64;

/// The time after which a record that was not sent fails.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The interval at which timeouts are checked.
const TICK: Duration = Duration::from_secs(1);

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

pub(crate) struct Run<S: Store> {
    store: Arc<S>,
    /// The task ends when all handles and subscriptions are gone.
    shared: Weak<Shared>,
    queue: mpsc::UnboundedReceiver<Pending>,
    load: Arc<Load>,
    node: u128,
    next_number: u64,
    tail: Option<Pin<Box<S::Tail>>>,
    opening: Option<BoxFuture<Result<Opened<S::Tail>, StoreError>>>,
    /// The epoch under which the records in `sent` were sent.
    sent_under: u64,
    /// The fence of the epoch of the next append. Nothing is appended until the tail has reached it.
    fence: Cursor,
    waiting: VecDeque<Pending>,
    /// The records that were handed to the store, in order.
    sent: Vec<Flight>,
    append: Option<BoxFuture<Vec<Result<Cursor, AppendError>>>>,
    /// Whether records are missing in the tail since the records were sent.
    has_hole: bool,
    pause: Option<Pin<Box<Sleep>>>,
    backoff: Backoff,
    tick: Interval,
}

/// A record that was handed to the store.
struct Flight {
    number: u64,
    state: FlightState,
}

enum FlightState {
    /// The store has not answered yet.
    Open(Pending),
    /// The store did not answer. The fence decides.
    Unknown(Pending),
    /// The store answered that the record is not in the log.
    Fenced(Pending),
    /// The outcome was reported to the publisher. `landed` is whether the record is in the log.
    Settled { landed: bool },
}

/// The next thing for the task to handle.
enum Happened<T> {
    Tail(Option<Result<Step, StoreError>>),
    Appended(Vec<Result<Cursor, AppendError>>),
    Opened(Result<Opened<T>, StoreError>),
    Queued(Option<Pending>),
    Resumed,
    Tick,
}

impl<S: Store> Run<S> {
    pub(crate) fn new(
        store: Arc<S>,
        shared: &Arc<Shared>,
        queue: mpsc::UnboundedReceiver<Pending>,
        load: Arc<Load>,
        tail: Pin<Box<S::Tail>>,
        fence: Cursor,
    ) -> Self {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            store,
            shared: Arc::downgrade(shared),
            queue,
            load,
            node: random(),
            next_number: 0,
            tail: Some(tail),
            opening: None,
            sent_under: 0,
            fence,
            waiting: VecDeque::new(),
            sent: Vec::new(),
            append: None,
            has_hole: false,
            pause: None,
            backoff: Backoff::default(),
            tick,
        }
    }

    /// Runs until the hub is closed or dropped.
    pub(crate) async fn run(mut self) {
        loop {
            let happened = poll_fn(|cx| self.poll(cx)).await;
            let Some(shared) = self.shared.upgrade() else { return };
            if self.load.is_closed() || shared.lock().state.phase == Phase::Closed {
                break;
            }
            if !self.handle(happened, &shared) {
                break;
            }
            self.settle_at_fence(&shared);
            self.send(&shared);
        }
        while let Ok(pending) = self.queue.try_recv() {
            self.waiting.push_back(pending);
        }
        for pending in self.waiting.drain(..) {
            pending.resolve(Err(PublishError::Closed));
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Happened<S::Tail>> {
        if let Some(append) = &mut self.append
            && let Poll::Ready(results) = append.as_mut().poll(cx)
        {
            self.append = None;
            return Poll::Ready(Happened::Appended(results));
        }
        if let Some(tail) = &mut self.tail
            && let Poll::Ready(step) = tail.as_mut().poll_next(cx)
        {
            return Poll::Ready(Happened::Tail(step));
        }
        if let Some(pause) = &mut self.pause {
            if pause.as_mut().poll(cx).is_ready() {
                self.pause = None;
                return Poll::Ready(Happened::Resumed);
            }
        } else if let Some(opening) = &mut self.opening
            && let Poll::Ready(opened) = opening.as_mut().poll(cx)
        {
            self.opening = None;
            return Poll::Ready(Happened::Opened(opened));
        }
        if let Poll::Ready(pending) = self.queue.poll_recv(cx) {
            return Poll::Ready(Happened::Queued(pending));
        }
        self.tick.poll_tick(cx).map(|_| Happened::Tick)
    }

    /// Returns `false` if no handles are left.
    fn handle(&mut self, happened: Happened<S::Tail>, shared: &Shared) -> bool {
        match happened {
            Happened::Tail(Some(Ok(step))) => {
                self.load.tail_answered();
                self.backoff.reset();
                self.apply(step, shared);
            }
            Happened::Tail(failed) => {
                let error = failed.and_then(Result::err).unwrap_or_else(|| StoreError::new("the tail ended"));
                trace::store_failed("tail", &error);
                self.reopen(shared);
            }
            Happened::Appended(results) => self.appended(results, shared),
            Happened::Opened(Ok(opened)) => self.opened(opened, shared),
            Happened::Opened(Err(error)) => {
                trace::store_failed("open", &error);
                self.pause = Some(Box::pin(sleep(self.backoff.next())));
                self.open(self.left_epoch(), shared);
            }
            Happened::Queued(Some(pending)) => self.waiting.push_back(pending),
            Happened::Queued(None) => return false,
            Happened::Resumed => {}
            Happened::Tick => self.tick(shared),
        }
        true
    }

    fn apply(&mut self, step: Step, shared: &Shared) {
        let Applied { landed, has_hole, is_lost } = apply(step, shared);
        self.has_hole |= has_hole;
        for (origin, cursor) in landed.into_iter().filter(|(origin, _)| origin.node == self.node) {
            let flight = self.sent.iter_mut().find(|flight| flight.number == origin.number);
            if let Some(flight) = flight {
                flight.settle(Ok(cursor));
            }
        }
        if is_lost {
            self.reopen(shared);
        }
    }

    /// Opens the store again after a delay, because the tail has failed.
    fn reopen(&mut self, shared: &Shared) {
        self.tail = None;
        self.pause = Some(Box::pin(sleep(self.backoff.next())));
        self.open(self.left_epoch(), shared);
    }

    fn appended(&mut self, results: Vec<Result<Cursor, AppendError>>, shared: &Shared) {
        let mut results = results.into_iter();
        let mut is_refused = false;
        for flight in &mut self.sent {
            let missing = || Err(AppendError::Unknown(StoreError::new("there is no result")));
            let result = results.next().unwrap_or_else(missing);
            // The tail may yield a record before the append is answered.
            let FlightState::Open(_) = flight.state else { continue };
            match result {
                Ok(cursor) => flight.settle(Ok(cursor)),
                Err(AppendError::Fenced) => flight.change(FlightState::Fenced),
                Err(AppendError::Unknown(error)) => {
                    trace::store_failed("append", &error);
                    flight.change(FlightState::Unknown);
                }
                Err(AppendError::Refused(error)) => {
                    trace::store_failed("append", &error);
                    is_refused = true;
                    flight.settle(Err(PublishError::Unavailable { sent: Sent::NotSent }));
                }
            }
        }
        if self.sent.iter().any(|flight| !matches!(flight.state, FlightState::Settled { .. })) {
            self.load.append_failed();
            self.open(self.left_epoch(), shared);
        } else {
            self.sent.clear();
            if is_refused {
                self.load.append_failed();
                self.pause = Some(Box::pin(sleep(self.backoff.next())));
            } else {
                self.load.append_answered();
                self.backoff.reset();
            }
        }
    }

    /// Returns the epoch to leave, because records that were sent under it are unsettled.
    fn left_epoch(&self) -> Option<u64> {
        let is_unsettled = self.append.is_none() && self.sent.iter().any(|flight| !flight.is_settled());
        is_unsettled.then_some(self.sent_under)
    }

    fn open(&mut self, leave: Option<u64>, shared: &Shared) {
        let locked = shared.lock();
        let opening = Opening { window: locked.state.window, seen: Some(locked.state.log.tip()), leave };
        drop(locked);
        let store = self.store.clone();
        self.opening = Some(Box::pin(async move { store.open(opening).await }));
    }

    fn opened(&mut self, opened: Opened<S::Tail>, shared: &Shared) {
        let current = opened.epochs.last().map_or(opened.start, |epoch| epoch.start);
        // The records below were seen by a tail that is replaced, or are yielded again and skipped.
        self.tail = Some(Box::pin(opened.tail));
        let is_left = self.left_epoch().is_none_or(|left| current.epoch() > left);
        self.fence = current;
        if !is_left {
            self.pause = Some(Box::pin(sleep(self.backoff.next())));
            self.open(self.left_epoch(), shared);
        }
    }

    /// Settles the records whose outcome is unknown, if the tail has reached the fence after them.
    fn settle_at_fence(&mut self, shared: &Shared) {
        if self.append.is_some() || self.opening.is_some() || self.sent.is_empty() {
            return;
        }
        if shared.lock().state.log.tip() < self.fence {
            return;
        }
        let has_hole = mem::take(&mut self.has_hole);
        // In reverse, so that records that are sent again precede the waiting ones and keep their order.
        let mut is_later_landed = false;
        for flight in mem::take(&mut self.sent).into_iter().rev() {
            match flight.state {
                FlightState::Settled { landed } => is_later_landed |= landed,
                FlightState::Unknown(pending) | FlightState::Open(pending) if has_hole => {
                    pending.resolve(Err(PublishError::Unavailable { sent: Sent::Unknown }));
                }
                // If it were sent again, it would follow a record that was published later.
                FlightState::Unknown(pending) | FlightState::Open(pending) | FlightState::Fenced(pending)
                    if is_later_landed =>
                {
                    pending.resolve(Err(PublishError::Unavailable { sent: Sent::NotSent }));
                }
                FlightState::Unknown(pending) | FlightState::Open(pending) | FlightState::Fenced(pending) => {
                    self.waiting.push_front(pending);
                }
            }
        }
    }

    /// Appends the next records if the last ones are settled.
    fn send(&mut self, shared: &Shared) {
        let is_ready = self.append.is_none() && self.sent.is_empty() && self.opening.is_none() && self.pause.is_none();
        if !is_ready || self.waiting.is_empty() || self.tail.is_none() || shared.lock().state.log.tip() < self.fence {
            return;
        }
        let mut batch = Vec::with_capacity(self.waiting.len().min(BATCH));
        while let Some(mut pending) = self.waiting.pop_front() {
            // A record that is sent again keeps its number.
            let number = pending.number.unwrap_or(self.next_number);
            self.next_number = self.next_number.max(number + 1);
            pending.number = Some(number);
            batch.push(Record {
                topics: pending.topics.clone(),
                kind: pending.kind,
                block: pending.block.clone(),
                origin: Origin { node: self.node, number },
            });
            self.sent.push(Flight { number, state: FlightState::Open(pending) });
            if batch.len() == BATCH {
                break;
            }
        }
        self.has_hole = false;
        let (store, epoch) = (self.store.clone(), self.fence.epoch());
        self.sent_under = epoch;
        self.append = Some(Box::pin(async move { store.append(epoch, batch).await }));
    }

    fn tick(&mut self, shared: &Shared) {
        let now = shared.clock.now();
        let mut locked = shared.lock();
        locked.state.evict(now);
        // Wakes the readers that wait for this node to catch up, so that they can time out.
        let behind = locked.state.behind;
        locked.state.waiters.ring(behind);
        locked.finish();
        while self.waiting.front().is_some_and(|pending| pending.is_older(MAX_WAIT)) {
            let Some(pending) = self.waiting.pop_front() else { break };
            pending.resolve(Err(PublishError::Unavailable { sent: Sent::NotSent }));
        }
    }
}

impl Flight {
    fn is_settled(&self) -> bool {
        matches!(self.state, FlightState::Settled { .. })
    }

    /// Reports the outcome unless it was already reported.
    fn settle(&mut self, outcome: Result<Cursor, PublishError>) {
        let landed = outcome.is_ok();
        match mem::replace(&mut self.state, FlightState::Settled { landed }) {
            FlightState::Open(pending) | FlightState::Unknown(pending) | FlightState::Fenced(pending) => {
                pending.resolve(outcome);
            }
            FlightState::Settled { landed } => self.state = FlightState::Settled { landed },
        }
    }

    fn change(&mut self, to: impl FnOnce(Pending) -> FlightState) {
        self.state = match mem::replace(&mut self.state, FlightState::Settled { landed: false }) {
            FlightState::Open(pending) | FlightState::Unknown(pending) | FlightState::Fenced(pending) => to(pending),
            settled @ FlightState::Settled { .. } => settled,
        };
    }
}

/// Returns a random number, derived from the random keys of a hash map.
fn random() -> u128 {
    use std::hash::{BuildHasher, RandomState};

    let half = || u128::from(RandomState::new().hash_one(0));
    half() << 64 | half()
}
