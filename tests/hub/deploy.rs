//! A program with a hub behind nginx, which is told to stop.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Command,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::join_all};
use reqwest::StatusCode;
use sse_core::{Envelope, EventStream, RawEventBuf};
use sse_hub::Cursor;
use tokio::time::sleep;

use crate::{
    program::{self, PATIENCE, Running},
    server::proxies::Proxy,
};

static HUB: LazyLock<PathBuf> = LazyLock::new(|| program::example("hub"));

const CLIENTS: usize = 60;

/// Reads a response to its end. Returns its IDs and when it ended.
async fn read(url: &str, started: Arc<AtomicUsize>) -> (Vec<Cursor>, Instant) {
    let response = reqwest::get(url).await.unwrap().error_for_status().unwrap();
    let mut events = EventStream::<_, Envelope<RawEventBuf>>::new(response.bytes_stream());
    let mut ids = Vec::new();
    // A response that is cut is an error.
    while let Some(envelope) = events.next().await {
        if ids.is_empty() {
            started.fetch_add(1, Ordering::Relaxed);
        }
        ids.push(envelope.unwrap().id.unwrap().as_str().parse().unwrap());
    }
    (ids, Instant::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_told_to_stop_ends_its_streams_evenly_and_in_good_order_through_nginx() {
    let hub = Running::start(Command::new(&*HUB).args(["0", "2"])).unwrap();
    let line = hub.line();
    let address: SocketAddr = line.strip_prefix("listening on http://").unwrap().parse().unwrap();
    let nginx = Proxy::nginx(address, "").await;
    let url = format!("{}match/17", nginx.url());
    let started = Arc::<AtomicUsize>::default();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (url, started) = (url.clone(), started.clone());
            tokio::spawn(async move { read(&url, started).await })
        })
        .collect();
    let start = Instant::now();
    while started.load(Ordering::Relaxed) < CLIENTS {
        assert!(start.elapsed() < PATIENCE, "{started:?} of {CLIENTS} clients have an event");
        sleep(Duration::from_millis(10)).await;
    }
    hub.signal("TERM");
    // While it drains, new subscriptions are refused, and the program is still there.
    let refused = loop {
        let status = reqwest::get(&url).await.unwrap().status();
        assert!(start.elapsed() < PATIENCE, "{status}");
        if status != StatusCode::OK {
            break status;
        }
    };
    assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
    let mut ends = Vec::new();
    for client in join_all(clients).await {
        let (ids, end) = client.unwrap();
        assert!(ids.windows(2).all(|pair| pair[0].offset() + 1 == pair[1].offset()), "{ids:?}");
        ends.push(end);
    }
    let first = ends.iter().min().unwrap();
    let groups: std::collections::BTreeSet<_> =
        ends.iter().map(|end| end.duration_since(*first).as_millis() / 200).collect();
    assert!(groups.len() >= 3, "{groups:?}");
    let ended = hub.end();
    assert_eq!((ended.code, ended.stdout, ended.stderr), (Some(0), vec![], vec![]));
}
