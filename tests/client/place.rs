//! The client resumes after the last event ID: a feed whose server is killed and started again every second.
//!
//! `SSE_RESTARTS=60` makes these tests as long as a minute.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use futures_util::{Stream, StreamExt, stream};
use reqwest::Client;
use sse_axum::{LastEventId, Sse};
use sse_client::{CloseReason, EventSource, Update};
use sse_core::Envelope;
use sse_examples::market::{Day, Market};
use tokio::{
    runtime::{self, Runtime},
    task::JoinHandle,
    time::sleep,
};

use crate::{served::free_port, server::proxies::Proxy};

/// The number of months of the feed.
const MONTHS: u32 = 123;

fn restarts() -> u32 {
    env::var("SSE_RESTARTS").map_or(6, |restarts| restarts.parse().expect("a number"))
}

/// The events of the recorded day after the one with this ID, month by month. The IDs are those of the record, so that
/// they mean the same to each incarnation of the server.
fn replay(day: Arc<Day>, last: u64, month: Duration) -> impl Stream<Item = Envelope<Market>> {
    stream::unfold((day, last), move |(day, last)| async move {
        let entry = day.entries().get(usize::try_from(last).unwrap())?.clone();
        let before = last.checked_sub(1).map(|last| &day.entries()[usize::try_from(last).unwrap()]);
        if before.is_some_and(|before| before.event.date() != entry.event.date()) {
            sleep(month).await;
        }
        Some((Envelope::new(entry.event).with_id(entry.id), (day, last + 1)))
    })
}

/// The server of the feed, always on the same port.
struct Server {
    address: SocketAddr,
    router: Router,
    runtime: Option<Runtime>,
}

impl Server {
    /// Starts a server whose feed takes somewhat longer than the restarts.
    fn start() -> Self {
        let day = Arc::new(Day::recorded().unwrap());
        let month = Duration::from_secs(u64::from(restarts() + 1)) / MONTHS;
        let events = move |LastEventId(last): LastEventId<u64>| {
            let events = replay(day.clone(), last.unwrap_or(0), month);
            async { Sse::new(events).retry(Duration::from_millis(100)) }
        };
        let address = (Ipv4Addr::LOCALHOST, free_port()).into();
        let mut server = Self { address, router: Router::new().route("/events", get(events)), runtime: None };
        server.restart();
        server
    }

    /// Closes the listener and all connections, and starts the server again. Returns the time in which nobody listened.
    fn restart(&mut self) -> Duration {
        let start = Instant::now();
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
        let listener = loop {
            match TcpListener::bind(self.address) {
                Ok(listener) => break listener,
                // The listener of the last runtime is not yet closed.
                Err(error) => assert!(start.elapsed() < Duration::from_secs(10), "{error}"),
            }
        };
        listener.set_nonblocking(true).unwrap();
        let runtime = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let router = self.router.clone();
        runtime.spawn(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router.into_make_service()).await
        });
        self.runtime = Some(runtime);
        start.elapsed()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

/// The events that a client has received until the end of the feed.
struct Seen {
    ids: Vec<u64>,
    events: Vec<Market>,
    connections: u32,
}

fn follow(url: String) -> JoinHandle<Seen> {
    let mut updates = EventSource::<Market>::new(Client::new().get(url)).updates();
    tokio::spawn(async move {
        let mut seen = Seen { ids: Vec::new(), events: Vec::new(), connections: 0 };
        while let Some(update) = updates.next().await {
            match update.unwrap() {
                Update::Connecting { .. } => seen.connections += 1,
                Update::Event { event, .. } => {
                    seen.ids.push(updates.last_event_id().parse().unwrap());
                    seen.events.push(event);
                }
                _ => {}
            }
        }
        assert_eq!(updates.close_reason(), Some(CloseReason::Completed));
        seen
    })
}

/// Restarts the server every second until the client has seen the end of the feed.
async fn survives(mut server: Server, url: String) {
    let client = follow(url);
    let mut restarts = 0;
    let mut down = Duration::ZERO;
    while !client.is_finished() {
        sleep(Duration::from_secs(1)).await;
        down = down.max(server.restart());
        restarts += 1;
    }
    let Seen { ids, events, connections } = client.await.unwrap();
    let expected: Vec<_> = Day::recorded().unwrap().entries().iter().map(|entry| entry.event.clone()).collect();
    assert_eq!(ids, (1..=579).collect::<Vec<_>>(), "no gap and no double");
    assert_eq!(events, expected);
    // The first connection, and one for each restart.
    println!("{connections} connections over {restarts} restarts, down for {down:?} at most");
    // A machine that needs longer to start the server makes more attempts necessary.
    if down <= Duration::from_millis(100) {
        assert!(
            f64::from(connections - 1) <= 1.2 * f64::from(restarts),
            "{connections} connections, {restarts} restarts"
        );
    }
}

#[tokio::test]
async fn a_feed_whose_server_is_killed_every_second_has_no_gap_and_no_double() {
    let server = Server::start();
    let url = format!("http://{}/events", server.address);
    survives(server, url).await;
}

#[tokio::test]
async fn a_feed_through_nginx_whose_server_is_killed_every_second_has_no_gap_and_no_double() {
    let server = Server::start();
    let nginx = Proxy::nginx(server.address, "").await;
    let url = format!("{}events", nginx.url());
    survives(server, url).await;
}
