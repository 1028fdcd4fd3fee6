//! The server over HTTP/2, with prior knowledge and over TLS, and over HTTP/1.1 with TLS.

use std::{
    future::ready,
    io,
    net::{Ipv4Addr, SocketAddr},
    panic,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body, http::Request, routing::any, serve::Listener};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use hyper::{
    body::Incoming,
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use sse_axum::Sse;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::{
    TlsAcceptor, TlsConnector, client, rustls,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName},
    },
    server,
};

use super::{
    Server, bounded,
    feed::{Feed, watched},
    lockstep::Lockstep,
};

pub(super) const HOST: &str = "localhost";

pub(super) fn request(scheme: &str) -> Request<Body> {
    Request::get(format!("{scheme}://{HOST}/")).body(Body::empty()).unwrap()
}

/// Starts an HTTP/2 client on this connection.
pub(super) async fn http2(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> http2::SendRequest<Body> {
    let (sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io)).await.unwrap();
    tokio::spawn(connection);
    sender
}

#[tokio::test]
async fn events_arrive_one_by_one_over_http2_with_prior_knowledge() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let server = Server::answering(move || serving.response()).await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;
        let response = client.send_request(request("http")).await.unwrap();
        assert_eq!(response.version(), axum::http::Version::HTTP_2);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        lockstep.follow(response.into_body().into_data_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn streams_of_one_http2_connection_end_independently() {
    bounded(async {
        let (sender, mut watches) = tokio::sync::mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let (stream, watch) = watched(stream::iter([Feed::Tick(1)]).chain(stream::pending()));
            sender.send(watch).unwrap();
            Sse::new(stream)
        })
        .await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;
        let mut bodies = Vec::new();
        for _ in 0..2 {
            let mut body = client.send_request(request("http")).await.unwrap().into_body();
            assert_eq!(next(&mut body).await, "event: tick\ndata: 1\n\n");
            bodies.push((body, watches.recv().await.unwrap()));
        }
        // The client resets one stream and keeps the connection.
        let (body, watch) = bodies.remove(0);
        drop(body);
        watch.dropped().await;
        let (_, other) = &mut bodies[0];
        assert!(other.is_alive());
    })
    .await;
}

