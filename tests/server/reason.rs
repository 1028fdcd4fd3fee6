//! The reports that `on_close` receives: why a stream ended, and how much was sent.

use std::{convert::Infallible, panic, time::Duration};

use axum::response::IntoResponse;
use futures_util::{Stream, StreamExt, stream};
use sse_axum::{CloseReason, ErrorAction, KeepAlive, OpenStreams, Sse, StreamClosed};
use sse_core::{Comment, Encoded, Envelope, StreamItem};
use tokio::sync::{mpsc, watch};

use super::{Server, bounded, feed::Feed, raw::Raw};

/// The report of each call of `on_close`.
type Reports = mpsc::UnboundedReceiver<StreamClosed>;

/// Returns a response for `stream`, and the reports of its `on_close`.
fn reporting<S, O>(stream: S) -> (Sse<S>, Reports)
where
    S: Stream<Item = O> + Send + 'static,
    O: StreamItem<Error: Into<axum::BoxError>>,
{
    let (sender, reports) = mpsc::unbounded_channel();
    (Sse::new(stream).on_close(move |closed| sender.send(closed).unwrap()), reports)
}

/// Reads a response to its end. Returns the number of bytes, or `None` if the body was cut.
async fn read(response: impl IntoResponse) -> Option<u64> {
    let mut frames = response.into_response().into_body().into_data_stream();
    let mut bytes = 0;
    while let Some(frame) = frames.next().await {
        bytes += frame.ok()?.len() as u64;
    }
    Some(bytes)
}

/// Asserts that there is exactly one report, with these values.
async fn assert_reported(mut reports: Reports, reason: CloseReason, events: u64, bytes: u64) {
    let closed = reports.recv().await.expect("`on_close` is called");
    assert_eq!((closed.reason, closed.events, closed.bytes), (reason, events, bytes));
    assert!(reports.recv().await.is_none(), "`on_close` is called once");
}

/// Returns the encoded length of an event.
fn len(event: &Feed) -> u64 {
    Encoded::new(event).unwrap().as_bytes().len() as u64
}

#[tokio::test]
async fn the_duration_covers_the_whole_life_of_the_stream() {
    const LIFE: Duration = Duration::from_millis(20);
    let (sse, mut reports) = reporting(stream::once(async {
        tokio::time::sleep(LIFE).await;
        Feed::Closed
    }));
    read(sse).await;
    assert!(reports.recv().await.unwrap().duration >= LIFE);
}

#[tokio::test]
async fn open_streams_are_counted_until_they_end_or_their_client_leaves() {
    bounded(async {
        let open = OpenStreams::new();
        let (counting, (sender, mut reports)) = (open.clone(), mpsc::unbounded_channel());
        let server = Server::answering(move || {
            let (sender, open) = (sender.clone(), counting.clone());
            // The callback sees the count without its own stream.
            let on_close = move |_| sender.send(open.count()).unwrap();
            Sse::new(stream::iter([Feed::Tick(1)]).chain(stream::pending())).on_close(on_close).count_in(&counting)
        })
        .await;
        let mut responses = Vec::new();
        for number in 1..=3 {
            responses.push(reqwest::get(server.url()).await.unwrap());
            assert_eq!(open.count(), number);
        }
        for number in (0..3).rev() {
            responses.pop();
            assert_eq!(reports.recv().await, Some(number));
        }
        let (sse, reports) = reporting(stream::iter([Feed::Closed]));
        read(sse.count_in(&open)).await;
        assert_eq!((open.count(), reports.len()), (0, 1));
    })
    .await;
}

#[tokio::test]
async fn the_end_of_the_stream_and_a_terminal_event_are_different_reasons() {
    let tick = len(&Feed::Tick(1));
    let (sse, reports) = reporting(stream::iter([Feed::Tick(1), Feed::Tick(2)]));
    assert_eq!(read(sse).await, Some(2 * tick));
    assert_reported(reports, CloseReason::Finished, 2, 2 * tick).await;

    let (sse, reports) = reporting(stream::iter([Feed::Tick(1), Feed::Closed, Feed::Tick(2)]));
    let bytes = tick + len(&Feed::Closed);
    assert_eq!(read(sse).await, Some(bytes));
    assert_reported(reports, CloseReason::Terminal, 2, bytes).await;
}

