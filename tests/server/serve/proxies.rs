//! Connections that are taken over behind real proxies.

use std::{sync::Arc, time::Duration};

use axum::{Router, routing::get};
use futures_util::stream;
use sse_axum::{KeepAlive, Sse};

use super::{Taking, idle};
use crate::server::{Server, bounded, feed::Feed, lockstep::Lockstep, proxies::Proxy};

/// A router whose streams a proxy passes on.
fn router(lockstep: &Arc<Lockstep>) -> Router {
    let lockstep = Arc::clone(lockstep);
    Router::new()
        .route("/lockstep", get(async move || lockstep.response()))
        // haproxy and others notice that their client has gone only when they write to it.
        .route("/idle", get(async || Sse::new(idle()).keep_alive(KeepAlive::new().interval(Duration::from_millis(50)))))
        .route("/fails", get(async || Sse::new(stream::iter([Ok(Feed::Tick(1)), Err("the source is gone")]))))
        .route("/text", get(async || "text"))
}

/// Checks what a stream has to do behind every proxy that uses HTTP/1.1.
async fn check(url: &str, server: &Taking, lockstep: &Lockstep) {
    let client = reqwest::Client::new();
    let get = async |path: &str| client.get(format!("{url}{path}")).send().await.unwrap();
    for _ in 0..3 {
        // Other responses before and after a stream, on connections that the proxy may reuse.
        assert_eq!(get("text").await.text().await.unwrap(), "text");
        let response = get("lockstep").await;
        server.taken(1).await;
        lockstep.follow(response.bytes_stream()).await;
        server.taken(0).await;
    }
    let mut response = get("idle").await;
    assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
    server.taken(1).await;
    drop(response);
    server.taken(0).await;
}

/// Returns whether a client notices that its stream was cut.
async fn notices_a_cut(url: &str) -> bool {
    let mut response = reqwest::get(format!("{url}fails")).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
    response.chunk().await.is_err()
}

#[tokio::test]
async fn streams_behind_nginx_are_taken_over_if_it_uses_http_1_1() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let server = Taking::new(router(&lockstep)).await;
        let nginx = Proxy::nginx(server.address, "proxy_http_version 1.1;").await;
        check(&nginx.url(), &server, &lockstep).await;
        assert!(notices_a_cut(&nginx.url()).await);
        let nginx = Proxy::nginx(server.address, "proxy_http_version 1.0;").await;
        let response = reqwest::get(nginx.url() + "lockstep").await.unwrap();
        lockstep.follow(response.bytes_stream()).await;
        let mut response = reqwest::get(nginx.url() + "idle").await.unwrap();
        response.chunk().await.unwrap().unwrap();
        assert_eq!(server.streams.taken_over(), 0);
    })
    .await;
}

#[tokio::test]
async fn streams_behind_haproxy_are_taken_over() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let server = Taking::new(router(&lockstep)).await;
        let proxy = Proxy::haproxy(server.address, "").await;
        check(&proxy.url(), &server, &lockstep).await;
        assert!(notices_a_cut(&proxy.url()).await);
    })
    .await;
}

#[tokio::test]
async fn streams_behind_caddy_are_taken_over() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let server = Taking::new(router(&lockstep)).await;
        let proxy = Proxy::caddy(server.address).await;
        check(&proxy.url(), &server, &lockstep).await;
        // Some versions of Caddy complete a body that is cut, whoever serves it.
        let oracle = Server::new(router(&lockstep)).await;
        let before_oracle = Proxy::caddy(oracle.address).await;
        assert_eq!(notices_a_cut(&proxy.url()).await, notices_a_cut(&before_oracle.url()).await);
    })
    .await;
}
