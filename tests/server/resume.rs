//! Resuming after the last event ID, and stopping with 204.

use std::str::FromStr;

use axum::{Router, http::request::Parts, response::IntoResponse, routing::get};
use futures_util::stream;
use sse_axum::{LastEventId, LastEventIdRejection, Sse, StopReconnecting};

use super::{Server, bounded, feed::Feed, raw::Raw};

async fn text(LastEventId(last): LastEventId) -> String {
    format!("{last:?}")
}

async fn number(LastEventId(last): LastEventId<u64>) -> String {
    format!("{last:?}")
}

async fn cursor(LastEventId(last): LastEventId<Cursor>) -> String {
    format!("{last:?}")
}

async fn named(request: Parts) -> Result<String, LastEventIdRejection> {
    let LastEventId(last) = LastEventId::<u64>::from_parts(&request, "cursor")?;
    Ok(format!("{last:?}"))
}

async fn lenient(last: Result<LastEventId<u64>, LastEventIdRejection>) -> String {
    format!("{:?}", last.unwrap_or_default().0)
}

async fn optional(last: Option<LastEventId<u64>>) -> String {
    format!("{last:?}")
}

/// An event ID of two parts.
#[derive(Debug)]
#[expect(dead_code, reason = "the fields are only read by `Debug`")]
struct Cursor(u8, u8);

impl FromStr for Cursor {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        let parts = id.split_once('-').ok_or("it has no `-`")?;
        let part = |text: &str| text.parse().map_err(|error| format!("`{text}`: {error}"));
        Ok(Self(part(parts.0)?, part(parts.1)?))
    }
}

async fn server() -> Server {
    let router = Router::new()
        .route("/text", get(text))
        .route("/number", get(number))
        .route("/cursor", get(cursor))
        .route("/named", get(named))
        .route("/lenient", get(lenient))
        .route("/optional", get(optional));
    Server::new(router).await
}

/// Sends a request with these headers, which may contain any bytes. Returns the status and the body.
async fn fetch(server: &Server, path: &str, headers: &[u8]) -> (u16, String) {
    let mut request = format!("GET /{path} HTTP/1.1\r\nhost: localhost\r\n").into_bytes();
    request.extend_from_slice(headers);
    request.extend_from_slice(b"\r\n");
    let mut raw = Raw::request(server.address, &request).await;
    let head = raw.head().await;
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let body = raw.exactly(field("content-length:").parse().unwrap()).await;
    (field("HTTP/1.1 ")[..3].parse().unwrap(), String::from_utf8(body).unwrap())
}

