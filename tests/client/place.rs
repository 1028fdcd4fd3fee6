//! The client resumes after the last event ID: the market feed, whose server is killed and started again every second.
//!
//! `SSE_RESTARTS=60` makes these tests as long as a minute.

use std::{
    env,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use market::{Day, Market};
use reqwest::Client;
use sse_client::{CloseReason, EventSource, Update};
use tokio::{task::JoinHandle, time::sleep};

use crate::{server::nginx::Nginx, ticker::Ticker};

/// The number of months of the feed.
const MONTHS: u32 = 123;

fn restarts() -> u32 {
    env::var("SSE_RESTARTS").map_or(6, |restarts| restarts.parse().expect("a number"))
}

/// The server of the feed, always on the same port.
struct Server {
    arguments: Vec<String>,
    ticker: Option<Ticker>,
}

impl Server {
    /// Starts a server whose feed takes somewhat longer than the restarts.
    fn start() -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let speed = f64::from(MONTHS) / f64::from(restarts() + 1);
        let arguments = format!("--port {} --retry 100 --speed {speed}", free.port());
        let mut server = Self { arguments: arguments.split(' ').map(str::to_owned).collect(), ticker: None };
        server.restart();
        server
    }

    /// Kills the server and starts it again. Returns the time in which nobody listened.
    fn restart(&mut self) -> Duration {
        let start = Instant::now();
        drop(self.ticker.take());
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        self.ticker = Some(Ticker::with(&arguments));
        start.elapsed()
    }

    fn address(&self) -> SocketAddr {
        self.ticker.as_ref().expect("a running server").address
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
    let url = format!("http://{}/events", server.address());
    survives(server, url).await;
}

#[tokio::test]
async fn a_feed_through_nginx_whose_server_is_killed_every_second_has_no_gap_and_no_double() {
    let server = Server::start();
    let nginx = Nginx::before(server.address(), "").await;
    let url = format!("{}events", nginx.url());
    survives(server, url).await;
}
