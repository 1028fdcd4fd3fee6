//! The task of a hub with a store, which follows the tail and appends published records.
//!
//! An append whose outcome is unknown is settled at a fence: the task opens an epoch and reads the tail up to its
//! fence. It then knows whether the record is in the log.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
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
    AppendError, Opened, Opening, Step, Store, StoreError,
    apply::{Applied, apply, replace},
    backoff::Backoff,
    flights::{Answer, Flights},
    reload::{Loading, Reload},
    writer::{Load, Pending},
};
use crate::{Cursor, Epoch, PublishError, shared::Shared, state::Phase, trace};

/// The time after which a record fails that was not sent, or whose outcome is unknown.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// The interval at which timeouts are checked.
const TICK: Duration = Duration::from_secs(1);

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

pub(crate) struct Run<S: Store> {
    store: Arc<S>,
    /// The task ends when all handles, subscriptions and pending records are gone.
    shared: Weak<Shared>,
    queue: mpsc::UnboundedReceiver<Pending>,
    load: Arc<Load>,
    tail: Option<Pin<Box<S::Tail>>>,
    opening: Option<BoxFuture<Result<Opened<S::Tail>, StoreError>>>,
    /// The newest record when the store was last opened.
    asked: Option<Cursor>,
    /// The fence of the epoch of the next append. Nothing is appended until the tail has reached it.
    fence: Cursor,
    /// The known epochs, as of the last opening or fence.
    table: Vec<Epoch>,
    /// Whether an epoch has replaced all held records, and the window was not loaded again since.
    is_emptied: bool,
    reload: Option<Reload>,
    waiting: VecDeque<Pending>,
    flights: Flights,
    append: Option<BoxFuture<Vec<Result<Cursor, AppendError>>>>,
    pause: Option<Pin<Box<Sleep>>>,
    backoff: Backoff,
    tick: Interval,
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
        table: Vec<Epoch>,
    ) -> Self {
        let fence = table.last().map_or(Cursor::new(0, 0), |epoch| epoch.start);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            store,
            shared: Arc::downgrade(shared),
            queue,
            load,
            tail: Some(tail),
            opening: None,
            asked: None,
            fence,
            table,
            is_emptied: false,
            reload: None,
            waiting: VecDeque::new(),
            flights: Flights::new(),
            append: None,
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
                match happened {
                    Happened::Queued(pending) => self.waiting.extend(pending),
                    Happened::Appended(results) => drop(self.flights.answered(results)),
                    _ => {}
                }
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
        if let Step::Epoch { table, .. } = &step {
            self.table.clone_from(table);
        }
        let applied = if let Some(reload) = self.reload.take() {
            let tip = shared.lock().state.log.tip();
            match reload.push(step, tip) {
                Loading::Incomplete(reload) => {
                    self.reload = Some(reload);
                    return;
                }
                Loading::Complete { start, steps } => {
                    self.is_emptied = false;
                    replace(steps, start, &self.table, shared)
                }
            }
        } else {
            apply(step, &self.table, shared)
        };
        self.applied(applied, shared);
    }

    fn applied(&mut self, applied: Applied, shared: &Shared) {
        if applied.has_hole {
            self.flights.miss();
        }
        self.flights.landed(applied.landed);
        // An empty window is loaded again without a delay, because the store has just answered.
        if applied.is_lost {
            self.reopen(shared);
        } else if applied.is_emptied && !self.is_emptied {
            self.is_emptied = true;
            self.open(self.left_epoch(), shared);
        }
    }

    /// Opens the store again after a delay, because the tail has failed.
    fn reopen(&mut self, shared: &Shared) {
        (self.tail, self.reload) = (None, None);
        self.pause = Some(Box::pin(sleep(self.backoff.next())));
        self.open(self.left_epoch(), shared);
    }

    fn appended(&mut self, results: Vec<Result<Cursor, AppendError>>, shared: &Shared) {
        match self.flights.answered(results) {
            Answer::Settled => {
                self.load.append_answered();
                self.backoff.reset();
            }
            Answer::Refused => {
                self.load.append_failed();
                self.pause = Some(Box::pin(sleep(self.backoff.next())));
            }
            Answer::Unsettled => {
                self.load.append_failed();
                self.open(self.left_epoch(), shared);
            }
        }
    }

    /// Returns the epoch to leave, because records that were sent under it are unsettled.
    fn left_epoch(&self) -> Option<u64> {
        if self.append.is_some() { None } else { self.flights.unsettled() }
    }

    fn open(&mut self, leave: Option<u64>, shared: &Shared) {
        let locked = shared.lock();
        let seen = Some(locked.state.log.tip()).filter(|_| !self.is_emptied);
        let opening = Opening { window: locked.state.window, seen, leave };
        drop(locked);
        self.asked = seen;
        let store = self.store.clone();
        self.opening = Some(Box::pin(async move { store.open(opening).await }));
    }

    fn opened(&mut self, opened: Opened<S::Tail>, shared: &Shared) {
        let current = opened.epochs.last().map_or(opened.start, |epoch| epoch.start);
        let tip = shared.lock().state.log.tip();
        self.reload = None;
        if self.is_emptied && opened.tip < tip {
            // The store has lost the log since. It has to know what this node has seen.
            self.is_emptied = false;
            self.open(self.left_epoch(), shared);
            return;
        }
        // The records below were seen by a tail that is replaced, or are yielded again and skipped.
        self.tail = Some(Box::pin(opened.tail));
        self.table = opened.epochs;
        self.fence = current;
        // Below what the hub has seen, the store has other records now, so the window is loaded again.
        self.is_emptied |= self.asked.is_some_and(|seen| opened.start < seen);
        if self.is_emptied {
            // A record that was trimmed before the window is not found in it.
            if self.table.first().is_some_and(|oldest| opened.start >= oldest.start) {
                self.flights.miss();
            }
            self.reload = Some(Reload::new(opened.start, opened.tip));
        } else if opened.start > tip {
            // The records between were removed from the store. The fences among them are passed.
            self.flights.miss();
            let passed = self.table.iter().rfind(|epoch| epoch.start <= opened.start).copied();
            if let Some(epoch) = passed {
                let applied = apply(Step::Epoch { epoch, table: self.table.clone() }, &self.table, shared);
                self.applied(applied, shared);
            }
        }
        let is_left = self.left_epoch().is_none_or(|left| current.epoch() > left);
        if !is_left {
            self.pause = Some(Box::pin(sleep(self.backoff.next())));
            self.open(self.left_epoch(), shared);
        }
    }

    /// Returns whether the tail has reached the fence of the current epoch, and nothing is under way.
    fn is_at_fence(&self, shared: &Shared) -> bool {
        self.append.is_none()
            && self.opening.is_none()
            && self.reload.is_none()
            && shared.lock().state.log.tip() >= self.fence
    }

    /// Settles the records whose outcome is unknown, if the tail has reached the fence after them.
    fn settle_at_fence(&mut self, shared: &Shared) {
        if !self.flights.is_empty() && self.is_at_fence(shared) {
            self.flights.settle_at_fence(&mut self.waiting);
        }
    }

    /// Appends the next records if the last ones are settled.
    fn send(&mut self, shared: &Shared) {
        let is_ready = !self.waiting.is_empty() && self.flights.is_empty() && self.pause.is_none();
        if !is_ready || self.tail.is_none() || !self.is_at_fence(shared) {
            return;
        }
        let epoch = self.fence.epoch();
        let batch = self.flights.send(epoch, &mut self.waiting);
        let store = self.store.clone();
        self.append = Some(Box::pin(async move { store.append(epoch, batch).await }));
    }

    fn tick(&mut self, shared: &Shared) {
        self.load.other_answered(self.store.silence());
        let now = shared.clock.now();
        let mut locked = shared.lock();
        locked.state.evict(now);
        locked.finish();
        while self.waiting.front().is_some_and(|pending| pending.is_older(MAX_WAIT)) {
            let Some(pending) = self.waiting.pop_front() else { break };
            pending.fail();
        }
        self.flights.expire(MAX_WAIT);
    }
}
