//! Hubs on a Redis server on the same machine: throughput, latency, and what a record costs the server.

use std::{
    collections::VecDeque,
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use sse_core::{Gap, SseEvent};
use sse_hub::{Hub, Options, Publish, Redis, Start, Window};
use tokio::runtime::{Builder, Runtime};

use crate::{Error, clock::thread_time, report::Table};

#[derive(SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal { text: String },
    Resync(Gap),
}

/// The number of publishes under way at once.
const UNDER_WAY: usize = 8192;

/// A server without persistence, which ends on drop.
struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    fn start() -> Result<Self, Error> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("sse-bench-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let mut command = Command::new("redis-server");
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--dir"]).arg(&folder);
        let child = command.stdout(Stdio::null()).spawn();
        let child = child.map_err(|error| format!("cannot start `redis-server`: {error}; install it"))?;
        let server = Self { child, port, folder };
        let start = Instant::now();
        while server.command("PING").is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                return Err("redis-server does not start".into());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(server)
    }

    fn store(&self) -> Result<Redis, Error> {
        Ok(Redis::at(&format!("redis://127.0.0.1:{}", self.port))?.name("bench"))
    }

    /// Runs a command of one line.
    fn command(&self, line: &str) -> Result<String, Error> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.write_all(format!("{line}\r\nQUIT\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Returns the CPU time of the server's threads.
    fn cpu(&self) -> Result<Duration, Error> {
        let mut total = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let text = fs::read_to_string(task?.path().join("schedstat"))?;
            total += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Duration::from_nanos(total))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn runtime() -> Result<Runtime, Error> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

fn event() -> Score {
    Score::Goal { text: "x".repeat(116) }
}

fn options() -> Options {
    Options::new().window(Window::new().events(1_000_000).bytes(1 << 30))
}

/// The CPU times and the duration of a part of the measurement.
struct Spent {
    time: Duration,
    node: Duration,
    server: Duration,
}

impl Spent {
    fn on<T>(server: &Server, run: impl FnOnce() -> Result<T, Error>) -> Result<(Self, T), Error> {
        let (start, node, of_server) = (Instant::now(), thread_time(), server.cpu()?);
        let result = run()?;
        // CPU times do not fall.
        let node = thread_time().saturating_sub(node);
        let spent = Self { time: start.elapsed(), node, server: server.cpu()?.saturating_sub(of_server) };
        Ok((spent, result))
    }
}

/// Publishes events as fast as they are accepted, and waits for all outcomes.
async fn publish(hub: &Hub<Score>, events: usize) -> Result<(), Error> {
    let (topic, event) = (hub.topic("match/17"), event());
    let mut under_way: VecDeque<Publish> = VecDeque::with_capacity(UNDER_WAY);
    for _ in 0..events {
        if under_way.len() == UNDER_WAY
            && let Some(oldest) = under_way.pop_front()
        {
            oldest.await?;
        }
        under_way.push_back(topic.publish(&event));
    }
    for publish in under_way {
        publish.await?;
    }
    Ok(())
}

/// Measures a node, and a second one.
///
/// # Errors
///
/// Returns an error if the server cannot be started or used.
pub fn measure(events: usize, seconds: u64) -> Result<Table, Error> {
    let server = Server::start()?;
    let runtime = runtime()?;
    let hub = runtime.block_on(Hub::<Score>::open(server.store()?, options()))?;
    let (publishing, ()) = Spent::on(&server, || runtime.block_on(publish(&hub, events)))?;
    let memory = server.command("MEMORY USAGE {bench}:log SAMPLES 0")?;
    let memory: usize = memory.lines().next().unwrap_or_default().trim_start_matches(':').parse()?;
    let (loading, second) =
        Spent::on(&server, || Ok(runtime.block_on(Hub::<Score>::open(server.store()?, options()))?))?;
    drop((hub, second, runtime));
    let latencies = latencies(&server, seconds)?;
    let mut table = Table::new("A hub on a Redis server that shares the two cores", "figure");
    table.columns(["measured", "must"]);
    let count = u32::try_from(events)?;
    let per_second = f64::from(count) / publishing.time.as_secs_f64();
    let each = |time: Duration| format!("{:.2} µs", time.as_secs_f64() * 1e6 / f64::from(count));
    let row = |name: &str, value: String, must: &str| (name.to_owned(), [value, must.to_owned()]);
    for (name, cells) in [
        row("publishes per second of one node, 150 bytes", format!("{per_second:.0}"), "40000"),
        row("CPU time of the server per publish, with the tail of one node", each(publishing.server), ""),
        row("CPU time of the node per publish, with its tail", each(publishing.node), ""),
        row("CPU time of the server per record of another tail", each(loading.server), ""),
        row("CPU time of a node per record that it reads", each(loading.node), ""),
        row("memory of the server per record", format!("{} B", memory / events), ""),
        row("publish to a reader on another node at 1000/s, p50", milliseconds(&latencies, 50), "1 ms"),
        row("publish to a reader on another node at 1000/s, p99", milliseconds(&latencies, 99), ""),
    ] {
        table.row(name, cells);
    }
    Ok(table)
}

fn milliseconds(sorted: &[Duration], percent: usize) -> String {
    let at = sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default();
    format!("{:.2} ms", at.as_secs_f64() * 1000.0)
}

/// Returns the times from a publish on a node to a reader on another one, sorted.
fn latencies(server: &Server, seconds: u64) -> Result<Vec<Duration>, Error> {
    let total = usize::try_from(seconds * 1000)?;
    let (ready, is_ready) = mpsc::channel();
    let store = server.store()?;
    // Each node has a thread of its own.
    let reading = thread::spawn(move || -> Result<Vec<Instant>, String> {
        let read = async {
            let hub = Hub::<Score>::open(store, options()).await.map_err(|error| error.to_string())?;
            let subscription = hub.topic("latency").subscribe(Start::NOW).map_err(|error| error.to_string())?;
            let mut stream = Box::pin(subscription.ignore_gaps());
            stream.next().await;
            let _ = ready.send(());
            let mut times = Vec::with_capacity(total);
            while times.len() < total {
                stream.next().await;
                times.push(Instant::now());
            }
            Ok(times)
        };
        runtime().map_err(|error| error.to_string())?.block_on(read)
    });
    let runtime = runtime()?;
    let sent = runtime.block_on(async {
        let hub = Hub::<Score>::open(server.store()?, options()).await?;
        is_ready.recv_timeout(Duration::from_secs(60))?;
        let start = tokio::time::Instant::now();
        let mut sent = Vec::with_capacity(total);
        for number in 0..total {
            tokio::time::sleep_until(start + Duration::from_millis(number as u64)).await;
            sent.push(Instant::now());
            drop(hub.topic("latency").publish(&event()));
        }
        // The last ones are sent by the task of the hub.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok::<_, Error>(sent)
    })?;
    let received = reading.join().map_err(|_| "the reader has panicked")??;
    let mut latencies: Vec<_> =
        sent.iter().zip(&received).map(|(sent, received)| received.saturating_duration_since(*sent)).collect();
    latencies.sort_unstable();
    Ok(latencies)
}
