//! Failures of the stream, of the encoding, of the client, and invalid input.

use std::{
    convert::Infallible,
    error::Error,
    fmt, panic,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::{StreamExt, stream};
use sse_axum::{ErrorAction, Sse};
use sse_core::{Decoder, Envelope, EventId, EventName, EventStream, RawEventBuf, ReceiveError, SendError};
use tokio::{sync::mpsc, time};

use super::{
    Server, bounded,
    feed::{Feed, watched},
    raw::{Ended, Raw},
};

#[tokio::test]
async fn a_failing_stream_cuts_the_body_after_the_events_it_yielded() {
    bounded(async {
        let items = || stream::iter([Ok(Feed::Tick(1)), Err("the source is gone"), Ok(Feed::Tick(2))]);
        let server = Server::answering(move || Sse::new(items())).await;
        let response = reqwest::get(server.url()).await.unwrap();
        let mut events = EventStream::<_, Feed>::new(response.bytes_stream());
        assert_eq!(events.next().await.unwrap().unwrap(), Feed::Tick(1));
        let error = events.next().await.unwrap().unwrap_err();
        assert!(matches!(error, ReceiveError::Source(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_failure_before_the_first_event_cuts_the_body_too() {
    bounded(async {
        let items = || stream::iter([Err::<Feed, _>("the source is gone")]);
        let server = Server::answering(move || Sse::new(items())).await;
        let mut raw = Raw::get(server.address).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 200"));
        assert_eq!(raw.chunks().await, (vec![], Ended::Cut));
    })
    .await;
}

/// An error that is a response.
#[derive(Debug)]
struct Gone;

impl fmt::Display for Gone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the source is gone")
    }
}

impl Error for Gone {}

impl IntoResponse for Gone {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, self.to_string()).into_response()
    }
}

#[tokio::test]
async fn a_failure_before_the_first_event_can_be_an_error_status() {
    /// Streams one item per letter of the path.
    async fn items(Path(letters): Path<String>) -> Result<Response, Gone> {
        let items = letters.into_bytes().into_iter().map(|letter| match letter {
            b'e' => Err(Gone),
            b'b' => Ok(Feed::Broken),
            _ => Ok(Feed::Tick(1)),
        });
        let sse = Sse::peek_first(stream::iter(items)).await?;
        Ok(sse.on_error(|_| ErrorAction::SendAndEnd(Feed::Closed)).into_response())
    }
    bounded(async {
        let server = Server::new(Router::new().route("/of/{letters}", get(items))).await;
        let tick = "event: tick\ndata: 1\n\n";
        let closed = "event: closed\ndata: \n\n";
        let cases = [
            ("et", 502, "the source is gone".to_owned()),
            ("tt", 200, [tick, tick].concat()),
            ("te", 200, [tick, closed].concat()),
            ("bt", 200, closed.to_owned()),
        ];
        for (letters, status, body) in cases {
            let response = reqwest::get(format!("{}of/{letters}", server.url())).await.unwrap();
            assert_eq!(response.status(), status, "{letters}");
            assert_eq!(response.text().await.unwrap(), body, "{letters}");
        }
    })
    .await;
}

#[tokio::test]
async fn peek_first_on_an_empty_stream_yields_an_empty_body() {
    bounded(async {
        let (stream, watch) = watched(stream::empty::<Result<Feed, Infallible>>());
        let sse = Sse::peek_first(stream).await.unwrap();
        assert!(sse.into_response().into_body().into_data_stream().next().await.is_none());
        assert_eq!(watch.polls(), 1, "a stream that has ended is not polled again");
    })
    .await;
}

/// Returns the body of a stream whose second event cannot be encoded.
async fn chunks_with(bad: Feed) -> (Vec<u8>, Ended) {
    let items = move || stream::iter([Feed::Tick(1), bad.clone(), Feed::Tick(2)]);
    let server = Server::answering(move || Sse::new(items())).await;
    let mut raw = Raw::get(server.address).await;
    raw.head().await;
    let (chunks, ended) = raw.chunks().await;
    (chunks.concat(), ended)
}

#[tokio::test]
async fn no_byte_is_sent_of_an_event_that_cannot_be_encoded() {
    bounded(async {
        let bad = [
            Feed::Broken,
            Feed::Named("tick\ndata: injected\n\n".into()),
            Feed::Named("tick\rdata: injected\r\r".into()),
            Feed::Named(String::new()),
            Feed::Numbered("1\ndata: injected".into()),
            Feed::Numbered("1\rdata: injected".into()),
            Feed::Numbered("1\0".into()),
        ];
        for bad in bad {
            let expected = (b"event: tick\ndata: 1\n\n".to_vec(), Ended::Cut);
            assert_eq!(chunks_with(bad.clone()).await, expected, "{bad:?}");
        }
    })
    .await;
}

/// Returns the body of a stream with one failure of each kind between events, if `on_error` returns `action` for both.
async fn chunks_on_error(action: ErrorAction<Feed>) -> (Vec<u8>, Ended) {
    let items =
        || stream::iter([Ok(Feed::Tick(1)), Err("gone"), Ok(Feed::Tick(2)), Ok(Feed::Broken), Ok(Feed::Tick(3))]);
    let server = Server::answering(move || {
        let action = action.clone();
        Sse::new(items()).on_error(move |error| match error {
            SendError::Source("gone") | SendError::Encode(_) => action.clone(),
            other => panic!("unexpected error: {other:?}"),
        })
    })
    .await;
    let mut raw = Raw::get(server.address).await;
    raw.head().await;
    let (chunks, ended) = raw.chunks().await;
    (chunks.concat(), ended)
}

#[tokio::test]
async fn on_error_decides_how_the_stream_continues() {
    const FIRST: &str = "event: tick\ndata: 1\n\n";
    const SORRY: &str = "event: note\ndata: sorry\n\n";
    let (second, third) = ("event: tick\ndata: 2\n\n", "event: tick\ndata: 3\n\n");
    let sorry = Feed::Note("sorry".into());
    let cases = [
        (ErrorAction::Send(sorry.clone()), [FIRST, SORRY, second, SORRY, third].concat(), Ended::Whole),
        (ErrorAction::Send(Feed::Closed), [FIRST, "event: closed\ndata: \n\n"].concat(), Ended::Whole),
        (ErrorAction::Send(Feed::Broken), FIRST.to_owned(), Ended::Cut),
        (ErrorAction::SendAndEnd(sorry), [FIRST, SORRY].concat(), Ended::Whole),
        (ErrorAction::SendAndEnd(Feed::Broken), FIRST.to_owned(), Ended::Cut),
        (ErrorAction::Skip, [FIRST, second, third].concat(), Ended::Whole),
        (ErrorAction::End, FIRST.to_owned(), Ended::Whole),
        (ErrorAction::Cut, FIRST.to_owned(), Ended::Cut),
    ];
    bounded(async {
        for (action, bytes, ended) in cases {
            let expected = (bytes.into_bytes(), ended);
            assert_eq!(chunks_on_error(action.clone()).await, expected, "{action:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn text_from_a_user_cannot_inject_fields() {
    bounded(async {
        let text = "a\n\nevent: closed\rdata: injected\r\n\0:";
        let server = Server::answering(move || Sse::new(stream::iter([Feed::Note(text.into())]))).await;
        let response = reqwest::get(server.url()).await.unwrap();
        let events = EventStream::<_, Feed>::new(response.bytes_stream());
        let events: Vec<_> = events.map(Result::unwrap).collect().await;
        assert_eq!(events, [Feed::Note("a\n\nevent: closed\ndata: injected\n\0:".into())]);
    })
    .await;
}

/// Sends an event with a name and an ID from the path of the request. Their constructors reject invalid values.
async fn echo(Path((name, id)): Path<(String, String)>) -> Response {
    let (Ok(name), Ok(id)) = (EventName::new(name), EventId::new(id)) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    Sse::new(stream::iter([Envelope::new(RawEventBuf::new(name, "")).with_id(id)])).into_response()
}

#[tokio::test]
async fn a_handler_can_reject_an_invalid_name_or_id_before_it_responds() {
    bounded(async {
        let server = Server::new(Router::new().route("/{name}/{id}", get(echo))).await;
        let fetch = async |path: &str| reqwest::get(server.url() + path).await.unwrap();
        for path in ["a%0Ab/1", "a%0Db/1", "a/1%0A", "a/%0D1", "a/1%00"] {
            assert_eq!(fetch(path).await.status(), 422, "{path}");
        }
        let body = fetch("a%20b/1:%20%22").await.text().await.unwrap();
        assert_eq!(body, "event: a b\nid: 1: \"\ndata: \n\n");
    })
    .await;
}

#[tokio::test]
async fn the_stream_is_dropped_when_its_client_disconnects() {
    bounded(async {
        let (stream, watch) = watched(stream::iter([Feed::Tick(1)]).chain(stream::pending()));
        let stream = Arc::new(Mutex::new(Some(stream)));
        let server = Server::answering(move || Sse::new(stream.lock().unwrap().take().unwrap())).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        assert_eq!(raw.chunk().await.unwrap(), b"event: tick\ndata: 1\n\n");
        drop(raw);
        watch.dropped().await;
    })
    .await;
}

#[tokio::test]
async fn a_client_that_disconnects_within_an_event_ends_only_its_own_stream() {
    // More than the buffers of two sockets can hold, so the server is still writing.
    const EVENT: usize = 64 * 1024 * 1024;
    bounded(async {
        let (sender, mut watches) = mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let events = stream::iter([Feed::Note("x".repeat(EVENT)), Feed::Closed]);
            let (stream, watch) = watched(events.chain(stream::pending()));
            sender.send(watch).unwrap();
            Sse::new(stream)
        })
        .await;
        for _ in 0..2 {
            let mut raw = Raw::get(server.address).await;
            raw.head().await;
            let part = raw.exactly(EVENT / 1024).await;
            assert!(part.ends_with(b"xxxx"));
            drop(raw);
            watches.recv().await.unwrap().dropped().await;
        }
        let mut response = reqwest::get(server.url()).await.unwrap();
        assert!(response.chunk().await.unwrap().unwrap().starts_with(b"event: note\ndata: xxxx"));
    })
    .await;
}

#[tokio::test]
async fn the_stream_is_not_read_ahead_of_a_client_that_does_not_read() {
    // More than the buffers of two sockets and of the server can hold.
    const HELD: usize = 64 * 1024 * 1024;
    const EVENT: usize = 16 * 1024;
    bounded(async {
        let filling = "x".repeat(EVENT);
        let events = stream::iter((0..).map(move |number| Feed::Note(format!("{number}{filling}"))));
        let (stream, watch) = watched(events);
        let stream = Arc::new(Mutex::new(Some(stream)));
        let server = Server::answering(move || Sse::new(stream.lock().unwrap().take().unwrap())).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        // Wait until the number of polls is stable. A server that reads ahead without bound exceeds the limit, however
        // slow it is.
        let mut seen = 0;
        while seen != watch.polls() || seen == 0 {
            seen = watch.polls();
            assert!(seen * EVENT < HELD, "{seen} events were read for a client that does not read");
            time::sleep(Duration::from_millis(200)).await;
        }
        // Let 30 seconds pass on the paused clock, so that the server's timers fire.
        time::pause();
        time::sleep(Duration::from_secs(30)).await;
        time::resume();
        assert!(watch.polls() * EVENT < HELD, "{} events were read in the meantime", watch.polls());
        // When the client continues to read, the server continues where it stopped.
        let mut decoder = Decoder::new();
        let mut read = 0;
        while read * EVENT < HELD {
            let chunk = raw.chunk().await.unwrap();
            let mut events = decoder.feed(&chunk);
            while let Some(event) = events.next_event() {
                assert_eq!(event.unwrap().data().trim_end_matches('x'), read.to_string());
                read += 1;
            }
        }
        assert!(watch.polls() > seen);
    })
    .await;
}

#[tokio::test]
async fn a_panicking_stream_ends_only_its_own_connection() {
    bounded(async {
        let calls = Arc::new(Mutex::new(0));
        let server = Server::answering(move || {
            let mut calls = calls.lock().unwrap();
            *calls += 1;
            let first = *calls == 1;
            let failing = stream::once(async move {
                if first {
                    panic::resume_unwind(Box::new("this stream panics"));
                }
                Ok::<_, Infallible>(Feed::Closed)
            });
            Sse::new(failing)
        })
        .await;
        assert_eq!(Raw::get(server.address).await.chunk().await, None);
        let body = reqwest::get(server.url()).await.unwrap().text().await.unwrap();
        assert_eq!(body, "event: closed\ndata: \n\n");
    })
    .await;
}
