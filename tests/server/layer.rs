//! What stands around the handler: layers, headers, methods.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    routing::{any, get},
};
use futures_util::stream;
use sse_axum::Sse;
use tower_http::compression::CompressionLayer;

use super::{
    Server, bounded,
    feed::Feed,
    lockstep::Lockstep,
    raw::{Ended, Raw},
};

#[tokio::test]
async fn compression_leaves_a_stream_alone() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let router = Router::new()
            .route("/events", get(async move || serving.response()))
            .route("/page", get(async || "text ".repeat(1000)))
            .layer(CompressionLayer::new());
        let server = Server::new(router).await;
        let fetch = |path| reqwest::Client::new().get(server.url() + path).header("accept-encoding", "gzip").send();

        assert_eq!(fetch("page").await.unwrap().headers()["content-encoding"], "gzip", "the layer is at work");
        let response = fetch("events").await.unwrap();
        assert_eq!(response.headers().get("content-encoding"), None);
        lockstep.follow(response.bytes_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn headers_in_front_of_a_stream_come_with_it_or_in_place_of_its_own() {
    bounded(async {
        let headers = [(header::CACHE_CONTROL, "no-store"), (header::VARY, "Cookie")];
        let server = Server::answering(move || (headers.clone(), Sse::new(stream::iter([Feed::Closed])))).await;
        let response = reqwest::get(server.url()).await.unwrap();
        let expected = [
            ("cache-control", "no-store"),
            ("vary", "Cookie"),
            ("content-type", "text/event-stream"),
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
