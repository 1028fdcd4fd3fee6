//! `ResponseReader`, the helper for tests of handlers.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use sse_axum::{
    CloseReason, KeepAlive, Sse, StopReconnecting, StreamClosed,
    test::{self, ReadError, ResponseReader},
};
use sse_core::{Comment, Envelope, EventId, Limits};
use tokio::time::{Instant, sleep};

use super::feed::Feed;

/// Returns a response with these chunks and the content type of an event stream.
fn chunks(chunks: &[&'static str]) -> Response {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok::<_, std::fmt::Error>(*chunk)).collect();
    ([(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")], Body::from_stream(stream::iter(chunks)))
        .into_response()
}

#[tokio::test]
async fn all_parts_of_an_envelope_are_read_back() {
    let envelopes = [
        Envelope::comment(Comment::from_static(" hello")),
        Envelope::empty().with_retry(Duration::from_secs(2)).with_id(6),
        Envelope::empty().with_id(0),
        Envelope::empty().with_id(EventId::RESET),
        Envelope::comment(Comment::from_static("c")),
        Envelope::new(Feed::Tick(1)).with_id(7).with_retry(Duration::from_secs(3)),
        Envelope::new(Feed::Note("two\nlines\n\n:".into())),
        Envelope::new(Feed::Closed),
    ];
    let response = || Sse::new(stream::iter(envelopes.clone()));
    assert_eq!(test::envelopes::<Feed>(response()).await.unwrap(), envelopes);
    let events = envelopes.iter().filter_map(|envelope| envelope.event.clone()).collect::<Vec<_>>();
    assert_eq!(test::events::<Feed>(response()).await.unwrap(), events);

    let mut reader = ResponseReader::<Feed>::new(response().retry(Duration::from_secs(1)));
    assert_eq!(reader.head().status, 200);
    assert_eq!(reader.take(1).await.unwrap(), envelopes[..1]);
    assert_eq!(reader.last_event_id(), "");
    assert_eq!(reader.take(2).await.unwrap(), envelopes[1..3]);
    assert_eq!(reader.last_event_id(), "0");
    assert_eq!(reader.take(3).await.unwrap(), envelopes[3..6]);
    assert_eq!(reader.last_event_id(), "7");
    assert_eq!(reader.rest().await.unwrap(), envelopes[6..]);
    assert_eq!(reader.next().await.unwrap(), None);
}

#[tokio::test]
async fn a_lone_reconnection_time_is_read_with_the_block_that_follows_it() {
    let retry = Duration::from_secs(5);
    let first = || Envelope::new(Feed::Tick(1));
    let sse = Sse::new(stream::iter([first(), Envelope::empty().with_retry(retry)])).retry(retry);
    let expected = [first().with_retry(retry), Envelope::empty().with_retry(retry)];
    assert_eq!(test::envelopes::<Feed>(sse).await.unwrap(), expected);
}

#[tokio::test]
async fn chunk_boundaries_do_not_matter() {
    let body = "id: 1\nevent: tick\ndata: 1\n\n:\nretry: 5\n:c\n\nretry: 6\nid: 2\n:d\n\nid\n\nunknown: 1\n\n\n\
                event: tick\n:e\ndata: 2\r\revent: note\r\ndata: two\r\n\r\nevent: closed\ndata: \n\n: end\nretry: 7\nretry: 8\n: of";
    let retry = |millis| Envelope::empty().with_retry(Duration::from_millis(millis));
    let comment = |text| Envelope::comment(Comment::from_static(text));
    let expected = [
        Envelope::new(Feed::Tick(1)).with_id(1),
        comment(""),
        comment("c"),
        retry(5),
        comment("d"),
        retry(6).with_id(2),
        Envelope::empty().with_id(EventId::RESET),
        comment("e"),
        Envelope::new(Feed::Tick(2)),
        Envelope::new(Feed::Note("two".into())),
        Envelope::new(Feed::Closed),
        comment(" end"),
        retry(8),
    ];
    for at in 0..body.len() {
        let (before, after) = body.split_at(at);
        assert_eq!(test::envelopes::<Feed>(chunks(&[before, after])).await.unwrap(), expected, "split at {at}");
    }
}

#[tokio::test]
async fn a_body_may_end_anywhere_but_within_an_event() {
    let tick = "event: tick\ndata: 1\n\n";
    for end in
        ["", ":", ": comment", ": comment\n", "retry: 5", "r", "retr", "unknown", "unknown\n", "datax: 1", "\n", "\r"]
    {
        let mut reader = ResponseReader::<Feed>::new(chunks(&[tick, end]));
        assert_eq!(reader.next().await.unwrap(), Some(Envelope::new(Feed::Tick(1))), "{end:?}");
        reader.rest().await.unwrap_or_else(|error| panic!("{end:?}: {error}"));
        assert_eq!(reader.reconnection_time(), None, "{end:?}");
    }
    for end in ["d", "data", "data: 1\n", "event: tick", "e", "i", "id: 5\n", "retry: 5\nid", "data: 1\n: comment\n"] {
        for body in [&[tick, ":\nretry: 1\n\n", end][..], &[&*format!("{tick}:\n\n{end}").leak()]] {
            match test::envelopes::<Feed>(chunks(body)).await {
                Err(ReadError::Unfinished { bytes }) => assert_eq!(bytes, end.trim_start_matches("retry: 5\n")),
                other => panic!("{end:?}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn the_state_of_a_client_is_that_after_the_envelope_read_last() {
    let retry = |millis| Some(sse_core::Retry::from_millis(millis));
    let body = "retry: 5\nid: 1\nevent: tick\ndata: 1\n\nid: 2\n\nretry: 6\n";
    let mut reader = ResponseReader::<Feed>::new(chunks(&[body]));
    assert_eq!((reader.last_event_id(), reader.reconnection_time()), ("", None));
    for state in [("1", retry(5)), ("2", retry(5)), ("2", retry(6))] {
        assert!(reader.next().await.unwrap().is_some());
        assert_eq!((reader.last_event_id(), reader.reconnection_time()), state);
    }
    for _ in 0..2 {
        assert_eq!(reader.next().await.unwrap(), None);
        assert_eq!((reader.last_event_id(), reader.reconnection_time()), ("2", retry(6)));
    }
}

#[tokio::test]
async fn the_remedy_in_the_error_of_a_limit_can_be_applied() {
    let response = || Sse::new(stream::iter([Feed::Note("x".repeat(9 << 20))]));
    let error = ResponseReader::<Feed>::new(response()).next().await.unwrap_err();
    assert!(matches!(error, ReadError::Limit(_)) && error.to_string().contains("`Limits::largest_event`"), "{error}");
    let mut reader = ResponseReader::<Feed>::new(response()).limits(Limits::largest_event(9 << 20));
    assert_eq!(reader.rest().await.unwrap().len(), 1);
}

#[tokio::test]
async fn only_the_essence_of_the_content_type_matters() {
    let typed = |content_type: &'static str| ([(header::CONTENT_TYPE, content_type)], "event: tick\ndata: 1\n\n");
    for content_type in ["text/event-stream", "Text/Event-Stream", "text/event-stream ; charset=utf-8"] {
        assert_eq!(test::events::<Feed>(typed(content_type)).await.unwrap(), [Feed::Tick(1)], "{content_type}");
    }
    for content_type in ["text/event-streams", "text/plain; text/event-stream", ""] {
        let refused = test::events::<Feed>(typed(content_type)).await.unwrap_err();
        assert!(matches!(refused, ReadError::NotEventStream { .. }), "{content_type}: {refused}");
    }
}

#[tokio::test]
async fn a_response_that_is_not_an_event_stream_is_shown_in_the_error() {
    let refused = (StatusCode::BAD_GATEWAY, "the source is gone");
    let error = test::events::<Feed>(refused).await.unwrap_err().to_string();
    let expected = "the response is not a stream of events: status 502 Bad Gateway, content type \
                    `text/plain; charset=utf-8`, body \"the source is gone\"";
    assert_eq!(error, expected);
    let error = test::events::<Feed>("fine, but text").await.unwrap_err().to_string();
    assert!(error.contains("status 200 OK, content type `text/plain"), "{error}");
}

#[tokio::test]
async fn a_204_response_is_its_own_error() {
    let error = test::events::<Feed>(StopReconnecting).await.unwrap_err();
    assert!(matches!(error, ReadError::NoContent), "{error}");
    assert_eq!(error.to_string(), "the stream is over: the response has the status 204 (No Content)");
}

/// `on_close` is called at the end of the body, as under a server, and not again when the reader is dropped.
#[tokio::test]
async fn on_close_is_called_once_at_the_end_of_the_body() {
    let closed = Arc::new(Mutex::new(Vec::new()));
    let reasons = || closed.lock().unwrap().clone();
    let response = |stream| {
        let closed = Arc::clone(&closed);
        Sse::new(stream).on_close(move |how: StreamClosed| closed.lock().unwrap().push(how.reason))
    };
    let mut reader = ResponseReader::<Feed>::new(response(stream::iter([Ok(Feed::Tick(1))])));
    assert!(reader.next().await.unwrap().is_some());
    assert_eq!(reader.rest().await.unwrap(), []);
    assert_eq!(reasons(), [CloseReason::Finished]);
    assert_eq!(reader.next().await.unwrap(), None);
    drop(reader);
    assert_eq!(reasons(), [CloseReason::Finished]);

    let mut cut = ResponseReader::<Feed>::new(response(stream::iter([Err("the source is gone")])));
    assert!(matches!(cut.rest().await, Err(ReadError::Body(_))));
    assert_eq!(reasons(), [CloseReason::Finished, CloseReason::Error]);

    let mut left = ResponseReader::<Feed>::new(response(stream::iter([Ok(Feed::Tick(1))])));
    assert_eq!(left.take(1).await.unwrap().len(), 1);
    assert_eq!(reasons().len(), 2);
    drop(left);
    assert_eq!(reasons()[2..], [CloseReason::Finished]);
}

#[tokio::test]
async fn errors_describe_what_is_wrong_with_the_body() {
    let tick = "event: tick\ndata: 1\n\n";
    let error = |chunk| async move {
        let mut reader = ResponseReader::<Feed>::new(chunks(&[tick, chunk]));
        assert_eq!(reader.next().await.unwrap(), Some(Envelope::new(Feed::Tick(1))));
        reader.next().await.unwrap_err().to_string()
    };
    assert_eq!(error("event: tick\nda").await, "the body ended within an event: \"event: tick\\nda\"");
    assert_eq!(error("event: new\ndata: 1\n\n").await, "unknown event `new` with the data \"1\"");

    let cut = Sse::new(stream::iter([Ok(Feed::Tick(1)), Err("the source is gone")]));
    assert!(matches!(test::events::<Feed>(cut).await, Err(ReadError::Body(_))));
    let short = Sse::new(stream::iter([Feed::Tick(1)]));
    assert!(matches!(ResponseReader::<Feed>::new(short).take(2).await, Err(ReadError::Ended { envelopes: 1 })));
}

#[tokio::test(start_paused = true)]
async fn the_timeout_applies_to_each_call_and_follows_the_paused_clock() {
    let response = || {
        let slow = stream::iter(1..4).then(async |number| {
            sleep(Duration::from_secs(40)).await;
            Feed::Tick(number)
        });
        Sse::new(slow).keep_alive(KeepAlive::off())
    };
    let start = Instant::now();
    let mut reader = ResponseReader::<Feed>::new(response());
    for number in 1..4 {
        assert_eq!(reader.next().await.unwrap(), Some(Envelope::new(Feed::Tick(number))));
    }
    assert_eq!(start.elapsed().as_secs(), 120);

    let expected = "the time limit of 60s was exceeded (envelopes read: 1); raise it with `ResponseReader::timeout`, \
                    or read an endless stream with `ResponseReader::next` or `ResponseReader::take`";
    assert_eq!(test::events::<Feed>(response()).await.unwrap_err().to_string(), expected);
    let error = ResponseReader::<Feed>::new(response()).take(3).await.unwrap_err();
    assert!(matches!(error, ReadError::Timeout { envelopes: 1, .. }), "{error}");
    let long = ResponseReader::<Feed>::new(response()).timeout(Duration::from_secs(121)).rest().await.unwrap();
    assert_eq!(long.len(), 3);
}
