//! Two nodes on a store that fails, with clients that come and go between the nodes. A checker compares what was
//! published, what was received and what is in the log at the end.

use std::{
    collections::{BTreeMap, BTreeSet},
    pin::Pin,
    time::Duration,
};

use futures_util::{FutureExt, StreamExt, future::join_all};
use sse_core::{Decoder, Gap};
use sse_hub::{
    Cursor, Hub, MemoryStore, Options, PublishError, Sent, Start, Subscription, Window,
    test::{Fault, Faulty, store_contract},
};
use tokio::time::{sleep, timeout};

use super::{Score, setting};

type Scores = Subscription<Score, fn(Gap) -> Score>;

/// Deterministic numbers for the clients.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[derive(Default)]
struct Client {
    stream: Option<Pin<Box<Scores>>>,
    start: Option<Cursor>,
    told: Option<Cursor>,
    /// In this connection.
    last_here: Option<Cursor>,
    received: BTreeMap<Cursor, u64>,
    /// Intervals: after the first, up to the second.
    gaps: Vec<(Cursor, Cursor, String)>,
}

impl Client {
    fn connect(&mut self, hub: &Hub<Score>) {
        let start = self.told.map_or(Start::NOW, |told| Start::from(told.to_string()));
        let stream = hub.topic("a").subscribe(start).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
        self.stream = Some(Box::pin(stream));
        self.last_here = None;
    }

    /// Receives what is there.
    fn read(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        while let Some(block) = stream.next().now_or_never() {
            let block = block.expect("the hub is open").unwrap();
            let mut decoder = Decoder::new();
            let raw = decoder.feed(block.as_bytes()).next_event().map(|raw| raw.unwrap().into_owned());
            let id: Cursor = decoder.last_event_id().parse().unwrap();
            // C1: IDs rise.
            assert!(self.last_here.is_none_or(|last| last < id), "{:?} {id}", self.last_here);
            self.last_here = Some(id);
            match raw {
                None => {}
                Some(raw) if raw.name() == "resync" => {
                    let gap: Gap = serde_json::from_str(raw.data()).unwrap();
                    // A first gap takes the place of the announced start.
                    self.gaps.push((self.told.unwrap_or(id), id, gap.reason.to_string()));
                }
                Some(raw) => {
                    let number =
                        serde_json::from_str::<serde_json::Value>(raw.data()).unwrap()["number"].as_u64().unwrap();
                    assert_eq!(self.received.insert(id, number), None, "{id} is received twice");
                }
            }
            self.start.get_or_insert(id);
            self.told = Some(id);
        }
    }
}

async fn two_nodes(store: &Faulty, window: Window) -> Vec<Hub<Score>> {
    let mut nodes = Vec::new();
    while nodes.len() < 2 {
        nodes.extend(Hub::open(store.clone(), Options::new().window(window)).await.ok());
    }
    nodes
}

