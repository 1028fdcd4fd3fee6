//! Nodes as processes, each before the server through a proxy of its own, with clients and a publisher.

use std::{
    collections::BTreeMap,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use futures_util::{StreamExt, future::join_all};
use sse_core::{Decoder, RawPart};
use sse_hub::Cursor;
use tokio::{task::JoinHandle, time::sleep};

use super::{
    checker::{Content, Losses, Outcome, Published, Received, check},
    proxy::Proxy,
    server::{Server, free_port},
};
use crate::program::{Running, binary};

/// The number of topics.
const TOPICS: usize = 5;

/// The size of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) clients: usize,
    /// Events per second.
    pub(crate) rate: u64,
    pub(crate) time: Duration,
}

impl Size {
    /// Returns a tenth of the full size, or the full one if `SSE_FAULTS` is `full`.
    pub(crate) fn of(clients: usize, rate: u64, seconds: u64) -> Self {
        let share = if is_full() { 1 } else { 10 };
        let time = Duration::from_millis(seconds * 1000 / share);
        Self { clients: clients / usize::try_from(share).unwrap(), rate: rate / share, time }
    }
}

pub(crate) fn is_full() -> bool {
    std::env::var("SSE_FAULTS").is_ok_and(|size| size == "full")
}

/// Nodes on one server.
pub(crate) struct Cluster {
    pub(crate) server: Server,
    pub(crate) proxies: Vec<Proxy>,
    nodes: Vec<Option<Running>>,
    shared: Arc<Shared>,
    /// Variables of the environment of the last node.
    variables: Vec<(String, String)>,
    clients: Vec<JoinHandle<Received>>,
    publisher: Option<JoinHandle<()>>,
}

/// The state that the clients and the publisher share.
struct Shared {
    /// The addresses that clients connect to.
    ports: Vec<u16>,
    published: Mutex<Vec<Published>>,
    random: AtomicU64,
    is_over: AtomicBool,
    /// The last event that is expected, after which clients end.
    last: Mutex<Option<Cursor>>,
    http: reqwest::Client,
}

impl Shared {
    fn random(&self, limit: u64) -> u64 {
        let state = self.random.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
        let mixed = (state ^ state >> 31).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed ^ mixed >> 29) % limit
    }

    fn any_port(&self) -> u16 {
        self.ports[usize::try_from(self.random(self.ports.len() as u64)).unwrap()]
    }
}

impl Cluster {
    /// Starts a server and nodes.
    pub(crate) async fn start(settings: &[&str], nodes: usize, seed: u64) -> Self {
        Self::with(settings, nodes, seed, &[]).await
    }

    /// Starts a server and nodes, of which the last one has variables in its environment.
    pub(crate) async fn with(settings: &[&str], nodes: usize, seed: u64, variables: &[(&str, &str)]) -> Self {
        let server = Server::with(settings);
        let mut proxies = Vec::new();
        for _ in 0..nodes {
            proxies.push(Proxy::before(server.port()).await);
        }
        let shared = Shared {
            ports: (0..nodes).map(|_| free_port()).collect(),
            published: Mutex::default(),
            random: AtomicU64::new(seed),
            is_over: AtomicBool::new(false),
            last: Mutex::new(None),
            http: reqwest::Client::builder().connect_timeout(Duration::from_secs(2)).build().unwrap(),
        };
        let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        let mut cluster = Self {
            server,
            proxies,
            nodes: (0..nodes).map(|_| None).collect(),
            shared: Arc::new(shared),
            variables,
            clients: Vec::new(),
            publisher: None,
        };
        for node in 0..nodes {
            cluster.start_node(node);
        }
        for node in cluster.nodes.iter().flatten() {
            assert_eq!(node.line(), "listening");
        }
        cluster
    }

    /// Starts a node, which listens later.
    pub(crate) fn start_node(&mut self, node: usize) {
        static BINARY: std::sync::OnceLock<std::path::PathBuf> = std::sync::OnceLock::new();
        let mut command = Command::new(BINARY.get_or_init(|| binary("hub-node")));
        command.arg(self.proxies[node].url()).arg(self.shared.ports[node].to_string());
        if node + 1 == self.nodes.len() {
            command.envs(self.variables.clone());
        }
        self.nodes[node] = Some(Running::start(&mut command).unwrap());
    }

    /// Kills a node, as `kill -9` does.
    pub(crate) fn kill_node(&mut self, node: usize) {
        self.nodes[node] = None;
    }

    /// Asks a node to end, as a service manager does, and waits for it.
    pub(crate) fn terminate_node(&mut self, node: usize) {
        let node = self.nodes[node].take().unwrap();
        node.signal("TERM");
        let ended = node.end();
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }

    pub(crate) fn port(&self, node: usize) -> u16 {
        self.shared.ports[node]
    }

