//! Streams in lockstep: each event is sent only after the client has received the previous one.

use std::fmt::Debug;

use futures_util::{Stream, StreamExt, stream};
use sse_axum::{KeepAlive, Sse};
use sse_core::EventStream;
use tokio::sync::watch;

use super::feed::Feed;

const STEPS: u64 = 20;

/// The server and the client of a stream in lockstep. If anything between them holds an event back, both wait forever.
#[derive(Default)]
pub(super) struct Lockstep {
    seen: watch::Sender<u64>,
}

impl Lockstep {
    /// Returns a response of ticks and a terminal event. It has no keep-alive, which could flush a held-back event.
    pub(super) fn response(&self) -> Sse<impl Stream<Item = Feed> + Send + use<>> {
        let ticks = stream::unfold((1, self.seen.subscribe()), async |(next, mut seen)| {
            seen.wait_for(|seen| *seen + 1 == next).await.ok()?;
            let event = if next > STEPS { Feed::Closed } else { Feed::Tick(next) };
            Some((event, (next + 1, seen)))
        });
        Sse::new(ticks).keep_alive(KeepAlive::off())
    }

    /// Reads the body of [`response`](Self::response) to its end.
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
