//! Several nodes as processes under load, while servers, nodes and networks fail. The runs have a tenth of their full
//! size, which they have if `SSE_FAULTS` is `full`.

use std::{
    env, fs,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use sse_hub::{PublishError, Sent, Start};
use tokio::time::{sleep, timeout};

use super::{
    checker::Losses,
    cluster::{Cluster, Size, is_full},
    proxy::{Mode, Proxy, Which},
    reader::{Reader, STEP, eventually, node, publish},
    server::{Server, free_port},
};
use crate::{
    hub::Score,
    program::{PATIENCE, Running},
};

const AOF_ALWAYS: &[&str] = &["--appendonly", "yes", "--appendfsync", "always"];
const AOF_EVERYSEC: &[&str] = &["--appendonly", "yes", "--appendfsync", "everysec"];

/// Returns `count` in full, or a tenth.
pub(crate) fn rounds(count: u64) -> u64 {
    if is_full() { count } else { count.div_ceil(10) }
}

/// Checks a time in full size, when nothing else runs. At a tenth of the size, other tests take the processors.
fn within(time: Duration, limit: Duration) {
    assert!(time < limit || !is_full(), "{time:?}");
}

fn seed() -> u64 {
    env::var("SSE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn clients_that_move_between_three_nodes_receive_everything_once() {
    let mut cluster = Cluster::start(&[], 3, seed()).await;
    let size = Size::of(300, 200, 60);
    cluster.load(size, Duration::from_secs(1)).await;
    sleep(size.time).await;
    let summary = cluster.end(Losses::None).await;
    println!("moving clients: {summary}");
    assert!(summary.connections > summary.clients.len() && summary.landed == summary.published);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn killed_nodes_lose_nothing() {
    let mut cluster = Cluster::start(&[], 3, seed()).await;
    let size = Size::of(300, 200, 60);
    cluster.load(size, Duration::from_secs(10)).await;
    let start = Instant::now();
    let mut node = 0;
    while start.elapsed() < size.time {
        cluster.kill_node(node);
        sleep(Duration::from_secs(1)).await;
        cluster.start_node(node);
        cluster.until_ready(node, true, PATIENCE).await;
        sleep(Duration::from_secs(if is_full() { 4 } else { 1 })).await;
        node = (node + 1) % 3;
    }
    let summary = cluster.end(Losses::None).await;
    println!("killed nodes: {summary}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_is_killed_and_has_all_data_loses_nothing() {
    let mut cluster = Cluster::start(AOF_ALWAYS, 3, seed()).await;
    cluster.load(Size::of(300, 200, 60), Duration::from_secs(10)).await;
    let mut longest = Duration::ZERO;
    for _ in 0..rounds(20) {
        sleep(Duration::from_secs(1)).await;
        cluster.server.kill();
        sleep(Duration::from_secs(1)).await;
        cluster.server.restart();
        longest = longest.max(cluster.until_publishing().await);
    }
    println!("killed server: {}; published again after {longest:?}", cluster.end(Losses::None).await);
    within(longest, Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn what_a_killed_server_loses_is_told() {
    for settings in [AOF_EVERYSEC, &[]] {
        let mut cluster = Cluster::start(settings, 3, seed()).await;
        cluster.load(Size::of(300, 200, 60), Duration::from_secs(10)).await;
        for _ in 0..rounds(20) {
            sleep(Duration::from_millis(700)).await;
            cluster.server.kill();
            if settings == AOF_EVERYSEC {
                // The system keeps what a killed process has written, so a crash of the machine is imitated.
                cluster.server.lose_tail(1000);
            }
            sleep(Duration::from_millis(500)).await;
            cluster.server.restart();
            cluster.until_publishing().await;
        }
        let summary = cluster.end(Losses::Possible).await;
        println!("server without all data: {summary}");
        assert!(summary.gaps > 0);
        let gaps = summary.clients.iter().flat_map(|client| &client.gaps);
        for (_, _, reason) in gaps {
            assert!(["rewound", "lost", "restarted"].contains(&reason.as_str()), "{reason}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_failover_to_a_lagging_replica_is_told() {
    let mut cluster = Cluster::start(&[], 3, seed()).await;
    let replica = Server::start();
    let link = Proxy::before(cluster.server.port()).await;
    let port = link.url().rsplit_once(':').unwrap().1.to_owned();
    replica.command(&["REPLICAOF", "127.0.0.1", &port]);
    eventually("the replica is in step", || {
        replica.command(&["INFO", "replication"]).contains("master_link_status:up")
    })
    .await;
    cluster.load(Size::of(300, 200, 60), Duration::from_secs(1)).await;
    sleep(Duration::from_secs(1)).await;
    // The replica lags by what is published from here on.
    link.set(Mode::Stall, Which::Both);
    sleep(Duration::from_secs(1)).await;
    cluster.server.kill();
    link.set(Mode::Cut, Which::Both);
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    for proxy in &cluster.proxies {
        proxy.retarget(replica.port());
    }
    let again = cluster.until_publishing().await;
    sleep(Duration::from_secs(1)).await;
    let summary = cluster.end(Losses::Possible).await;
    println!("failover: {summary}; published again after {again:?}");
    within(again, Duration::from_secs(10));
    assert!(summary.gaps > 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_network_that_fails_for_three_seconds_loses_nothing() {
    let mut cluster = Cluster::start(&[], 3, seed()).await;
    cluster.load(Size::of(300, 200, 60), Duration::from_secs(10)).await;
    let mut longest = Duration::ZERO;
    let modes = [Mode::Stall, Mode::Deaf, Mode::Cut, Mode::Delay(Duration::from_millis(50))];
    let faults = modes.iter().flat_map(|mode| [Which::Both, Which::Append, Which::Tail].map(|which| (*mode, which)));
    let faults: Vec<_> = faults.collect();
    let faults = if is_full() { faults } else { [0, 4, 5, 6, 9].map(|index| faults[index]).to_vec() };
    for (index, (mode, which)) in faults.into_iter().enumerate() {
        // One node, and all nodes.
        let proxies = if index % 2 == 0 { &cluster.proxies[..1] } else { &cluster.proxies[..] };
        for proxy in proxies {
            proxy.set(mode, which);
        }
        sleep(Duration::from_secs(if is_full() { 3 } else { 2 })).await;
        for proxy in proxies {
            proxy.set(Mode::Pass, Which::Both);
        }
        for node in 0..3 {
            longest = longest.max(cluster.until_ready(node, true, PATIENCE).await);
        }
        cluster.until_publishing().await;
    }
    println!("network: {}; ready again after {longest:?}", cluster.end(Losses::None).await);
    within(longest, Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_node_without_its_server_is_not_ready_within_eight_seconds() {
    let mut cluster = Cluster::start(&[], 3, seed()).await;
    cluster.load(Size::of(100, 50, 10), Duration::from_secs(10)).await;
    // The three nodes fail at the same time, each in another way.
    for (proxy, which) in cluster.proxies.iter().zip([Which::Both, Which::Append, Which::Tail]) {
        proxy.set(Mode::Stall, which);
    }
    let times = join_all((0..3).map(|node| cluster.until_ready(node, false, PATIENCE))).await;
    for time in &times {
        within(*time, Duration::from_millis(9500));
    }
    if is_full() {
        sleep(Duration::from_secs(20)).await;
    }
    for proxy in &cluster.proxies {
        proxy.set(Mode::Pass, Which::Both);
    }
    let again = join_all((0..3).map(|node| cluster.until_ready(node, true, PATIENCE))).await;
    println!("not ready after {times:?}, ready after {again:?}: {}", cluster.end(Losses::None).await);
    for time in again {
        within(time, Duration::from_secs(6));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn publishes_in_the_sockets_of_a_stopped_server_are_decided_rightly() {
    let server = Server::start();
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&other, Start::NOW);
    let mut outcomes = Vec::new();
    for round in 0..rounds(100) {
        let publishes =
            (0..200).map(|n| hub.topic("a").publish(&Score::Goal { number: round * 200 + n })).collect::<Vec<_>>();
        let publishing = tokio::spawn(join_all(publishes));
        sleep(Duration::from_micros(round % 7 * 500)).await;
        server.signal("STOP");
        // Beyond the time limit of an append.
        sleep(Duration::from_millis(2200)).await;
        server.signal("CONT");
        outcomes.extend(timeout(STEP, publishing).await.expect("each publish has an outcome").unwrap());
    }
    let last = rounds(100) * 200;
    publish(&hub, last).await;
    reader.until(last).await;
    assert_eq!(reader.reasons(), []);
    let mut numbers = reader.numbers();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), reader.events.len(), "an event was received twice");
    let (mut landed, mut not_sent, mut unknown) = (0, 0, 0);
    for (number, outcome) in (0..).zip(&outcomes) {
        match outcome {
            Ok(id) => {
                landed += 1;
                assert!(reader.events.contains(&(*id, number)), "{number} is not at {id}");
            }
            Err(PublishError::Unavailable { sent: Sent::NotSent }) => {
                not_sent += 1;
                assert!(!numbers.contains(&number), "{number} was not sent, and was received");
            }
            Err(PublishError::Unavailable { sent: Sent::Unknown }) => unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    println!("stopped server: {landed} landed, {not_sent} not sent, {unknown} unknown");
    assert_eq!(unknown, 0, "the fence decides about each");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn readers_that_come_back_at_once_cost_the_server_nothing() {
    let server = Server::start();
    let hubs = [node(&server.url()).await, node(&server.url()).await];
    let cursor = publish(&hubs[0], 0).await;
    let publishes: Vec<_> = (1..=1000).map(|number| hubs[0].topic("a").publish(&Score::Goal { number })).collect();
    let last = *join_all(publishes).await.last().unwrap().as_ref().unwrap();
    eventually("both nodes have all", || hubs.iter().all(|hub| hub.cursor() >= last)).await;
    server.command(&["CONFIG", "RESETSTAT"]);
    let start = Instant::now();
    let count = usize::try_from(rounds(10_000)).unwrap();
    let mut readers: Vec<_> = (0..count).map(|n| Reader::new(&hubs[n % 2], Start::from(cursor.to_string()))).collect();
    for reader in &mut readers {
        // Blocks are counted and not decoded, because that takes longer than serving them.
        reader.pass(1000).await;
    }
    println!("{count} resumed in {:?}", start.elapsed());
    let stats = server.command(&["INFO", "commandstats"]);
    let called = stats.lines().filter_map(|line| line.strip_prefix("cmdstat_")?.split_once(':'));
    let called: Vec<_> = called.map(|(name, _)| name).filter(|name| !name.starts_with("config")).collect();
    let allowed = ["eval", "xread", "info", "hmget", "lrange", "xinfo|stream", "quit", "ping"];
    assert!(called.iter().all(|name| allowed.contains(name)), "{called:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn clients_of_a_node_that_is_terminated_go_on_at_the_other_one_behind_nginx() {
    let mut cluster = Cluster::start(&[], 2, seed()).await;
    let port = free_port();
    let folder = env::temp_dir().join(format!("hub-nginx-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let settings = format!(
        "daemon off; master_process off; pid pid; error_log stderr; events {{ worker_connections 20000; }}
        http {{
            access_log off; client_body_temp_path body; proxy_temp_path proxy;
            fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            upstream nodes {{ server 127.0.0.1:{}; server 127.0.0.1:{}; }}
            server {{ listen 127.0.0.1:{port}; location / {{
                proxy_pass http://nodes; proxy_http_version 1.1; proxy_next_upstream error timeout http_503;
            }} }}
        }}",
        cluster.port(0),
        cluster.port(1),
    );
    fs::write(folder.join("nginx.conf"), settings).unwrap();
    let mut nginx = std::process::Command::new("nginx");
    nginx.arg("-p").arg(&folder).args(["-c", "nginx.conf", "-e", "stderr"]);
    let nginx = Running::start(&mut nginx).expect("this test requires nginx");
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        sleep(Duration::from_millis(10)).await;
    }
    let clients = if is_full() { 5000 } else { 300 };
    let size = Size { clients, rate: 20, time: Duration::from_secs(3) };
    cluster.load_through(size, Duration::from_secs(60), Some(port)).await;
    sleep(size.time).await;
    cluster.terminate_node(1);
    sleep(Duration::from_secs(1)).await;
    cluster.start_node(1);
    cluster.until_ready(1, true, PATIENCE).await;
    let summary = cluster.end(Losses::None).await;
    println!("terminated node: {summary}");
    assert!(summary.connections > clients);
    drop(nginx);
    let _ = fs::remove_dir_all(folder);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_clock_that_jumps_by_an_hour_on_a_node_changes_nothing() {
    let file = env::temp_dir().join(format!("hub-clock-{}", std::process::id()));
    fs::write(&file, "+0").unwrap();
    let library =
        ["/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"];
    let library = library.into_iter().find(|path| fs::exists(path).unwrap_or(false));
    let library = library.expect("this test requires the Debian package `libfaketime`");
    let variables = [
        ("LD_PRELOAD", library),
        ("FAKETIME_TIMESTAMP_FILE", file.to_str().unwrap()),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];
    let mut cluster = Cluster::with(&[], 2, seed(), &variables).await;
    let size = Size::of(300, 200, 30);
    cluster.load(size, Duration::from_secs(1)).await;
    for jump in ["+3600", "-3600", "+0"] {
        fs::write(&file, jump).unwrap();
        sleep(size.time / 3).await;
        cluster.server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
    }
    println!("clock: {}", cluster.end(Losses::None).await);
    let _ = fs::remove_file(file);
}

/// Runs faults in random order and number until the time is up: `SSE_SOAK_MINUTES`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "runs as long as it is asked to"]
async fn soak() {
    let Some(minutes) = env::var("SSE_SOAK_MINUTES").ok().and_then(|minutes| minutes.parse::<u64>().ok()) else {
        return;
    };
    let end = Instant::now() + Duration::from_secs(minutes * 60);
    let mut seed = seed();
    while Instant::now() < end {
        let start = Instant::now();
        let is_lossy = seed.is_multiple_of(2);
        let settings = if is_lossy { AOF_EVERYSEC } else { AOF_ALWAYS };
        let mut cluster = Cluster::start(settings, 3, seed).await;
        let size = Size { clients: 60, rate: 100, time: Duration::from_secs(40) };
        cluster.load(size, Duration::from_secs(1)).await;
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut faults = Vec::new();
        while start.elapsed() < size.time {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            faults.push(disturb(&mut cluster, random >> 16, is_lossy).await);
        }
        let losses = if is_lossy { Losses::Possible } else { Losses::None };
        println!("seed {seed}: {faults:?}");
        println!("seed {seed}: {}", cluster.end(losses).await);
        seed += 1;
    }
}

/// Makes something fail, and waits until it works again. Returns the name of the fault.
async fn disturb(cluster: &mut Cluster, random: u64, is_lossy: bool) -> &'static str {
    let node = usize::try_from(random % 3).unwrap();
    let pause = Duration::from_millis(200 + random / 3 % 2800);
    let which = [Which::Both, Which::Append, Which::Tail][usize::try_from(random / 16 % 3).unwrap()];
    let name = match random / 64 % 7 {
        0 => {
            cluster.kill_node(node);
            sleep(pause).await;
            cluster.start_node(node);
            "kill a node"
        }
        1 => {
            cluster.server.kill();
            if is_lossy {
                cluster.server.lose_tail(random % 2000);
            }
            sleep(pause).await;
            cluster.server.restart();
            "kill the server"
        }
        2 => {
            cluster.server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
            "kill connections"
        }
        3 => {
            cluster.server.signal("STOP");
            sleep(pause).await;
            cluster.server.signal("CONT");
            "stop the server"
        }
        4 if is_lossy => {
            cluster.server.command(&["FLUSHALL"]);
            "flush"
        }
        fault => {
            let mode = if fault == 4 {
                Mode::Deaf
            } else if fault == 5 {
                Mode::Stall
            } else {
                Mode::Cut
            };
            cluster.proxies[node].set(mode, which);
            sleep(pause).await;
            cluster.proxies[node].set(Mode::Pass, Which::Both);
            "network"
        }
    };
    cluster.until_ready(node, true, PATIENCE).await;
    cluster.until_publishing().await;
    name
}
