//! An open connection: its items, and what is known at its end.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use sse_core::{Decoder, EventStream, ReceiveError};

use crate::{
    BoxError, Error, Policy,
    body::Chunks,
    clock::{self, Instant},
    item::Item,
};

/// An open connection that is read as items `I`.
pub(crate) struct Connection<I> {
    events: EventStream<Chunks, I>,
    /// The last event ID when the connection opened.
    id: String,
    since: Instant,
    /// Whether an event has arrived, also one that cannot be decoded.
    active: bool,
}

/// The reason why a connection has no item.
pub(crate) enum NoItem {
    /// One event is skipped.
    Skipped(Error),
    /// The body ended, or failed with this cause.
    Ended(Option<BoxError>),
}

impl<I> Connection<I> {
    pub(crate) const fn decoder(&self) -> &Decoder {
        self.events.decoder()
    }

    pub(crate) fn into_decoder(self) -> Decoder {
        self.events.into_decoder()
    }

    pub(crate) const fn unknown_events(&self) -> u64 {
        self.events.unknown_events()
    }

    /// Returns whether the connection has made progress, as [`Policy`] defines it.
    pub(crate) fn has_progress(&self, policy: &Policy) -> bool {
        self.active
            || self.unknown_events() > 0
            || self.decoder().last_event_id() != self.id
            || policy.is_long(clock::now() - self.since)
    }
}

impl<I: Item> Connection<I> {
    /// Reads a body with the decoder of the connection before it.
    pub(crate) fn new(chunks: Chunks, mut decoder: Decoder) -> Self {
        decoder.restart();
        let id = decoder.last_event_id().to_owned();
        Self { events: I::stream(chunks, decoder), id, since: clock::now(), active: false }
    }

    /// Polls for the next item and passes it to `put`. It must not be polled after the end.
    #[expect(clippy::inline_always, reason = "a call would move the item once more")]
    #[inline(always)]
    pub(crate) fn poll_put(&mut self, cx: &mut Context<'_>, mut put: impl FnMut(I)) -> Poll<Result<(), NoItem>> {
        let Self { events, active, .. } = self;
        let mut failed = None;
        let is_put = ready!(Pin::new(events).poll_put(cx, |item| match item {
            Ok(item) => {
                *active |= item.is_event();
                put(item);
            }
            Err(error) => failed = Some(error),
        }));
        Poll::Ready(match failed {
            None if is_put => Ok(()),
            None => Err(NoItem::Ended(None)),
            Some(error) => Err(self.no_item(error)),
        })
    }

    #[cold]
    fn no_item(&mut self, error: ReceiveError<BoxError>) -> NoItem {
        let skipped = match error {
            ReceiveError::Source(cause) => return NoItem::Ended(Some(cause)),
            ReceiveError::Limit(error) => Error::Limit(error),
            ReceiveError::Decode(error) => Error::Decode(error),
            // An end without a terminal event is not made an error there, and other errors do not exist.
            _ => return NoItem::Ended(None),
        };
        self.active = true;
        NoItem::Skipped(skipped)
    }
}