    /// Starts clients that each follow a topic. They come back on another node when their connection ends, and one of
    /// them each `move_every` without that. Starts the publisher too.
    pub(crate) async fn load(&mut self, size: Size, move_every: Duration) {
        self.load_through(size, move_every, None).await;
    }

    /// The same through one address, for example that of a load balancer.
    pub(crate) async fn load_through(&mut self, size: Size, move_every: Duration, port: Option<u16>) {
        let connected = Arc::new(AtomicU64::new(0));
        for client in 0..size.clients {
            let every = move_every * u32::try_from(size.clients).unwrap();
            let client = Client { topic: client % TOPICS, every, port, connected: connected.clone() };
            self.clients.push(tokio::spawn(client.run(self.shared.clone())));
        }
        let start = Instant::now();
        while connected.load(Ordering::Relaxed) < size.clients as u64 {
            assert!(start.elapsed() < Duration::from_secs(60), "clients do not connect");
            sleep(Duration::from_millis(10)).await;
        }
        self.publisher = Some(tokio::spawn(publish_all(self.shared.clone(), size.rate)));
    }

    /// Returns whether a node is ready.
    pub(crate) async fn is_ready(&self, node: usize) -> bool {
        let url = format!("http://127.0.0.1:{}/ready", self.shared.ports[node]);
        self.shared.http.get(url).send().await.is_ok_and(|response| response.status().is_success())
    }

    /// Waits until a node is ready or not, and returns the time that it took.
    pub(crate) async fn until_ready(&self, node: usize, expected: bool, limit: Duration) -> Duration {
        let start = Instant::now();
        while self.is_ready(node).await != expected {
            assert!(start.elapsed() < limit, "node {node} is not {expected} after {limit:?}");
            sleep(Duration::from_millis(50)).await;
        }
        start.elapsed()
    }

    /// Waits until events are published again, and returns the time that it took.
    pub(crate) async fn until_publishing(&self) -> Duration {
        let start = Instant::now();
        loop {
            let number = 1_000_000_000 + self.shared.random(1_000_000_000);
            let topic = usize::try_from(number).unwrap() % TOPICS;
            if let Outcome::Landed(_) = publish(&self.shared, self.shared.any_port(), topic, number).await {
                return start.elapsed();
            }
            assert!(start.elapsed() < Duration::from_secs(30), "nothing can be published");
        }
    }

    /// Ends the run: publishes a last event to each topic, waits until all clients have them, and checks everything.
    pub(crate) async fn end(mut self, losses: Losses) -> Summary {
        self.until_publishing().await;
        self.shared.is_over.store(true, Ordering::Relaxed);
        self.publisher.take().unwrap().await.unwrap();
        for topic in 0..TOPICS {
            let start = Instant::now();
            loop {
                let number = 2_000_000_000 + self.shared.random(1_000_000_000);
                let outcome = publish(&self.shared, self.shared.any_port(), topic, number).await;
                if let Outcome::Landed(id) = outcome {
                    // Clients of any topic end after the last event of their topic, which is at or after the first.
                    self.shared.last.lock().unwrap().get_or_insert(id);
                    break;
                }
                assert!(start.elapsed() < Duration::from_secs(30), "the last event is not published");
            }
        }
        let clients: Vec<_> = join_all(self.clients.drain(..)).await.into_iter().map(Result::unwrap).collect();
        // A node that is started at the end has what is in the log.
        self.kill_node(0);
        self.start_node(0);
        assert_eq!(self.nodes[0].as_ref().unwrap().line(), "listening");
        let mut log = Vec::new();
        for topic in 0..TOPICS {
            log.push(whole(&self.shared, self.shared.ports[0], topic).await);
        }
        let published = self.shared.published.lock().unwrap().clone();
        check(&published, &clients, &log, losses);
        Summary {
            published: published.len(),
            landed: published.iter().filter(|event| matches!(event.outcome, Outcome::Landed(_))).count(),
            received: clients.iter().map(|client| client.events.len()).sum(),
            connections: clients.iter().map(|client| client.connections).sum(),
            gaps: clients.iter().map(|client| client.gaps.len()).sum(),
            clients,
        }
    }
}

/// The figures of a run.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) published: usize,
    pub(crate) landed: usize,
    pub(crate) received: usize,
    pub(crate) connections: usize,
    pub(crate) gaps: usize,
    pub(crate) clients: Vec<Received>,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { published, landed, received, connections, gaps, clients } = self;
        let mut reasons = BTreeMap::new();
        for (_, _, reason) in clients.iter().flat_map(|client| &client.gaps) {
            *reasons.entry(reason.as_str()).or_insert(0) += 1;
        }
        let clients = clients.len();
        write!(
            f,
            "{published} published, {landed} acknowledged, {received} received by {clients} clients over {connections} \
             connections, {gaps} gaps {reasons:?}"
        )
    }
}