#[tokio::test]
async fn a_graceful_shutdown_ends_the_streams_of_an_http2_connection_and_then_the_connection() {
    bounded(async {
        let (sender, stop) = watch::channel(false);
        let stopped = async |mut stop: watch::Receiver<bool>| {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        let signal = stop.clone();
        let events = async move || {
            let idle = stream::iter([Feed::Tick(1)]).chain(stream::pending());
            Sse::new(idle).shutdown_with(stopped(signal), Feed::Note("bye".into()))
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(any(events));
        let server = axum::serve(listener, router.into_make_service()).with_graceful_shutdown(stopped(stop));
        let server = tokio::spawn(server.into_future());

        let mut client = http2(TcpStream::connect(address).await.unwrap()).await;
        let mut bodies = Vec::new();
        for _ in 0..10 {
            let mut body = client.send_request(request("http")).await.unwrap().into_body();
            assert_eq!(next(&mut body).await, "event: tick\ndata: 1\n\n");
            bodies.push(body);
        }
        sender.send_replace(true);
        for mut body in bodies {
            assert_eq!(next(&mut body).await, "event: note\ndata: bye\n\n");
            assert!(body.frame().await.is_none());
        }
        server.await.unwrap().unwrap();
    })
    .await;
}

pub(super) async fn next(body: &mut Incoming) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

/// A listener that accepts TLS connections.
pub(super) struct TlsListener {
    pub(super) listener: TcpListener,
    pub(super) acceptor: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        let (socket, address) = self.listener.accept().await.unwrap();
        (self.acceptor.accept(socket).await.unwrap(), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Returns both sides of TLS, with a new self-signed certificate. The client negotiates `protocol`.
pub(super) fn tls(protocol: &[u8]) -> (TlsAcceptor, TlsConnector) {
    let issued = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let certificate = CertificateDer::from(issued.cert);
    let key = PrivatePkcs8KeyDer::from(issued.signing_key.serialize_der()).into();
    let provider = Arc::new(rustls::crypto::ring::default_provider());

    let server = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let server = server.unwrap().with_no_client_auth().with_single_cert(vec![certificate.clone()], key);
    let mut server = server.unwrap();
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let mut client = client.unwrap().with_root_certificates(roots).with_no_client_auth();
    client.alpn_protocols = vec![protocol.to_vec()];
    (TlsAcceptor::from(Arc::new(server)), TlsConnector::from(Arc::new(client)))
}

/// Starts a server with TLS, and connects to it.
async fn connect(protocol: &[u8], lockstep: &Arc<Lockstep>) -> Box<client::TlsStream<TcpStream>> {
    let (acceptor, connector) = tls(protocol);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let lockstep = Arc::clone(lockstep);
    let router = Router::new().fallback(any(async move || lockstep.response()));
    let listener = TlsListener { listener, acceptor };
    tokio::spawn(axum::serve(listener, router.into_make_service()).into_future());
    let socket = TcpStream::connect(address).await.unwrap();
    // Boxed because it is large and moves through several futures.
    Box::new(connector.connect(ServerName::try_from(HOST).unwrap(), socket).await.unwrap())
}

#[tokio::test]
async fn events_arrive_one_by_one_over_tls_with_http2() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let connection = connect(b"h2", &lockstep).await;
        assert_eq!(connection.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let response = http2(connection).await.send_request(request("https")).await.unwrap();
        lockstep.follow(response.into_body().into_data_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn events_arrive_one_by_one_over_tls_with_http1() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let connection = connect(b"http/1.1", &lockstep).await;
        let (mut client, connection) = http1::handshake(TokioIo::new(connection)).await.unwrap();
        tokio::spawn(connection);
        let response = client.send_request(request("https")).await.unwrap();
        assert_eq!(response.headers()["transfer-encoding"], "chunked");
        lockstep.follow(response.into_body().into_data_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn a_failure_resets_only_its_own_http2_stream() {
    bounded(async {
        let items = || stream::iter([Ok(Feed::Tick(1)), Err("the source is gone")]);
        let server = Server::answering(move || Sse::new(items())).await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;
        for _ in 0..2 {
            let mut body = client.send_request(request("http")).await.unwrap().into_body();
            assert_eq!(next(&mut body).await, "event: tick\ndata: 1\n\n");
            assert!(body.frame().await.unwrap().is_err(), "the cut body looks complete");
        }
    })
    .await;
}

#[tokio::test]
async fn a_panicking_stream_resets_only_its_own_http2_stream() {
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let failing = async || {
            let failing = stream::once(async { panic::resume_unwind(Box::new("this stream panics")) });
            Sse::new(failing.map(|(): ()| Feed::Closed))
        };
        let router = Router::new().route("/panic", any(failing)).route("/", any(async move || serving.response()));
        let server = Server::new(router).await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;

        let response = client.send_request(request("http")).await.unwrap();
        let failing = Request::get(format!("http://{HOST}/panic")).body(Body::empty()).unwrap();
        // The stream may panic before or after the head is sent.
        if let Ok(failed) = client.send_request(failing).await {
            assert!(failed.into_body().frame().await.unwrap().is_err(), "the cut body looks complete");
        }
        lockstep.follow(response.into_body().into_data_stream()).await;
    })
    .await;
}

#[tokio::test]
async fn an_unread_http2_stream_is_not_read_ahead_and_does_not_block_others() {
    // More than the windows of a connection and the buffers along the way can hold.
    const HELD: usize = 64 * 1024 * 1024;
    const EVENT: usize = 16 * 1024;
    bounded(async {
        let lockstep = Arc::new(Lockstep::default());
        let serving = Arc::clone(&lockstep);
        let (stream, mut watch) = watched(stream::repeat_with(|| Feed::Note("x".repeat(EVENT))));
        let stream = Arc::new(Mutex::new(Some(stream)));
        let flood = move || ready(Sse::new(stream.lock().unwrap().take().unwrap()));
        let router = Router::new().route("/flood", any(flood)).route("/", any(async move || serving.response()));
        let server = Server::new(router).await;
        let mut client = http2(TcpStream::connect(server.address).await.unwrap()).await;

        let unread = Request::get(format!("http://{HOST}/flood")).body(Body::empty()).unwrap();
        let unread = client.send_request(unread).await.unwrap();
        let response = client.send_request(request("http")).await.unwrap();
        lockstep.follow(response.into_body().into_data_stream()).await;
        // Wait until the number of polls is stable. A server that reads ahead without bound exceeds the limit, however
        // slow it is.
        let mut seen = 0;
        while seen != watch.polls() || seen == 0 {
            seen = watch.polls();
            assert!(seen * EVENT < HELD, "{seen} events were read for a client that does not read");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert!(watch.is_alive());
        drop(unread);
        watch.dropped().await;
    })
    .await;
}
