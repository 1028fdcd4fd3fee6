//! TLS, HTTP/2 and h2c through the wrapper.

use std::{net::Ipv4Addr, sync::Arc};

use axum::{Router, http::Version, routing::any};
use futures_util::stream;
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sse_axum::{Sse, serve::Streams};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{client::TlsStream, rustls::pki_types::ServerName};

use super::{Taking, idle};
use crate::server::{
    bounded,
    http2::{HOST, TlsListener, http2, next, request, tls},
    lockstep::Lockstep,
};

/// Starts a server with TLS, and connects to it.
async fn connect(protocol: &[u8], router: Router) -> (Box<TlsStream<TcpStream>>, Streams) {
    let (acceptor, connector) = tls(protocol);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = sse_axum::serve(TlsListener { listener, acceptor }, router);
    let streams = server.streams();
    tokio::spawn(server.into_future());
    let socket = TcpStream::connect(address).await.unwrap();
    (Box::new(connector.connect(ServerName::try_from(HOST).unwrap(), socket).await.unwrap()), streams)
}

fn serving(lockstep: &Arc<Lockstep>) -> Router {
    let lockstep = Arc::clone(lockstep);
    Router::new().fallback(any(async move || lockstep.response()))
}

#[tokio::test]
async fn a_connection_with_tls_is_taken_over() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let (connection, streams) = connect(b"http/1.1", serving(&lockstep)).await;
        let (mut client, task) = http1::handshake(TokioIo::new(connection)).await.unwrap();
        tokio::spawn(task);
        let response = client.send_request(request("https")).await.unwrap();
        assert_eq!(response.headers()["connection"], "close");
        let mut frames = response.into_body().into_data_stream();
        let first = futures_util::StreamExt::next(&mut frames).await.unwrap();
        assert_eq!(streams.taken_over(), 1);
        lockstep.follow(futures_util::StreamExt::chain(stream::iter([first]), frames)).await;
        streams.ended().await;
    })
    .await;
}

#[tokio::test]
async fn streams_over_http_2_stay_with_hyper_and_end_at_the_shutdown() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let (connection, streams) = connect(b"h2", serving(&lockstep)).await;
        assert_eq!(connection.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let response = http2(connection).await.send_request(request("https")).await.unwrap();
        assert_eq!((response.version(), response.headers().get("connection")), (Version::HTTP_2, None));
        assert_eq!(streams.taken_over(), 0);
        lockstep.follow(response.into_body().into_data_stream()).await;

        let mut server = Taking::new(Router::new().fallback(any(async || Sse::new(idle())))).await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;
        let mut bodies = Vec::new();
        for _ in 0..10 {
            let mut body = client.send_request(request("http")).await.unwrap().into_body();
            assert_eq!(next(&mut body).await, "event: tick\ndata: 1\n\n");
            bodies.push(body);
        }
        assert_eq!(server.streams.taken_over(), 0);
        server.signal();
        for body in bodies {
            assert_eq!(body.collect().await.unwrap().to_bytes(), "");
        }
        server.returned().await;
    })
    .await;
}
