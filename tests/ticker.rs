//! `examples/ticker` as a program: the market feed over real connections.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use futures_util::StreamExt;
use reqwest::{Client, Response, StatusCode};
use sse_core::{EventReader, EventStream, GapReason};
use sse_examples::market::{Day, Entry, Market};
use tokio::{
    sync::mpsc,
    time::{Duration, sleep, timeout},
};

use crate::{
    program::{self, PATIENCE, Running},
    served::Served,
};

static TICKER: LazyLock<PathBuf> = LazyLock::new(|| program::example("ticker"));

/// The path of the program.
pub(crate) fn program() -> &'static Path {
    &TICKER
}

/// Starts the example on a free port. It plays `speed` months per second.
pub(crate) fn start(speed: &str) -> Served {
    Served::start(program(), &["--speed", speed])
}

/// Returns the events of the recorded day.
pub(crate) fn recorded() -> Vec<Entry> {
    Day::recorded().unwrap().entries().to_vec()
}

async fn connect(ticker: &Served, last_event_id: Option<&str>) -> Response {
    let request = Client::new().get(ticker.url("/events")).timeout(PATIENCE);
    let request = match last_event_id {
        Some(id) => request.header("Last-Event-ID", id),
        None => request,
    };
    request.send().await.unwrap()
}

/// Reads the events of a response to its end, each with its ID.
async fn events(response: Response) -> Vec<(String, Market)> {
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = EventStream::<_, Market>::new(response.bytes_stream().boxed());
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        events.push((stream.decoder().last_event_id().to_owned(), event.unwrap()));
    }
    assert_eq!(stream.unknown_events(), 0);
    events
}

/// Asserts that these are the events of the day after the first `after`, with consecutive IDs of one epoch. The first
/// event of the day has the number `first`.
fn assert_day(events: &[(String, Market)], after: usize, first: u64) {
    let day: Vec<_> = recorded().into_iter().skip(after).map(|entry| entry.event).collect();
    assert_eq!(events.iter().map(|(_, event)| event.clone()).collect::<Vec<_>>(), day);
    let ids: Vec<_> = events.iter().map(|(id, _)| id.split_once('-').unwrap()).collect();
    assert!(ids.iter().all(|(epoch, _)| *epoch == ids[0].0), "{ids:?}");
    let numbers: Vec<u64> = ids.iter().map(|(_, number)| number.parse().unwrap()).collect();
    assert_eq!(numbers, (first + after as u64..first + 579).collect::<Vec<_>>());
}

/// Sends `POST /open`.
async fn open(ticker: &Served) -> StatusCode {
    Client::new().post(ticker.url("/open")).send().await.unwrap().status()
}

#[tokio::test]
async fn a_first_connection_gets_the_whole_recorded_day() {
    let ticker = start("1000");
    let response = connect(&ticker, None).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert!(response.headers()["cache-control"].to_str().unwrap().contains("no-cache"));
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    assert_day(&events(response).await, 0, 1);
}

