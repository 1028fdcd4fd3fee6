//! Streams end at the signal of a graceful shutdown, and the server returns.

use std::{future::ready, sync::Arc, time::Duration};

use axum::{Router, response::IntoResponse, routing::any};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use sse_axum::{CloseReason, Sse};
use tokio::{
    sync::{Barrier, Notify, mpsc, watch},
    task::JoinSet,
    time::sleep,
};

use super::{Taking, foreign, idle};
use crate::server::{
    bounded,
    feed::Feed,
    raw::{Ended, Raw},
};

/// Opens this many streams, sends the signal, and returns what each client has received after its first chunk.
async fn shut_down(mut server: Taking, clients: usize, taken: usize) -> Vec<(String, Ended)> {
    let open = Arc::new(Barrier::new(clients + 1));
    let mut readers = JoinSet::new();
    for _ in 0..clients {
        let mut client = Raw::get(server.address).await;
        let open = Arc::clone(&open);
        readers.spawn(async move {
            client.head().await;
            client.chunk().await.unwrap();
            open.wait().await;
            let (chunks, ended) = client.chunks().await;
            (String::from_utf8(chunks.concat()).unwrap(), ended)
        });
    }
    open.wait().await;
    server.taken(taken).await;
    server.signal();
    let received = readers.join_all().await;
    server.returned().await;
    received
}

#[tokio::test]
async fn a_thousand_streams_end_between_two_events_and_report_a_shutdown() {
    bounded(async {
        let (sender, mut closed) = mpsc::unbounded_channel();
        let ticking = async move || {
            let events = stream::iter(1..).then(async |number| {
                if number > 1 {
                    sleep(Duration::from_millis(200)).await;
                }
                Feed::Tick(number)
            });
            let sender = sender.clone();
            Sse::new(events).on_close(move |closed| sender.send(closed.reason).unwrap())
        };
        let server = Taking::new(Router::new().fallback(any(ticking))).await;
        for (body, ended) in shut_down(server, 1000, 1000).await {
            assert_eq!(ended, Ended::Whole);
            assert!(body.is_empty() || body.ends_with("\n\n"), "{body}");
        }
        for _ in 0..1000 {
            assert_eq!(closed.recv().await.unwrap(), CloseReason::Shutdown);
        }
    })
    .await;
}

