//! The response as a client receives it: the typed events, the head, the chunks.

use std::{convert::Infallible, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use sse_axum::{KeepAlive, Sse};
use sse_core::{Comment, Encoded, Envelope, EventStream, RawEventBuf, Retry, SseEvent, StreamItem};

use super::{
    Server, bounded,
    feed::{Feed, watched},
    raw::{Ended, Raw},
};

fn feed() -> Vec<Feed> {
    vec![Feed::Tick(1), Feed::Note("two\nlines, ü".into()), Feed::Note(String::new()), Feed::Closed]
}

/// Serves a stream, and reads it with the type that it was written with.
async fn round_trip<S>(stream: impl Fn() -> S + Clone + Send + Sync + 'static) -> Vec<Envelope<Feed>>
where
    S: Stream<Item: StreamItem<Error = Infallible>> + Send + 'static,
{
    let server = Server::answering(move || Sse::new(stream())).await;
    let response = reqwest::get(server.url()).await.unwrap();
    let envelopes = EventStream::<_, Feed>::new(response.bytes_stream()).envelopes();
    envelopes.map(Result::unwrap).collect().await
}

#[tokio::test]
async fn events_arrive_as_they_were_sent() {
    bounded(async {
        let received = round_trip(|| stream::iter(feed())).await;
        assert_eq!(received, feed().into_iter().map(Envelope::new).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn envelopes_arrive_with_their_ids_and_reconnection_times() {
    let envelopes = || {
        let with_ids = feed().into_iter().zip(7_u64..).map(|(event, id)| Envelope::new(event).with_id(id));
        with_ids.map(|envelope| envelope.with_retry(Duration::from_secs(2))).collect::<Vec<_>>()
    };
    bounded(async {
        let received = round_trip(move || stream::iter(envelopes())).await;
        assert_eq!(received, envelopes());
    })
    .await;
}

#[tokio::test]
async fn results_and_encoded_events_arrive_like_plain_events() {
    bounded(async {
        let plain = round_trip(|| stream::iter(feed())).await;
        let results = round_trip(|| stream::iter(feed()).map(|event| Ok::<_, Infallible>(Envelope::new(event)))).await;
        assert_eq!(results, plain);
        let encoded = round_trip(|| stream::iter(feed()).map(|event| Encoded::new(&event).unwrap())).await;
        assert_eq!(encoded, plain);
        let both = round_trip(|| stream::iter(feed()).map(|event| Ok::<_, Infallible>(Encoded::new(&event).unwrap())));
        assert_eq!(both.await, plain);
    })
    .await;
}

#[tokio::test]
async fn the_head_arrives_before_any_event_with_the_headers_for_proxies() {
    bounded(async {
        let server = Server::answering(|| Sse::new(stream::pending::<Feed>()).keep_alive(KeepAlive::off())).await;
        let response = reqwest::get(server.url()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-cache, no-transform");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        assert_eq!(response.headers()["transfer-encoding"], "chunked");
    })
    .await;
}

#[tokio::test]
async fn a_head_request_gets_only_the_head_and_its_stream_is_never_polled() {
    bounded(async {
        let (sender, mut watches) = tokio::sync::mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let (stream, watch) = watched(stream::repeat(Feed::Tick(1)));
            sender.send(watch).unwrap();
            Sse::new(stream)
        })
        .await;
        let request = b"HEAD / HTTP/1.1\r\nhost: localhost\r\n\r\n";
        let mut raw = Raw::request(server.address, request).await;
        assert!(raw.head().await.contains("content-type: text/event-stream; charset=utf-8\r\n"));
        // The connection is free for the next request.
        raw.send(request).await;
        assert!(raw.head().await.starts_with("HTTP/1.1 200"));
        let watch = watches.recv().await.unwrap();
        assert_eq!(watch.polls(), 0);
        watch.dropped().await;
    })
    .await;
}

#[tokio::test]
async fn events_that_are_ready_together_are_sent_in_one_chunk() {
    bounded(async {
        let server = Server::answering(|| Sse::new(stream::iter(feed()))).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        let (chunks, ended) = raw.chunks().await;
        let bytes = "event: tick\ndata: 1\n\nevent: note\ndata: two\ndata: lines, ü\n\nevent: note\ndata: \n\n\
                     event: closed\ndata: \n\n";
        assert_eq!(chunks, [bytes.as_bytes()]);
        assert_eq!(ended, Ended::Whole);
    })
    .await;
}

#[tokio::test]
async fn the_reconnection_time_is_sent_first_without_waiting_for_an_event() {
    bounded(async {
        let idle = || Sse::new(stream::pending::<Feed>()).retry(Duration::from_millis(1500));
        let server = Server::answering(idle).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        assert_eq!(raw.chunk().await.unwrap(), b"retry: 1500\n");

        let encoded = || stream::iter([Encoded::new(&Feed::Tick(1)).unwrap()]);
        let server = Server::answering(move || Sse::new(encoded()).retry(Retry::from_millis(0))).await;
        let body = reqwest::get(server.url()).await.unwrap().text().await.unwrap();
        assert_eq!(body, "retry: 0\nevent: tick\ndata: 1\n\n");
    })
    .await;
}

#[tokio::test]
async fn a_terminal_event_ends_the_body_even_if_the_stream_continues() {
    bounded(async {
        let endless = || stream::iter([Feed::Tick(1), Feed::Closed]).chain(stream::repeat(Feed::Tick(2)));
        let server = Server::answering(move || Sse::new(endless())).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        let (chunks, ended) = raw.chunks().await;
        assert_eq!(chunks.concat(), b"event: tick\ndata: 1\n\nevent: closed\ndata: \n\n");
        assert_eq!(ended, Ended::Whole);
    })
    .await;
}

#[derive(Clone, Debug, PartialEq, SseEvent)]
enum Countdown {
    #[sse(unnamed, terminal = "is_over")]
    Left(u32),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive requires this signature")]
const fn is_over(left: &u32) -> bool {
    *left == 0
}

#[tokio::test]
async fn a_last_value_ends_the_body_and_the_stream_of_the_client() {
    bounded(async {
        let endless = || stream::iter([2, 1, 0]).cycle().map(Countdown::Left);
        let server = Server::answering(move || Sse::new(endless())).await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        let (chunks, ended) = raw.chunks().await;
        assert_eq!(chunks.concat(), b"data: 2\n\ndata: 1\n\ndata: 0\n\n");
        assert_eq!(ended, Ended::Whole);

        // A server that goes on after the last value.
        let server = Server::answering(|| Sse::new(stream::iter([1, 0, 3]).map(Number::Next))).await;
        let response = reqwest::get(server.url()).await.unwrap();
        let events = EventStream::<_, Countdown>::new(response.bytes_stream());
        let left: Vec<_> = events.map(Result::unwrap).collect().await;
        assert_eq!(left, [Countdown::Left(1), Countdown::Left(0)]);
    })
    .await;
}

#[derive(SseEvent)]
enum Number {
    #[sse(unnamed)]
    Next(u32),
}

#[tokio::test]
async fn an_idle_stream_sends_its_keep_alive_repeatedly() {
    bounded(async {
        let keep_alive = KeepAlive::new().interval(Duration::from_millis(5));
        let with_text = keep_alive.clone().comment(Comment::from_static(" still here"));
        for (keep_alive, line) in [(keep_alive, ":\n"), (with_text, ": still here\n")] {
            let response = move || Sse::new(stream::pending::<RawEventBuf>()).keep_alive(keep_alive.clone());
            let server = Server::answering(response).await;
            let mut raw = Raw::get(server.address).await;
            raw.head().await;
            for _ in 0..3 {
                assert_eq!(raw.chunk().await.unwrap(), line.as_bytes());
            }
        }
    })
    .await;
}
