//! The handler of the feed, which streams the events that follow the last event ID of the client.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};
use market::{Day, Market};
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::Envelope;
use tokio::{sync::watch, time};

/// The state that all connections share.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) day: Day,
    /// The duration of a month in the replay.
    pub(crate) month: Duration,
    /// The reconnection time.
    pub(crate) retry: Duration,
    /// Closed when the server shuts down, which ends every stream.
    pub(crate) stopped: watch::Receiver<()>,
}

/// Responds to a client according to its last event ID:
/// - none: all events of the day;
/// - the ID of an event: the events after it;
/// - the ID of the closing event: 204, after which a browser does not reconnect;
/// - an ID that the day does not have: 400. The extractor responds the same if the ID is not a number.
pub(crate) async fn events(State(feed): State<Arc<Feed>>, LastEventId(last): LastEventId<u64>) -> Response {
    match last {
        None => feed.replay(0).into_response(),
        Some(last) if last == feed.day.last_id() => StopReconnecting.into_response(),
        Some(last) => match feed.day.after(last) {
            Some(_) => feed.replay(last).into_response(),
            None => (StatusCode::BAD_REQUEST, unknown(last, feed.day.last_id())).into_response(),
        },
    }
}

fn unknown(last: u64, end: u64) -> String {
    format!("no event has the ID `{last}`; send an ID from 1 to {end}, or none to start with the first event\n")
}

impl Feed {
    /// Streams the events after the one with the ID `last`, month by month, until the server shuts down.
    fn replay(self: Arc<Self>, last: u64) -> Sse<impl Stream<Item = Envelope<Market>>> {
        let mut stopped = self.stopped.clone();
        let stop = async move { while stopped.changed().await.is_ok() {} };
        let retry = self.retry;
        let events = stream::unfold((self, last), |(feed, last)| async move {
            let envelope = feed.next(last).await?;
            Some((envelope, (feed, last + 1)))
        });
        Sse::new(events).retry(retry).shutdown(stop)
    }

    /// Waits for the event after the one with the ID `last`. Returns `None` after the last event.
    async fn next(&self, last: u64) -> Option<Envelope<Market>> {
        let at = usize::try_from(last).ok()?;
        let entry = self.day.entries().get(at)?;
        let before = at.checked_sub(1).and_then(|at| self.day.entries().get(at));
        if before.is_some_and(|before| before.event.date() != entry.event.date()) {
            time::sleep(self.month).await;
        }
        Some(Envelope::new(entry.event.clone()).with_id(entry.id))
    }
}
