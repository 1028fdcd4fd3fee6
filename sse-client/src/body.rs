//! The body of a response: its chunks, guarded by the idle timeout, or its beginning.

use std::{
    error::Error as StdError,
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as _;
use reqwest::Body;

use crate::{
    clock,
    error::{BoxError, ClientTimeout, Silence},
    idle::Idle,
};

/// The chunks of an event stream. An error of the body is the last item. The body must not be polled after it, because
/// reqwest repeats the error forever.
#[derive(Debug)]
pub(crate) struct Chunks {
    body: Body,
    idle: Option<Idle>,
    /// Whether one more line ending is yielded at the end of the body.
    lenient: bool,
}

impl Chunks {
    pub(crate) const fn new(body: Body, idle: Option<Idle>, lenient: bool) -> Self {
        Self { body, idle, lenient }
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
                let Some(idle) = &mut this.idle else { return Poll::Pending };
                ready!(idle.poll_over(cx));
                return Poll::Ready(Some(Err(Silence(idle.limit()).into())));
            };
            if let Some(idle) = &mut this.idle {
                idle.arrived();
            }
            match frame {
                Some(Ok(frame)) => {
                    // Trailers and empty chunks carry no events.
                    if let Ok(chunk) = frame.into_data()
                        && !chunk.is_empty()
                    {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(cause(error)))),
                // A CR is an empty line after each of the three line endings: an LF after a CR would be its second half.
                None if std::mem::take(&mut this.lenient) => return Poll::Ready(Some(Ok(Bytes::from_static(b"\r")))),
                None => return Poll::Ready(None),
            }
        }
    }
}

/// Returns an error of reqwest as a cause: without the URL, and with timeouts named after the one who set them.
pub(crate) fn cause(error: reqwest::Error) -> BoxError {
    if error.is_timeout() && !error.is_connect() && !is_of_the_system(&error) {
        return ClientTimeout.into();
    }
    error.without_url().into()
}

/// Returns whether the operating system reports the error, such as a connection whose peer no longer answers.
fn is_of_the_system(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|error| error.raw_os_error().is_some()) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Reads the beginning of a body: up to [`BEGINNING`] bytes, within [`PATIENCE`].
pub(crate) async fn beginning(mut body: Body) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while bytes.len() < BEGINNING {
            let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await else { break };
            bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
        }
    };
    // A body that takes longer is kept as far as it has arrived.
    let _ = clock::timeout(PATIENCE, read).await;
    bytes.truncate(BEGINNING);
    String::from_utf8_lossy(&bytes).into_owned()
}

const BEGINNING: usize = 1024;
const PATIENCE: Duration = Duration::from_secs(5);
