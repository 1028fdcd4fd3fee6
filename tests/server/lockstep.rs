//! Events that come one by one or not at all: each waits until its client has the one before it.

use std::fmt::Debug;

use futures_util::{Stream, StreamExt, stream};
use sse_axum::{KeepAlive, Sse};
use sse_core::EventStream;
use tokio::sync::watch;

use super::feed::Feed;

const STEPS: u64 = 20;

/// The server's side of it and the client's. Whatever keeps an event back between them holds both up for ever.
#[derive(Default)]
pub(super) struct Lockstep {
    seen: watch::Sender<u64>,
}

impl Lockstep {
    /// The ticks, and behind them the last event. No keep-alive, which might push out what is held back.
    pub(super) fn response(&self) -> Sse<impl Stream<Item = Feed> + Send + use<>> {
        let ticks = stream::unfold((1, self.seen.subscribe()), async |(next, mut seen)| {
            seen.wait_for(|seen| *seen + 1 == next).await.ok()?;
            let event = if next > STEPS { Feed::Closed } else { Feed::Tick(next) };
            Some((event, (next + 1, seen)))
        });
        Sse::new(ticks).keep_alive(KeepAlive::off())
    }

    /// Reads the body of such a response to its end.
    pub(super) async fn follow<B, Err>(&self, body: impl Stream<Item = Result<B, Err>>)
    where
        B: AsRef<[u8]>,
        Err: Debug,
    {
        self.seen.send_replace(0);
        let mut events = Box::pin(EventStream::<_, Feed>::new(body));
        for step in 1..=STEPS {
            assert_eq!(events.next().await.unwrap().unwrap(), Feed::Tick(step));
            self.seen.send_replace(step);
        }
        assert_eq!(events.next().await.unwrap().unwrap(), Feed::Closed);
        assert!(events.next().await.is_none());
    }
}
