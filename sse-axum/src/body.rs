//! The response body, which sends the events that are ready in frames.

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
    batch::Batch,
    close::CloseReason,
    ending::Ending,
    error_action,
    item::SourceError,
    keep_alive::{Clock, DEFAULT_INTERVAL},
    next::Next,
    options::Options,
    trace::{self, Trace},
};

/// The number of bytes after which a frame ends, so that a stream that is always ready reaches the client and lets
/// other tasks run.
const FRAME_BYTES: usize = 32 * 1024;

/// The number of items after which a frame ends, because an item may write nothing.
const FRAME_ITEMS: usize = 1024;

/// The capacity of the first buffer of a body. Each later one is sized by the frame before it, plus a quarter.
const FIRST_CAPACITY: usize = 256;

/// The maximum capacity that a buffer starts with, because one large event does not predict another one.
const MAX_CAPACITY: usize = 2 * FRAME_BYTES;

pin_project! {
    /// A body that polls its stream only when it is polled itself, and holds no buffer in between.
    ///
    /// No bounds on the struct, so that a wrong stream type is reported once.
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

/// The state of a body.
#[derive(Debug)]
enum State {
    Open,
    /// The stream has failed, and bytes sent before may still be in the server's buffer. The server would drop them
    /// together with the connection, so the body is pending once, to let the server flush.
    Failed(BoxError),
    /// The server could flush; the error is next.
    Cut(BoxError),
    Ended,
}

/// The bytes of a frame, and how the body continues after it.
type Gathered = (Batch, Next);

impl<S> SseBody<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, clock: Clock::new(), options: None, state: State::Open, capacity: FIRST_CAPACITY }
    }

    /// Returns the settings. Allocates them on first use.
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
            *self.as_mut().project().capacity = (batch.len() + batch.len() / 4).min(MAX_CAPACITY);
            (batch, next)
        } else {
            ready!(self.as_mut().poll_keep_alive(cx))
        };
        Poll::Ready(self.record(gathered))
    }

    /// Polls the futures that end the body. Ready when one of them is.
    fn poll_end(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gathered> {
        let options = self.project().options;
        let ends = options.iter_mut().flat_map(|options| &mut options.ends);
        let ending = ends.map(|end| end.as_mut().poll(cx)).find(Poll::is_ready);
        let Ending { reason, last } = ready!(ending.unwrap_or(Poll::Pending));
        let mut batch = begin(options, FIRST_CAPACITY);
        let written = last.map_or(Ok(()), |last| last.write_event(&mut batch).map(drop));
        let next = match written.map_err(|error| handle_error(options, error.into(), &mut batch)) {
            Err(next @ Next::Cut(_)) => next,
            _ => Next::End(reason),
        };
        Poll::Ready((batch, next))
    }

    /// Gathers the items that are ready. Pending if they wrote nothing and the stream is open.
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
                Some(Err(error)) => handle_error(this.options, error, &mut batch),
            };
            match next {
                Next::Continue if batch.len() < FRAME_BYTES => {}
                next => return Poll::Ready((batch, next)),
            }
        }
        // All of these items wrote nothing. Let other tasks run, then continue.
        if batch.is_empty() {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready((batch, Next::Continue))
    }

    /// Waits until the keep-alive is due, and writes it.
    fn poll_keep_alive(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Gathered> {
        let mut this = self.project();
        loop {
            let interval = this.options.as_ref().map_or(DEFAULT_INTERVAL, |options| options.keep_alive.idle_time());
            ready!(this.clock.as_mut().poll(cx, interval));
            let mut batch = Batch::new(0);
            let next = match this.options.as_ref().map(|options| options.keep_alive.write(&mut batch)) {
                None => {
                    batch.encoder().comment(&Comment::default());
                    Next::Continue
                }
                Some(Ok(flow)) => flow.into(),
                Some(Err(error)) => handle_error(this.options, error.into(), &mut batch),
            };
            // If `on_error` skips the event there is nothing to send, so wait for the next interval.
            if !(batch.is_empty() && matches!(next, Next::Continue)) {
                return Poll::Ready((batch, next));
            }
        }
    }

    /// Records how the body continues. Returns the bytes to send first, or `None` if there are none.
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

/// Creates a batch for events. It begins with the reconnection time if that was not sent yet.
fn begin<S>(options: &mut Option<Box<Options<S>>>, capacity: usize) -> Batch {
    let mut batch = Batch::new(capacity);
    if let Some(retry) = options.as_mut().and_then(|options| options.retry.take()) {
        batch.encoder().retry(retry);
    }
    batch
}

/// Decides how the body continues after an item that cannot be sent.
fn handle_error<S>(options: &mut Option<Box<Options<S>>>, error: SendError<SourceError<S>>, batch: &mut Batch) -> Next
where
    S: Stream<Item: StreamItem<Error: Into<BoxError>>>,
{
    match options.as_mut().and_then(|options| options.on_error.as_mut()) {
        Some(on_error) => on_error.handle(error, batch),
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
            // Not reached as `Open`: if there are no bytes, `poll_open` has changed the state, because no step is
            // ready with an empty batch and `Next::Continue`.
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

    /// Settings are boxed, so a body without any does not pay for them. The timer is half of the size.
    #[test]
    fn a_body_is_little_larger_than_its_stream_and_its_timer() {
        let stream = size_of::<Pending<Infallible>>();
        let timer = size_of::<tokio::time::Sleep>();
        let body = size_of::<SseBody<Pending<Infallible>>>();
        assert!(body <= stream + timer + 64, "{body} bytes, {timer} of them the timer");
    }

    #[test]
    fn a_large_event_does_not_make_the_next_buffer_as_large() {
        let event = |len| RawEventBuf::new(EventName::from_static("text"), "x".repeat(len));
        let mut body = pin!(SseBody::new(stream::iter([event(1_000_000), event(1000), event(1000)])));
        let mut capacities = Vec::new();
        while let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut Context::from_waker(Waker::noop())) {
            capacities.push((frame.unwrap().into_data().unwrap().len(), body.capacity));
        }
        assert!(matches!(capacities[..], [(1_000_000.., MAX_CAPACITY), (2000..3000, 2500..4000)]), "{capacities:?}");
    }
}
