//! Nodes that find their server through Sentinels.

use std::time::{Duration, Instant};

use sse_core::GapReason::{Lost, Rewound};
use sse_hub::{Cursor, Hub, Options, Redis, Start};
use tokio::time::sleep;

use super::{
    proxy::{Mode, Proxy, Which},
    reader::{Reader, STEP, eventually, publish},
    server::{Server, free_port},
    suite::rounds,
};
use crate::hub::Score;

const LOG: &str = "{test}:log";

/// Starts a Sentinel of the master `hub`, which `quorum` Sentinels have to find down.
fn sentinel(master: u16, quorum: u32) -> Server {
    Server::sentinel(&format!(
        "sentinel monitor hub 127.0.0.1 {master} {quorum}\nsentinel down-after-milliseconds hub 500\n\
         sentinel failover-timeout hub 5000\n",
    ))
}

/// A master and a replica that is in step and known to a Sentinel.
async fn pair() -> (Server, Server, Server) {
    let (master, replica) = (Server::start(), Server::start());
    replica.command(&["REPLICAOF", "127.0.0.1", &master.port().to_string()]);
    eventually("the replica is in step", || info(&replica, "master_link_status") == "up").await;
    let sentinel = sentinel(master.port(), 1);
    eventually("the Sentinel knows the replica", || {
        sentinel.command(&["SENTINEL", "REPLICAS", "hub"]).contains(&replica.port().to_string())
    })
    .await;
    (master, replica, sentinel)
}

/// Opens a node with the credentials of a URL.
async fn node(url: &str, sentinels: &[&str]) -> Hub<Score> {
    let store = Redis::at(url).unwrap().sentinels(sentinels, "hub").unwrap().name("test");
    Hub::open(store, Options::new()).await.unwrap()
}

/// Returns a field of `INFO replication`.
fn info(server: &Server, field: &str) -> String {
    let text = server.command(&["INFO", "replication"]);
    let value = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.unwrap_or_default().to_owned()
}

fn number(server: &Server, field: &str) -> u64 {
    info(server, field).parse().unwrap()
}

async fn until_in_step(master: &Server, replica: &Server) {
    let is_in_step = || number(replica, "slave_repl_offset") >= number(master, "master_repl_offset");
    eventually("the replica is in step", is_in_step).await;
}

/// Publishes until an event is accepted. Returns its number.
async fn publish_again(hub: &Hub<Score>, first: u64) -> u64 {
    let start = Instant::now();
    let mut number = first;
    while hub.topic("a").publish(&Score::Goal { number }).await.is_err() {
        assert!(start.elapsed() < STEP, "the new master is not used");
        number += 1;
    }
    number
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_sentinel_leads_the_nodes_to_the_new_master() {
    let (mut master, replica, sentinel) = pair().await;
    let hub = node("redis://ignored", &[&sentinel.url()]).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    reader.until(1).await;
    // A replica that lags loses the event, which is a gap. With all events, there is none.
    eventually("the replica has the event", || {
        replica.command(&["XREVRANGE", LOG, "+", "-", "COUNT", "1"]).contains(&first.to_string())
    })
    .await;
    master.kill();
    let start = Instant::now();
    let number = publish_again(&hub, 2).await;
    reader.until(number).await;
    println!("failover by Sentinel: {:?}", start.elapsed());
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, number], vec![]));
    assert!(replica.command(&["XLEN", LOG]).starts_with(':'));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_connection_that_works_is_kept_while_no_sentinel_answers() {
    let (mut master, replica, sentinel) = pair().await;
    let links = [Proxy::before(sentinel.port()).await, Proxy::before(sentinel.port()).await];
    let hub = node("redis://ignored", &[&links[0].url(), &links[1].url()]).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 0).await;
    let (start, mut number) = (Instant::now(), 1);
    // The Sentinels accept connections and do not answer, and then reset connections.
    for (mode, seconds) in [(Mode::Stall, 11), (Mode::Cut, 17)] {
        for link in &links {
            link.set(mode, Which::Both);
        }
        while start.elapsed() < Duration::from_secs(seconds) {
            assert!(hub.health().is_ready(), "{:?} after {:?}", hub.health(), start.elapsed());
            assert_eq!(publish(&hub, number).await.epoch(), first.epoch(), "no epoch is opened");
            number += 1;
            sleep(Duration::from_millis(100)).await;
        }
    }
    // The second one comes back, and is asked when the master has failed.
    links[1].set(Mode::Pass, Which::Both);
    until_in_step(&master, &replica).await;
    master.kill();
    let last = publish_again(&hub, number).await;
    reader.until(last).await;
    assert_eq!(reader.reasons(), []);
    assert_eq!(reader.numbers(), (0..number).chain([last]).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_sentinel_that_names_a_dead_server_or_a_replica_is_not_believed() {
    let (mut master, replica, sentinel) = pair().await;
    // With a quorum that is never reached, they keep to what they know. Sentinels of the same servers would find each other.
    let dead = self::sentinel(free_port(), 2);
    let demoted = Server::start();
    demoted.command(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]);
    let late = self::sentinel(demoted.port(), 2);
    let hub = node("redis://ignored", &[&dead.url(), &late.url(), &sentinel.url()]).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    // Asked at each heartbeat.
    sleep(Duration::from_secs(6)).await;
    assert_eq!(publish(&hub, 2).await.epoch(), first.epoch(), "no epoch is opened");
    until_in_step(&master, &replica).await;
    master.kill();
    let last = publish_again(&hub, 3).await;
    reader.until(last).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2, last], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_master_that_works_is_left_when_another_one_was_promoted() {
    let (master, replica, sentinel) = pair().await;
    for server in [&master, &replica] {
        server.command(&["ACL", "SETUSER", "hub", "on", ">secret", "~*", "&*", "+@all"]);
    }
    let hub = node("redis://hub:secret@ignored", &[&sentinel.url()]).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    reader.until(1).await;
    // A partition: the Sentinel and the replica are refused by the master, and the node is not.
    assert_eq!(master.command(&["ACL", "SETUSER", "default", "-@all"]), "+OK\r\n");
    let start = Instant::now();
    let mut number = 2;
    while info(&replica, "role") != "master" || hub.cursor().epoch() == first.epoch() {
        assert!(start.elapsed() < STEP, "the new master is not used");
        let _ = hub.topic("a").publish(&Score::Goal { number }).await;
        number += 1;
        sleep(Duration::from_millis(50)).await;
    }
    let last = publish_again(&hub, number).await;
    reader.until(last).await;
    let log = replica.command(&["XREVRANGE", LOG, "+", "-", "COUNT", "1"]);
    assert!(log.contains(&format!("\"number\":{last}")), "{log}");
    assert!(reader.reasons().iter().all(|reason| matches!(reason, Lost | Rewound)), "{:?}", reader.reasons());
}

