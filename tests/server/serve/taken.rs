//! What is taken over, and what it gives: layers, addresses, other listeners.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::StatusCode,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post},
    serve::ListenerExt,
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sse_axum::{
    CloseReason, Sse,
    serve::{MakeTakeOver, TakeOver},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixListener, UnixStream},
    sync::{mpsc, watch},
};
use tower_http::{compression::CompressionLayer, cors::CorsLayer, trace::TraceLayer};

use super::{Taking, axums, foreign, idle};
use crate::server::{
    bounded,
    feed::{Feed, watched},
    lockstep::Lockstep,
    raw::{Ended, Raw},
};

/// Event streams of all origins that stay open after one event.
fn open() -> Router {
    let first = || stream::iter([Ok(Bytes::from("data: 1\n\n"))]).chain(stream::pending());
    Router::new()
        .route("/ours", any(async || Sse::new(idle())))
        .route("/axums", get(async || axums(stream::iter([1]).chain(stream::pending()))))
        .route("/foreign", get(async move || foreign(first())))
        .route("/unavailable", get(async || (StatusCode::SERVICE_UNAVAILABLE, Sse::new(idle()))))
        .route("/hop", get(async || ([("connection", "x-hop")], Sse::new(idle()))))
        .route("/frames", get(async move || axum::body::Body::from_stream(first())))
}

#[tokio::test]
async fn streams_of_any_origin_are_taken_over() {
    bounded(async {
        let server = Taking::new(open()).await;
        let mut open = Vec::new();
        for (path, first) in
            [("ours", "event: tick\ndata: 1\n\n"), ("axums", "data: 1\n\n"), ("foreign", "data: 1\n\n")]
        {
            let request = format!("GET /{path} HTTP/1.1\r\nhost: a\r\n\r\n");
            let mut raw = Raw::request(server.address, request.as_bytes()).await;
            let head = raw.head().await;
            assert!(
                head.contains("connection: close\r\n") && head.contains("transfer-encoding: chunked\r\n"),
                "{head}"
            );
            assert_eq!(raw.chunk().await.unwrap(), first.as_bytes(), "{path}");
            open.push(raw);
            server.taken(open.len()).await;
        }
        drop(open);
        server.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_not_exactly_a_stream_over_http_1_1_stays_with_hyper() {
    bounded(async {
        let server = Taking::new(open()).await;
        let mut open = Vec::new();
        for request in [
            "POST /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
            "GET /ours HTTP/1.0\r\n\r\n",
            "GET /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\na",
            "GET /ours HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n",
            "GET /unavailable HTTP/1.1\r\nhost: a\r\n\r\n",
            "GET /hop HTTP/1.1\r\nhost: a\r\n\r\n",
            "GET /frames HTTP/1.1\r\nhost: a\r\n\r\n",
        ] {
            let mut raw = Raw::request(server.address, request.as_bytes()).await;
            raw.head().await;
            // The body has been polled, so a connection that is taken over is taken over by now.
            raw.exactly(5).await;
            assert_eq!(server.streams.taken_over(), 0, "{request}");
            open.push(raw);
        }
    })
    .await;
}

#[tokio::test]
async fn events_arrive_one_by_one_and_through_layers() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let router = Router::new()
            .fallback(any(async move || serving.response()))
            .layer(CompressionLayer::new())
            .layer(CorsLayer::permissive())
            .layer(TraceLayer::new_for_http());
        let server = Taking::new(router).await;
        let response = reqwest::get(server.url()).await.unwrap();
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        server.taken(1).await;
        lockstep.follow(response.bytes_stream()).await;
        server.taken(0).await;
    })
    .await;
}

/// Rejects the third request of an address, as a limiter does.
async fn limit(
    State(seen): State<Arc<Mutex<HashMap<IpAddr, usize>>>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let count = {
        let mut seen = seen.lock().unwrap();
        let count = seen.entry(address.ip()).or_default();
        *count += 1;
        *count
    };
    if count > 2 { StatusCode::TOO_MANY_REQUESTS.into_response() } else { next.run(request).await }
}

#[tokio::test]
async fn a_limiter_finds_the_address_of_the_client() {
    bounded(async {
        let router = open().layer(middleware::from_fn_with_state(Arc::default(), limit));
        let server = Taking::new(router).await;
        let get = || Raw::request(server.address, b"GET /ours HTTP/1.1\r\nhost: a\r\n\r\n");
        let (mut first, mut second) = (get().await, get().await);
        assert!(first.head().await.starts_with("HTTP/1.1 200"));
        assert!(second.head().await.starts_with("HTTP/1.1 200"));
        server.taken(2).await;
        assert!(get().await.head().await.starts_with("HTTP/1.1 429"));
    })
    .await;
}

