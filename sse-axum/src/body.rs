//! The body of the response: what is ready, frame by frame.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum_core::BoxError;
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use sse_core::{Comment, SendError, StreamItem};
use tokio::task::coop;

use crate::{
    CloseReason,
    batch::Batch,
    end::Ending,
    error_action::{self, Next},
    keep_alive::{Clock, DEFAULT_INTERVAL},
    options::Options,
    trace::{self, Trace},
};

/// How many bytes end a frame: a stream that is always ready must let others run, and reach the client.
const FRAME_BYTES: usize = 32 * 1024;

/// How many items end a frame: an item may write nothing.
const FRAME_ITEMS: usize = 1024;

/// What the first buffer of a body holds. Each later one holds what the frame before it did, and some more.
const FIRST_CAPACITY: usize = 256;

/// What a buffer holds at most, unless its frame needs more: one large event says nothing of the next.
const MOST_CAPACITY: usize = 2 * FRAME_BYTES;

/// What the stream is made of.
pub(crate) type Event<S> = <<S as Stream>::Item as StreamItem>::Event;

/// What the stream itself can fail with.
pub(crate) type SourceError<S> = <<S as Stream>::Item as StreamItem>::Error;

pin_project! {
    /// Pulls the stream only when it is polled, holds no buffer in between, and drops the stream when it is dropped.
    ///
    /// Nothing is asked of the stream where the type is only named, or a mistake would be told once more for each place.
    pub(crate) struct SseBody<S> {
        #[pin]
        stream: S,
        #[pin]
        clock: Clock,
        options: Option<Box<Options<S>>>,
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

/// What a body gathered, and how it goes on behind that.
type Gathered = (Batch, Next);

impl<S> SseBody<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, clock: Clock::new(), options: None, state: State::Open, capacity: FIRST_CAPACITY }
    }

    /// What the stream has beside its events; made where it is asked for.
    pub(crate) fn options(&mut self) -> &mut Options<S> {
        self.options.get_or_insert_default()
    }

    fn trace(&self) -> Option<&Trace> {
        self.options.as_ref()?.closer.trace.as_ref()
    }
}

