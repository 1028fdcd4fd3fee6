//! `examples/ticker` as a program: the market feed over real connections.

use std::{
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::Command,
    sync::LazyLock,
};

use futures_util::StreamExt;
use market::{Day, Entry, Market};
use reqwest::{Client, Response, StatusCode};
use sse_core::{EventReader, EventStream};
use tokio::{sync::mpsc, time::timeout};

use crate::program::{self, PATIENCE, Running};

static TICKER: LazyLock<PathBuf> = LazyLock::new(|| program::example("ticker"));

/// The running example, on a free port.
pub(crate) struct Ticker {
    running: Running,
    pub(crate) address: SocketAddr,
}

impl Ticker {
    /// Starts the example. It plays `speed` months per second.
    pub(crate) fn start(speed: &str) -> Self {
        Self::with(&["--port", "0", "--speed", speed])
    }

    /// Starts the example with these arguments.
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let running = start(arguments);
        let line = running.line();
        let address = line
            .strip_prefix("The market is open at http://")
            .and_then(|rest| rest.split(' ').next()?.parse().ok())
            .unwrap_or_else(|| panic!("no address in {line:?}"));
        Self { running, address }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sends SIGTERM to the example.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends a signal to the example.
    pub(crate) fn signal(&self, name: &str) {
        self.running.signal(name);
    }

    /// Waits until the example has ended, and asserts that it ended without output or an error.
    pub(crate) fn end(self) {
        let ended = self.running.end();
        assert_eq!((ended.code, ended.stdout, ended.stderr), (Some(0), vec![], vec![]));
    }
}

/// Returns the events of the recorded day.
pub(crate) fn recorded() -> Vec<Entry> {
    Day::recorded().unwrap().entries().to_vec()
}

fn start(arguments: &[&str]) -> Running {
    Running::start(Command::new(&*TICKER).args(arguments)).expect("the example starts")
}

/// Runs the example with invalid arguments and returns its error message.
fn usage_error(arguments: &[&str]) -> String {
    let ended = start(arguments).end();
    assert_eq!((ended.code, ended.stdout), (Some(2), vec![]));
    ended.stderr.join("\n")
}

async fn connect(ticker: &Ticker, last_event_id: Option<&str>) -> Response {
    let request = Client::new().get(ticker.url("/events")).timeout(PATIENCE);
    let request = match last_event_id {
        Some(id) => request.header("Last-Event-ID", id),
        None => request,
    };
    request.send().await.unwrap()
}

/// Reads the events of a response to its end, each with its ID.
async fn events(response: Response) -> Vec<(String, Market)> {
    let mut stream = EventStream::<_, Market>::new(response.bytes_stream().boxed());
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        events.push((stream.decoder().last_event_id().to_owned(), event.unwrap()));
    }
    assert_eq!(stream.unknown_events(), 0);
    events
}

/// Returns what [`events`] must return for these entries.
fn expected(entries: &[Entry]) -> Vec<(String, Market)> {
    entries.iter().map(|entry| (entry.id.to_string(), entry.event.clone())).collect()
}

#[tokio::test]
async fn a_first_connection_gets_the_whole_recorded_day() {
    let ticker = Ticker::start("1000");
    let response = connect(&ticker, None).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    assert!(response.headers()["cache-control"].to_str().unwrap().contains("no-cache"));
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    assert_eq!(events(response).await, expected(&recorded()));
}

#[tokio::test]
async fn a_reconnect_gets_the_events_after_its_last_one() {
    let ticker = Ticker::start("1000");
    let day = recorded();
    // The first event, one within a month, a halt, and the one before the close.
    for last in [1, 2, 14, 578] {
        let response = connect(&ticker, Some(&last.to_string())).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(events(response).await, expected(&day[last..]), "after event {last}");
    }
}

#[tokio::test]
async fn a_reconnect_after_the_close_gets_a_204() {
    let ticker = Ticker::start("1000");
    let response = connect(&ticker, Some("579")).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(response.bytes().await.unwrap(), "");
}

#[tokio::test]
async fn an_id_out_of_range_is_rejected_with_the_valid_range() {
    let ticker = Ticker::start("1000");
    for id in ["0", "580", "18446744073709551615"] {
        let response = connect(&ticker, Some(id)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let expected =
            format!("no event has the ID `{id}`; send an ID from 1 to 579, or none to start with the first event\n");
        assert_eq!(response.text().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_id_that_is_not_a_number_is_rejected_and_quoted() {
    let ticker = Ticker::start("1000");
    for id in ["first", "-1", "1.5", "18446744073709551616"] {
        let response = connect(&ticker, Some(id)).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let text = response.text().await.unwrap();
        assert!(text.contains(&format!("`Last-Event-ID` is `{id}`")), "{text}");
    }
}

#[tokio::test]
async fn sigterm_ends_the_streams_of_a_hundred_clients_between_events() {
    const CLIENTS: usize = 100;
    let ticker = Ticker::start("10");
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
    ticker.terminate();
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
        if !sent && body.windows(8).any(|window| window == b"\nid: 40\n") {
            sent = true;
            listening.send(()).await.unwrap();
        }
    }
    body
}

#[tokio::test]
async fn ctrl_c_ends_the_program() {
    let ticker = Ticker::start("1");
    let response = connect(&ticker, None).await;
    ticker.running.signal("INT");
    let body = response.bytes().await.expect("a complete body");
    assert!(body.ends_with(b"\n\n"));
    ticker.end();
}

#[test]
fn a_port_in_use_is_an_error_with_a_remedy() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let ended = start(&["--port", &port.to_string()]).end();
    assert_eq!((ended.code, ended.stdout), (Some(1), vec![]));
    let expected = format!("ticker: port {port} is in use; choose another with `--port`: ");
    assert_eq!(ended.stderr.len(), 1, "{:?}", ended.stderr);
    assert!(ended.stderr[0].starts_with(&expected), "{:?}", ended.stderr);
}

#[test]
fn invalid_options_are_explained() {
    assert!(usage_error(&["--port", "70000"]).contains("70000"));
    assert!(usage_error(&["--port", "http"]).contains("http"));
    for speed in ["0", "-1", "fast", "NaN", "inf", "1001"] {
        let error = usage_error(&[&format!("--speed={speed}")]);
        assert!(error.contains("write a number of months from 0.01 to 1000"), "{error}");
    }
    assert!(usage_error(&["--sped", "3"]).contains("--sped"));
    assert!(usage_error(&["now"]).contains("now"));
}
