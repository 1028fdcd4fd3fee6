//! A subscription as a stream of typed events.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use sse_core::{DecodeError, Decoder, Gap, SseDecodeOwned, SseEvent};

use crate::{Cut, Subscription, subscription::Sending};

/// A stream of typed events, created by [`Subscription::decoded`].
///
/// Gaps are yielded as the events that `on_gap` returns. IDs without an event are not yielded. Unknown events, which
/// other nodes may publish, are skipped.
#[derive(Debug)]
#[must_use = "streams do nothing unless polled"]
pub struct Decoded<E, F = fn(Gap) -> E>(Subscription<E, F>);

impl<E, F> Decoded<E, F> {
    pub(crate) const fn new(subscription: Subscription<E, F>) -> Self {
        Self(subscription)
    }
}

/// The error yielded by [`Decoded`].
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The subscription was cut. The stream ends after this error.
    Cut(Cut),
    /// An event cannot be decoded. The stream continues with the next event.
    Decode(DecodeError),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut(cut) => cut.fmt(f),
            Self::Decode(error) => error.fmt(f),
        }
    }
}

/// Displays the cause in place of this error, so `source` returns the source of the cause.
impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Cut(cut) => cut.source(),
            Self::Decode(error) => error.source(),
        }
    }
}

impl<E, F> Stream for Decoded<E, F>
where
    E: SseEvent + SseDecodeOwned,
    F: FnMut(Gap) -> E,
{
    type Item = Result<E, ReadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let subscription = &mut self.get_mut().0;
        loop {
            let block = match ready!(subscription.poll_sending(cx)) {
                None => return Poll::Ready(None),
                Some(Err(cut)) => return Poll::Ready(Some(Err(ReadError::Cut(cut)))),
                Some(Ok(Sending::Id(_))) => continue,
                Some(Ok(Sending::Gap(gap, _))) => match subscription.gap_event(gap) {
                    None => continue,
                    Some(event) => {
                        if event.is_terminal() {
                            subscription.end();
                        }
                        return Poll::Ready(Some(Ok(event)));
                    }
                },
                Some(Ok(Sending::Event(block))) => block,
            };
            if let Some(read) = read(block.as_bytes()) {
                return Poll::Ready(Some(read.map_err(ReadError::Decode)));
            }
        }
    }
}

/// Decodes the event of a block. Returns `None` if the type ignores the event or does not know it.
fn read<E: SseDecodeOwned>(block: &[u8]) -> Option<Result<E, DecodeError>> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(block);
    // A block that exceeds the limits of the decoder is not an event for this reader.
    let Some(Ok(raw)) = events.next_event() else { return None };
    E::decode(raw).map(sse_core::Decoded::into_event).transpose()
}
