//! The feed: the day as an event stream, from where the client left it.

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

/// How long a browser waits before it connects again: short, for the page to go on soon.
const RETRY: Duration = Duration::from_secs(1);

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Feed {
    pub(crate) day: Day,
    /// The time that one month takes.
    pub(crate) month: Duration,
    /// Closed when the server ends, and with it every stream.
    pub(crate) stopped: watch::Receiver<()>,
}

/// Answers a connect:
/// - without a last event ID, with the day from its start;
/// - with the ID of an event, with what follows it;
/// - with the ID of the closing event, with 204, at which a browser stops;
/// - with an ID that the day does not have, with 400 (the extractor does so for one that is no number).
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
    format!("no event has the ID `{last}`; send one from 1 to {end}, or none for the day from its start\n")
}

impl Feed {
    /// The events after the one with the ID `last`, month by month, until the server ends.
    fn replay(self: Arc<Self>, last: u64) -> Sse<impl Stream<Item = Envelope<Market>>> {
        let mut stopped = self.stopped.clone();
        let stop = async move { while stopped.changed().await.is_ok() {} };
        let events = stream::unfold((self, last), |(feed, last)| async move {
            let envelope = feed.next(last).await?;
            Some((envelope, (feed, last + 1)))
        });
        Sse::new(events).retry(RETRY).shutdown(stop)
    }

    /// The event after the one with the ID `last`, when its time has come.
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
