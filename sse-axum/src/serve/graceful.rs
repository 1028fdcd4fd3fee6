//! A body that ends at the signal of a shutdown.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum_core::{BoxError, body::Body};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use tokio::time::{Instant, Sleep, sleep};

use super::{
    blocks::Blocks,
    streams::{AtEnd, Streams},
};
use crate::closer;

/// The time for a body to end by itself after the signal, so that it can send a last event and report why it closed.
const OWN_END: Duration = Duration::from_millis(500);

/// The time after that for the block to end within which the body is.
const END_OF_BLOCK: Duration = Duration::from_millis(500);

/// An event stream that ends at the signal of a shutdown: by itself if it can, otherwise between two events.
pub(super) struct Graceful {
    /// The body until it has ended.
    body: Option<Body>,
    shutdown: Shutdown,
    /// Where the body is between blocks, or `None` if its bytes are encoded.
    blocks: Option<Blocks>,
}

/// The signal, and what follows it.
enum Shutdown {
    Awaited(AtEnd),
    Begun(Box<Ending>),
}

struct Ending {
    streams: Streams,
    since: Instant,
    /// The end of the present period.
    timer: Pin<Box<Sleep>>,
    /// Whether the body can still end by itself. After that it ends as soon as it is between two blocks, and is cut when
    /// the timer fires again.
    by_itself: bool,
}

/// How a body ends that has not ended by itself in time.
enum Forced {
    End,
    Cut,
}

impl Graceful {
    /// Wraps a body. `is_encoded` is whether its bytes are encoded, so that it is unknown where its blocks end.
    pub(super) fn new(body: Body, is_encoded: bool, streams: Streams) -> Self {
        let blocks = (!is_encoded).then(Blocks::default);
        Self { body: Some(body), shutdown: Shutdown::Awaited(AtEnd::new(streams)), blocks }
    }

    pub(super) const fn streams(&self) -> &Streams {
        match &self.shutdown {
            Shutdown::Awaited(at_end) => at_end.streams(),
            Shutdown::Begun(ending) => &ending.streams,
        }
    }

    /// Waits for the signal. Ready with the time at which it was noticed.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        self.poll_ending(cx).map(|ending| ending.since)
    }

    fn poll_ending(&mut self, cx: &mut Context<'_>) -> Poll<&mut Ending> {
        if let Shutdown::Awaited(at_end) = &mut self.shutdown {
            ready!(at_end.poll(cx));
            let (streams, timer) = (at_end.streams().clone(), Box::pin(sleep(OWN_END)));
            self.shutdown =
                Shutdown::Begun(Box::new(Ending { streams, since: Instant::now(), timer, by_itself: true }));
        }
        match &mut self.shutdown {
            Shutdown::Awaited(_) => Poll::Pending,
            Shutdown::Begun(ending) => Poll::Ready(ending),
        }
    }

    /// Waits after the signal until the body has to end.
    fn poll_forced(&mut self, cx: &mut Context<'_>) -> Poll<Forced> {
        let is_encoded = self.blocks.is_none();
        let Ending { timer, by_itself, .. } = ready!(self.poll_ending(cx));
        let mut is_over = timer.as_mut().poll(cx).is_ready();
        if is_over && *by_itself {
            *by_itself = false;
            timer.as_mut().reset(Instant::now() + END_OF_BLOCK);
            // Without knowledge of the blocks there is nothing to wait for.
            is_over = is_encoded || timer.as_mut().poll(cx).is_ready();
        }
        if *by_itself {
            return Poll::Pending;
        }
        match &self.blocks {
            Some(blocks) if blocks.is_between() => Poll::Ready(Forced::End),
            _ if is_over => Poll::Ready(Forced::Cut),
            _ => Poll::Pending,
        }
    }
}

impl HttpBody for Graceful {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.body.is_some()
            && let Poll::Ready(forced) = this.poll_forced(cx)
        {
            closer::on_shutdown(|| this.body = None);
            return Poll::Ready(match forced {
                Forced::End => None,
                Forced::Cut => Some(Err("the server shuts down within an event".into())),
            });
        }
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(cx));
        match (&frame, &mut this.blocks) {
            (Some(Ok(frame)), Some(blocks)) => blocks.advance(frame.data_ref().map_or(&[], |data| data)),
            (Some(Ok(_)), None) => {}
            // The stream is dropped as soon as it has ended, not when its last bytes are sent.
            (Some(Err(_)) | None, _) => this.body = None,
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}
