//! State that all handles of a hub share, its lock, and publishing in memory.

use std::{
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::Waker,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use sse_core::{Draft, EncodeError, SseEvent};

use crate::{
    Cursor, Options,
    epochs::{Epoch, EpochKind, Epochs},
    error::PublishError,
    filter::Filter,
    reader::{Reader, Step},
    slab::Key,
    start::Start,
    state::{NewEvent, Phase, State},
    store::Writer,
    taken::Taken,
    waiters::{Rings, SeatKey},
    window::Clock,
};

#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) options: Options,
    /// The epoch of a hub in memory.
    epoch: u64,
    /// The offset after the tip, as a hint for the ID of the next event.
    next_offset: AtomicU64,
    /// The queue to the store, or `None` in memory.
    pub(crate) writer: Option<Writer>,
    rings: Rings,
}

/// The locked state. Wakers to wake or to drop are handled after the lock is released.
pub(crate) struct Locked<'a> {
    pub(crate) state: MutexGuard<'a, State>,
    dropped: Option<Waker>,
}

impl Locked<'_> {
    /// Takes the next slice of readers to wake, and releases the lock.
    pub(crate) fn finish(self) {
        let Self { mut state, dropped } = self;
        let slice = state.waiters.slice();
        drop(state);
        drop((slice, dropped));
    }
}

impl Shared {
    /// Creates the state of a hub in memory.
    pub(crate) fn memory(options: Options) -> Self {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let epoch = options.epoch.unwrap_or_else(|| u64::try_from(now().as_micros()).unwrap_or(u64::MAX));
        let start = Cursor::new(epoch, 0);
        let epochs = Epochs::new(vec![Epoch { start, kind: EpochKind::Fence }]);
        Self::new(epochs, start, options, None)
    }

    pub(crate) fn new(epochs: Epochs, start: Cursor, options: Options, writer: Option<Writer>) -> Self {
        let next_offset = AtomicU64::new(start.offset() + 1);
        let state = State::new(epochs, start, options.window);
        let rings = state.waiters.rings().clone();
        let state = Mutex::new(state);
        Self { state, clock: Clock::start(), options, epoch: start.epoch(), next_offset, writer, rings }
    }

    /// Returns whether other nodes also write to the log.
    pub(crate) const fn is_shared(&self) -> bool {
        self.writer.is_some()
    }

    pub(crate) fn lock(&self) -> Locked<'_> {
        // No foreign code runs under the lock, so the state is consistent even if the mutex is poisoned.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { state, dropped: None }
    }

    /// Appends an event to the log in memory.
    pub(crate) fn publish<E: SseEvent>(&self, names: &[&str], draft: &Draft<E>) -> Result<Cursor, PublishError> {
        let now = self.clock.now();
        let mut id = Cursor::new(self.epoch, self.next_offset.load(Ordering::Relaxed));
        // The bytes are copied outside the lock, with the ID that is next if nobody else publishes. Under contention
        // this fails, so the third attempt copies them under the lock.
        for is_last in [false, false, true] {
            let mut block = spliced(draft, id)?;
            let mut locked = self.lock();
            let state = &mut *locked.state;
            if state.phase == Phase::Closed {
                return Err(PublishError::Closed);
            }
            let next = Cursor::new(self.epoch, state.log.tip().offset() + 1);
            if id != next && is_last {
                block = spliced(draft, next)?;
            } else if id != next {
                id = next;
                continue;
            }
            let mut topics = Topics::default();
            let is_indexed = names.iter().all(|name| topics.push(state.index.entry(name, &mut state.waiters)));
            let event = NewEvent { cursor: next, block, topics: topics.keys(), terminal: draft.is_terminal(), at: now };
            if !(is_indexed && state.push_event(event, now)) {
                return Err(OUT_OF_KEYS);
            }
            state.evict(now);
            self.next_offset.store(next.offset() + 1, Ordering::Relaxed);
            locked.finish();
            return Ok(next);
        }
        Err(OUT_OF_KEYS)
    }

    /// Ends a topic in memory.
    pub(crate) fn end(&self, name: &str) -> Result<Cursor, PublishError> {
        let now = self.clock.now();
        let mut locked = self.lock();
        let state = &mut *locked.state;
        if state.phase == Phase::Closed {
            return Err(PublishError::Closed);
        }
        let tip = state.log.tip();
        let next = Cursor::new(self.epoch, tip.offset() + 1);
        let topic = state.index.entry(name, &mut state.waiters).ok_or(OUT_OF_KEYS)?;
        state.push_end(next, topic, now, now);
        state.evict(now);
        self.next_offset.store(next.offset() + 1, Ordering::Relaxed);
        locked.finish();
        Ok(next)
    }

    /// Takes the next step of a reader. If the reader has nothing to do, it waits with this waker.
    ///
    /// If the step is an event, `taken` is filled with events that follow it. If none does, the reader already waits:
    /// the next polls, which follow each event, then do not take the lock.
    pub(crate) fn step(&self, reader: &mut Reader, taken: &mut Taken, waker: &Waker) -> Step {
        if reader.still_waits(&self.rings, waker) {
            return Step::Wait;
        }
        let mut locked = self.lock();
        let state = &mut *locked.state;
        let mut step = reader.step(self, state);
        if matches!(step, Step::Event { ends: false, .. }) {
            if reader.is_at_tip(state) {
                taken.free();
                locked.dropped = reader.wait_early(waker, state);
            } else {
                reader.take_more(taken, state);
            }
        }
        // An idle hub evicts by age when a reader is polled. As a result, the reader may have to send an ID.
        if matches!(step, Step::Wait) && reader.is_quiet() && state.evict(self.clock.now()) {
            step = reader.step(self, state);
        }
        if matches!(step, Step::Wait) {
            taken.free();
            locked.dropped = reader.wait(waker, &mut locked.state);
        }
        locked.finish();
        step
    }

    /// Removes a reader.
    pub(crate) fn leave(&self, reader: &Reader) {
        let mut locked = self.lock();
        locked.dropped = reader.leave(&mut locked.state);
        locked.finish();
    }

    /// Adds a reader.
    pub(crate) fn reader(
        &self,
        state: &mut State,
        start: &Start,
        filter: impl FnOnce(&mut State, SeatKey) -> Option<Filter>,
    ) -> Option<Reader> {
        state.evict(self.clock.now());
        let seat = state.waiters.sit()?;
        let filter = filter(state, seat)?;
        state.counts.subscribed += 1;
        Some(Reader::new(seat, filter, start, self, state))
    }
}

/// The error if topics or readers exceed the key space, which takes more memory than is available.
const OUT_OF_KEYS: PublishError = PublishError::Busy { max: u32::MAX as usize };

fn spliced<E>(draft: &Draft<E>, id: Cursor) -> Result<Bytes, EncodeError> {
    draft.with_id(&id).map(sse_core::Encoded::into_bytes)
}

/// The topics of an event. Almost all events have one topic, for which nothing is allocated.
#[derive(Default)]
struct Topics {
    one: Option<Key>,
    several: Vec<Key>,
}

impl Topics {
    fn push(&mut self, topic: Option<Key>) -> bool {
        match (self.one, topic) {
            (_, None) => return false,
            (None, topic) => self.one = topic,
            (Some(first), Some(topic)) => {
                if self.several.is_empty() {
                    self.several.push(first);
                }
                self.several.push(topic);
            }
        }
        true
    }

    fn keys(&self) -> &[Key] {
        if self.several.is_empty() { self.one.as_slice() } else { &self.several }
    }
}
