//! Streams that are ended by the server: shutdown and maximum age.

use std::{
    future::{pending, poll_fn, ready},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use axum::{Router, response::IntoResponse, routing::any};
use futures_util::{Stream, StreamExt, stream};
use sse_axum::Sse;
use sse_core::EventReader;
use tokio::{
    net::TcpListener,
    sync::{Barrier, watch},
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{
    bounded,
    feed::{Feed, watched},
    raw::{Ended, Raw},
};

/// Completes when the sender sends `true` or is dropped.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Returns an endless stream of ticks. The first is ready immediately, each further one after 50 milliseconds.
fn ticking() -> impl Stream<Item = Feed> + Send {
    stream::iter(1..).then(async |number| {
        if number > 1 {
            sleep(Duration::from_millis(50)).await;
        }
        Feed::Tick(number)
    })
}

#[tokio::test]
async fn a_graceful_shutdown_ends_a_thousand_open_streams_each_after_a_complete_event() {
    const CLIENTS: usize = 1000;
    bounded(async {
        let (stopper, stop) = watch::channel(false);
        let signal = stop.clone();
        let events = move || ready(Sse::new(ticking()).shutdown(stopped(signal.clone())));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(any(events));
        let server = axum::serve(listener, router.into_make_service()).with_graceful_shutdown(stopped(stop));
        let server = tokio::spawn(server.into_future());

        let open = Arc::new(Barrier::new(CLIENTS + 1));
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let open = Arc::clone(&open);
            let mut client = Raw::get(address).await;
            clients.spawn(async move {
                client.head().await;
                let first = client.chunk().await.unwrap();
                open.wait().await;
                let (chunks, ended) = client.chunks().await;
                ([first, chunks.concat()].concat(), ended)
            });
        }
        open.wait().await;
        stopper.send_replace(true);
        while let Some(client) = clients.join_next().await {
            let (body, ended) = client.unwrap();
            assert_eq!(ended, Ended::Whole);
            let ticks: Vec<_> = EventReader::<_, Feed>::new(&*body).map(Result::unwrap).collect();
            assert_eq!(ticks, (1..=ticks.len() as u64).map(Feed::Tick).collect::<Vec<_>>());
            assert!(body.ends_with(b"\n\n"), "the body ends within an event");
        }
        // The server waits for every connection, so all streams have been dropped.
        server.await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_shutdown_ends_a_stream_that_is_always_ready() {
    let stop = Arc::new(AtomicBool::new(false));
    let signal = stop.clone();
    let signal = poll_fn(move |_| if signal.load(Ordering::Relaxed) { Poll::Ready(()) } else { Poll::Pending });
    let response = Sse::new(stream::repeat(Feed::Tick(1))).shutdown(signal).into_response();
    let mut frames = response.into_body().into_data_stream();
    assert!(frames.next().await.is_some());
    stop.store(true, Ordering::Relaxed);
    assert!(frames.next().await.is_none());
    assert!(frames.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_is_shut_down_before_it_starts_is_not_polled() {
    let (stream, watch) = watched(stream::repeat(Feed::Tick(1)));
    let response = Sse::new(stream).shutdown(pending()).shutdown(ready(())).into_response();
    assert!(response.into_body().into_data_stream().next().await.is_none());
    assert_eq!(watch.polls(), 0);
}

#[tokio::test]
async fn the_reconnection_time_is_sent_before_the_last_event_of_a_shutdown() {
    let over = || Sse::new(stream::pending::<Feed>()).retry(Duration::from_secs(5));
    let frames = over().shutdown_with(ready(()), Feed::Note("bye".into())).into_response().into_body();
    let frames: Vec<_> = frames.into_data_stream().map(Result::unwrap).collect().await;
    assert_eq!(frames, ["retry: 5000\nevent: note\ndata: bye\n\n"]);
    let frames: Vec<_> =
        over().shutdown(ready(())).into_response().into_body().into_data_stream().map(Result::unwrap).collect().await;
    assert_eq!(frames, ["retry: 5000\n"]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_in_the_last_tenth_of_its_maximum_age() {
    let start = Instant::now();
    let response = Sse::new(stream::pending::<Feed>()).max_age(Duration::from_secs(100)).into_response();
    let frames: Vec<_> = response.into_body().into_data_stream().map(Result::unwrap).collect().await;
    assert!((90.0..100.1).contains(&start.elapsed().as_secs_f64()), "after {:?}", start.elapsed());
    assert_eq!(frames, vec![":\n"; 6], "one keep-alive every 15 seconds");
}
