//! `sse_axum::serve` over real sockets, with `axum::serve` as the oracle.

mod child;
mod faults;
mod oracle;
mod protocols;
mod proxies;
mod responses;
mod shutdown;
mod taken;

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    BoxError, Json, Router,
    body::{Body, Bytes},
    extract::Request,
    http::{
        HeaderMap, StatusCode,
        header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE},
    },
    response::{IntoResponse, Response, sse},
    routing::{any, get, post},
};
use futures_util::{Stream, StreamExt, stream};
use sse_axum::{Sse, serve::Streams};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{LIMIT, feed::Feed};

/// A server that takes over, on a loopback address. Dropping it stops the server.
struct Taking {
    address: SocketAddr,
    streams: Streams,
    task: JoinHandle<()>,
    stop: Option<oneshot::Sender<Infallible>>,
}

impl Taking {
    async fn new(router: Router) -> Self {
        Self::with(router, Duration::from_secs(30)).await
    }

    async fn with(router: Router, write_timeout: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (stop, stopped) = oneshot::channel::<Infallible>();
        let signal = async move {
            let _ = stopped.await;
        };
        let server = sse_axum::serve(listener, router).with_graceful_shutdown(signal).write_timeout(write_timeout);
        let (address, streams) = (server.local_addr().unwrap(), server.streams());
        let task = tokio::spawn(async move { server.await.unwrap() });
        Self { address, streams, task, stop: Some(stop) }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Waits until this number of connections is taken over.
    async fn taken(&self, count: usize) {
        let waiting = async {
            while self.streams.taken_over() != count {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let waited = timeout(LIMIT, waiting).await;
        assert!(waited.is_ok(), "{} connections are taken over, expected {count}", self.streams.taken_over());
    }

    /// Sends the signal to shut down.
    fn signal(&mut self) {
        self.stop = None;
    }

    /// Waits until the server has returned.
    async fn returned(mut self) {
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Taking {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A stream of one event that then stays open.
fn idle() -> impl Stream<Item = Feed> + Send {
    stream::iter([Feed::Tick(1)]).chain(stream::pending())
}

fn ticks() -> impl Stream<Item = Feed> + Send {
    stream::iter((1..=3).map(Feed::Tick))
}

/// Responds with an event stream that no library has made.
fn foreign(frames: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static) -> Response {
    ([(CONTENT_TYPE, "text/event-stream")], Body::from_stream(frames)).into_response()
}

/// Responds with axum's own event stream.
fn axums(events: impl Stream<Item = u64> + Send + 'static) -> Response {
    let events = events.map(|number| Ok::<_, Infallible>(sse::Event::default().data(number.to_string())));
    sse::Sse::new(events).into_response()
}

/// A router with event streams of all kinds that end, and with other responses.
fn app() -> Router {
    let frames = || stream::iter(["data: 1\n\n", "", "data: ", "2\n\n"]).map(|text| Ok(Bytes::from(text)));
    let with = |headers: HeaderMap| (headers, Sse::new(ticks()));
    let header = move |name, value: &str| with(HeaderMap::from_iter([(name, value.parse().unwrap())]));
    Router::new()
        .route("/ours", any(async || Sse::new(ticks())))
        .route("/get", get(async || Sse::new(ticks())))
        .route("/axums", get(async || axums(stream::iter(1..4))))
        .route("/foreign", get(async move || foreign(frames())))
        .route("/empty", get(async || Sse::new(stream::empty::<Feed>())))
        .route("/fails", get(async || Sse::new(stream::iter([Ok(Feed::Tick(1)), Err("gone")]))))
        .route("/fails-at-once", get(async || Sse::new(stream::iter([Err::<Feed, _>("gone")]))))
        .route("/terminal", get(async || Sse::new(stream::iter([Feed::Closed, Feed::Tick(1)]))))
        .route("/keep-alive", get(async move || header(CONNECTION, "keep-alive")))
        .route("/hop", get(async move || header(CONNECTION, "x-hop")))
        .route("/unavailable", get(async || (StatusCode::SERVICE_UNAVAILABLE, Sse::new(ticks()))))
        .route("/length", get(async || ([(CONTENT_TYPE, "text/event-stream"), (CONTENT_LENGTH, "9")], "data: 1\n\n")))
        .route("/json", get(async || Json(1)))
        .route("/text", get(async || "text"))
        .route("/large", get(async || "x".repeat(300_000)))
        .route("/frames", get(async || Body::from_stream(stream::iter([Ok::<_, Infallible>("a"), Ok("b")]))))
        .route("/none", get(async || StatusCode::NO_CONTENT))
        .route("/echo", post(async |body: Bytes| body))
        .route("/unread", post(async |_: Request| Sse::new(ticks())))
}
