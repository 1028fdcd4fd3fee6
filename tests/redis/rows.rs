//! Each fault of a server, and what its nodes and their readers make of it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sse_core::GapReason::{Evicted, Lost, Rewound, Unknown};
use sse_hub::{Hub, Options, PublishError, Redis, Sent, Start, Window};
use tokio::time::{sleep, timeout};

use super::{
    proxy::{Mode, Proxy, Which},
    reader::{Reader, STEP, eventually, node, publish},
    script::open,
    server::Server,
};
use crate::hub::Score;

const LOG: &str = "{test}:log";

/// Publishes events at once and returns the outcomes.
async fn publish_all(hub: &Hub<Score>, numbers: std::ops::Range<u64>) -> Vec<Result<sse_hub::Cursor, PublishError>> {
    let publishes: Vec<_> = numbers.map(|number| hub.topic("a").publish(&Score::Goal { number })).collect();
    timeout(STEP, join_all(publishes)).await.expect("each publish has an outcome")
}

fn not_sent(outcome: &Result<sse_hub::Cursor, PublishError>) -> bool {
    matches!(outcome, Err(PublishError::Unavailable { sent: Sent::NotSent }))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn an_epoch_of_another_node_is_joined_and_nobody_is_told() {
    let server = Server::start();
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&other, Start::NOW);
    let mut expected = 0;
    for _ in 0..5 {
        let cursor = publish(&hub, expected).await;
        open(&server, &cursor.epoch().to_string(), None);
        let outcomes = publish_all(&hub, expected + 1..expected + 200).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        assert!(hub.cursor().epoch() > cursor.epoch());
        expected += 200;
    }
    reader.until(expected - 1).await;
    assert_eq!(reader.numbers(), (0..expected).collect::<Vec<_>>());
    assert_eq!(reader.reasons(), []);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_client_that_comes_to_a_node_without_its_server_waits_and_receives_nothing_twice() {
    let server = Server::start();
    let proxy = Proxy::before(server.port()).await;
    let (hub, lagging) = (node(&server.url()).await, node(&proxy.url()).await);
    let mut last = publish(&hub, 0).await;
    eventually("the other node has the first event", || lagging.cursor() == last).await;
    proxy.set(Mode::Stall, Which::Both);
    for number in 1..20 {
        last = publish(&hub, number).await;
    }
    let mut reader = Reader::new(&lagging, Start::from(last.to_string()));
    // Longer than all time limits.
    sleep(Duration::from_secs(15)).await;
    proxy.set(Mode::Pass, Which::Both);
    publish(&hub, 20).await;
    reader.until(20).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![20], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn an_id_that_the_log_never_had_is_unknown_also_while_records_arrive() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let first = publish(&hub, 0).await;
    let mut reader = Reader::new(&hub, Start::from(format!("{}-900000", first.epoch())));
    let start = Instant::now();
    for number in 1.. {
        assert!(start.elapsed() < STEP, "the ID is not judged");
        publish(&hub, number).await;
        if timeout(Duration::from_millis(20), reader.until(number)).await.is_ok() {
            break;
        }
    }
    assert_eq!(reader.reasons(), [Unknown]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn publishes_survive_killed_connections_once_and_in_order() {
    let server = Server::start();
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&other, Start::NOW);
    for round in 0..10 {
        let publishes: Vec<_> =
            (0..500).map(|n| hub.topic("a").publish(&Score::Goal { number: round * 500 + n })).collect();
        let outcomes = tokio::spawn(join_all(publishes));
        sleep(Duration::from_millis(round * 2)).await;
        server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
        let outcomes = timeout(STEP, outcomes).await.expect("each publish has an outcome").unwrap();
        assert!(outcomes.iter().all(Result::is_ok), "{:?}", outcomes.iter().find(|outcome| outcome.is_err()));
    }
    reader.until(4999).await;
    assert_eq!(reader.numbers(), (0..5000).collect::<Vec<_>>());
    assert_eq!(reader.reasons(), []);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_restart_with_all_data_loses_nothing_and_tells_nobody() {
    let mut server = Server::with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&other, Start::NOW);
    for round in 0..3 {
        let publishes: Vec<_> =
            (0..100).map(|n| hub.topic("a").publish(&Score::Goal { number: round * 100 + n })).collect();
        let outcomes = tokio::spawn(join_all(publishes));
        sleep(Duration::from_millis(3)).await;
        server.kill();
        sleep(Duration::from_millis(200)).await;
        server.restart();
        let outcomes = timeout(STEP, outcomes).await.expect("each publish has an outcome").unwrap();
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    }
    reader.until(299).await;
    assert_eq!(reader.numbers(), (0..300).collect::<Vec<_>>());
    assert_eq!(reader.reasons(), []);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_restart_without_data_is_told_to_every_reader() {
    let mut server = Server::start();
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut readers = [Reader::new(&hub, Start::NOW), Reader::new(&other, Start::NOW)];
    publish(&hub, 1).await;
    for reader in &mut readers {
        reader.until(1).await;
    }
    server.kill();
    server.restart();
    publish(&hub, 2).await;
    for reader in &mut readers {
        reader.until(2).await;
        assert!(!reader.gaps.is_empty() && reader.reasons().iter().all(|reason| matches!(reason, Rewound | Lost)));
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_log_that_disappears_is_told_to_every_reader() {
    for commands in [&[["FLUSHALL", "SYNC"]][..], &[["DEL", LOG]], &[["DEL", LOG], ["DEL", "{test}:epochs"]]] {
        let server = Server::start();
        let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
        let mut readers = [Reader::new(&hub, Start::NOW), Reader::new(&other, Start::NOW)];
        publish(&hub, 1).await;
        for reader in &mut readers {
            reader.until(1).await;
        }
        let before = hub.cursor();
        for command in commands {
            server.command(command);
        }
        // The append finds no log.
        let after = publish(&hub, 2).await;
        assert!(after.epoch() > before.epoch() && after.offset() > before.offset());
        for reader in &mut readers {
            reader.until(2).await;
            assert_eq!(reader.reasons(), [Lost], "{commands:?}");
        }
        // A client that comes to a node that is started later has lost events as well.
        let late = node(&server.url()).await;
        let mut reader = Reader::new(&late, Start::from(before.to_string()));
        reader.until(2).await;
        assert_eq!(reader.gaps.len(), 1, "{commands:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_lost_description_of_the_log_is_rebuilt_and_nobody_is_told() {
    for keys in [&["{test}:meta"][..], &["{test}:epochs"], &["{test}:meta", "{test}:epochs"]] {
        let server = Server::start();
        let hub = node(&server.url()).await;
        let mut reader = Reader::new(&hub, Start::NOW);
        let first = publish(&hub, 1).await;
        for key in keys {
            server.command(&["DEL", key]);
        }
        server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
        eventually("a new epoch", || hub.cursor().epoch() > first.epoch()).await;
        publish(&hub, 2).await;
        reader.until(2).await;
        assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]), "{keys:?}");
        let late = node(&server.url()).await;
        let mut reader = Reader::new(&late, Start::EARLIEST);
        reader.until(2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn entries_of_others_are_skipped() {
    let server = Server::start();
    let (hub, other) = (node(&server.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&other, Start::NOW);
    let first = publish(&hub, 1).await;
    let epoch = first.epoch();
    let fields = |x, d, n| ["t", "a", "d", d, "x", x, "n", n, "at", "1"];
    for fields in [
        &["a", "b"][..],
        &fields("-", "data: 1\n\ndata: 2\n\n", "1:1"),
        &fields("-", "data: 1\r\n\n", "1:1"),
        &fields("-", "id: 7\ndata: 1\n\n", "1:1"),
        &fields("-", "data: {\"number\":9}\n\n", "?"),
        &fields("other", "data: 1\n\n", "1:1"),
        // Under the current epoch, an entry that claims to be a fence is not one.
        &fields("fence", "", ""),
    ] {
        let id = format!("{epoch}-*");
        let answer = server.command(&[&["XADD", LOG, &id], fields].concat());
        assert!(answer.starts_with('$'), "{answer}");
    }
    let second = publish(&hub, 2).await;
    reader.until(2).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]));
    assert_eq!(second, sse_hub::Cursor::new(epoch, first.offset() + 8));
    // The clock of the server, in milliseconds, is below the epoch, so Redis assigns the next offset.
    assert!(server.command(&["XADD", LOG, "*", "a", "b"]).contains(&format!("{epoch}-")));
    // Above the current epoch, the appends of the hub are refused until it has opened another one.
    server.command(&["XADD", LOG, &format!("{}-5", epoch + 1), "a", "b"]);
    let third = publish(&hub, 3).await;
    assert!(third.epoch() > epoch + 1);
    reader.until(3).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2, 3], vec![]));
    assert_eq!(publish(&other, 4).await.epoch(), third.epoch());
    // An event in the form of the hub is delivered, like that of a foreign publisher.
    let id = format!("{}-*", third.epoch());
    server.command(&[&["XADD", LOG, &id], &fields("-", "event: goal\ndata: {\"number\":5}\n\n", "ab:1")[..]].concat());
    reader.until(5).await;
    // A node that loads the window skips the same entries.
    let late = node(&server.url()).await;
    let mut reader = Reader::new(&late, Start::EARLIEST);
    reader.until(5).await;
    assert_eq!(reader.numbers(), [1, 2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn an_entry_of_others_with_an_origin_is_not_taken_for_a_replaced_record() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    // The newest entry has the fields of a hub and another one.
    let id = format!("{}-*", first.epoch());
    let fields = ["t", "a", "d", "data: 1\n\n", "x", "-", "n", "1:1", "at", "1", "more", "1"];
    server.command(&[&["XADD", LOG, &id], &fields[..]].concat());
    eventually("the node has read it", || hub.stats().unreadable == 1).await;
    server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
    publish(&hub, 2).await;
    reader.until(2).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn entries_that_are_deleted_before_they_are_read_are_told_as_lost() {
    let server = Server::start();
    let proxy = Proxy::before(server.port()).await;
    let (hub, away) = (node(&server.url()).await, node(&proxy.url()).await);
    let mut reader = Reader::new(&away, Start::NOW);
    publish(&hub, 1).await;
    reader.until(1).await;
    for (number, delete) in [(10, &["XDEL", LOG, "?"][..]), (20, &["XTRIM", LOG, "MAXLEN", "0"])] {
        reader.gaps.clear();
        proxy.set(Mode::Stall, Which::Both);
        sleep(Duration::from_millis(50)).await;
        // The first one may still arrive with a read that was under way.
        publish(&hub, number).await;
        let deleted = publish(&hub, number + 1).await.to_string();
        let delete: Vec<_> = delete.iter().map(|&part| if part == "?" { deleted.as_str() } else { part }).collect();
        server.command(&delete);
        publish(&hub, number + 2).await;
        proxy.set(Mode::Cut, Which::Both);
        sleep(Duration::from_millis(50)).await;
        proxy.set(Mode::Pass, Which::Both);
        reader.until(number + 2).await;
        assert_eq!(reader.reasons(), [Lost], "{delete:?} {:?}", reader.events);
    }
    // An empty log is opened by a new node too.
    server.command(&["XTRIM", LOG, "MAXLEN", "0"]);
    let late = node(&server.url()).await;
    let mut reader = Reader::new(&late, Start::NOW);
    publish(&hub, 5).await;
    reader.until(5).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_fence_that_is_trimmed_before_it_is_read_does_not_stop_a_node() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let first = publish(&hub, 1).await;
    server.signal("STOP");
    let pending = tokio::spawn(hub.topic("a").publish(&Score::Goal { number: 2 }));
    sleep(Duration::from_millis(50)).await;
    server.signal("CONT");
    open(&server, &first.epoch().to_string(), None);
    server.command(&["XTRIM", LOG, "MAXLEN", "0"]);
    timeout(STEP, pending).await.expect("an outcome").unwrap().unwrap();
    publish(&hub, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn the_log_is_trimmed_to_the_window() {
    let server = Server::start();
    let options = Options::new().window(Window::new().events(1000));
    let hub: Hub<Score> = Hub::open(Redis::at(&server.url()).unwrap().name("test"), options.clone()).await.unwrap();
    for round in 0..10 {
        publish_all(&hub, round * 1000..round * 1000 + 1000).await;
    }
    // The node trims by what it has read, a limited number with each batch.
    eventually("the node has read all", || hub.cursor().offset() == 10_001).await;
    for number in 10_000..10_010 {
        publish(&hub, number).await;
    }
    let length: usize = server.command(&["XLEN", LOG]).trim().trim_start_matches(':').parse().unwrap();
    assert!((1000..2000).contains(&length), "{length}");
    let late: Hub<Score> = Hub::open(Redis::at(&server.url()).unwrap().name("test"), options).await.unwrap();
    assert_eq!(late.stats().held_events, 1000);
    let mut reader = Reader::new(&late, Start::from(sse_hub::Cursor::new(late.cursor().epoch(), 5).to_string()));
    reader.until(10_009).await;
    assert_eq!((reader.numbers().len(), reader.reasons()), (1000, vec![Evicted]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn the_log_is_trimmed_to_the_window_also_if_only_other_programs_publish() {
    let server = Server::start();
    let window = Window::new().events(1000).bytes(4 << 20);
    let options = Options::new().window(window);
    let hub: Hub<Score> = Hub::open(Redis::at(&server.url()).unwrap().name("test"), options).await.unwrap();
    let append = |count: usize, bytes: usize| {
        let script =
            "for i = 1, ARGV[2] do redis.call('XADD', KEYS[1], ARGV[1] .. '-*', 'text', string.rep('x', ARGV[3])) end";
        let epoch = hub.cursor().epoch().to_string();
        server.command(&["EVAL", script, "1", LOG, &epoch, &count.to_string(), &bytes.to_string()]);
    };
    let length = || server.command(&["XLEN", LOG]).trim().trim_start_matches(':').parse::<usize>().unwrap();
    append(5000, 10);
    eventually("the records beyond the window are trimmed", || length() < 2000).await;
    assert!(length() >= 1000, "{}", length());
    // Unreadable entries count with their bytes.
    append(50, 1 << 20);
    eventually("the bytes beyond the window are trimmed", || length() < 10).await;
    assert!(length() >= 4, "{}", length());
    assert_eq!(hub.stats().unreadable, 5050);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_becomes_a_replica_and_a_master_again_tells_nobody() {
    let (server, other) = (Server::start(), Server::start());
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    // The other server is not reachable under this port, so the data stays.
    let port = super::server::free_port().to_string();
    server.command(&["REPLICAOF", "127.0.0.1", &port]);
    let pending = tokio::spawn(hub.topic("a").publish(&Score::Goal { number: 2 }));
    sleep(Duration::from_millis(500)).await;
    assert!(!pending.is_finished());
    server.command(&["REPLICAOF", "NO", "ONE"]);
    timeout(STEP, pending).await.expect("an outcome").unwrap().unwrap();
    reader.until(2).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]));
    let errors = server.command(&["INFO", "errorstats"]);
    assert!(errors.contains("errorstat_READONLY"), "{errors}");
    drop(other);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_connection_that_outlives_the_history_of_its_server_is_told_as_a_loss() {
    let (server, replica) = (Server::start(), Server::start());
    let link = Proxy::before(server.port()).await;
    let front = Proxy::before(server.port()).await;
    let (hub, other) = (node(&front.url()).await, node(&server.url()).await);
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    replica.command(&["REPLICAOF", "127.0.0.1", link.url().rsplit_once(':').unwrap().1]);
    eventually("the replica is in step", || {
        replica.command(&["INFO", "replication"]).contains("master_link_status:up")
    })
    .await;
    // The replica lags by twenty events, and is then in the place of its master: connections to it begin with a log that
    // has the current epoch and a lower end.
    link.set(Mode::Stall, Which::Both);
    for number in 2..22 {
        publish(&other, number).await;
    }
    reader.until(21).await;
    replica.command(&["REPLICAOF", "NO", "ONE"]);
    front.retarget(replica.port());
    front.set(Mode::Cut, Which::Both);
    sleep(Duration::from_millis(50)).await;
    front.set(Mode::Pass, Which::Both);
    let cursor = publish(&hub, 100).await;
    reader.until(100).await;
    assert!(!reader.gaps.is_empty() && reader.reasons().iter().all(|reason| matches!(reason, Rewound | Lost)));
    assert!(cursor.epoch() > other.cursor().epoch());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn acknowledged_records_that_are_lost_before_the_tail_shows_them_are_told() {
    let server = Server::start();
    let proxy = Proxy::before(server.port()).await;
    let hub = node(&proxy.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    reader.until(1).await;
    proxy.set(Mode::Stall, Which::Tail);
    sleep(Duration::from_millis(50)).await;
    let mut last = hub.cursor();
    for number in 2..=5 {
        last = publish(&hub, number).await;
    }
    sleep(Duration::from_millis(50)).await;
    let applied = hub.cursor();
    assert!(applied < last, "the tail is held back");
    proxy.set(Mode::Cut, Which::Both);
    sleep(Duration::from_millis(50)).await;
    // A restart that lost what the node has not read yet.
    let cut = "local entries = redis.call('XRANGE', KEYS[1], '-', ARGV[1])
        redis.call('DEL', KEYS[1])
        for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], unpack(entry[2])) end
        redis.call('HSET', KEYS[2], 'run', 'other')";
    server.command(&["EVAL", cut, "2", LOG, "{test}:meta", &applied.to_string()]);
    proxy.set(Mode::Pass, Which::Both);
    publish(&hub, 6).await;
    reader.until(6).await;
    assert_eq!(reader.reasons(), [Lost], "{:?}", reader.events);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_node_whose_records_were_replaced_loads_those_of_the_log() {
    let server = Server::start();
    let proxy = Proxy::before(server.port()).await;
    let hub = node(&proxy.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let mut last = publish(&hub, 1).await;
    for number in 2..=5 {
        last = publish(&hub, number).await;
    }
    reader.until(5).await;
    proxy.set(Mode::Cut, Which::Both);
    sleep(Duration::from_millis(50)).await;
    // A replica that was promoted at offset 3, and written to under the same epoch.
    let replace = "redis.call('DEL', KEYS[1])
        redis.call('XADD', KEYS[1], ARGV[1] .. '-1', 't', '', 'd', '', 'x', 'fence', 'n', '', 'at', 1)
        for i = 2, 8 do
            local data = 'event: goal\\ndata: {\"number\":' .. 100 + i .. '}\\n\\n'
            redis.call('XADD', KEYS[1], ARGV[1] .. '-' .. i, 't', 'a', 'd', data, 'x', '-', 'n', 'b:' .. i, 'at', 1)
        end
        redis.call('HSET', KEYS[2], 'run', 'other')";
    server.command(&["EVAL", replace, "2", LOG, "{test}:meta", &last.epoch().to_string()]);
    proxy.set(Mode::Pass, Which::Both);
    eventually("a new epoch", || hub.cursor().epoch() > last.epoch()).await;
    publish(&hub, 200).await;
    reader.until(200).await;
    assert_eq!(reader.reasons(), [Lost], "{:?}", reader.events);
    let mut whole = Reader::new(&hub, Start::EARLIEST);
    whole.until(200).await;
    assert_eq!(whole.numbers(), (102..=108).chain([200]).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn an_id_that_the_server_gives_again_is_not_acknowledged() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let mut last = publish(&hub, 1).await;
    for number in 2..10 {
        last = publish(&hub, number).await;
    }
    reader.until(9).await;
    // The history of the server changes under the connections: the log ends earlier, in the same epoch.
    let epoch = last.epoch().to_string();
    let multi = [
        "EVAL",
        "redis.call('DEL', KEYS[1]); redis.call('XADD', KEYS[1], ARGV[1] .. '-4', 't', 'a', 'd', 'data: 1\\n\\n', 'x', '-', \
         'n', 'b:1', 'at', '1')",
        "1",
        LOG,
        &epoch,
    ];
    server.command(&multi);
    let outcome = timeout(STEP, hub.topic("a").publish(&Score::Goal { number: 100 })).await.expect("an outcome");
    // Offset 5 names another event, so this one is published again, or its outcome is unknown.
    if let Ok(cursor) = outcome {
        assert!(cursor > last && cursor.epoch() > last.epoch(), "{cursor}");
    }
    publish(&hub, 101).await;
    reader.until(101).await;
    assert!(reader.reasons().contains(&Lost), "{:?}", reader.gaps);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_full_server_fails_publishes_and_its_tail_goes_on() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    server.command(&["CONFIG", "SET", "maxmemory", "1"]);
    assert!(not_sent(&timeout(STEP, hub.topic("a").publish(&Score::Goal { number: 2 })).await.unwrap()));
    eventually("the failure shows", || hub.health().appends_failing.is_some() && hub.health().is_ready()).await;
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    let last = publish(&hub, 3).await;
    assert_eq!(last.epoch(), first.epoch(), "no epoch is opened");
    eventually("the success shows", || hub.health().appends_failing.is_none()).await;
    reader.until(3).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 3], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_without_its_replicas_fails_publishes() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let first = publish(&hub, 1).await;
    server.command(&["CONFIG", "SET", "min-replicas-to-write", "1"]);
    assert!(not_sent(&timeout(STEP, hub.topic("a").publish(&Score::Goal { number: 2 })).await.unwrap()));
    server.command(&["CONFIG", "SET", "min-replicas-to-write", "0"]);
    assert_eq!(publish(&hub, 3).await.epoch(), first.epoch());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_busy_server_is_waited_for() {
    let server = Server::with(&["--busy-reply-threshold", "50"]);
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    let port = server.port();
    let busy = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(b"EVAL \"while true do end\" 0\r\nQUIT\r\n").unwrap();
        let _ = stream.read_to_string(&mut String::new());
    });
    sleep(Duration::from_millis(300)).await;
    let pending = tokio::spawn(hub.topic("a").publish(&Score::Goal { number: 2 }));
    sleep(Duration::from_millis(500)).await;
    server.command(&["SCRIPT", "KILL"]);
    busy.join().unwrap();
    timeout(STEP, pending).await.expect("an outcome").unwrap().unwrap();
    reader.until(2).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]));
    assert!(server.command(&["INFO", "errorstats"]).contains("errorstat_BUSY"));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_script_cache_that_is_flushed_does_not_matter() {
    let server = Server::start();
    let hub = node(&server.url()).await;
    let first = publish(&hub, 1).await;
    server.command(&["SCRIPT", "FLUSH"]);
    server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
    let second = publish(&hub, 2).await;
    assert!(second.offset() > first.offset());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn without_info_each_new_connection_opens_an_epoch() {
    let server = Server::start();
    let acl = ["ACL", "SETUSER", "hub", "on", ">secret", "~{test}:*", "+@all", "-info", "-config"];
    assert_eq!(server.command(&acl), "+OK\r\n");
    let url = server.url().replace("redis://", "redis://hub:secret@");
    let (hub, other) = (node(&url).await, node(&url).await);
    let mut reader = Reader::new(&other, Start::NOW);
    let first = publish(&hub, 1).await;
    server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
    eventually("a new epoch", || hub.cursor().epoch() > first.epoch()).await;
    publish(&hub, 2).await;
    reader.until(2).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 2], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn while_the_server_is_away_readers_are_served_and_publishes_fail_in_time() {
    let mut server = Server::with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    reader.until(1).await;
    server.kill();
    let started = Instant::now();
    // One may be handed to the connection that is lost, so its outcome is unknown.
    let publishes = [(); 2].map(|()| hub.topic("a").publish(&Score::Goal { number: 2 }));
    let outcomes = timeout(STEP, join_all(publishes)).await.expect("each publish has an outcome");
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Err(PublishError::Unavailable { .. }))), "{outcomes:?}");
    assert!(started.elapsed() >= Duration::from_secs(5), "{:?}", started.elapsed());
    eventually("the hub is not ready", || !hub.health().is_ready()).await;
    // A reader that resumes is served from memory.
    let before = sse_hub::Cursor::new(first.epoch(), first.offset() - 1).to_string();
    let mut resumed = Reader::new(&hub, Start::from(before));
    resumed.until(1).await;
    server.restart();
    eventually("the hub is ready again", || hub.health().is_ready()).await;
    publish(&hub, 3).await;
    reader.until(3).await;
    assert_eq!((reader.numbers(), reader.reasons()), (vec![1, 3], vec![]));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn pending_publishes_are_bounded_while_the_server_is_away() {
    let server = Server::start();
    let options = Options::new().max_pending(100_000);
    let hub: Hub<Score> = Hub::open(Redis::at(&server.url()).unwrap().name("test"), options).await.unwrap();
    drop(server);
    let publishes: Vec<_> = (0..2000).map(|number| hub.topic("a").publish(&Score::Goal { number })).collect();
    assert!(hub.stats().pending_bytes <= 110_000, "{}", hub.stats().pending_bytes);
    let outcomes = timeout(STEP, join_all(publishes)).await.expect("each publish has an outcome");
    assert!(outcomes.iter().any(|outcome| matches!(outcome, Err(PublishError::Busy { .. }))));
    assert!(outcomes.iter().all(Result::is_err));
}