#[tokio::test]
async fn the_report_counts_only_events_but_all_bytes() {
    let frames = [
        Envelope::comment(Comment::from_static("x")),
        Envelope::empty().with_id(7),
        Envelope::empty(),
        Envelope::new(Feed::Tick(1)).with_id(8),
    ];
    let bytes = (":x\nid: 7\n\n".len() + "id: 8\n".len()) as u64 + len(&Feed::Tick(1));
    let (sse, reports) = reporting(stream::iter(frames.clone()));
    assert_eq!(read(sse).await, Some(bytes));
    assert_reported(reports, CloseReason::Finished, 1, bytes).await;

    let encoded = frames.map(|frame| Ok::<_, Infallible>(Encoded::envelope(&frame).unwrap()));
    let (sse, reports) = reporting(stream::iter(encoded));
    let retry = "retry: 5\n".len() as u64;
    assert_eq!(read(sse.retry(Duration::from_millis(5))).await, Some(bytes + retry));
    assert_reported(reports, CloseReason::Finished, 1, bytes + retry).await;
}

#[tokio::test]
async fn a_failure_is_the_reason_if_it_ends_the_stream() {
    let tick = len(&Feed::Tick(1));
    let note = Feed::Note("sorry".into());
    let cases = [
        (ErrorAction::Cut, CloseReason::Error, 1, tick),
        (ErrorAction::End, CloseReason::Error, 1, tick),
        (ErrorAction::SendAndEnd(note.clone()), CloseReason::Error, 2, tick + len(&note)),
        (ErrorAction::Send(Feed::Closed), CloseReason::Error, 2, tick + len(&Feed::Closed)),
        (ErrorAction::Send(note.clone()), CloseReason::Finished, 3, 2 * tick + len(&note)),
        (ErrorAction::Skip, CloseReason::Finished, 2, 2 * tick),
    ];
    for (action, reason, events, bytes) in cases {
        let items = [Ok(Feed::Tick(1)), Err("the source is gone"), Ok(Feed::Tick(2))];
        let (sse, reports) = reporting(stream::iter(items));
        let answer = action.clone();
        let read = read(sse.on_error(move |_| answer.clone())).await;
        assert_eq!(read, (action != ErrorAction::Cut).then_some(bytes), "{action:?}");
        assert_reported(reports, reason, events, bytes).await;
    }
    let (sse, reports) = reporting(stream::iter([Feed::Tick(1), Feed::Broken]));
    assert_eq!(read(sse).await, None);
    assert_reported(reports, CloseReason::Error, 1, tick).await;
}

#[tokio::test]
async fn a_dropped_body_is_reported() {
    let (sse, reports) = reporting(stream::pending::<Feed>());
    drop(sse);
    assert_reported(reports, CloseReason::ClientGone, 0, 0).await;

    let (sse, reports) = reporting(stream::repeat(Feed::Tick(1)));
    drop(sse.into_response());
    assert_reported(reports, CloseReason::ClientGone, 0, 0).await;

    let (sse, reports) = reporting(stream::repeat(Feed::Tick(1)));
    let mut frames = sse.into_response().into_body().into_data_stream();
    let sent = frames.next().await.unwrap().unwrap().len() as u64;
    drop(frames);
    assert_reported(reports, CloseReason::ClientGone, sent / len(&Feed::Tick(1)), sent).await;
}