#[tokio::test]
async fn a_unix_socket_is_taken_over_too() {
    bounded(async {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
        let path = folder.join(format!("serve-{}.socket", std::process::id()));
        let _ = std::fs::remove_file(&path);
        let address =
            async |ConnectInfo(address): ConnectInfo<tokio::net::unix::SocketAddr>| format!("{}", address.is_unnamed());
        let router = open().route("/address", get(address));
        let server = sse_axum::serve(UnixListener::bind(&path).unwrap(), router);
        let streams = server.streams();
        let task = tokio::spawn(server.into_future());
        let ask = async |path_of_request: &str, end: &str| {
            let mut client = UnixStream::connect(&path).await.unwrap();
            let request = format!("GET {path_of_request} HTTP/1.1\r\nhost: a\r\n\r\n");
            client.write_all(request.as_bytes()).await.unwrap();
            let mut seen = String::new();
            while !seen.contains(end) {
                seen.push(char::from(client.read_u8().await.unwrap()));
            }
            client
        };
        ask("/address", "\r\n\r\ntrue").await;
        let client = ask("/ours", "data: 1\n\n\r\n").await;
        assert_eq!(streams.taken_over(), 1);
        drop(client);
        streams.ended().await;
        task.abort();
        let _ = std::fs::remove_file(&path);
    })
    .await;
}

#[tokio::test]
async fn the_two_parts_can_be_passed_to_axum() {
    bounded(async {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap().tap_io(|socket| socket.set_nodelay(true).unwrap());
        let listener = TakeOver::new(tcp);
        let (streams, address) = (listener.streams(), axum::serve::Listener::local_addr(&listener).unwrap());
        let (stop, mut stopped) = watch::channel(false);
        let ending = streams.clone();
        let signal = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
            ending.end();
        };
        let make_service = MakeTakeOver::new(open().into_make_service());
        let server = tokio::spawn(axum::serve(listener, make_service).with_graceful_shutdown(signal).into_future());
        let mut raw = Raw::request(address, b"GET /ours HTTP/1.1\r\nhost: a\r\n\r\n").await;
        raw.head().await;
        raw.chunk().await.unwrap();
        assert_eq!(streams.taken_over(), 1);
        stop.send_replace(true);
        assert_eq!(raw.chunks().await, (vec![], Ended::Whole));
        server.await.unwrap().unwrap();
        streams.ended().await;
    })
    .await;
}

#[tokio::test]
async fn a_stream_reports_its_end_as_without_the_take_over() {
    bounded(async {
        let (sender, mut closed) = mpsc::unbounded_channel();
        let report = move |reason| {
            let sender = sender.clone();
            move |closed: sse_axum::StreamClosed| sender.send((reason, closed.reason, closed.events)).unwrap()
        };
        let (gone, finished, failed) = (report("gone"), report("finished"), report("failed"));
        let router = Router::new()
            .route("/gone", get(async move || Sse::new(idle()).on_close(gone)))
            .route("/finished", get(async move || Sse::new(stream::iter([Feed::Tick(1)])).on_close(finished)))
            .route(
                "/failed",
                get(async move || Sse::new(stream::iter([Ok(Feed::Tick(1)), Err("x")])).on_close(failed)),
            );
        let server = Taking::new(router).await;
        for (path, reason) in
            [("gone", CloseReason::ClientGone), ("finished", CloseReason::Finished), ("failed", CloseReason::Error)]
        {
            let request = format!("GET /{path} HTTP/1.1\r\nhost: a\r\n\r\n");
            let mut raw = Raw::request(server.address, request.as_bytes()).await;
            raw.head().await;
            assert_eq!(raw.chunk().await.unwrap(), b"event: tick\ndata: 1\n\n");
            drop(raw);
            assert_eq!(closed.recv().await.unwrap(), (path, reason, 1));
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_dropped_within_one_poll_of_a_client_that_is_gone() {
    bounded(async {
        let (stream, mut watch) = watched(idle());
        let stream = Arc::new(Mutex::new(Some(stream)));
        let router = Router::new().fallback(any(async move || Sse::new(stream.lock().unwrap().take().unwrap())));
        let server = Taking::new(router).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        raw.chunk().await.unwrap();
        server.taken(1).await;
        assert!(watch.is_alive());
        let polls = watch.polls();
        drop(raw);
        server.taken(0).await;
        assert_eq!(watch.polls(), polls, "the stream was polled for a client that is gone");
        watch.dropped().await;
    })
    .await;
}

#[tokio::test]
async fn a_websocket_upgrade_passes_through() {
    let echo = async |mut request: Request| {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let mut io = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
            let mut byte = [0];
            while io.read_exact(&mut byte).await.is_ok() {
                io.write_all(&byte).await.unwrap();
            }
        });
        (StatusCode::SWITCHING_PROTOCOLS, [("connection", "upgrade"), ("upgrade", "echo")])
    };
    bounded(async {
        let server = Taking::new(Router::new().route("/", get(echo)).route("/post", post(async || "x"))).await;
        let mut client = TcpStream::connect(server.address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101"));
        for byte in *b"\r\n\r\nGET / HTTP/1.1\r\n\r\n" {
            client.write_u8(byte).await.unwrap();
            assert_eq!(client.read_u8().await.unwrap(), byte);
        }
    })
    .await;
}
