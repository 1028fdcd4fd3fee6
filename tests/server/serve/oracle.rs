//! Odd requests get the same answers as from `axum::serve`, except for the documented difference.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    Taking, app,
    responses::{Received, exchange},
};
use crate::server::{Server, bounded};

/// What differs from `axum::serve`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Differs {
    Not,
    /// The first response is an event stream that is taken over: its head announces that the connection closes, and what
    /// follows is not answered.
    Closes,
}
use Differs::{Closes, Not};

/// The request that follows each of the cases, after which the server closes the connection.
const LAST: &str = "GET /text HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

/// The requests, each with a name. They are sent at once and byte by byte.
const CASES: &[(&str, &str, Differs)] = &[
    ("an event stream", "GET /ours HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one of axum", "GET /axums HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one of neither", "GET /foreign HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("an empty one", "GET /empty HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one that ends with a terminal event", "GET /terminal HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one that fails", "GET /fails HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one that fails at once", "GET /fails-at-once HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one with `Connection: keep-alive`", "GET /keep-alive HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("one with an option in `Connection`", "GET /hop HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("one with another status", "GET /unavailable HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("one of known length", "GET /length HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("a client that wants to close", "GET /ours HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", Not),
    ("a client that wants to stay", "GET /ours HTTP/1.1\r\nhost: a\r\nconnection: keep-alive\r\n\r\n", Closes),
    ("no host", "GET /ours HTTP/1.1\r\n\r\n", Closes),
    ("two hosts", "GET /ours HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", Closes),
    ("an absolute URI", "GET http://a/ours HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("a query", "GET /ours?a=1&b HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("an escaped path", "GET /%6furs HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("an event ID", "GET /ours HTTP/1.1\r\nhost: a\r\nlast-event-id: 7\r\n\r\n", Closes),
    ("a range", "GET /ours HTTP/1.1\r\nhost: a\r\nrange: bytes=0-3\r\n\r\n", Closes),
    ("trailers are welcome", "GET /ours HTTP/1.1\r\nhost: a\r\nte: trailers\r\n\r\n", Closes),
    ("line feeds alone", "GET /ours HTTP/1.1\nhost: a\n\n", Closes),
    ("empty lines first", "\r\n\r\nGET /ours HTTP/1.1\r\nhost: a\r\n\r\n", Closes),
    ("an empty header", "GET /ours HTTP/1.1\r\nhost:\r\nx:\r\n\r\n", Closes),
    ("bytes above ASCII", "GET /ours HTTP/1.1\r\nhost: a\r\nx: \u{e9}\r\n\r\n", Closes),
    ("`HEAD`", "HEAD /ours HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`HEAD` of a `get` route", "HEAD /get HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`POST`", "POST /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", Not),
    ("`POST` without a body", "POST /ours HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`POST` whose body is not read", "POST /unread HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", Not),
    ("`PUT` of length 0", "PUT /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", Not),
    ("`OPTIONS`", "OPTIONS /get HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`DELETE`", "DELETE /get HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("a method of its own", "SUBSCRIBE /ours HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("a method in lower case", "get /ours HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`CONNECT`", "CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("`GET` of length 0", "GET /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", Closes),
    ("`GET` with a body", "GET /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", Not),
    (
        "`GET` with chunks",
        "GET /ours HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        Not,
    ),
    ("`GET` without a chunk", "GET /ours HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", Not),
    ("`Expect` without a body", "GET /ours HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\n\r\n", Closes),
    (
        "`Expect` with one",
        "POST /echo HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\nabc",
        Not,
    ),
    ("`Expect` of something else", "GET /ours HTTP/1.1\r\nhost: a\r\nexpect: tea\r\n\r\n", Closes),
    ("HTTP/1.0", "GET /ours HTTP/1.0\r\n\r\n", Not),
    ("HTTP/1.0 that wants to stay", "GET /ours HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", Not),
    (
        "an upgrade that the server ignores",
        "GET /ours HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
        Not,
    ),
    (
        "h2c",
        "GET /ours HTTP/1.1\r\nhost: a\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: \r\n\r\n",
        Not,
    ),
    ("JSON", "GET /json HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("a body that is larger than the buffers", "GET /large HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("another body of unknown length", "GET /frames HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("no content", "GET /none HTTP/1.1\r\nhost: a\r\n\r\n", Not),
    ("an echo", "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", Not),
    ("nothing there", "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n", Not),
];

/// Requests that the server rejects. They are sent at once only: if bytes arrive after the server has closed, the answer
/// may be lost, with either server.
const REJECTED: &[(&str, &str)] = &[
    ("two lengths", "GET /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\ncontent-length: 1\r\n\r\n"),
    (
        "a length and chunks",
        "GET /ours HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    ("chunks within gzip", "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n"),
    ("a bad chunk", "POST /echo HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nz\r\n\r\n"),
    ("HTTP/0.9", "GET /ours\r\n\r\n"),
    ("HTTP/1.2", "GET /ours HTTP/1.2\r\nhost: a\r\n\r\n"),
    ("HTTP/2.0 in words", "GET /ours HTTP/2.0\r\nhost: a\r\n\r\n"),
    ("a folded line", "GET /ours HTTP/1.1\r\nhost: a\r\nx: 1\r\n 2\r\n\r\n"),
    ("a space before the colon", "GET /ours HTTP/1.1\r\nhost : a\r\n\r\n"),
    ("a control character", "GET /ours HTTP/1.1\r\nhost: a\r\nx: \u{1}\r\n\r\n"),
    ("a NUL", "GET /ours HTTP/1.1\r\nhost: a\r\nx: \0\r\n\r\n"),
    ("a name with a space", "GET /ours HTTP/1.1\r\nhost: a\r\nx y: z\r\n\r\n"),
    ("no colon", "GET /ours HTTP/1.1\r\nhost\r\n\r\n"),
    ("a negative length", "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n"),
    ("no method", " /ours HTTP/1.1\r\nhost: a\r\n\r\n"),
    ("TLS in the clear", "\u{16}\u{3}\u{1}\u{0}\u{5}hello"),
];

/// Returns what `axum::serve` answers, changed as documented.
fn expected(mut oracle: Vec<Received>, differs: Differs) -> Vec<Received> {
    if differs == Closes {
        oracle.truncate(1);
        oracle[0].set("connection", "close");
    }
    oracle
}

#[tokio::test]
async fn odd_requests_get_the_same_answers_as_without_the_take_over() {
    bounded(async {
        let (oracle, taking) = (Server::new(app()).await, Taking::new(app()).await);
        for (name, request, differs) in CASES {
            let request = [request.as_bytes(), LAST.as_bytes()].concat();
            let is_head = request.starts_with(b"HEAD");
            for size in [request.len(), 1] {
                let answers = exchange(oracle.address, request.chunks(size), is_head).await;
                let expected = expected(answers, *differs);
                let got = exchange(taking.address, request.chunks(size), is_head).await;
                assert_eq!(got, expected, "{name}, {size} bytes at a time");
                assert!(!got.is_empty(), "{name}");
            }
        }
        taking.taken(0).await;
    })
    .await;
}

#[tokio::test]
async fn rejected_requests_get_the_same_answers_as_without_the_take_over() {
    bounded(async {
        let (oracle, taking) = (Server::new(app()).await, Taking::new(app()).await);
        let many = format!("GET /ours HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101));
        for (name, request) in REJECTED.iter().copied().chain([("more headers than hyper reads", many.as_str())]) {
            let pieces = || [request.as_bytes()].into_iter().chain([LAST.as_bytes()]);
            let whole: Vec<u8> = pieces().flatten().copied().collect();
            let expected = exchange(oracle.address, [whole.as_slice()].into_iter(), false).await;
            assert_eq!(exchange(taking.address, [whole.as_slice()].into_iter(), false).await, expected, "{name}");
        }
        // The server goes on.
        let answers = exchange(taking.address, [LAST.as_bytes()].into_iter(), false).await;
        assert_eq!(answers[0].body, b"text");
    })
    .await;
}

#[tokio::test]
async fn a_stream_is_taken_over_after_other_responses_on_its_connection() {
    bounded(async {
        let (oracle, taking) = (Server::new(app()).await, Taking::new(app()).await);
        // The last of the chunks that end `/frames` looks like the end of a head.
        let before = ["/text", "/frames", "/none", "/large", "/frames", "/ours"];
        let requests = before.map(|path| format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n"));
        let request = [requests.concat().as_bytes(), LAST.as_bytes()].concat();
        for size in [request.len(), 7, 1] {
            let mut expected = exchange(oracle.address, request.chunks(size), false).await;
            assert_eq!(expected.pop().unwrap().body, b"text", "the oracle answers what follows a stream");
            expected.last_mut().unwrap().set("connection", "close");
            assert_eq!(exchange(taking.address, request.chunks(size), false).await, expected, "{size} bytes at a time");
        }
    })
    .await;
}

#[tokio::test]
async fn a_client_that_shuts_down_its_side_after_the_request_gets_what_it_gets_without_the_take_over() {
    bounded(async {
        let (oracle, taking) = (Server::new(app()).await, Taking::new(app()).await);
        let ask = async |address, path: &str| {
            let mut client = TcpStream::connect(address).await.unwrap();
            let request = format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            client.write_all(request.as_bytes()).await.unwrap();
            client.shutdown().await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            // The frames of a body are one chunk or several.
            let is_whole = body.ends_with("0\r\n\r\n");
            let lines: Vec<&str> = body.lines().filter(|line| line.starts_with("data:")).collect();
            (head.starts_with("HTTP/1.1 200"), lines.concat(), is_whole)
        };
        for path in ["/ours", "/axums", "/terminal"] {
            let expected = ask(oracle.address, path).await;
            assert!(expected.0 && expected.2, "{expected:?}");
            assert_eq!(ask(taking.address, path).await, expected, "{path}");
        }
        taking.taken(0).await;
    })
    .await;
}
