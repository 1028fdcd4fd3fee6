//! The body that the HTTP server gets in place of an event stream.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum_core::BoxError;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};

use super::{
    graceful::Graceful,
    slot::{Outcome, Slot},
};

/// The slot of a connection. The body offers its stream, and the socket makes of it a function that starts the stream's
/// task.
pub(super) type StreamSlot = Slot<Graceful, Box<dyn FnOnce() + Send>>;

/// The number of polls after which the connection is not taken over any more. hyper 1.12 needs two.
const POLLS: u8 = 8;

/// A body that offers an event stream to its connection, and fails once the connection is taken over.
///
/// It starts the task of the stream when it is dropped. The server drops it after the buffers of the connection.
///
/// If the connection is not taken over, it becomes the event stream. A version of hyper that flushes at other times than
/// expected thus costs the gain, not the stream.
pub(super) struct Stub {
    slot: Arc<StreamSlot>,
    state: State,
}

enum State {
    /// Not polled yet. The server polls a body after it has buffered the head.
    Held(Graceful),
    Offered {
        polls: u8,
    },
    /// The event stream, which the server writes.
    Kept(Graceful),
    Over,
}

impl Stub {
    pub(super) const fn new(stream: Graceful, slot: Arc<StreamSlot>) -> Self {
        Self { slot, state: State::Held(stream) }
    }

    /// Starts the task of the stream if the connection was taken over and the task was not started yet.
    fn start(&self) {
        if let Some(start) = self.slot.collect() {
            start();
        }
    }
}

impl HttpBody for Stub {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polls = match &mut self.state {
            State::Kept(stream) => return Pin::new(stream).poll_frame(cx),
            State::Over => return Poll::Ready(None),
            State::Offered { polls } => *polls,
            State::Held(_) => 0,
        };
        let state = std::mem::replace(&mut self.state, State::Offered { polls: polls.saturating_add(1) });
        if let State::Held(stream) = state {
            self.slot.offer(stream);
        }
        match self.slot.outcome() {
            // Not reached with hyper 1.12, which drops the body because the flush has failed.
            Outcome::Taken => {
                self.state = State::Over;
                self.start();
                Poll::Ready(Some(Err("the connection was taken over".into())))
            }
            // The socket wakes the task, and the server continues to write the head. This poll does not count.
            Outcome::Blocked => {
                self.state = State::Offered { polls };
                Poll::Pending
            }
            Outcome::Open if polls < POLLS => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Outcome::Open => match self.slot.withdraw() {
                Some(stream) => {
                    self.state = State::Kept(stream);
                    self.poll_frame(cx)
                }
                None => Poll::Ready(None),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.state {
            State::Kept(stream) => stream.is_end_stream(),
            State::Held(_) | State::Offered { .. } => false,
            State::Over => true,
        }
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        if let State::Offered { .. } = self.state {
            // The server has dropped the response, so its stream must not be taken any more.
            drop(self.slot.withdraw());
            self.start();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        task::Waker,
    };

    use axum_core::body::Body;
    use futures_util::stream;

    use super::*;
    use crate::serve::streams::Streams;

    fn stub() -> (Stub, Arc<StreamSlot>) {
        let slot = Arc::new(StreamSlot::new());
        let body = Body::from_stream(stream::iter([Ok::<_, BoxError>("data: 1\n\n")]));
        (Stub::new(Graceful::new(body, false, Streams::new()), Arc::clone(&slot)), slot)
    }

    fn poll(stub: &mut Stub) -> Poll<Option<Result<Bytes, String>>> {
        let frame = Pin::new(stub).poll_frame(&mut Context::from_waker(Waker::noop()));
        frame.map_ok(|frame| frame.into_data().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_stream_that_is_not_taken_is_kept() {
        let (mut stub, slot) = stub();
        for _ in 0..POLLS {
            assert_eq!(poll(&mut stub), Poll::Pending);
        }
        assert_eq!(poll(&mut stub), Poll::Ready(Some(Ok(Bytes::from("data: 1\n\n")))));
        slot.written([&b"\r\n\r\n"[..]]);
        assert!(slot.take().is_none(), "it is too late to take it");
        assert_eq!(poll(&mut stub), Poll::Ready(None));
        assert!(stub.is_end_stream());
    }

    #[test]
    fn the_task_of_a_stream_that_is_taken_starts_once_when_its_response_is_dropped() {
        for is_polled in [false, true] {
            let (mut stub, slot) = stub();
            assert_eq!(poll(&mut stub), Poll::Pending);
            slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
            assert!(slot.take().is_some());
            let starts = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&starts);
            slot.give(Box::new(move || {
                counted.fetch_add(1, Ordering::Relaxed);
            }));
            if is_polled {
                assert!(matches!(poll(&mut stub), Poll::Ready(Some(Err(_)))));
            }
            drop(stub);
            assert_eq!(starts.load(Ordering::Relaxed), 1);
        }
    }

    #[test]
    fn a_stream_that_is_taken_fails_its_response() {
        let (mut stub, slot) = stub();
        assert_eq!(poll(&mut stub), Poll::Pending);
        slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
        assert!(slot.take().is_some());
        assert_eq!(poll(&mut stub), Poll::Ready(Some(Err("the connection was taken over".to_owned()))));
        assert_eq!(poll(&mut stub), Poll::Ready(None));
    }

    #[test]
    fn polls_do_not_count_while_the_socket_waits() {
        let (mut stub, slot) = stub();
        assert_eq!(poll(&mut stub), Poll::Pending);
        slot.blocked();
        for _ in 0..100 {
            assert_eq!(poll(&mut stub), Poll::Pending);
        }
        slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
        assert!(slot.take().is_some());
    }

    #[test]
    fn a_response_that_is_dropped_takes_its_stream_with_it() {
        let (mut stub, slot) = stub();
        assert_eq!(poll(&mut stub), Poll::Pending);
        slot.written([&b"HTTP/1.1 200 OK\r\n\r\n"[..]]);
        drop(stub);
        assert!(slot.take().is_none());
    }
}