impl<S> SseBody<S>
where
    S: Stream<Item: StreamItem<Error: Into<BoxError>>>,
{
    fn poll_open(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let gathered = if let Poll::Ready(ended) = self.as_mut().poll_end(cx) {
            ended
        } else if let Poll::Ready((batch, next)) = self.as_mut().gather(cx) {
            *self.as_mut().project().capacity = (batch.len() + batch.len() / 4).min(MOST_CAPACITY);
            (batch, next)
        } else {
            ready!(self.as_mut().poll_sign(cx))
        };
        Poll::Ready(self.record(gathered))
    }

    /// Ready when one of the futures that end the body is.
    fn poll_end(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gathered> {
        let options = self.project().options;
        let ends = options.iter_mut().flat_map(|options| &mut options.ends);
        let ending = ends.map(|end| end.as_mut().poll(cx)).find(Poll::is_ready);
        let Ending { reason, last } = ready!(ending.unwrap_or(Poll::Pending));
        let mut batch = begin(options, FIRST_CAPACITY);
        let written = last.map_or(Ok(()), |last| last.write_event(&mut batch).map(drop));
        let next = match written.map_err(|error| answer(options, error.into(), &mut batch)) {
            Err(next @ Next::Cut(_)) => next,
            _ => Next::End(reason),
        };
        Poll::Ready((batch, next))
    }

    /// Gathers what is ready. `Pending` if the batch stays empty and the stream is open.
    fn gather(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gathered> {
        let mut this = self.project();
        let mut batch = begin(this.options, *this.capacity);
        for _ in 0..FRAME_ITEMS {
            let Poll::Ready(item) = this.stream.as_mut().poll_next(cx) else {
                return if batch.is_empty() { Poll::Pending } else { Poll::Ready((batch, Next::Continue)) };
            };
            let next = match item.map(|item| batch.push(item)) {
                None => Next::End(CloseReason::Finished),
                Some(Ok(flow)) => flow.into(),
                Some(Err(error)) => answer(this.options, error, &mut batch),
            };
            match next {
                Next::Continue if batch.len() < FRAME_BYTES => {}
                next => return Poll::Ready((batch, next)),
            }
        }
        if batch.is_empty() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready((batch, Next::Continue))
    }

    /// Ready when it is time for a sign of life.
    fn poll_sign(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gathered> {
        let mut this = self.project();
        loop {
            let interval = this.options.as_ref().map_or(DEFAULT_INTERVAL, |options| options.keep_alive.silence());
            ready!(this.clock.as_mut().poll(cx, interval));
            let mut batch = Batch::new(0);
            let next = match this.options.as_ref().map(|options| options.keep_alive.write(&mut batch)) {
                None => {
                    batch.encoder().comment(&Comment::default());
                    Next::Continue
                }
                Some(Ok(flow)) => flow.into(),
                Some(Err(error)) => answer(this.options, error.into(), &mut batch),
            };
            // Of an event that is skipped nothing is sent; the next one may be better.
            if !(batch.is_empty() && matches!(next, Next::Continue)) {
                return Poll::Ready((batch, next));
            }
        }
    }

    /// Keeps how the body goes on; the bytes to send before that, if there are any.
    fn record(self: Pin<&mut Self>, (batch, next): Gathered) -> Option<Bytes> {
        let this = self.project();
        if let Some(options) = this.options {
            options.closer.count(batch.events(), batch.len());
            match next {
                Next::Continue => {}
                Next::End(reason) => options.closer.close(reason),
                Next::Cut(_) => options.closer.close(CloseReason::Error),
            }
        }
        *this.state = match next {
            Next::Continue => State::Open,
            Next::End(_) => State::Ended,
            Next::Cut(error) => {
                trace::cut(&error);
                State::Failed(error)
            }
        };
        this.clock.restart();
        (!batch.is_empty()).then(|| batch.into_bytes())
    }
}

/// A batch for what the stream yields, behind what goes ahead of that.
fn begin<S>(options: &mut Option<Box<Options<S>>>, capacity: usize) -> Batch {
    let mut batch = Batch::new(capacity);
    if let Some(retry) = options.as_mut().and_then(|options| options.retry.take()) {
        batch.encoder().retry(retry);
    }
    batch
}

/// What to do about an item that cannot be sent.
fn answer<S>(options: &mut Option<Box<Options<S>>>, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next
where
    S: Stream<Item: StreamItem<Error: Into<BoxError>>>,
{
    match options.as_mut().and_then(|options| options.on_error.as_mut()) {
        Some(on_error) => on_error.answer(error, batch),
        None => error_action::cut(error),
    }
}

impl<S> Body for SseBody<S>
where
    S: Stream<Item: StreamItem<Error: Into<BoxError>>>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let budget = ready!(coop::poll_proceed(cx));
        let _entered = self.trace().map(Trace::enter);
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
        f.debug_struct("SseBody")
            .field("clock", &self.clock)
            .field("options", &self.options)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, pin::pin, task::Waker};

    use futures_util::stream::{self, Pending};
    use sse_core::{EventName, RawEventBuf};

    use super::*;

    /// What all else costs is paid by those who ask for it. Half of it is the timer, which has to stand where it is.
    #[test]
    fn a_body_is_little_more_than_its_stream_and_its_timer() {
        let stream = size_of::<Pending<Infallible>>();
        let timer = size_of::<tokio::time::Sleep>();
        let body = size_of::<SseBody<Pending<Infallible>>>();
        assert!(body <= stream + timer + 64, "{body} bytes, {timer} of them the timer");
    }

    #[test]
    fn a_large_event_makes_no_large_buffer_for_the_next_one() {
        let event = |len| RawEventBuf::new(EventName::from_static("text"), "x".repeat(len));
        let mut body = pin!(SseBody::new(stream::iter([event(1_000_000), event(1000), event(1000)])));
        let mut capacities = Vec::new();
        while let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut Context::from_waker(Waker::noop())) {
            capacities.push((frame.unwrap().into_data().unwrap().len(), body.capacity));
        }
        assert!(matches!(capacities[..], [(1_000_000.., MOST_CAPACITY), (2000..3000, 2500..4000)]), "{capacities:?}");
    }
}