#[tokio::test]
async fn the_last_event_id_is_parsed_as_its_type() {
    bounded(async {
        let server = server().await;
        let cases: [(&str, &[u8], &str); 10] = [
            ("text", b"", "None"),
            ("text", b"Last-Event-ID:\r\n", "None"),
            ("text", b"last-event-id: orders:42\r\n", "Some(\"orders:42\")"),
            ("text", "Last-Event-ID: ü, ключ\r\n".as_bytes(), "Some(\"ü, ключ\")"),
            ("number", b"", "None"),
            ("number", b"Last-Event-ID: \r\n", "None"),
            ("number", b"LAST-EVENT-ID: 18446744073709551615\r\n", "Some(18446744073709551615)"),
            ("cursor", b"Last-Event-ID: 3-4\r\n", "Some(Cursor(3, 4))"),
            ("lenient", b"Last-Event-ID: 5\r\n", "Some(5)"),
            ("lenient", b"Last-Event-ID: of last year\r\n", "None"),
        ];
        for (path, headers, expected) in cases {
            assert_eq!(fetch(&server, path, headers).await, (200, expected.to_owned()), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_invalid_last_event_id_is_a_400_with_the_reason() {
    const REMEDY: &str = "; send the ID exactly as received";
    bounded(async {
        let server = server().await;
        let cases: [(&str, &[u8], &str); 6] = [
            (
                "number",
                b"Last-Event-ID: 12a\r\n",
                "is `12a`, which is not an ID of this stream: invalid digit found in string",
            ),
            (
                "number",
                b"Last-Event-ID: -1\r\n",
                "is `-1`, which is not an ID of this stream: invalid digit found in string",
            ),
            (
                "number",
                b"Last-Event-ID: 18446744073709551616\r\n",
                "is `18446744073709551616`, which is not an ID of this stream: number too large to fit in target type",
            ),
            ("cursor", b"Last-Event-ID: 7\r\n", "is `7`, which is not an ID of this stream: it has no `-`"),
            ("text", b"Last-Event-ID: ab\xff\r\n", "is not valid UTF-8 at byte 2"),
            ("number", b"Last-Event-ID: \xe2\x82\r\n", "is not valid UTF-8 at byte 0"),
        ];
        for (path, headers, expected) in cases {
            let expected = format!("`Last-Event-ID` {expected}{REMEDY}\n");
            assert_eq!(fetch(&server, path, headers).await, (400, expected));
        }
        let twice = b"Last-Event-ID: 1\r\nLast-Event-ID: 2\r\n";
        let expected = "`Last-Event-ID` is sent more than once; send it once\n";
        assert_eq!(fetch(&server, "number", twice).await, (400, expected.to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_query_may_contain_the_id_of_a_first_connection() {
    bounded(async {
        let server = server().await;
        let cases = [
            ("text?lastEventId=orders:42", "Some(\"orders:42\")"),
            ("text?lastEventId=", "None"),
            ("text?lastEventId", "None"),
            ("text?lasteventid=1&LastEventId=2&lastEventIds=3", "None"),
            ("text?a=1&lastEventId=7&b=2", "Some(\"7\")"),
            // The encodings of `encodeURIComponent` and `URLSearchParams`.
            ("text?lastEventId=%C3%BC%20%2B%26%3D%25", "Some(\"ü +&=%\")"),
            ("text?lastEventId=%C3%BC+%2B%26%3D%25", "Some(\"ü +&=%\")"),
            ("text?last%45ventId=a=b", "Some(\"a=b\")"),
            ("text?lastEventId=50%", "Some(\"50%\")"),
            ("number?lastEventId=18446744073709551615", "Some(18446744073709551615)"),
            ("cursor?lastEventId=3-4", "Some(Cursor(3, 4))"),
            ("lenient?lastEventId=x", "None"),
            ("named?cursor=9&lastEventId=8", "Some(9)"),
            ("named?lastEventId=8", "None"),
        ];
        for (query, expected) in cases {
            assert_eq!(fetch(&server, query, b"").await, (200, expected.to_owned()), "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_header_takes_precedence_over_the_query() {
    bounded(async {
        let server = server().await;
        for path in ["number?lastEventId=8", "number?lastEventId=x", "named?cursor=8"] {
            let answer = fetch(&server, path, b"Last-Event-ID: 9\r\n").await;
            assert_eq!(answer, (200, "Some(9)".to_owned()), "{path}");
            // An empty header means that there is no ID.
            assert_eq!(fetch(&server, path, b"Last-Event-ID:\r\n").await, (200, "None".to_owned()), "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_invalid_query_is_a_400_with_the_reason() {
    const REMEDY: &str = "; send the ID exactly as received";
    bounded(async {
        let server = server().await;
        let cases = [
            (
                "number?lastEventId=12a",
                "`lastEventId` is `12a`, which is not an ID of this stream: invalid digit found in string",
            ),
            ("named?cursor=-1", "`cursor` is `-1`, which is not an ID of this stream: invalid digit found in string"),
            ("cursor?lastEventId=7", "`lastEventId` is `7`, which is not an ID of this stream: it has no `-`"),
            ("text?lastEventId=ab%FF", "`lastEventId` is not valid UTF-8 at byte 2"),
            ("text?lastEventId=a%0Ab", "`lastEventId` contains a line break or NUL at byte 1"),
            ("text?lastEventId=%0d", "`lastEventId` contains a line break or NUL at byte 0"),
            ("text?lastEventId=%00", "`lastEventId` contains a line break or NUL at byte 0"),
        ];
        for (query, expected) in cases {
            let expected = format!("the query parameter {expected}{REMEDY}\n");
            assert_eq!(fetch(&server, query, b"").await, (400, expected), "{query}");
        }
        let expected = "the query parameter `lastEventId` is sent more than once; send it once\n";
        assert_eq!(fetch(&server, "text?lastEventId=1&lastEventId=1", b"").await, (400, expected.to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_response_quotes_only_the_start_of_a_long_id() {
    bounded(async {
        let server = server().await;
        let header = format!("Last-Event-ID: {}\r\n", "ü".repeat(2000));
        let (status, text) = fetch(&server, "number", header.as_bytes()).await;
        assert_eq!(status, 400);
        assert!(text.contains(&format!("is `{}..`", "ü".repeat(64))), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_extractor_can_be_optional() {
    bounded(async {
        let server = server().await;
        let optional = async |headers: &[u8]| fetch(&server, "optional", headers).await;
        assert_eq!(optional(b"last-event-id: 9\r\n").await, (200, "Some(LastEventId(Some(9)))".into()));
        assert_eq!(optional(b"").await, (200, "None".into()));
        assert_eq!(optional(b"last-event-id: \r\n").await, (200, "None".into()));
        assert_eq!(optional(b"last-event-id: nine\r\n").await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn stop_reconnecting_is_an_uncacheable_204() {
    bounded(async {
        let answer = async |LastEventId(last): LastEventId<u64>| match last {
            Some(_) => StopReconnecting.into_response(),
            None => Sse::new(stream::iter([Feed::Closed])).into_response(),
        };
        let server = Server::new(Router::new().fallback(get(answer))).await;
        let fetch = |id| reqwest::Client::new().get(server.url()).header("last-event-id", id).send();
        let over = fetch("9").await.unwrap();
        assert_eq!((over.status().as_u16(), &over.headers()["cache-control"]), (204, &"no-store".parse().unwrap()));
        assert_eq!(over.text().await.unwrap(), "");
        assert_eq!(fetch("").await.unwrap().status(), 200);

        let typed = async |LastEventId(last): LastEventId<u64>| match last {
            Some(_) => Err(StopReconnecting),
            None => Ok(Sse::new(stream::iter([Feed::Closed]))),
        };
        let server = Server::new(Router::new().fallback(get(typed))).await;
        assert_eq!(reqwest::get(server.url() + "?lastEventId=9").await.unwrap().status(), 204);
        assert_eq!(reqwest::get(server.url()).await.unwrap().status(), 200);
    })
    .await;
}
