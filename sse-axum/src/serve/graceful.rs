//! A body that ends at the signal of a shutdown.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum_core::BoxError;
use bytes::Bytes;
use http_body::{Body, Frame};
use pin_project_lite::pin_project;
use tokio::{
    sync::futures::OwnedNotified,
    time::{Instant, Sleep, sleep},
};

use super::{blocks::Blocks, streams::Streams};
use crate::closer;

/// The time for a body to end by itself after the signal, so that it can send a last event and report why it closed.
const OWN_END: Duration = Duration::from_millis(500);

/// The time after that for the block to end within which the body is.
const END_OF_BLOCK: Duration = Duration::from_millis(500);

pin_project! {
    /// An event stream that ends at the signal of a shutdown: by itself if it can, otherwise between two events.
    pub(super) struct Graceful<B> {
        // The body until it has ended.
        #[pin]
        body: Option<B>,
        #[pin]
        end: OwnedNotified,
        streams: Streams,
        // Where the body is between blocks, or `None` if its bytes are encoded.
        blocks: Option<Blocks>,
        // How the body ends, once the signal was received.
        ending: Option<Box<Ending>>,
    }
}

struct Ending {
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

impl<B> Graceful<B> {
    /// Wraps a body. `is_encoded` is whether its bytes are encoded, so that it is unknown where its blocks end.
    pub(super) fn new(body: B, is_encoded: bool, streams: Streams) -> Self {
        let blocks = (!is_encoded).then(Blocks::default);
        Self { body: Some(body), end: streams.at_end(), streams, blocks, ending: None }
    }

    pub(super) const fn streams(&self) -> &Streams {
        &self.streams
    }

    /// Waits for the signal. Ready with the time at which it was noticed.
    pub(super) fn poll_end(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Instant> {
        let this = self.project();
        if this.ending.is_none() {
            if !this.streams.is_ending() {
                ready!(this.end.poll(cx));
            }
            let (since, timer) = (Instant::now(), Box::pin(sleep(OWN_END)));
            *this.ending = Some(Box::new(Ending { since, timer, by_itself: true }));
        }
        this.ending.as_ref().map_or(Poll::Pending, |ending| Poll::Ready(ending.since))
    }

    /// Waits after the signal until the body has to end.
    fn poll_forced(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Forced> {
        let this = self.project();
        let Some(Ending { timer, by_itself, since: _ }) = this.ending.as_deref_mut() else { return Poll::Pending };
        let mut is_over = timer.as_mut().poll(cx).is_ready();
        if is_over && *by_itself {
            *by_itself = false;
            timer.as_mut().reset(Instant::now() + END_OF_BLOCK);
            // Without knowledge of the blocks there is nothing to wait for.
            is_over = this.blocks.is_none() || timer.as_mut().poll(cx).is_ready();
        }
        match this.blocks {
            _ if *by_itself => Poll::Pending,
            Some(blocks) if blocks.is_between() => Poll::Ready(Forced::End),
            _ if is_over => Poll::Ready(Forced::Cut),
            _ => Poll::Pending,
        }
    }
}

impl<B> Body for Graceful<B>
where
    B: Body<Data = Bytes, Error: Into<BoxError>>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let _ = self.as_mut().poll_end(cx);
        let forced = self.as_mut().poll_forced(cx);
        let mut this = self.project();
        let Some(body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        if let Poll::Ready(forced) = forced {
            closer::on_shutdown(|| this.body.set(None));
            return Poll::Ready(match forced {
                Forced::End => None,
                Forced::Cut => Some(Err("the server shuts down within an event".into())),
            });
        }
        let frame = ready!(body.poll_frame(cx));
        match (&frame, this.blocks) {
            (Some(Ok(frame)), Some(blocks)) => blocks.advance(frame.data_ref().map_or(&[], |data| data)),
            (Some(Ok(_)), None) => {}
            // The stream is dropped as soon as it has ended, not when its last bytes are sent.
            (Some(Err(_)) | None, _) => this.body.set(None),
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }
}
