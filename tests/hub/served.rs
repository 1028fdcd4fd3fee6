//! The hub over real sockets: two nodes, a drain, clients that come back on the other node, and published clients.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::future::join_all;
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::{Envelope, EventStream};
use sse_hub::{Cursor, Hub, MemoryStore, Options};
use tokio::net::TcpListener;

use super::Score;

async fn follow(State(hub): State<Hub<Score>>, LastEventId(last): LastEventId) -> Result<Response, StatusCode> {
    let subscription =
        hub.topic("match/17").subscribe(last).map_err(|error| StatusCode::from_u16(error.status()).unwrap())?;
    if subscription.is_over() {
        return Ok(StopReconnecting.into_response());
    }
    Ok(Sse::new(subscription.on_gap(Score::Resync)).into_response())
}

async fn serve(hub: &Hub<Score>) -> String {
    let router = Router::new().route("/", get(follow)).with_state(hub.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router.into_make_service()).into_future());
    url
}

/// What a client has.
#[derive(Default)]
struct Seen {
    last: Option<String>,
    numbers: Vec<u64>,
}

/// Reads one response to its end, or until the last event.
async fn read(url: &str, seen: &mut Seen) {
    let mut request = reqwest::Client::new().get(url);
    if let Some(last) = &seen.last {
        request = request.header("last-event-id", last);
    }
    let response = request.send().await.unwrap().error_for_status().unwrap();
    let mut scores = EventStream::<_, Envelope<Score>>::new(response.bytes_stream());
    while let Some(envelope) = futures_util::StreamExt::next(&mut scores).await {
        let envelope = envelope.unwrap();
        match envelope.event {
            Some(Score::Goal { number } | Score::FullTime { number }) => seen.numbers.push(number),
            Some(Score::Resync(gap)) => panic!("{gap:?}"),
            Some(Score::Here) | None => {}
        }
    }
    let last = scores.decoder().last_event_id();
    seen.last = (!last.is_empty()).then(|| last.to_owned());
}

#[tokio::test]
async fn a_drain_spreads_the_ends_and_clients_go_on_at_the_other_node_without_a_gap() {
    let store = MemoryStore::new();
    let first: Hub<Score> = Hub::open(store.clone(), Options::new()).await.unwrap();
    let second: Hub<Score> = Hub::open(store, Options::new()).await.unwrap();
    let urls = [serve(&first).await, serve(&second).await];
    let ends = Arc::new(Mutex::new(Vec::new()));
    let clients = (0..100).map(|_| {
        let (urls, ends) = (urls.clone(), ends.clone());
        tokio::spawn(async move {
            let mut seen = Seen::default();
            read(&urls[0], &mut seen).await;
            ends.lock().unwrap().push(Instant::now());
            read(&urls[1], &mut seen).await;
            seen.numbers
        })
    });
    let clients: Vec<_> = clients.collect();
    while first.topic("match/17").subscribers() < 100 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let publisher = second.clone();
    let publishing = tokio::spawn(async move {
        for number in 0..200 {
            publisher.topic("match/17").publish(&Score::Goal { number }).await.unwrap();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        publisher.topic("match/17").publish(&Score::FullTime { number: 200 }).await.unwrap();
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    first.drain(Duration::from_millis(500)).await;
    publishing.await.unwrap();
    let expected: Vec<_> = (0..=200).collect();
    for numbers in join_all(clients).await {
        assert_eq!(numbers.unwrap(), expected);
    }
    // The ends come in groups, of which none has a large part of the clients.
    let ends = ends.lock().unwrap();
    let groups: BTreeSet<_> = ends.iter().map(|end| end.duration_since(ends[0]).as_millis() / 25).collect();
    assert!(groups.len() >= 4, "{groups:?}");
    assert_eq!(first.stats().gaps, second.stats().gaps);
}

#[tokio::test]
async fn a_client_that_has_the_last_event_is_not_served_again() {
    let hub: Hub<Score> = Hub::memory(Options::new().epoch(7));
    let url = serve(&hub).await;
    let id: Cursor = hub.topic("match/17").publish(&Score::FullTime { number: 1 }).await.unwrap();
    let mut seen = Seen::default();
    read(&url, &mut seen).await;
    assert_eq!((seen.numbers.as_slice(), seen.last.as_deref()), (&[1][..], Some("7-1")));
    let mut headers = HeaderMap::new();
    headers.insert("last-event-id", id.to_string().parse().unwrap());
    let response = reqwest::Client::new().get(&url).headers(headers).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}
