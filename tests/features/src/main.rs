//! Reads streams with `sse-client` over TLS and in gzip. The workspace does not enable these features of `reqwest`,
//! because they would change the tests of programs without them.

use std::{
    error::Error as _,
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::Arc,
    time::Duration,
};

use futures_util::StreamExt;
use reqwest::{Certificate, Client};
use rustls::{ServerConfig, pki_types::PrivatePkcs8KeyDer};
use sse_client::{CloseReason, Error, EventSource, Policy, Tries};
use sse_core::RawEventBuf;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;

/// `printf 'event: tick\ndata: 1\n\nevent: done\ndata: \n\n' | gzip -n`
const GZIP: &[u8] = include_bytes!("../feed.gz");

const EVENT: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: tick\ndata: 1\n\n";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    rustls::crypto::ring::default_provider().install_default().expect("no other provider");
    a_gzip_body_is_decoded().await;
    let (url, certificate) = serve_tls().await;
    a_trusted_certificate_is_accepted(&url, certificate).await;
    an_unknown_certificate_is_a_failed_connection(&url).await;
    a_server_without_tls_is_a_failed_connection().await;
    println!("TLS and gzip work");
}

fn source(client: Client, url: &str) -> EventSource<RawEventBuf> {
    let policy = Policy::new().base(Duration::from_millis(1)).floor(Duration::from_millis(1)).tries(Tries::AtMost(2));
    EventSource::new(client.get(url)).policy(policy)
}

/// Reads a source that gives up, and returns the last error with its causes.
async fn given_up(mut source: EventSource<RawEventBuf>) -> String {
    let error = source.next().await.expect("an item").expect_err("an error");
    let Error::GaveUp { tries: 2, last, .. } = error else { panic!("{error:?}") };
    assert!(matches!(*last, Error::Connect(_)), "{last:?}");
    let (mut text, mut cause) = (last.to_string(), last.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    assert!(!text.contains("hunter2"), "{text}");
    text
}

async fn a_gzip_body_is_decoded() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().expect("a client");
        assert_ne!(connection.read(&mut [0; 1024]).expect("a request"), 0);
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
        connection.write_all(&[head.as_bytes(), GZIP].concat()).expect("the client reads");
    });
    let mut source = source(Client::new(), &url).once();
    let names: Vec<_> = source.by_ref().map(|event| event.expect("an event").name().to_owned()).collect().await;
    assert_eq!(names, ["tick", "done"]);
    assert_eq!(source.close_reason(), Some(CloseReason::Ended));
}

async fn a_trusted_certificate_is_accepted(url: &str, certificate: Certificate) {
    let client = Client::builder().tls_certs_only([certificate]).build().expect("a client");
    let event = source(client, url).next().await.expect("an item").expect("an event");
    assert_eq!(event.data(), "1");
}

async fn an_unknown_certificate_is_a_failed_connection(url: &str) {
    let text = given_up(source(Client::new(), &format!("{url}?key=hunter2"))).await;
    assert!(text.contains("certificate"), "{text}");
}

async fn a_server_without_tls_is_a_failed_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("https://localhost:{}/", listener.local_addr().expect("bound").port());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            // The client may have closed the connection.
            let _ = connection.expect("a client").write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    given_up(source(Client::new(), &url)).await;
}

/// Serves one event over TLS for every connection. Returns the URL, and the certificate of the server.
async fn serve_tls() -> (String, Certificate) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let certificate = signed.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der());
    let config = ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.clone()], key.into()).expect("a configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://localhost:{}/", listener.local_addr().expect("bound").port());
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.expect("a client");
            // A client that does not trust the certificate ends the handshake.
            let Ok(mut connection) = acceptor.accept(connection).await else { continue };
            if connection.read(&mut [0; 1024]).await.is_ok_and(|len| len > 0) {
                connection.write_all(EVENT.as_bytes()).await.expect("the client reads");
                connection.shutdown().await.expect("the client reads");
            }
        }
    });
    (url, Certificate::from_der(&certificate).expect("a certificate"))
}
