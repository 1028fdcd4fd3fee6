//! One handler, read by independent clients: `EventSource` in a real Chromium and in Node.js, and curl.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Duration,
};

use axum::{Router, http::header, response::Html, routing::get};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::{
    Decoder, Encoder, Envelope, EventId, EventName, EventReader, EventSpec, RawEvent, RawEventBuf, SseEvent, TypedEvent,
};
use tokio::{net::TcpListener, sync::Barrier, task::spawn_blocking, time::timeout};

use crate::{
    browser::chromium::Chromium,
    program::{PATIENCE, Running},
};

/// One event of each kind that clients might read differently.
#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "dot.case")]
enum Feed {
    /// An event with an ID and a payload that is not ASCII.
    PriceMoved {
        #[sse(id)]
        number: u64,
        symbol: String,
        close: f64,
    },
    /// An unnamed event, whose name is `message` for all clients.
    #[sse(unnamed)]
    Message(Vec<Part>),
    /// Text of several lines, some of them empty.
    #[sse(text)]
    Note(String),
    /// An event without data, which clients receive nevertheless.
    Halted,
    #[sse(terminal)]
    Closed,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct Part {
    text: Option<String>,
}

/// An event as untyped clients see it: its name, its data and the last event ID.
type Seen = (String, String, String);

fn sent() -> Vec<Envelope<Feed>> {
    let part = |text: &str| Part { text: Some(text.to_owned()) };
    vec![
        Envelope::empty().with_retry(Duration::from_secs(3)),
        Envelope::new(Feed::Halted),
        Envelope::new(Feed::PriceMoved { number: 7, symbol: "Ü\u{1f980}\u{2028}\"".to_owned(), close: -0.125 }),
        Envelope::new(Feed::Message(vec![part(" a\r\nb "), Part { text: None }])),
        Envelope::new(Feed::Note("\n first\n\n:third \n".to_owned())),
        Envelope::new(Feed::Note(String::new())).with_id(EventId::new("a b").unwrap()),
        Envelope::new(Feed::Halted).with_id(EventId::new("").unwrap()),
        Envelope::new(Feed::PriceMoved { number: 8, symbol: String::new(), close: 1e300 }),
        Envelope::new(Feed::Closed),
    ]
}

/// Sends the events once all clients are connected.
async fn events(
    LastEventId(last): LastEventId,
    all: Arc<Barrier>,
) -> Result<Sse<impl Stream<Item = Envelope<Feed>>>, StopReconnecting> {
    if last.is_some() {
        return Err(StopReconnecting);
    }
    all.wait().await;
    Ok(Sse::new(stream::iter(sent())))
}

/// Serves the events to `clients` clients, and a page for Chromium. Returns the URL of the page.
async fn serve(clients: usize) -> String {
    let all = Arc::new(Barrier::new(clients));
    let script = ([(header::CONTENT_TYPE, "text/javascript")], include_str!("interop/record.js"));
    let router = Router::new()
        .route("/", get(async || Html("<!doctype html><title>interop</title>")))
        .route("/record.js", get(async move || script))
        .route("/events", get(move |last| events(last, all)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router.into_make_service()).into_future());
    url
}

/// Returns the names of all events from the description of the type.
fn names() -> Vec<&'static str> {
    let names = Feed::EVENTS.iter().map(|spec| match spec {
        EventSpec::Event(event) => event.name().unwrap_or("message"),
        _ => panic!("expected only events: {spec:?}"),
    });
    names.collect()
}

async fn chromium(url: String) -> Vec<Seen> {
    let chromium = Chromium::open(&url).await;
    let script = "const [types, done] = arguments;
        import('/record.js').then(({ record }) => record(EventSource, '/events', types)).then(done, (error) => done(`${error}`));";
    let types = serde_json::to_value(names()).unwrap();
    chromium.page.execute_async(script, vec![types]).await.unwrap().convert().unwrap()
}

/// Returns what the npm package `eventsource` receives, in the version of the lock file.
fn node(url: &str) -> Vec<Seen> {
    let folder = installed();
    let mut node = Command::new("node");
    node.current_dir(folder).args(["main.js", &format!("{url}events")]).args(names());
    let node =
        Running::start(&mut node).unwrap_or_else(|error| panic!("this test requires Node.js 20 or newer: {error}"));
    serde_json::from_str(&node.line()).unwrap()
}

/// Installs the npm package in the target folder, and returns the folder.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop");
    fs::create_dir_all(&folder).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop");
    for file in ["package.json", "package-lock.json", "main.js", "record.js"] {
        fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
    let done = npm.output().unwrap_or_else(|error| panic!("this test requires npm with Node.js 20 or newer: {error}"));
    assert!(done.status.success(), "{npm:?} failed: {}", String::from_utf8_lossy(&done.stderr));
    folder
}

fn curl(url: &str) -> Vec<u8> {
    let seconds = PATIENCE.as_secs().to_string();
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--no-buffer", "--fail", "--max-time", &seconds, &format!("{url}events")]);
    let done = curl.output().unwrap_or_else(|error| panic!("this test requires curl: {error}"));
    assert!(done.status.success(), "{curl:?} failed: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// Returns what an untyped client sees in these bytes. `id` returns what the client reports as the ID of an event.
fn seen(bytes: &[u8], id: fn(RawEvent<'_>) -> String) -> Vec<Seen> {
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(bytes);
    let mut seen = Vec::new();
    while let Some(event) = events.next_event() {
        let event = event.unwrap();
        seen.push((event.name().to_owned(), event.data().to_owned(), id(event)));
    }
    seen
}

/// Converts what a client has seen to the type of the events.
fn typed(seen: &[Seen]) -> Vec<Feed> {
    let mut encoder = Encoder::new();
    for (event, data, id) in seen {
        let event = RawEventBuf::new(EventName::new(event.clone()).unwrap(), data.clone());
        encoder.envelope(&Envelope::new(event).with_id(EventId::new(id.clone()).unwrap())).unwrap();
    }
    EventReader::new(encoder.as_bytes()).collect::<Result<_, _>>().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium_node_and_curl_see_the_same_typed_events_at_once() {
    let url = serve(3).await;
    let (for_node, for_curl) = (url.clone(), url.clone());
    let clients = async {
        tokio::join!(chromium(url), spawn_blocking(move || node(&for_node)), spawn_blocking(move || curl(&for_curl)))
    };
    let (chromium, node, curl) = timeout(PATIENCE, clients).await.expect("all three clients receive all events");
    let (node, curl) = (node.unwrap(), curl.unwrap());
    assert_eq!(chromium, seen(&curl, |event| event.last_event_id().to_owned()));
    // The package for Node.js does not carry an ID over to later events.
    assert_eq!(node, seen(&curl, |event| event.id().unwrap_or_default().to_owned()));

    let events: Vec<_> = sent().into_iter().filter_map(|envelope| envelope.event).collect();
    assert_eq!(EventReader::<_, Feed>::new(&*curl).map(Result::unwrap).collect::<Vec<_>>(), events);
    assert_eq!(typed(&chromium), events);
    assert_eq!(typed(&node), events);
}
