//! The readers that wait for an event, in lists from which each can leave at any time.
//!
//! A *bell* is a list of readers that wait for the same thing: an event of a topic, or any event. Ringing it moves the
//! whole list to the readers to wake, in constant time. They are woken in slices outside the lock: each operation that
//! rings, waits, or removes a reader takes one [`Slice`] and wakes it. Each woken reader takes the next slice when it
//! is polled or dropped, so no reader is forgotten. A reader that is woken but never polled delays the others only
//! until the next operation on the hub.

use std::{
    mem,
    num::NonZeroUsize,
    ptr::NonNull,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Waker,
};

use crate::slab::{Key, Slab};

/// The number of readers that are woken at once.
const SLICE: usize = 32;

/// All bells and the readers at them.
#[derive(Debug)]
pub(crate) struct Waiters {
    links: Slab<Link>,
    seats: Slab<Seat>,
    /// The readers to wake.
    rung: Bell,
    /// Whether `rung` may contain readers.
    has_rung: bool,
    /// The number of times that readers were chosen to be woken.
    rings: Rings,
}

/// A count that changes whenever a reader that waits is to be woken. It is read without the lock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rings(Arc<AtomicU64>);

/// The promise that a task is woken: it waits with this waker since this count of rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Awaited {
    rings: u64,
    /// The addresses of the data and of the vtable. They identify the waker as long as the hub holds it, which is until
    /// the next ring: no place of the reader may be among those to wake.
    waker: (usize, NonZeroUsize),
}

impl Rings {
    /// Returns the promise for a reader that waits. Called under the lock.
    pub(crate) fn awaited(&self, waker: &Waker) -> Awaited {
        let waker = (waker.data().addr(), NonNull::from(waker.vtable()).addr());
        Awaited { rings: self.0.load(Ordering::Acquire), waker }
    }

    fn count(&self) {
        // Publishers change it one after the other, because each holds the lock.
        self.0.store(self.0.load(Ordering::Relaxed) + 1, Ordering::Release);
    }
}

/// A link of a circular list. An empty list consists of its head.
#[derive(Clone, Copy, Debug)]
struct Link {
    prev: Key,
    next: Key,
    /// The seat of the reader, or `None` if the link is the head of a list.
    seat: Option<Key>,
}

/// A list of readers that wait for the same thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bell(Key);

/// A bell without readers.
impl Default for Bell {
    fn default() -> Self {
        Self(Key::MAX)
    }
}

/// The place of a reader in a list. It is in at most one list at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LinkKey(Key);

/// A reader: where its waker is while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeatKey(Key);

#[derive(Debug, Default)]
struct Seat {
    waker: Option<Waker>,
    dismissed: bool,
}

/// Wakers that were taken out of the lists. They are woken when the slice is dropped, which must be after the lock is
/// released, because a waker may run any code.
#[must_use = "it must be dropped after the lock is released"]
#[derive(Debug, Default)]
pub(crate) struct Slice(Vec<Waker>);

impl Drop for Slice {
    fn drop(&mut self) {
        mem::take(&mut self.0).into_iter().for_each(Waker::wake);
    }
}

impl Waiters {
    pub(crate) fn new() -> Self {
        let mut waiters = Self {
            links: Slab::new(),
            seats: Slab::new(),
            rung: Bell::default(),
            has_rung: false,
            rings: Rings::default(),
        };
        waiters.rung = waiters.bell().unwrap_or_default();
        waiters
    }

    /// Returns the count of rings, of which a clone can be read without the lock.
    pub(crate) const fn rings(&self) -> &Rings {
        &self.rings
    }

    /// Creates a bell. Returns `None` if no keys are left.
    pub(crate) fn bell(&mut self) -> Option<Bell> {
        self.circle(None).map(Bell)
    }

    /// Removes a bell. Its readers remain, but do not wait for anything.
    pub(crate) fn remove_bell(&mut self, Bell(head): Bell) {
        self.unlink(head);
        self.links.remove(head);
    }

    /// Adds a reader.
    pub(crate) fn sit(&mut self) -> Option<SeatKey> {
        self.seats.insert(Seat::default()).map(SeatKey)
    }

    /// Adds a place for a reader, which is not in a list yet.
    pub(crate) fn place(&mut self, SeatKey(seat): SeatKey) -> Option<LinkKey> {
        self.circle(Some(seat)).map(LinkKey)
    }

    /// Removes a place from its list.
    pub(crate) fn remove_place(&mut self, LinkKey(key): LinkKey) {
        self.unlink(key);
        self.links.remove(key);
    }

    /// Removes a reader. Returns its waker, because dropping it may run arbitrary code.
    pub(crate) fn stand_up(&mut self, SeatKey(seat): SeatKey) -> Option<Waker> {
        self.seats.remove(seat)?.waker
    }