async fn run(seed: u64, faults: &[Fault], window: Window) {
    let has_rewinds = faults.contains(&Fault::Rewind);
    let store = Faulty::new(seed, faults);
    let mut random = Random(seed);
    let nodes = two_nodes(&store, window).await;
    let mut clients: Vec<Client> = (0..3).map(|_| Client::default()).collect();
    for client in &mut clients {
        client.connect(&nodes[0]);
        client.read();
    }
    let mut published = Vec::new();
    for number in 0..60 {
        let node = usize::try_from(random.below(2)).unwrap();
        let topic = if random.below(5) == 0 { "b" } else { "a" };
        let publish = tokio::spawn(nodes[node].topic(topic).publish(&Score::Goal { number }));
        published.push((node, number, topic, publish));
        for client in &mut clients {
            match random.below(12) {
                0 => client.connect(&nodes[usize::try_from(random.below(2)).unwrap()]),
                1..8 => client.read(),
                _ => {}
            }
        }
        if random.below(3) == 0 {
            sleep(Duration::from_millis(random.below(30))).await;
        }
    }
    let outcomes = timeout(
        Duration::from_secs(600),
        join_all(published.into_iter().map(async |(node, number, topic, publish)| Outcome {
            node,
            number,
            topic,
            result: publish.await.unwrap(),
        })),
    );
    let outcomes = outcomes.await.expect("every publish has an outcome");
    store.stop();
    // A last event, after which all nodes and clients have everything.
    let last = nodes[0].topic("a").publish(&Score::Goal { number: 999 }).await.unwrap();
    for node in &nodes {
        timeout(Duration::from_secs(60), async {
            while node.cursor() < last {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await
        .expect("every node follows");
    }
    let fresh: Hub<Score> = Hub::open(store.clone(), Options::new()).await.unwrap();
    let whole = fresh.all().subscribe(Start::EARLIEST).unwrap().on_gap(Score::Resync as fn(Gap) -> Score);
    let mut log = Client { stream: Some(Box::pin(whole)), ..Client::default() };
    log.read();
    check_publishes(&outcomes, &log, has_rewinds, seed);
    for client in &mut clients {
        client.read();
        check_client(client, &outcomes, &log, has_rewinds, seed);
    }
    check_contents(&clients, seed);
    assert_eq!(nodes[0].stats().pending_bytes, 0);
}

/// C2: one ID, one content.
fn check_contents(clients: &[Client], seed: u64) {
    for client in clients {
        for other in clients {
            for (id, number) in &client.received {
                assert!(other.received.get(id).is_none_or(|theirs| theirs == number), "seed {seed}: {id}");
            }
        }
    }
}

/// What became of a publish.
struct Outcome {
    node: usize,
    number: u64,
    topic: &'static str,
    result: Result<Cursor, PublishError>,
}

/// C5, that what was acknowledged is in the log, and that the events of a node are in the order of its calls.
fn check_publishes(outcomes: &[Outcome], log: &Client, has_rewinds: bool, seed: u64) {
    let mut numbers = BTreeSet::new();
    for number in log.received.values() {
        assert!(numbers.insert(*number), "seed {seed}: {number} is in the log twice");
    }
    let mut last = BTreeMap::new();
    for Outcome { node, number, result, .. } in outcomes {
        if let Ok(id) = result {
            let before = last.insert(node, id);
            assert!(before.is_none_or(|before| before < id), "seed {seed}: {number} at {id} follows {before:?}");
        }
        match result {
            Ok(id) if !has_rewinds => assert_eq!(log.received.get(id), Some(number), "seed {seed}: {number} is lost"),
            Err(PublishError::Unavailable { sent: Sent::NotSent }) => {
                assert!(!numbers.contains(number), "seed {seed}: {number} was not sent, and is in the log");
            }
            Ok(_) | Err(PublishError::Unavailable { sent: Sent::Unknown }) => {}
            Err(error) => panic!("seed {seed}: {error}"),
        }
    }
    if !has_rewinds {
        assert!(log.gaps.is_empty(), "seed {seed}: {:?}", log.gaps);
    }
}

/// C3, C4 and C7.
fn check_client(client: &Client, outcomes: &[Outcome], log: &Client, has_rewinds: bool, seed: u64) {
    let (start, told) = (client.start.unwrap(), client.told.unwrap());
    for (id, number) in &log.received {
        let is_other = outcomes.get(usize::try_from(*number).unwrap()).is_some_and(|outcome| outcome.topic == "b");
        let is_due = start < *id && *id <= told && !is_other;
        let is_told = client.gaps.iter().any(|(after, until, _)| after < id && id <= until);
        assert!(
            !is_due || is_told || client.received.get(id) == Some(number),
            "seed {seed}: {id} ({number}) is missing; {:?} {:?}",
            client.received,
            client.gaps
        );
    }
    assert!(told >= log.told.unwrap(), "seed {seed}: the client ends at {told}");
    for number in client.received.values() {
        let is_published = outcomes.iter().any(|outcome| outcome.number == *number && outcome.topic == "a");
        assert!(*number == 999 || is_published, "seed {seed}: {number} was not published");
    }
    if !has_rewinds {
        assert!(client.gaps.is_empty(), "seed {seed}: {:?}", client.gaps);
        assert!(client.received.iter().all(|(id, number)| log.received.get(id) == Some(number)), "seed {seed}");
    }
}

/// The seeds: `count` of them or as many as `SSE_HUB_CASES`, or the one in `SSE_HUB_SEED`.
fn seeds(count: u64) -> std::ops::Range<u64> {
    match setting("SSE_HUB_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("SSE_HUB_CASES").unwrap_or(count),
    }
}

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[test]
fn without_lost_records_there_is_no_gap_no_loss_and_no_double() {
    let faults: Vec<_> = Fault::ALL.iter().copied().filter(|fault| *fault != Fault::Rewind).collect();
    for seed in seeds(500) {
        paused().block_on(run(seed, &faults, Window::new()));
    }
}

#[test]
fn records_that_the_store_loses_lie_under_gaps() {
    for seed in seeds(500) {
        paused().block_on(run(seed, Fault::ALL, Window::new()));
    }
}

#[test]
fn records_that_leave_a_small_window_lie_under_gaps_also_if_it_is_loaded_again() {
    for seed in seeds(500) {
        paused().block_on(run(seed, Fault::ALL, Window::new().events(6)));
    }
}

#[tokio::test(start_paused = true)]
async fn the_store_in_memory_meets_the_contract() {
    store_contract(MemoryStore::new).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_slow_and_repeats_records_meets_the_contract() {
    let mut seed = 0;
    store_contract(|| {
        seed += 1;
        Faulty::new(seed, &[Fault::Delay, Fault::Double])
    })
    .await;
}