#[tokio::test]
async fn listeners_who_come_at_different_times_get_the_same_events_with_the_same_ids() {
    let ticker = start("200");
    let first = connect(&ticker, None).await;
    let first = tokio::spawn(events(first));
    sleep(Duration::from_millis(200)).await;
    let second = events(connect(&ticker, None).await).await;
    let first = first.await.unwrap();
    assert_day(&first, 0, 1);
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_reconnect_gets_the_events_after_its_last_one_and_after_the_close_a_204() {
    let ticker = start("1000");
    let all = events(connect(&ticker, None).await).await;
    // The first event, one within a month, a halt, and the one before the close.
    for last in [1, 2, 14, 578] {
        assert_day(&events(connect(&ticker, Some(&all[last - 1].0)).await).await, last, 1);
    }
    let response = connect(&ticker, Some(&all[578].0)).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn an_id_that_the_hub_does_not_hold_is_answered_with_a_resync() {
    let ticker = start("1000");
    let all = events(connect(&ticker, None).await).await;
    let resync = async |id: &str| match connect(&ticker, Some(id)).await {
        response if response.status() == StatusCode::OK => events(response).await.remove(0).1,
        response => panic!("{id} is answered with {}", response.status()),
    };
    let after_the_last = all[578].0.replace("-579", "-580");
    // The market is closed, so there are no events after an ID that is not one.
    for id in ["first", "-1", "1.5", &after_the_last, &"9".repeat(1000)] {
        let Market::Resync(gap) = resync(id).await else { panic!("{id} is not answered with a resync") };
        assert_eq!(gap.reason, GapReason::Unknown, "{id}");
    }
    let Market::Resync(gap) = resync("7-300").await else { panic!("not a resync") };
    assert_eq!(gap.reason, GapReason::Restarted);
}

#[tokio::test]
async fn an_id_that_is_sent_twice_is_rejected_with_a_line_of_text() {
    let ticker = start("1");
    let request = Client::new().get(ticker.url("/events"));
    let response = request.header("Last-Event-ID", "7-1").header("Last-Event-ID", "7-2").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.text().await.unwrap(), "`Last-Event-ID` is sent more than once; send it once\n");
}

#[tokio::test]
async fn the_market_opens_again_for_everybody_after_its_close() {
    let ticker = start("500");
    let first = connect(&ticker, None).await;
    assert_eq!(open(&ticker).await, StatusCode::CONFLICT);
    let first = events(first).await;
    while open(&ticker).await != StatusCode::ACCEPTED {
        sleep(Duration::from_millis(10)).await;
    }
    // A new client gets the new day only, and so does one that has all of the first day.
    let (new, old) = tokio::join!(connect(&ticker, None), connect(&ticker, Some(&first[578].0)));
    let (new, old) = tokio::join!(events(new), events(old));
    assert_day(&new, 0, 580);
    assert_eq!(new, old);
}

#[tokio::test]
async fn sigterm_ends_the_streams_of_a_hundred_clients_between_events() {
    const CLIENTS: usize = 100;
    let ticker = start("10");
    let (listening, mut listeners) = mpsc::channel(CLIENTS);
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(timeout(PATIENCE, listen(ticker.url("/events"), listening.clone()))))
        .collect();
    for _ in 0..CLIENTS {
        timeout(PATIENCE, listeners.recv())
            .await
            .expect("all clients receive events")
            .expect("the clients are running");
    }
    ticker.signal("TERM");
    let day: Vec<_> = recorded().into_iter().map(|entry| entry.event).collect();
    for client in clients {
        let body = client.await.unwrap().expect("every stream ends in time");
        let events: Result<Vec<Market>, _> = EventReader::new(&*body).collect();
        let events = events.unwrap();
        assert_eq!(events, day[..events.len()]);
        assert!(events.len() >= 40 && body.ends_with(b"\n\n"), "{} events", events.len());
    }
    ticker.end();
}

/// Reads the feed to the end of its response, and sends a message when the ID of event 40 has arrived.
async fn listen(url: String, listening: mpsc::Sender<()>) -> Vec<u8> {
    let mut response = Client::new().get(url).send().await.unwrap();
    let mut body = Vec::new();
    let mut sent = false;
    while let Some(chunk) = response.chunk().await.expect("a complete body") {
        body.extend_from_slice(&chunk);
        if !sent && body.windows(4).any(|window| window == b"-40\n") {
            sent = true;
            listening.send(()).await.unwrap();
        }
    }
    body
}

#[tokio::test]
async fn ctrl_c_ends_the_program() {
    let ticker = start("1");
    let response = connect(&ticker, None).await;
    ticker.signal("INT");
    let body = response.bytes().await.expect("a complete body");
    assert!(body.ends_with(b"\n\n"));
    ticker.end();
}

#[test]
fn an_invalid_speed_is_explained() {
    for speed in ["0", "-1", "fast", "NaN", "inf", "1001"] {
        let argument = format!("--speed={speed}");
        let ended = Running::start(Command::new(program()).arg(argument)).expect("the example starts").end();
        assert_eq!((ended.code, ended.stdout), (Some(2), vec![]));
        let error = ended.stderr.join("\n");
        assert!(error.contains("write a number of months from 0.01 to 1000"), "{error}");
    }
}
