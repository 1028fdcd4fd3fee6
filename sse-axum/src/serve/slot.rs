//! The place through which a response body passes from the HTTP server to the connection that is taken over.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The end of every head of a response.
const END_OF_HEAD: [u8; 4] = *b"\r\n\r\n";

/// A slot for a value, shared by a connection's socket and by the body of its present response. The body offers the value.
/// The socket takes it once the head of the response is written, and returns what it makes of it.
pub(super) struct Slot<T, U>(Mutex<State<T, U>>);

struct State<T, U> {
    offer: Offer<T, U>,
    /// The last four bytes that were written since the offer.
    tail: [u8; 4],
    /// Whether the socket has not accepted the last write, so that what is written is incomplete.
    is_blocked: bool,
}

enum Offer<T, U> {
    None,
    Open(T),
    /// The socket has taken the value. Holds what it has made of it, until the body collects that.
    Taken(Option<U>),
}

/// The state of an offer, as the body sees it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is open, and nothing prevents the socket from taking it.
    Open,
    /// It is open, and the socket waits to be writable.
    Blocked,
    Taken,
}

impl<T, U> Slot<T, U> {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State { offer: Offer::None, tail: [0; 4], is_blocked: false }))
    }

    /// Offers a value to the socket.
    pub(super) fn offer(&self, value: T) {
        let mut state = self.lock();
        state.offer = Offer::Open(value);
        // Only bytes that are written from now on count: the previous response may have ended like a head.
        state.tail = [0; 4];
    }

    /// Takes the offer back.
    pub(super) fn withdraw(&self) -> Option<T> {
        let mut state = self.lock();
        match std::mem::replace(&mut state.offer, Offer::None) {
            Offer::Open(value) => Some(value),
            offer => {
                state.offer = offer;
                None
            }
        }
    }

    pub(super) fn outcome(&self) -> Outcome {
        let state = self.lock();
        match state.offer {
            Offer::Taken(_) => Outcome::Taken,
            Offer::Open(_) | Offer::None if state.is_blocked => Outcome::Blocked,
            Offer::Open(_) | Offer::None => Outcome::Open,
        }
    }

    /// Records that the socket has accepted these bytes, or parts of a longer write.
    pub(super) fn written<'b>(&self, parts: impl IntoIterator<Item = &'b [u8]>) {
        let mut state = self.lock();
        state.is_blocked = false;
        for part in parts {
            // The last four bytes of each part suffice, because they displace all earlier ones.
            for &byte in part.get(part.len().saturating_sub(4)..).unwrap_or_default() {
                let [_, b, c, d] = state.tail;
                state.tail = [b, c, d, byte];
            }
        }
    }

    /// Records that the socket has not accepted a write.
    pub(super) fn blocked(&self) {
        self.lock().is_blocked = true;
    }

    /// Takes the offer if a whole head was written since it was made, and nothing after the head. Must be called only while no
    /// byte is waiting to be written.
    pub(super) fn take(&self) -> Option<T> {
        let mut state = self.lock();
        if state.tail != END_OF_HEAD {
            return None;
        }
        match std::mem::replace(&mut state.offer, Offer::Taken(None)) {
            Offer::Open(value) => Some(value),
            offer => {
                state.offer = offer;
                None
            }
        }
    }

    /// Returns to the body what the socket has made of the value.
    pub(super) fn give(&self, made: U) {
        self.lock().offer = Offer::Taken(Some(made));
    }

    /// Collects what the socket has made of the value, if it has taken it.
    pub(super) fn collect(&self) -> Option<U> {
        match &mut self.lock().offer {
            Offer::Taken(made) => made.take(),
            Offer::None | Offer::Open(_) => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T, U>> {
        // The state is whole between any two statements above, so a panic elsewhere does not matter.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_taken_once_and_only_at_the_end_of_a_head() {
        let slot = Slot::new();
        slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
        assert_eq!(slot.take(), None, "nothing is offered");
        slot.offer(1);
        assert_eq!((slot.take(), slot.outcome()), (None, Outcome::Open), "the head was written before the offer");
        slot.written([&b"HTTP/1.1 200 OK\r"[..], b"\n\r"]);
        assert_eq!(slot.take(), None);
        slot.written([&b""[..], b"\n"]);
        assert_eq!(slot.take(), Some(1));
        assert_eq!((slot.take(), slot.withdraw(), slot.outcome()), (None, None, Outcome::Taken));
        slot.give("made");
        assert_eq!((slot.take(), slot.withdraw(), slot.outcome()), (None, None, Outcome::Taken));
        assert_eq!((slot.collect(), slot.collect()), (Some("made"), None));
    }

    #[test]
    fn an_offer_is_not_taken_after_a_byte_of_the_body() {
        let slot = Slot::<_, ()>::new();
        slot.offer(1);
        slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"5"]);
        assert_eq!(slot.take(), None);
        assert_eq!(slot.withdraw(), Some(1));
        slot.written([&b"\r\n\r\n"[..]]);
        assert_eq!(slot.take(), None, "it was withdrawn");
    }

    #[test]
    fn the_end_of_a_head_is_found_however_it_is_written() {
        let head = b"HTTP/1.1 200 OK\r\n\r\n";
        for first in 0..=head.len() {
            for second in first..=head.len() {
                let slot = Slot::<_, ()>::new();
                slot.offer(());
                slot.written([&head[..first]]);
                slot.written([&head[first..second], &head[second..]]);
                assert_eq!(slot.take(), Some(()), "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn a_socket_that_waits_is_no_reason_to_withdraw() {
        let slot = Slot::<_, ()>::new();
        slot.offer(());
        slot.blocked();
        assert_eq!(slot.outcome(), Outcome::Blocked);
        slot.written([&b"H"[..]]);
        assert_eq!(slot.outcome(), Outcome::Open);
    }
}
