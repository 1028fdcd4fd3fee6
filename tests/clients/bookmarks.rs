//! Clients that receive an ID without an event, lose their connection, and come back: which of them take the ID.
//!
//! The response of the first connection ends after its first block, which contains the ID at which the subscription
//! started. An event is published while the client is away. A client that has taken the ID receives it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use futures_util::StreamExt;
use serde_json::{Value, json};
use sse_axum::{LastEventId, Sse};
use sse_client::EventSource;
use sse_hub::{Hub, Options};
use tokio::{net::TcpListener, time::sleep};

use super::{node, received};
use crate::{browser::chromium::Chromium, hub::Score, program::PATIENCE};

/// A match with one client.
struct Match {
    hub: Hub<Score>,
    has_bookmarks: bool,
    /// The last event ID of each connection.
    connections: Mutex<Vec<Option<String>>>,
    url: String,
}

impl Match {
    async fn serve(has_bookmarks: bool) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let hub = Hub::memory(Options::new().epoch(7));
        let this = Arc::new(Self { hub, has_bookmarks, connections: Mutex::default(), url });
        let router = Router::new().route("/", get(page)).route("/match", get(follow)).with_state(this.clone());
        tokio::spawn(axum::serve(listener, router.into_make_service()).into_future());
        this
    }

    /// Returns the last event IDs of the first two connections.
    fn ids(&self) -> Value {
        let connections = self.connections.lock().unwrap();
        assert!(connections.len() >= 2, "{connections:?}");
        json!(connections[..2])
    }
}

async fn follow(State(this): State<Arc<Match>>, LastEventId(last): LastEventId) -> Response {
    let number = {
        let mut connections = this.connections.lock().unwrap();
        connections.push(last.clone());
        connections.len()
    };
    let topic = this.hub.topic("match/17");
    if number == 2 {
        // Published while the client was away.
        topic.publish(&Score::Goal { number: 1 }).await.unwrap();
    }
    let mut subscription = topic.subscribe(last).unwrap();
    assert_eq!(subscription.gap(), None);
    if number == 2 {
        topic.publish(&Score::FullTime { number: 2 }).await.unwrap();
    }
    if this.has_bookmarks {
        subscription = subscription.on_bookmark(&Score::Here);
    }
    let blocks = if number == 1 { 1 } else { usize::MAX };
    Sse::new(subscription.on_gap(Score::Resync).take(blocks)).retry(Duration::from_millis(50)).into_response()
}

/// Returns a page that lists the names and IDs of the events.
async fn page() -> Html<&'static str> {
    Html(
        "<script>
            const seen = [];
            const source = new EventSource('/match');
            for (const name of ['goal', 'here', 'resync', 'message', 'full-time']) {
                source.addEventListener(name, (event) => {
                    seen.push([event.type, event.lastEventId]);
                    if (event.type === 'full-time') source.close();
                });
            }
        </script>",
    )
}

/// What a client receives that has taken the ID.
fn complete() -> Value {
    json!([["goal", "7-1"], ["full-time", "7-2"]])
}

/// What a client receives that has not.
fn without_the_goal() -> Value {
    json!([["full-time", "7-2"]])
}

/// What every client receives if the ID is sent with an event.
fn with_bookmarks() -> Value {
    json!([["here", "7-0"], ["goal", "7-1"], ["full-time", "7-2"]])
}

macro_rules! clients {
    ($($test:ident: $client:ident $name:literal => $expected:expr, $id:expr;)*) => {$(
        #[tokio::test]
        #[ignore = "needs the packages that `cargo xtask test` installs"]
        async fn $test() {
            let this = Match::serve(false).await;
            assert_eq!(received($client(), $name, &this.url).await, $expected);
            assert_eq!(this.ids(), json!([null, $id]));
            let this = Match::serve(true).await;
            assert_eq!(received($client(), $name, &this.url).await, with_bookmarks());
            assert_eq!(this.ids(), json!([null, "7-0"]));
        }
    )*};
}

clients! {
    eventsource_2_takes_the_id: node "resume eventsource-2" => complete(), Some("7-0");
    eventsource_4_needs_a_bookmark: node "resume eventsource-4" => without_the_goal(), None::<&str>;
    eventsource_5_takes_the_id: node "resume eventsource-5" => complete(), Some("7-0");
    undici_takes_the_id: node "resume undici" => complete(), Some("7-0");
    fetch_event_source_takes_the_id_and_reports_an_event_without_a_name: node "resume fetch-event-source" =>
        json!([["", "7-0"], ["goal", "7-1"], ["full-time", "7-2"]]), Some("7-0");
}

#[tokio::test]
async fn the_client_of_this_project_takes_the_id() {
    for (has_bookmarks, expected) in [(false, vec!["Goal", "FullTime"]), (true, vec!["Here", "Goal", "FullTime"])] {
        let this = Match::serve(has_bookmarks).await;
        let request = reqwest::Client::new().get(format!("{}match", this.url));
        let scores: Vec<_> = EventSource::<Score>::new(request).collect().await;
        let names = scores.into_iter().map(|score| match score.unwrap() {
            Score::Goal { .. } => "Goal",
            Score::FullTime { .. } => "FullTime",
            Score::Resync(_) => "Resync",
            Score::Here => "Here",
        });
        assert_eq!(names.collect::<Vec<_>>(), expected);
        assert_eq!(this.ids(), json!([null, "7-0"]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chromium_takes_the_id() {
    for (has_bookmarks, expected) in [(false, complete()), (true, with_bookmarks())] {
        let this = Match::serve(has_bookmarks).await;
        let chromium = Chromium::open(&this.url).await;
        let start = std::time::Instant::now();
        let seen = loop {
            let seen: Value = chromium.eval("return seen").await;
            if seen.to_string().contains("full-time") {
                break seen;
            }
            assert!(start.elapsed() < PATIENCE, "{seen}");
            sleep(Duration::from_millis(20)).await;
        };
        assert_eq!(seen, expected);
        assert_eq!(this.ids(), json!([null, "7-0"]));
    }
}