#[tokio::test]
async fn a_shutdown_may_send_a_last_event() {
    let stop = watch::Sender::new(false);
    let stopped = async move |mut stopped: watch::Receiver<bool>| {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let idle = || stream::iter([Feed::Tick(1)]).chain(stream::pending());
    for (last, bytes) in
        [(Feed::Note("bye".into()), "event: note\ndata: bye\n\n"), (Feed::Closed, "event: closed\ndata: \n\n")]
    {
        stop.send_replace(false);
        let (sse, reports) = reporting(idle());
        let sse = sse.shutdown_with(stopped(stop.subscribe()), last);
        let mut frames = sse.into_response().into_body().into_data_stream();
        assert_eq!(frames.next().await.unwrap().unwrap(), "event: tick\ndata: 1\n\n");
        stop.send_replace(true);
        assert_eq!(frames.next().await.unwrap().unwrap(), bytes);
        assert!(frames.next().await.is_none());
        drop(frames);
        assert_reported(reports, CloseReason::Shutdown, 2, len(&Feed::Tick(1)) + bytes.len() as u64).await;
    }
    // A last event that cannot be encoded is a failure like any other: `on_error` decides.
    for (action, reason) in [(ErrorAction::<Feed>::Skip, CloseReason::Shutdown), (ErrorAction::Cut, CloseReason::Error)]
    {
        let (sse, reports) = reporting(stream::pending::<Feed>());
        let cut = action == ErrorAction::Cut;
        let sse = sse.on_error(move |_| action.clone()).shutdown_with(async {}, Feed::Broken);
        assert_eq!(read(sse).await, (!cut).then_some(0));
        assert_reported(reports, reason, 0, 0).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_maximum_age_and_a_shutdown_are_different_reasons() {
    let (sse, reports) = reporting(stream::pending::<Feed>());
    assert_eq!(read(sse.max_age(Duration::from_secs(10))).await, Some(0));
    assert_reported(reports, CloseReason::MaxAge, 0, 0).await;
}

#[tokio::test(start_paused = true)]
async fn keep_alive_events_count_as_events_and_keep_alive_comments_do_not() {
    let (sse, reports) = reporting(stream::pending::<Feed>());
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(1)).event(Feed::Tick(0));
    let mut frames = sse.keep_alive(keep_alive).into_response().into_body().into_data_stream();
    for _ in 0..2 {
        assert_eq!(frames.next().await.unwrap().unwrap(), "event: tick\ndata: 0\n\n");
    }
    drop(frames);
    assert_reported(reports, CloseReason::ClientGone, 2, 2 * len(&Feed::Tick(0))).await;

    let (sse, reports) = reporting(stream::pending::<Feed>());
    let mut frames = sse.into_response().into_body().into_data_stream();
    assert_eq!(frames.next().await.unwrap().unwrap(), ":\n");
    drop(frames);
    assert_reported(reports, CloseReason::ClientGone, 0, 2).await;
}

#[tokio::test(start_paused = true)]
async fn a_keep_alive_event_is_handled_like_any_other_event() {
    let keep_alive = || KeepAlive::new().event(Feed::Closed);
    let (sse, reports) = reporting(stream::pending::<Feed>());
    assert_eq!(read(sse.keep_alive(keep_alive())).await, Some(len(&Feed::Closed)));
    assert_reported(reports, CloseReason::Terminal, 1, len(&Feed::Closed)).await;

    let broken = || KeepAlive::new().event(Feed::Broken);
    let (sse, reports) = reporting(stream::pending::<Feed>());
    assert_eq!(read(sse.keep_alive(broken())).await, None);
    assert_reported(reports, CloseReason::Error, 0, 0).await;

    // A skipped keep-alive is tried again after its interval.
    let mut failures = 0;
    let (sse, reports) = reporting(stream::pending::<Feed>());
    let sse = sse.keep_alive(broken()).on_error(move |_| {
        failures += 1;
        if failures < 3 { ErrorAction::Skip } else { ErrorAction::End }
    });
    let start = tokio::time::Instant::now();
    assert_eq!(read(sse).await, Some(0));
    assert_eq!(start.elapsed().as_secs(), 45);
    assert_reported(reports, CloseReason::Error, 0, 0).await;
}

#[tokio::test]
async fn a_disconnected_client_and_a_panicking_stream_are_different_reasons() {
    bounded(async {
        let (sender, mut reports) = mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let sender = sender.clone();
            let idle = stream::iter([Feed::Tick(1)]).chain(stream::pending());
            Sse::new(idle).on_close(move |closed| sender.send(closed).unwrap())
        })
        .await;
        let mut raw = Raw::get(server.address).await;
        raw.head().await;
        raw.chunk().await.unwrap();
        drop(raw);
        let closed = reports.recv().await.unwrap();
        assert_eq!((closed.reason, closed.events), (CloseReason::ClientGone, 1));

        let (sender, mut reports) = mpsc::unbounded_channel();
        let server = Server::answering(move || {
            let sender = sender.clone();
            let failing = stream::once(async { panic::resume_unwind(Box::new("this stream panics")) });
            Sse::new(failing.map(|(): ()| Feed::Closed)).on_close(move |closed| sender.send(closed).unwrap())
        })
        .await;
        assert_eq!(Raw::get(server.address).await.chunk().await, None);
        assert_eq!(reports.recv().await.unwrap().reason, CloseReason::Error);
    })
    .await;
}
