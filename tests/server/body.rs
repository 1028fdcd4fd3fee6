//! The response body without a server, polled directly. Most timers run on tokio's paused clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use axum::{body::BodyDataStream, response::IntoResponse};
use futures_util::{FutureExt, Stream, StreamExt, stream};
use sse_axum::{KeepAlive, Sse};
use sse_core::{Comment, Encoded, Envelope, StreamItem};
use tokio::time::{Instant, sleep, timeout};

use super::feed::Feed;

fn body(response: impl IntoResponse) -> BodyDataStream {
    response.into_response().into_body().into_data_stream()
}

/// Yields a tick after each `time`, `times` times.
fn every(time: Duration, times: u64) -> impl Stream<Item = Feed> + Send {
    stream::iter(0..times).then(move |number| sleep(time).map(move |()| Feed::Tick(number)))
}

#[tokio::test(start_paused = true)]
async fn a_busy_stream_sends_no_keep_alive() {
    let mut frames = body(Sse::new(every(Duration::from_secs(10), 20)));
    for number in 0..20 {
        let expected = format!("event: tick\ndata: {number}\n\n");
        assert_eq!(frames.next().await.unwrap().unwrap(), expected);
    }
    assert!(frames.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_keep_alive_is_sent_one_interval_after_the_last_bytes() {
    let start = Instant::now();
    let mut frames = body(Sse::new(every(Duration::from_secs(10), 1).chain(stream::pending())));
    for (second, bytes) in [(10, "event: tick\ndata: 0\n\n"), (25, ":\n"), (40, ":\n")] {
        assert_eq!(frames.next().await.unwrap().unwrap(), bytes);
        assert_eq!(start.elapsed().as_secs(), second);
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_stream_without_keep_alive_sends_nothing() {
    let zero = KeepAlive::new().interval(Duration::ZERO);
    let endless = KeepAlive::new().interval(Duration::MAX).comment(Comment::default());
    for keep_alive in [KeepAlive::off(), zero, endless] {
        let mut frames = body(Sse::new(stream::pending::<Feed>()).keep_alive(keep_alive));
        assert!(timeout(Duration::from_secs(86_400), frames.next()).await.is_err());
    }
}

#[tokio::test]
async fn a_stream_that_is_always_ready_is_split_into_frames() {
    for size in [0, 1000, 100_000] {
        let event = Feed::Note("x".repeat(size));
        let block = Encoded::new(&event).unwrap().into_bytes();
        let mut frames = body(Sse::new(stream::repeat(event)));
        for _ in 0..3 {
            let frame = frames.next().await.unwrap().unwrap();
            assert!(frame.len() < block.len() + 64 * 1024, "{} bytes", frame.len());
            assert!(frame == block.repeat(frame.len() / block.len()) && !frame.is_empty(), "not whole events");
        }
    }
}

#[tokio::test]
async fn a_stream_that_is_always_ready_and_writes_nothing_yields_to_other_tasks() {
    let mut polls = 0;
    let endless = stream::repeat_with(move || {
        polls += 1;
        assert!(polls < 1_000_000, "the body never yields");
        Envelope::<Feed>::empty()
    });
    let mut frames = body(Sse::new(endless));
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let poll = frames.poll_next_unpin(&mut Context::from_waker(&waker));
    assert!(matches!(poll, Poll::Pending));
    assert!(woken.0.load(Ordering::Relaxed) > 0, "the body would never be polled again");
}

#[tokio::test]
async fn a_stream_that_is_always_ready_respects_the_budget_of_its_task() {
    let mut frames = body(Sse::new(stream::repeat(Feed::Tick(1))));
    let frames = tokio::spawn(std::future::poll_fn(move |cx| {
        let mut frames_in_one_poll = 0;
        while let Poll::Ready(Some(Ok(_))) = frames.poll_next_unpin(cx) {
            frames_in_one_poll += 1;
            assert!(frames_in_one_poll < 10_000, "the body never yields");
        }
        Poll::Ready(frames_in_one_poll)
    }));
    assert!(frames.await.unwrap() > 1);
}

#[tokio::test]
async fn a_single_encoded_event_is_not_copied() {
    let shared = Encoded::new(&Feed::Tick(1)).unwrap();
    let item = Ok::<_, std::io::Error>(shared.clone());
    let mut frames = body(Sse::new(stream::iter([item]).chain(stream::pending())));
    let frame = frames.next().now_or_never().unwrap().unwrap().unwrap();
    assert_eq!(frame.as_ptr(), shared.as_bytes().as_ptr());
}

#[tokio::test]
async fn encoded_events_that_are_ready_together_are_one_frame() {
    let encoded = |number| Encoded::new(&Feed::Tick(number)).unwrap();
    let mut frames = body(Sse::new(stream::iter((1..4).map(encoded))));
    let expected = "event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\nevent: tick\ndata: 3\n\n";
    assert_eq!(frames.next().await.unwrap().unwrap(), expected);
    assert!(frames.next().await.is_none());
}

#[tokio::test]
async fn an_empty_stream_is_an_empty_body() {
    assert!(body(Sse::new(stream::empty::<Feed>())).next().await.is_none());
}

#[tokio::test]
async fn events_before_a_failure_can_be_flushed_before_it() {
    let items = [Ok(Feed::Tick(1)), Err("the source is gone"), Ok(Feed::Tick(2))];
    let mut frames = body(Sse::new(stream::iter(items)));
    assert_eq!(frames.next().now_or_never().unwrap().unwrap().unwrap(), "event: tick\ndata: 1\n\n");
    assert!(frames.next().now_or_never().is_none(), "the server flushes only while the body waits");
    let error = frames.next().now_or_never().unwrap().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the source is gone");
    assert!(frames.next().now_or_never().unwrap().is_none());
}

/// Checks that `Sse` compiles with every kind of item and error.
#[test]
fn a_stream_of_any_kind_of_item_is_a_response() {
    fn response<O: StreamItem<Error: Into<axum::BoxError>> + Send + 'static>(item: O) {
        let response = Sse::new(stream::iter([item])).into_response();
        assert_eq!(response.status(), 200);
    }
    response(Feed::Closed);
    response(Arc::new(Feed::Closed));
    response(Ok::<_, String>(Envelope::new(Box::new(Feed::Closed))));
    response(Err::<Encoded<Feed>, _>(std::fmt::Error));
}

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
