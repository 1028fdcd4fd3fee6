//! Layers, headers and methods around the handler.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header},
    routing::{any, get},
};
use futures_util::stream;
use sse_axum::{
    KeepAlive, LastEventId, Sse,
    test::{ReadError, ResponseReader},
};
use tokio::time::Instant;
use tower_http::{
    compression::CompressionLayer,
    cors::CorsLayer,
    timeout::{ResponseBodyDeadlineLayer, ResponseBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};

use super::{
    LIMIT, Server, bounded,
    feed::Feed,
    lockstep::Lockstep,
    raw::{Ended, Raw},
};

#[tokio::test]
async fn compression_skips_event_streams() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let router = Router::new()
            .route("/events", get(async move || serving.response()))
            .route("/page", get(async || "text ".repeat(1000)))
            .layer(CompressionLayer::new());
        let server = Server::new(router).await;
        let fetch = |path| reqwest::Client::new().get(server.url() + path).header("accept-encoding", "gzip").send();

        assert_eq!(fetch("page").await.unwrap().headers()["content-encoding"], "gzip", "the layer is active");
        let response = fetch("events").await.unwrap();
        assert_eq!(response.headers().get("content-encoding"), None);
        lockstep.follow(response.bytes_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn events_arrive_one_by_one_through_common_layers() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let router = Router::new()
            .route("/", get(async move || serving.response()))
            .layer(CompressionLayer::new())
            .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, LIMIT))
            .layer(ResponseBodyTimeoutLayer::new(LIMIT))
            .layer(TraceLayer::new_for_http());
        let server = Server::new(router).await;
        let response = reqwest::get(server.url()).await.unwrap();
        lockstep.follow(response.bytes_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn cors_allows_a_page_of_another_origin_to_listen_and_resume() {
    const ORIGIN: &str = "https://app.example.com";
    bounded(async {
        let cors = CorsLayer::new()
            .allow_origin(HeaderValue::from_static(ORIGIN))
            .allow_credentials(true)
            .allow_headers([header::AUTHORIZATION, HeaderName::from_static("last-event-id")]);
        let events = async |LastEventId(last): LastEventId<u64>| Sse::new(stream::iter(last.map(Feed::Tick)));
        let server = Server::new(Router::new().route("/", get(events)).layer(cors)).await;
        let ask = |method: Method| reqwest::Client::new().request(method, server.url()).header("origin", ORIGIN);

        let preflight = ask(Method::OPTIONS)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization,last-event-id");
        let preflight = preflight.send().await.unwrap();
        assert_eq!(preflight.headers()["access-control-allow-headers"], "authorization,last-event-id");
        let response = ask(Method::GET).header("last-event-id", "7").send().await.unwrap();
        for head in [preflight.headers(), response.headers()] {
            assert_eq!(head["access-control-allow-origin"], ORIGIN);
            assert_eq!(head["access-control-allow-credentials"], "true");
        }
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        assert_eq!(response.text().await.unwrap(), "event: tick\ndata: 7\n\n");
    })
    .await;
}

/// Returns how many seconds an idle stream lasts, at most 100.
async fn lifetime(keep_alive: KeepAlive<Feed>, around: impl FnOnce(Router) -> Router) -> u64 {
    let router = Router::new().route("/", get(async || Sse::new(stream::pending::<Feed>()).keep_alive(keep_alive)));
    let request = Request::get("/").body(Body::empty()).unwrap();
    let start = Instant::now();
    let mut reader =
        ResponseReader::<Feed>::from_service(around(router), request).await.timeout(Duration::from_secs(100));
    match reader.rest().await.unwrap_err() {
        ReadError::Body(_) | ReadError::Timeout { .. } => start.elapsed().as_secs(),
        other => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn only_layers_with_a_time_limit_on_the_body_cut_a_stream() {
    let time = Duration::from_secs(20);
    let head = move |router: Router| router.layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, time));
    let frame = move |router: Router| router.layer(ResponseBodyTimeoutLayer::new(time));
    let body = move |router: Router| router.layer(ResponseBodyDeadlineLayer::new(time));
    assert_eq!(lifetime(KeepAlive::off(), head).await, 100);
    assert_eq!(lifetime(KeepAlive::new(), frame).await, 100);
    assert_eq!(lifetime(KeepAlive::off(), frame).await, 20);
    assert_eq!(lifetime(KeepAlive::new(), body).await, 20);
}

#[tokio::test]
async fn headers_in_the_response_tuple_add_to_or_replace_those_of_the_stream() {
    bounded(async {
        let headers = [(header::CACHE_CONTROL, "no-store"), (header::VARY, "Cookie")];
        let server = Server::answering(move || (headers.clone(), Sse::new(stream::iter([Feed::Closed])))).await;
        let response = reqwest::get(server.url()).await.unwrap();
        let expected = [
            ("cache-control", "no-store"),
            ("vary", "Cookie"),
            ("content-type", "text/event-stream; charset=utf-8"),
            ("x-accel-buffering", "no"),
        ];
        for (name, value) in expected {
            assert_eq!(response.headers().get_all(name).iter().collect::<Vec<_>>(), [value], "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn any_method_gets_the_events() {
    bounded(async {
        let router = Router::new().route("/", any(async || Sse::new(stream::iter([Feed::Closed]))));
        let server = Server::new(router).await;
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"] {
            let request = format!("{method} / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{{}}");
            let mut raw = Raw::request(server.address, request.as_bytes()).await;
            assert!(raw.head().await.starts_with("HTTP/1.1 200"), "{method}");
            let (chunks, ended) = raw.chunks().await;
            assert_eq!((chunks.concat(), ended), (b"event: closed\ndata: \n\n".to_vec(), Ended::Whole), "{method}");
        }
    })
    .await;
}
