//! Streams that are ended from outside.

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
use futures_util::{StreamExt, future::join_all, stream};
use sse_axum::Sse;
use tokio::{net::TcpListener, sync::watch, time::Instant};

use super::{
    bounded,
    feed::{Feed, watched},
    raw::{Ended, Raw},
};

/// Ready when the other end says `true` or is gone.
async fn stopped(mut stop: watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

#[tokio::test]
async fn a_graceful_shutdown_ends_every_open_stream_behind_a_whole_event() {
    const CLIENTS: usize = 100;
    bounded(async {
        let (stopper, stop) = watch::channel(false);
        let signal = stop.clone();
        let events = move || {
            let idle = stream::iter([Feed::Tick(1)]).chain(stream::pending());
            ready(Sse::new(idle).shutdown(stopped(signal.clone())))
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(any(events));
        let server = axum::serve(listener, router.into_make_service()).with_graceful_shutdown(stopped(stop));
        let server = tokio::spawn(server.into_future());

        let mut clients = join_all((0..CLIENTS).map(|_| Raw::get(address))).await;
        for client in &mut clients {
            client.head().await;
            assert_eq!(client.chunk().await.unwrap(), b"event: tick\ndata: 1\n\n");
        }
        stopper.send_replace(true);
        for client in &mut clients {
            assert_eq!(client.chunks().await, (vec![], Ended::Whole));
        }
        server.await.unwrap().unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_always_ready_is_ended_too() {
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
async fn a_stream_that_is_over_before_it_begins_is_not_asked() {
    let (stream, watch) = watched(stream::repeat(Feed::Tick(1)));
    let response = Sse::new(stream).shutdown(pending()).shutdown(ready(())).into_response();
    assert!(response.into_body().into_data_stream().next().await.is_none());
    assert_eq!(watch.polls(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_old_enough_ends_in_the_last_tenth_of_its_age() {
    let start = Instant::now();
    let response = Sse::new(stream::pending::<Feed>()).max_age(Duration::from_secs(100)).into_response();
    let frames: Vec<_> = response.into_body().into_data_stream().map(Result::unwrap).collect().await;
    assert!((90.0..100.1).contains(&start.elapsed().as_secs_f64()), "after {:?}", start.elapsed());
    assert_eq!(frames, vec![":\n\n"; 6], "one comment each 15 seconds");
}