/// An event: its ID, and the offset of the master's replication after it.
type Event = (u64, Cursor, u64);

/// Publishes events, and returns each with the offset of the master's replication.
async fn publish_with_offsets(hub: &Hub<Score>, master: &Server, numbers: std::ops::RangeInclusive<u64>) -> Vec<Event> {
    let mut events = Vec::new();
    for number in numbers {
        let cursor = publish(hub, number).await;
        events.push((number, cursor, self::number(master, "master_repl_offset")));
    }
    events
}

/// A failover that loses events is reported as a gap, and one that does not is not. The loss is that of Redis: it lies
/// after the offset at which the replica has taken over.
async fn fail_over(is_lagging: bool) -> usize {
    let (mut master, replica, sentinel) = pair().await;
    let (hub, other) =
        (node("redis://ignored", &[&sentinel.url()]).await, node("redis://ignored", &[&sentinel.url()]).await);
    let mut reader = Reader::new(&other, Start::NOW);
    let mut events = publish_with_offsets(&hub, &master, 1..=20).await;
    if is_lagging {
        until_in_step(&master, &replica).await;
        // The replica cannot connect again.
        replica.command(&["CONFIG", "SET", "masteruser", "nobody"]);
        replica.command(&["CONFIG", "SET", "masterauth", "wrong"]);
        master.command(&["CLIENT", "KILL", "TYPE", "REPLICA"]);
        eventually("the replica lags", || info(&replica, "master_link_status") == "down").await;
        events.extend(publish_with_offsets(&hub, &master, 21..=40).await);
    }
    reader.until(events.last().unwrap().0).await;
    master.kill();
    let again = publish_again(&hub, 1000).await;
    reader.until(again).await;
    // The offset of the first byte that the replica has not received from its master.
    let taken_over = number(&replica, "second_repl_offset") - 1;
    let log = replica.command(&["XRANGE", LOG, "-", "+"]);
    let is_there = |cursor: &Cursor| log.lines().any(|line| line == cursor.to_string());
    let lost: Vec<_> = events.iter().filter(|(_, cursor, _)| !is_there(cursor)).collect();
    for (number, cursor, offset) in &lost {
        assert!(*offset > taken_over, "{number} at {cursor} was in the first {taken_over} bytes, up to {offset}");
    }
    let reasons = reader.reasons();
    println!("failover at {taken_over}: {} of {} events lost, gaps {reasons:?}", lost.len(), events.len());
    assert_eq!(lost.is_empty(), reasons.is_empty(), "{lost:?} {reasons:?}");
    assert!(reasons.iter().all(|reason| matches!(reason, Lost | Rewound)), "{reasons:?}");
    if is_lagging {
        assert_eq!(lost.iter().map(|event| event.0).collect::<Vec<_>>(), (21..=40).collect::<Vec<_>>());
    }
    lost.len()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_failover_is_reported_as_a_gap_exactly_if_the_replica_had_not_received_an_event() {
    fail_over(true).await;
    let mut losses = 0;
    for _ in 0..rounds(20) {
        losses += usize::from(fail_over(false).await > 0);
    }
    println!("{losses} failovers of a replica in step have lost events");
}
