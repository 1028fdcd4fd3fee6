//! Servers that answer with errors for a while. The nodes wait or fail publishes, and go on without a gap.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use sse_hub::{Cursor, Hub, Options, PublishError, Redis, Sent, Start};
use tokio::time::{sleep, timeout};

use super::{
    proxy::{Mode, Proxy, Which},
    reader::{Reader, STEP, eventually, node, publish},
    server::{Server, free_port},
};
use crate::hub::Score;

const LOG: &str = "{test}:log";

/// Returns how many commands a server has answered with an error code.
fn errors(server: &Server, code: &str) -> u64 {
    let stats = server.command(&["INFO", "errorstats"]);
    let line = stats.lines().find_map(|line| line.strip_prefix(&format!("errorstat_{code}:count=")));
    line.map_or(0, |count| count.parse().unwrap())
}

async fn until_refused(server: &Server, code: &str) {
    eventually(code, || errors(server, code) > 0).await;
}

/// Publishes an event, which must fail because it is not sent.
async fn refused(hub: &Hub<Score>, number: u64) {
    let outcome = timeout(STEP, hub.topic("a").publish(&Score::Goal { number })).await.expect("an outcome");
    assert!(matches!(outcome, Err(PublishError::Unavailable { sent: Sent::NotSent })), "{outcome:?}");
}

fn publish_later(hub: &Hub<Score>, number: u64) -> tokio::task::JoinHandle<Result<Cursor, PublishError>> {
    tokio::spawn(hub.topic("a").publish(&Score::Goal { number }))
}

async fn landed(pending: tokio::task::JoinHandle<Result<Cursor, PublishError>>) -> Cursor {
    timeout(STEP, pending).await.expect("an outcome").unwrap().unwrap()
}