    /// Moves a place to the end of the list of a bell.
    pub(crate) fn wait(&mut self, LinkKey(key): LinkKey, Bell(head): Bell) {
        self.unlink(key);
        let Some(last) = self.links.get_mut(head).map(|head| mem::replace(&mut head.prev, key)) else { return };
        if let Some(link) = self.links.get_mut(last) {
            link.next = key;
        }
        if let Some(link) = self.links.get_mut(key) {
            (link.prev, link.next) = (last, head);
        }
    }

    /// Returns whether a place is in a list.
    pub(crate) fn is_waiting(&self, LinkKey(key): LinkKey) -> bool {
        self.links.get(key).is_some_and(|link| link.next != key)
    }

    /// Removes a place from its list.
    pub(crate) fn leave(&mut self, LinkKey(key): LinkKey) {
        self.unlink(key);
    }

    /// Sets the waker of a reader. Returns the old one, because dropping it may run arbitrary code.
    pub(crate) fn set_waker(&mut self, SeatKey(seat): SeatKey, waker: &Waker) -> Option<Waker> {
        let seat = self.seats.get_mut(seat)?;
        match &seat.waker {
            Some(old) if old.will_wake(waker) => None,
            _ => seat.waker.replace(waker.clone()),
        }
    }

    /// Moves all readers at a bell to the readers to wake.
    pub(crate) fn ring(&mut self, Bell(head): Bell) {
        let Bell(rung) = self.rung;
        let Some(Link { prev: last, next: first, .. }) = self.links.get(head).copied() else { return };
        if first == head || head == rung {
            return;
        }
        self.rings.count();
        self.close_circle(head);
        self.has_rung = true;
        let Some(rung_last) = self.links.get(rung).map(|rung| rung.prev) else { return };
        self.join(rung_last, first);
        self.join(last, rung);
    }

    /// Takes the next slice of readers to wake.
    pub(crate) fn slice(&mut self) -> Slice {
        if !self.has_rung {
            return Slice::default();
        }
        let mut slice = Vec::with_capacity(SLICE);
        let Bell(rung) = self.rung;
        let mut first = self.links.get(rung).map_or(rung, |rung| rung.next);
        while first != rung && slice.len() < SLICE {
            let Some(link) = self.links.get_mut(first) else { break };
            let key = mem::replace(&mut first, link.next);
            (link.prev, link.next) = (key, key);
            if let Some(waker) = link.seat.and_then(|seat| self.seats.get_mut(seat)?.waker.take()) {
                slice.push(waker);
            }
        }
        self.join(rung, first);
        self.has_rung = first != rung;
        Slice(slice)
    }

    /// Returns the number of readers.
    pub(crate) const fn readers(&self) -> usize {
        self.seats.len()
    }

    /// Returns the number of links, for tests of leaks.
    #[cfg(test)]
    pub(crate) const fn links(&self) -> usize {
        self.links.len()
    }

    /// Ends up to `count` readers from the position `from` on. Returns the position of the next one, and the wakers of
    /// those that wait.
    pub(crate) fn dismiss(&mut self, from: usize, count: usize) -> (usize, Slice) {
        self.rings.count();
        let keys: Vec<_> = self.seats.keys_from(from).take(count).collect();
        let mut wakers = Vec::new();
        let mut next = usize::MAX;
        for &(key, after) in &keys {
            next = after;
            let Some(seat) = self.seats.get_mut(key) else { continue };
            seat.dismissed = true;
            wakers.extend(seat.waker.take());
        }
        (if keys.len() < count { usize::MAX } else { next }, Slice(wakers))
    }

    /// Returns whether a reader was ended.
    pub(crate) fn is_dismissed(&self, SeatKey(seat): SeatKey) -> bool {
        self.seats.get(seat).is_none_or(|seat| seat.dismissed)
    }

    /// Adds a link that forms a circle by itself.
    fn circle(&mut self, seat: Option<Key>) -> Option<Key> {
        let key = self.links.insert(Link { prev: Key::MAX, next: Key::MAX, seat })?;
        self.close_circle(key);
        Some(key)
    }

    fn close_circle(&mut self, key: Key) {
        self.join(key, key);
    }

    fn join(&mut self, prev: Key, next: Key) {
        if let Some(link) = self.links.get_mut(prev) {
            link.next = next;
        }
        if let Some(link) = self.links.get_mut(next) {
            link.prev = prev;
        }
    }

    /// Removes a link from its circle, so that it forms one by itself.
    fn unlink(&mut self, key: Key) {
        let link = self.links.get(key).copied();
        if let Some(Link { prev, next, .. }) = link.filter(|link| link.next != key) {
            self.join(prev, next);
            self.close_circle(key);
        }
    }
}