async fn publish(shared: &Shared, port: u16, topic: usize, number: u64) -> Outcome {
    let url = format!("http://127.0.0.1:{port}/{topic}/{number}");
    let answer = async { shared.http.post(url).send().await?.error_for_status()?.text().await };
    let outcome = match tokio::time::timeout(Duration::from_secs(15), answer).await {
        Ok(Ok(text)) if text == "not sent" => Outcome::NotSent,
        Ok(Ok(text)) => text.parse().map_or(Outcome::Unknown, Outcome::Landed),
        Ok(Err(error)) if error.is_connect() => Outcome::NotSent,
        _ => Outcome::Unknown,
    };
    shared.published.lock().unwrap().push(Published { number, topic, outcome });
    outcome
}

async fn publish_all(shared: Arc<Shared>, rate: u64) {
    let mut publishes = Vec::new();
    let start = Instant::now();
    for number in 0.. {
        if shared.is_over.load(Ordering::Relaxed) {
            break;
        }
        let (port, topic) = (shared.any_port(), usize::try_from(shared.random(TOPICS as u64)).unwrap());
        let shared = shared.clone();
        publishes.push(tokio::spawn(async move { publish(&shared, port, topic, number).await }));
        let next = start + Duration::from_micros(1_000_000 / rate * (number + 1));
        tokio::time::sleep_until(next.into()).await;
    }
    join_all(publishes).await;
}

struct Client {
    topic: usize,
    /// The time after which the client moves to another node.
    every: Duration,
    /// The address to use instead of that of a node.
    port: Option<u16>,
    connected: Arc<AtomicU64>,
}

impl Client {
    async fn run(self, shared: Arc<Shared>) -> Received {
        let mut received = Received { topic: self.topic, ..Received::default() };
        let mut is_first = true;
        loop {
            let port = self.port.unwrap_or_else(|| shared.any_port());
            // Clients move at different times.
            let time = self.every * u32::try_from(shared.random(1000) + 1).unwrap() / 500;
            let reading = self.read(&shared, port, &mut received, &mut is_first);
            if tokio::time::timeout(time, reading).await.is_ok_and(|is_over| is_over) {
                return received;
            }
            sleep(Duration::from_millis(20 + shared.random(100))).await;
        }
    }

    /// Reads a stream to its end. Returns whether the client has the last event.
    async fn read(&self, shared: &Shared, port: u16, received: &mut Received, is_first: &mut bool) -> bool {
        let mut request = shared.http.get(format!("http://127.0.0.1:{port}/{}", self.topic));
        if let Some(last) = received.last {
            request = request.header("last-event-id", last.to_string());
        }
        let Ok(response) = request.send().await.and_then(reqwest::Response::error_for_status) else { return false };
        received.connections += 1;
        let mut chunks = response.bytes_stream();
        let (mut decoder, mut here) = (Decoder::new(), None);
        while let Some(Ok(chunk)) = chunks.next().await {
            for (id, content) in blocks(&mut decoder, &chunk) {
                received.add(id, content, &mut here);
            }
            if here.is_some() && std::mem::take(is_first) {
                self.connected.fetch_add(1, Ordering::Relaxed);
            }
            let is_last = received.events.values().next_back().is_some_and(|number| *number >= 2_000_000_000);
            if is_last && shared.last.lock().unwrap().is_some() {
                return true;
            }
        }
        false
    }
}

/// Decodes the blocks of a chunk that have an ID.
fn blocks(decoder: &mut Decoder, chunk: &[u8]) -> Vec<(Cursor, Content)> {
    let mut found = Vec::new();
    let mut parts = decoder.feed(chunk);
    while let Some(part) = parts.next_part() {
        match part.unwrap() {
            RawPart::Event(raw) => {
                let data: serde_json::Value = serde_json::from_str(raw.data()).unwrap();
                let content = match raw.name() {
                    "resync" => Content::Gap(data["reason"].as_str().unwrap().to_owned()),
                    _ => Content::Event(data["number"].as_u64().unwrap()),
                };
                found.push((raw.id().unwrap().parse().unwrap(), content));
            }
            RawPart::Block { id: Some(id), .. } => found.push((id.parse().unwrap(), Content::Nothing)),
            _ => {}
        }
    }
    found
}

/// Reads all events of a topic that a node holds.
async fn whole(shared: &Shared, port: u16, topic: usize) -> Received {
    let url = format!("http://127.0.0.1:{port}/{topic}");
    let response = shared.http.get(url).header("last-event-id", "1-1").send().await.unwrap();
    let mut chunks = response.bytes_stream();
    let mut received = Received { topic, ..Received::default() };
    let (mut decoder, mut here) = (Decoder::new(), None);
    while received.events.values().next_back().is_none_or(|number| *number < 2_000_000_000) {
        let chunk = tokio::time::timeout(Duration::from_secs(30), chunks.next()).await.expect("the log is served");
        for (id, content) in blocks(&mut decoder, &chunk.expect("the stream is open").unwrap()) {
            received.add(id, content, &mut here);
        }
    }
    received
}