/// Checks that a reader has received the events from 1 on, and nothing else.
async fn all_received(reader: &mut Reader, last: u64, numbers: &[u64]) {
    reader.until(last).await;
    assert_eq!((reader.numbers(), reader.reasons()), (numbers.to_vec(), vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_loads_its_data_is_waited_for() {
    let mut server = Server::with(&["--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024"]);
    // About three seconds of loading.
    let fill = "for i = 1, 300 do redis.call('SET', 'key ' .. i, string.rep('x', 2000)) end";
    server.command(&["EVAL", fill, "0"]);
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    assert_eq!(server.command(&["SAVE"]), "+OK\r\n");
    server.kill();
    server.restart_at_once();
    eventually("the server loads", || {
        server.command_if_up(&["PING"]).is_some_and(|answer| answer.starts_with("-LOADING"))
    })
    .await;
    let pending = publish_later(&hub, 2);
    let opened = Hub::<Score>::open(Redis::at(&server.url()).unwrap().name("test"), Options::new()).await;
    let error = opened.expect_err("the server loads").to_string();
    assert!(error.contains("LOADING"), "{error}");
    landed(pending).await;
    all_received(&mut reader, 2, &[1, 2]).await;
    assert!(errors(&server, "LOADING") > 1);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_replica_that_serves_no_stale_data_is_waited_for() {
    let server = Server::with(&["--replica-serve-stale-data", "no"]);
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    // Its master cannot be reached, so the data stays.
    server.command(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]);
    until_refused(&server, "MASTERDOWN").await;
    let pending = publish_later(&hub, 2);
    sleep(Duration::from_millis(500)).await;
    assert!(!pending.is_finished());
    server.command(&["REPLICAOF", "NO", "ONE"]);
    landed(pending).await;
    all_received(&mut reader, 2, &[1, 2]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_cannot_save_its_data_fails_publishes() {
    let server = Server::with(&["--save", "3600 1"]);
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    // A folder in place of the file.
    let file = server.folder().join("dump.rdb");
    fs::create_dir_all(file.join("folder")).unwrap();
    server.command(&["BGSAVE"]);
    eventually("saving fails", || server.command(&["INFO", "persistence"]).contains("rdb_last_bgsave_status:err"))
        .await;
    refused(&hub, 2).await;
    eventually("the failure shows", || hub.health().appends_failing.is_some() && hub.health().is_ready()).await;
    fs::remove_dir_all(file).unwrap();
    server.command(&["BGSAVE"]);
    eventually("saving succeeds", || server.command(&["INFO", "persistence"]).contains("rdb_last_bgsave_status:ok"))
        .await;
    assert_eq!(publish(&hub, 3).await.epoch(), first.epoch(), "no epoch is opened");
    all_received(&mut reader, 3, &[1, 3]).await;
    assert!(errors(&server, "MISCONF") > 0);
}

fn with_user(server: &Server) -> String {
    assert_eq!(server.command(&["ACL", "SETUSER", "hub", "on", ">secret", "~{test}:*", "+@all"]), "+OK\r\n");
    server.url().replace("redis://", "redis://hub:secret@")
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn without_the_permission_to_append_publishes_fail() {
    let server = Server::start();
    let hub = node(&with_user(&server)).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    server.command(&["ACL", "SETUSER", "hub", "-xadd"]);
    refused(&hub, 2).await;
    server.command(&["ACL", "SETUSER", "hub", "+xadd"]);
    assert_eq!(publish(&hub, 3).await.epoch(), first.epoch(), "no epoch is opened");
    all_received(&mut reader, 3, &[1, 3]).await;
    assert!(errors(&server, "NOPERM") > 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn without_the_permission_to_run_the_script_readers_go_on() {
    let server = Server::start();
    let (hub, other) = (node(&with_user(&server)).await, node(&server.url()).await);
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&other, 1).await;
    server.command(&["ACL", "SETUSER", "hub", "-eval"]);
    // The next heartbeats fail.
    until_refused(&server, "NOPERM").await;
    let opened = server.command(&["INFO", "stats"]);
    let connections = |stats: &str| -> u64 {
        let line = stats.lines().find_map(|line| line.strip_prefix("total_connections_received:"));
        line.unwrap().parse().unwrap()
    };
    for number in 2..20 {
        publish(&other, number).await;
        reader.until(number).await;
        sleep(Duration::from_millis(100)).await;
    }
    let since = connections(&server.command(&["INFO", "stats"])) - connections(&opened);
    assert_eq!(since, 1, "the node keeps its connections; this test opens one for each command");
    eventually("the silence shows", || !hub.health().is_ready()).await;
    server.command(&["ACL", "SETUSER", "hub", "+eval"]);
    eventually("the node is ready", || hub.health().is_ready()).await;
    publish(&hub, 20).await;
    all_received(&mut reader, 20, &(1..=20).collect::<Vec<_>>()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn without_the_permission_to_read_a_node_waits_for_it() {
    let server = Server::start();
    let (hub, other) = (node(&with_user(&server)).await, node(&server.url()).await);
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&other, 1).await;
    reader.until(1).await;
    server.command(&["ACL", "SETUSER", "hub", "-xread"]);
    // The read that was under way may still return this one.
    publish(&other, 2).await;
    until_refused(&server, "NOPERM").await;
    publish(&other, 3).await;
    server.command(&["ACL", "SETUSER", "hub", "+xread"]);
    all_received(&mut reader, 3, &[1, 2, 3]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_password_that_is_changed_and_changed_back_is_waited_for() {
    let server = Server::start();
    let hub = node(&with_user(&server)).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    server.command(&["ACL", "SETUSER", "hub", "resetpass", ">other"]);
    server.command(&["CLIENT", "KILL", "USER", "hub"]);
    until_refused(&server, "WRONGPASS").await;
    let pending = publish_later(&hub, 2);
    sleep(Duration::from_millis(300)).await;
    server.command(&["ACL", "SETUSER", "hub", ">secret"]);
    landed(pending).await;
    all_received(&mut reader, 2, &[1, 2]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_password_that_is_required_later_is_waited_for() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    // This connection stays authenticated.
    let mut admin = BufReader::new(TcpStream::connect(("127.0.0.1", server.port())).unwrap());
    let mut run = |line: &str| {
        admin.get_mut().write_all(format!("{line}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        admin.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(['+', ':']), "{line}: {answer}");
    };
    run("CONFIG SET requirepass secret");
    run("CLIENT KILL TYPE NORMAL SKIPME YES");
    let pending = publish_later(&hub, 2);
    sleep(Duration::from_millis(1500)).await;
    assert!(!pending.is_finished());
    run("CONFIG SET requirepass \"\"");
    landed(pending).await;
    all_received(&mut reader, 2, &[1, 2]).await;
    assert!(errors(&server, "NOAUTH") + errors(&server, "ERR") > 0);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_key_of_another_type_in_place_of_the_log_is_waited_for() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    reader.until(1).await;
    server.command(&["SET", LOG, "text"]);
    let pending = publish_later(&hub, 2);
    until_refused(&server, "WRONGTYPE").await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(server.command(&["GET", LOG]), "$4\r\ntext\r\n", "nothing is overwritten");
    server.command(&["DEL", LOG]);
    landed(pending).await;
    reader.until(2).await;
    // The log was lost, and what it held too.
    assert_eq!((reader.numbers(), reader.gaps.len()), (vec![1, 2], 1), "{:?}", reader.gaps);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_is_away_is_tried_a_few_times_per_second() {
    let server = Server::start();
    let proxy = Proxy::before(server.port()).await;
    let hub = node(&proxy.url()).await;
    publish(&hub, 1).await;
    let before = proxy.accepted();
    proxy.set(Mode::Cut, Which::Both);
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(8) {
        // Publishes that wait do not add attempts.
        drop(hub.topic("a").publish(&Score::Goal { number: 2 }));
        sleep(Duration::from_millis(100)).await;
    }
    let attempts = proxy.accepted() - before;
    assert!((3..=40).contains(&attempts), "{attempts} attempts in eight seconds");
    proxy.set(Mode::Pass, Which::Both);
    publish(&hub, 3).await;
}
