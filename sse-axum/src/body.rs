//! The body of the response: what is ready, frame by frame.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum_core::BoxError;
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use sse_core::{Outgoing, Retry};
use tokio::task::coop;

use crate::{
    action::{self, Next, OnError},
    batch::Batch,
    keep_alive::{Clock, KeepAlive},
};

/// How many bytes end a frame: a stream that is always ready must let others run, and reach the client.
const FRAME_BYTES: usize = 32 * 1024;

/// How many items end a frame: an item may write nothing.
const FRAME_ITEMS: usize = 1024;

/// What the first buffer of a body holds. Each later one holds what the frame before it did, and some more.
const FIRST_CAPACITY: usize = 256;

/// Ends the body from outside. Boxed, so that a body without one pays nothing.
type End = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the stream itself can fail with.
type SourceError<S> = <<S as Stream>::Item as Outgoing>::Error;

pin_project! {
    /// Pulls the stream only when it is polled, holds no buffer in between, and drops the stream when it is dropped.
    pub(crate) struct SseBody<S>
    where
        S: Stream,
        S::Item: Outgoing,
    {
        #[pin]
        stream: S,
        #[pin]
        clock: Clock,
        on_error: Option<OnError<SourceError<S>>>,
        retry: Option<Retry>,
        ends: Vec<End>,
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

impl<S: Stream<Item: Outgoing>> SseBody<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            clock: Clock::new(KeepAlive::new()),
            on_error: None,
            retry: None,
            ends: Vec::new(),
            state: State::Open,
            capacity: FIRST_CAPACITY,
        }
    }

    pub(crate) fn keep_alive(&mut self, keep_alive: KeepAlive) {
        self.clock = Clock::new(keep_alive);
    }

    pub(crate) fn on_error(&mut self, on_error: OnError<SourceError<S>>) {
        self.on_error = Some(on_error);
    }

    pub(crate) const fn retry(&mut self, retry: Retry) {
        self.retry = Some(retry);
    }

    pub(crate) fn end_with(&mut self, end: impl Future<Output = ()> + Send + 'static) {
        self.ends.push(Box::pin(end));
    }

    /// Whether one of the futures that end the body says so.
    fn is_over(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        self.project().ends.iter_mut().any(|end| end.as_mut().poll(cx).is_ready())
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
        if let Some(retry) = this.retry.take() {
            batch.encoder().retry(retry);
        }
        for _ in 0..FRAME_ITEMS {
            let Poll::Ready(item) = this.stream.as_mut().poll_next(cx) else {
                return if batch.is_empty() { Poll::Pending } else { Poll::Ready(batch) };
            };
            let next = match item.map(|item| batch.push(item)) {
                None => Next::End,
                Some(Ok(flow)) => flow.into(),
                Some(Err(error)) => match this.on_error {
                    Some(on_error) => on_error.answer(error, &mut batch),
                    None => action::cut(error),
                },
            };
            *this.state = match next {
                Next::Continue if batch.len() < FRAME_BYTES => continue,
                Next::Continue => State::Open,
                Next::End => State::Ended,
                Next::Cut(error) => State::Failed(error),
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
        if self.as_mut().is_over(cx) {
            *self.project().state = State::Ended;
            return Poll::Ready(None);
        }
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

impl<S: Stream<Item: Outgoing>> fmt::Debug for SseBody<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SseBody")
            .field("clock", &self.clock)
            .field("on_error", &self.on_error)
            .field("retry", &self.retry)
            .field("ends", &self.ends.len())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
