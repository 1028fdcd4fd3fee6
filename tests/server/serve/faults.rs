//! Clients that misbehave, and failures of the server.

use std::{
    panic,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::any};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sse_axum::Sse;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

use super::{Taking, foreign, idle};
use crate::server::{
    bounded,
    feed::{Feed, Watch, watched},
    raw::{Ended, Raw},
};

const GET: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// A server of one stream, which is observed.
async fn one(
    write_timeout: Duration,
    stream: impl futures_util::Stream<Item = Feed> + Send + Unpin + 'static,
) -> (Taking, Watch) {
    let (stream, watch) = watched(stream);
    let stream = Arc::new(Mutex::new(Some(stream)));
    let router = Router::new().fallback(any(async move || Sse::new(stream.lock().unwrap().take().unwrap())));
    (Taking::with(router, write_timeout).await, watch)
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_after_the_write_timeout() {
    bounded(async {
        let events = stream::repeat_with(|| Feed::Note("x".repeat(10_000)));
        let (server, watch) = one(Duration::from_millis(300), events).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        // The stream is not polled while it waits, so only the timeout can end it.
        watch.dropped().await;
        server.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_sends_for_ever_is_closed() {
    bounded(async {
        let (server, watch) = one(Duration::from_secs(30), Box::pin(idle())).await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        client.write_all(GET).await.unwrap();
        server.taken(1).await;
        // Less than the limit does not matter.
        client.write_all(&vec![b'x'; 60_000]).await.unwrap();
        let mut byte = [0];
        client.read_exact(&mut byte).await.unwrap();
        sleep(Duration::from_millis(20)).await;
        server.taken(1).await;
        while client.write_all(&[b'x'; 1000]).await.is_ok() {}
        watch.dropped().await;
        server.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn requests_that_follow_a_stream_are_not_answered() {
    bounded(async {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let router = Router::new().fallback(any(async move || {
            counted.fetch_add(1, Ordering::Relaxed);
            Sse::new(stream::iter([Feed::Tick(1)]))
        }));
        let server = Taking::new(router).await;
        let mut raw = Raw::request(server.address, &GET.repeat(100)).await;
        raw.head().await;
        assert_eq!(raw.chunks().await, (vec![b"event: tick\ndata: 1\n\n".to_vec()], Ended::Whole));
        assert_eq!(raw.chunk().await, None);
        server.taken(0).await;
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    })
    .await;
}

#[tokio::test]
async fn a_client_that_closes_its_side_ends_the_stream() {
    bounded(async {
        let (server, watch) = one(Duration::from_secs(30), Box::pin(idle())).await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        client.write_all(GET).await.unwrap();
        server.taken(1).await;
        client.shutdown().await.unwrap();
        watch.dropped().await;
        server.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_resets_the_connection_ends_the_stream() {
    bounded(async {
        let (server, watch) = one(Duration::from_secs(30), Box::pin(idle())).await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        client.write_all(GET).await.unwrap();
        server.taken(1).await;
        client.set_zero_linger().unwrap();
        drop(client);
        watch.dropped().await;
        server.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_does_not_close_after_the_end_is_closed_soon() {
    bounded(async {
        let (server, _watch) = one(Duration::from_secs(30), stream::iter([Feed::Tick(1)])).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        raw.chunks().await;
        // The client keeps its side open.
        server.taken(0).await;
        drop(raw);
    })
    .await;
}

#[tokio::test]
async fn a_body_that_panics_ends_only_its_own_connection() {
    bounded(async {
        let calls = Arc::new(AtomicUsize::new(0));
        let router = Router::new().fallback(any(async move || {
            let is_first = calls.fetch_add(1, Ordering::Relaxed) == 0;
            let rest = stream::once(async move {
                sleep(Duration::from_millis(50)).await;
                if is_first {
                    panic::resume_unwind(Box::new("this stream panics"));
                }
                Feed::Closed
            });
            Sse::new(stream::iter([Feed::Tick(1)]).chain(rest))
        }));
        let server = Taking::new(router).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        server.taken(1).await;
        assert_eq!(raw.chunks().await.1, Ended::Cut);
        server.taken(0).await;
        let body = reqwest::get(server.url()).await.unwrap().text().await.unwrap();
        assert_eq!(body, "event: tick\ndata: 1\n\nevent: closed\ndata: \n\n");
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_taken_over_when_the_socket_is_full() {
    bounded(async {
        // Responses that the client does not read fill the buffers of both sockets, so the head of the stream waits.
        let large = "x".repeat(100_000);
        let router = Router::new()
            .route("/large", any(async move || large.clone()))
            .route("/", any(async || Sse::new(stream::iter([Feed::Tick(1)]))));
        let server = Taking::new(router).await;
        let before = 200;
        let mut requests = b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n".repeat(before);
        requests.extend_from_slice(GET);
        let (mut reader, mut writer) = TcpStream::connect(server.address).await.unwrap().into_split();
        let writing = tokio::spawn(async move {
            writer.write_all(&requests).await.unwrap();
            writer
        });
        sleep(Duration::from_millis(100)).await;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await.unwrap();
        drop(writing.await.unwrap());
        assert!(bytes.len() > before * 100_000);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.ends_with("\r\n\r\n15\r\nevent: tick\ndata: 1\n\n\r\n0\r\n\r\n"), "{}", &text[text.len() - 300..]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_clients_come_and_go_on_several_threads() {
    bounded(async {
        let frames = || {
            stream::iter(0..50).then(async |number: u32| {
                tokio::task::yield_now().await;
                Ok(Bytes::from(format!("data: {number}\n\n")))
            })
        };
        let server = Taking::new(Router::new().fallback(any(async move || foreign(frames())))).await;
        let expected = (0..50).map(|number| format!("data: {number}\n\n")).collect::<Vec<_>>().concat();
        let mut clients = JoinSet::new();
        for client in 0..400 {
            let (address, expected) = (server.address, expected.clone());
            clients.spawn(async move {
                let mut raw = Raw::get(address).await;
                raw.head().await;
                // A third of the clients leave early.
                if client % 3 == 0 {
                    drop(raw.chunk().await);
                    return;
                }
                let (chunks, ended) = raw.chunks().await;
                assert_eq!((String::from_utf8(chunks.concat()).unwrap(), ended), (expected, Ended::Whole));
            });
        }
        clients.join_all().await;
        server.taken(0).await;
    })
    .await;
}