#[tokio::test]
async fn a_thousand_streams_send_their_last_event() {
    bounded(async {
        let (stopper, stop) = watch::channel(false);
        let events = async move || {
            let mut stop = stop.clone();
            let signal = async move {
                let _ = stop.wait_for(|stop| *stop).await;
            };
            Sse::new(idle()).shutdown_with(signal, Feed::Note("bye".into()))
        };
        let server = Taking::new(Router::new().fallback(any(events))).await;
        let streams = server.streams.clone();
        // The streams receive their own signal after that of the server.
        tokio::spawn(async move {
            while streams.taken_over() < 1000 {
                sleep(Duration::from_millis(5)).await;
            }
            sleep(Duration::from_millis(50)).await;
            stopper.send_replace(true);
        });
        for received in shut_down(server, 1000, 1000).await {
            assert_eq!(received, ("event: note\ndata: bye\n\n".to_owned(), Ended::Whole));
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_always_ready_ends_after_a_block() {
    bounded(async {
        let frames = || stream::repeat_with(|| Ok(Bytes::from("data: 1\n\n")));
        let server = Taking::new(Router::new().fallback(any(async move || foreign(frames())))).await;
        let [(body, ended)] = <[_; 1]>::try_from(shut_down(server, 1, 1).await).unwrap();
        assert_eq!(ended, Ended::Whole);
        assert!(body.ends_with("data: 1\n\n"));
    })
    .await;
}

#[tokio::test]
async fn a_stream_within_a_block_is_cut_if_the_block_does_not_end() {
    bounded(async {
        let frames = || stream::iter([Ok(Bytes::from("data: 1\n\nevent: half\n"))]).chain(stream::pending());
        let server = Taking::new(Router::new().fallback(any(async move || foreign(frames())))).await;
        assert_eq!(shut_down(server, 1, 1).await, [(String::new(), Ended::Cut)]);
    })
    .await;
}

#[tokio::test]
async fn a_stream_within_a_block_ends_with_the_block() {
    bounded(async {
        let frames = || {
            let rest = sleep(Duration::from_millis(700)).map(|()| Ok(Bytes::from("data: 2\n\n")));
            stream::iter([Ok(Bytes::from("event: half\n"))]).chain(rest.into_stream()).chain(stream::pending())
        };
        let server = Taking::new(Router::new().fallback(any(async move || foreign(frames())))).await;
        assert_eq!(shut_down(server, 1, 1).await, [("data: 2\n\n".to_owned(), Ended::Whole)]);
    })
    .await;
}

#[tokio::test]
async fn an_idle_stream_that_has_sent_a_keep_alive_is_between_two_blocks() {
    bounded(async {
        let frames = || stream::iter([Ok(Bytes::from("data: 1\n\n:\nretry: 7\n"))]).chain(stream::pending());
        let server = Taking::new(Router::new().fallback(any(async move || foreign(frames())))).await;
        assert_eq!(shut_down(server, 1, 1).await, [(String::new(), Ended::Whole)]);
    })
    .await;
}

#[tokio::test]
async fn an_encoded_stream_is_cut() {
    bounded(async {
        let frames = || stream::iter([Ok(Bytes::from("\n\n"))]).chain(stream::pending());
        let encoded = async move || ([("content-encoding", "x")], foreign(frames())).into_response();
        let server = Taking::new(Router::new().fallback(any(encoded))).await;
        assert_eq!(shut_down(server, 1, 1).await, [(String::new(), Ended::Cut)]);
    })
    .await;
}

#[tokio::test]
async fn streams_that_stay_with_hyper_end_too() {
    bounded(async {
        let mut server = Taking::new(Router::new().fallback(any(async || Sse::new(idle())))).await;
        let mut open = Vec::new();
        for request in ["POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", "PUT / HTTP/1.1\r\nhost: a\r\n\r\n"]
        {
            let mut raw = Raw::request(server.address, request.as_bytes()).await;
            raw.head().await;
            raw.chunk().await.unwrap();
            open.push(raw);
        }
        let mut old = Raw::request(server.address, b"GET / HTTP/1.0\r\n\r\n").await;
        old.head().await;
        old.exactly(b"event: tick\ndata: 1\n\n".len()).await;
        assert_eq!(server.streams.taken_over(), 0);
        server.signal();
        for mut raw in open {
            assert_eq!(raw.chunks().await, (vec![], Ended::Whole));
        }
        assert_eq!(old.chunk().await, None);
        server.returned().await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_that_is_taken_over_after_the_signal_ends_too() {
    bounded(async {
        let (arrived, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (handler_arrived, handler_go) = (Arc::clone(&arrived), Arc::clone(&go));
        let late = async move || {
            handler_arrived.notify_one();
            handler_go.notified().await;
            Sse::new(idle())
        };
        let mut server = Taking::new(Router::new().fallback(any(late))).await;
        let mut raw = Raw::get(server.address).await;
        arrived.notified().await;
        server.signal();
        // The server has received the signal once it refuses connections.
        while tokio::net::TcpStream::connect(server.address).await.is_ok() {
            sleep(Duration::from_millis(1)).await;
        }
        go.notify_one();
        raw.head().await;
        assert_eq!(raw.chunks().await, (vec![b"event: tick\ndata: 1\n\n".to_vec()], Ended::Whole));
        server.returned().await;
    })
    .await;
}

#[tokio::test]
async fn a_server_without_streams_returns_at_once() {
    bounded(async {
        let mut server = Taking::new(Router::new().fallback(any(|| ready("text")))).await;
        assert_eq!(reqwest::get(server.url()).await.unwrap().text().await.unwrap(), "text");
        server.signal();
        server.returned().await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_does_not_read_delays_the_shutdown_only_for_a_while() {
    bounded(async {
        let frames = || stream::repeat_with(|| Ok(Bytes::from(format!("data: {}\n\n", "x".repeat(10_000)))));
        let router = Router::new().fallback(any(async move || foreign(frames())));
        // The write timeout is longer than the test lasts.
        let mut server = Taking::with(router, Duration::from_secs(600)).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        server.taken(1).await;
        server.signal();
        server.returned().await;
    })
    .await;
}