/// Explores all interleavings of publishing, polling and dropping. As in the hub, a mutex, here that of loom, guards
/// the waiters.
#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use std::task::Wake;

    use loom::{sync::Mutex, thread};

    use super::*;

    /// A small hub: a number of events, and the readers that wait for more.
    struct Small {
        events: usize,
        waiters: Waiters,
        bell: Bell,
    }

    struct Reader {
        seat: SeatKey,
        place: LinkKey,
        seen: usize,
        rings: Rings,
        /// The promise, and the number of polls that may still rely on it.
        early: Option<(Awaited, u8)>,
    }

    /// A task: it is polled again if it was woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn small() -> (Arc<Mutex<Small>>, Reader, Reader) {
        let mut waiters = Waiters::new();
        let bell = waiters.bell().unwrap();
        let mut reader = || {
            let seat = waiters.sit().unwrap();
            Reader { seat, place: waiters.place(seat).unwrap(), seen: 0, rings: waiters.rings().clone(), early: None }
        };
        let (one, two) = (reader(), reader());
        (Arc::new(Mutex::new(Small { events: 0, waiters, bell })), one, two)
    }

    fn publish(hub: &Mutex<Small>) {
        let mut small = hub.lock().unwrap();
        small.events += 1;
        let bell = small.bell;
        small.waiters.ring(bell);
        let slice = small.waiters.slice();
        drop(small);
        drop(slice);
    }

    /// Returns whether there was an event. After the last one, the reader waits early.
    fn poll(hub: &Mutex<Small>, reader: &mut Reader, waker: &Waker) -> bool {
        if let Some((awaited, polls)) = reader.early.take()
            && awaited == reader.rings.awaited(waker)
        {
            reader.early = (polls > 1).then_some((awaited, polls - 1));
            return false;
        }
        let mut small = hub.lock().unwrap();
        let is_ready = small.events > reader.seen;
        let mut old = None;
        if is_ready {
            reader.seen += 1;
        }
        if small.events == reader.seen {
            let bell = small.bell;
            small.waiters.wait(reader.place, bell);
            old = small.waiters.set_waker(reader.seat, waker);
            reader.early = is_ready.then(|| (reader.rings.awaited(waker), 2));
        }
        let slice = small.waiters.slice();
        drop(small);
        drop((slice, old));
        is_ready
    }

    fn leave(hub: &Mutex<Small>, reader: &Reader) {
        let mut small = hub.lock().unwrap();
        small.waiters.remove_place(reader.place);
        let waker = small.waiters.stand_up(reader.seat);
        let slice = small.waiters.slice();
        drop(small);
        drop((slice, waker));
    }

    /// Polls until no event is left and no wake has arrived since.
    fn run(hub: &Mutex<Small>, reader: &mut Reader, task: &Arc<Task>) {
        let waker = Waker::from(task.clone());
        loop {
            let woken = task.0.load(Ordering::SeqCst);
            // A reader that waits may be polled again.
            while poll(hub, reader, &waker) || poll(hub, reader, &waker) {}
            if task.0.load(Ordering::SeqCst) == woken {
                return;
            }
        }
    }

    #[test]
    fn no_reader_sleeps_with_an_unread_event_and_no_place_is_leaked() {
        loom::model(|| {
            let (hub, mut one, two) = small();
            let (task, other) = (Arc::<Task>::default(), Arc::<Task>::default());
            let publisher = thread::spawn({
                let hub = hub.clone();
                move || {
                    publish(&hub);
                    publish(&hub);
                }
            });
            let leaver = thread::spawn({
                let hub = hub.clone();
                let mut two = two;
                move || {
                    poll(&hub, &mut two, &Waker::from(other));
                    leave(&hub, &two);
                }
            });
            run(&hub, &mut one, &task);
            let before = task.0.load(Ordering::SeqCst);
            publisher.join().unwrap();
            leaver.join().unwrap();
            // Either every event was read, or a wake has arrived since.
            assert!(one.seen == 2 || task.0.load(Ordering::SeqCst) > before);
            run(&hub, &mut one, &task);
            assert_eq!(one.seen, 2);
            leave(&hub, &one);
            let small = hub.lock().unwrap();
            // The two bells remain.
            assert_eq!((small.waiters.readers(), small.waiters.links()), (0, 2));
        });
    }

    #[test]
    fn a_place_can_leave_any_list_at_any_time() {
        let mut waiters = Waiters::new();
        let bell = waiters.bell().unwrap();
        let seat = waiters.sit().unwrap();
        let (one, two) = (waiters.place(seat).unwrap(), waiters.place(seat).unwrap());
        for _ in 0..3 {
            waiters.wait(one, bell);
            waiters.wait(two, bell);
            waiters.ring(bell);
            assert!(waiters.is_waiting(one));
            waiters.leave(one);
            assert!(!waiters.is_waiting(one));
            drop(waiters.slice());
            assert!(!waiters.is_waiting(two));
        }
    }
}
