//! The body of the response: what is ready, frame by frame.

use std::{
    fmt,
    ops::ControlFlow,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum_core::BoxError;
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use sse_core::{Outgoing, SendError};
use tokio::task::coop;

use crate::{
    batch::Batch,
    keep_alive::{Clock, KeepAlive},
};

/// How many bytes end a frame: a stream that is always ready must let others run, and reach the client.
const FRAME_BYTES: usize = 32 * 1024;

/// How many items end a frame: an item may write nothing.
const FRAME_ITEMS: usize = 1024;

/// What the first buffer of a body holds. Each later one holds what the frame before it did, and some more.
const FIRST_CAPACITY: usize = 256;

pin_project! {
    /// Pulls the stream only when it is polled, holds no buffer in between, and drops the stream when it is dropped.
    pub(crate) struct SseBody<S> {
        #[pin]
        stream: S,
        #[pin]
        clock: Clock,
        state: State,
        capacity: usize,
    }
}

/// How far the body is.
#[derive(Debug)]
enum State {
    Open,
    /// The stream failed, and what was sent before may still stand in the server's buffer: servers drop that together
    /// with the connection, unless they are left alone once, to flush.
    Failed(BoxError),
    /// Flushed: the failure is next.
    Cut(BoxError),
    Ended,
}

impl<S> SseBody<S> {
    pub(crate) const fn new(stream: S, keep_alive: KeepAlive) -> Self {
        Self { stream, clock: Clock::new(keep_alive), state: State::Open, capacity: FIRST_CAPACITY }
    }
}

impl<S> SseBody<S>
where
    S: Stream<Item: Outgoing<Error: Into<BoxError>>>,
{
    /// Gathers what is ready. `Pending` if the batch stays empty and the stream is open.
    fn gather(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Batch> {
        let mut this = self.project();
        let mut batch = Batch::new(*this.capacity);
        for _ in 0..FRAME_ITEMS {
            let Poll::Ready(item) = this.stream.as_mut().poll_next(cx) else {
                return if batch.is_empty() { Poll::Pending } else { Poll::Ready(batch) };
            };
            *this.state = match item.map(|item| batch.push(item)) {
                Some(Ok(ControlFlow::Continue(()))) if batch.len() < FRAME_BYTES => continue,
                Some(Ok(ControlFlow::Continue(()))) => return Poll::Ready(batch),
                Some(Ok(ControlFlow::Break(()))) | None => State::Ended,
                Some(Err(error)) => State::Failed(cause(error)),
            };
            return Poll::Ready(batch);
        }
        if batch.is_empty() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(batch)
    }

    fn poll_open(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let gathered = self.as_mut().gather(cx);
        let mut this = self.project();
        let bytes = match gathered {
            Poll::Ready(batch) if batch.is_empty() => return Poll::Ready(None),
            Poll::Ready(batch) => {
                *this.capacity = batch.len() + batch.len() / 4;
                batch.into_bytes()
            }
            Poll::Pending => ready!(this.clock.as_mut().poll(cx)),
        };
        this.clock.restart();
        Poll::Ready(Some(bytes))
    }
}

impl<S> Body for SseBody<S>
where
    S: Stream<Item: Outgoing<Error: Into<BoxError>>>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let budget = ready!(coop::poll_proceed(cx));
        if let State::Open = self.state
            && let Some(bytes) = ready!(self.as_mut().poll_open(cx))
        {
            budget.made_progress();
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        let state = self.project().state;
        match std::mem::replace(state, State::Ended) {
            State::Failed(error) => {
                *state = State::Cut(error);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            State::Cut(error) => Poll::Ready(Some(Err(error))),
            State::Open | State::Ended => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Ended)
    }
}

impl<S> fmt::Debug for SseBody<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SseBody").field("clock", &self.clock).field("state", &self.state).finish_non_exhaustive()
    }
}

/// What the server is told when the stream fails.
fn cause<Err: Into<BoxError>>(error: SendError<Err>) -> BoxError {
    match error {
        SendError::Source(error) => error.into(),
        SendError::Encode(error) => error.into(),
        other => other.to_string().into(),
    }
}
