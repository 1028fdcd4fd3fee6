//! The commands and connections of a node, and its answers to servers that cannot be used.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

use sse_hub::{Hub, Options, Redis, Start};
use tokio::{io::AsyncWriteExt, net::TcpListener, time::sleep};
use tracing::Level;

use super::{
    reader::{Reader, eventually, node, publish},
    server::{Server, free_port},
};
use crate::{hub::Score, notes::Notes};

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_node_sends_only_the_designed_commands_on_two_connections() {
    let server = Server::start();
    let mut monitor = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    monitor.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    monitor.write_all(b"MONITOR\r\n").unwrap();
    let mut lines = BufReader::new(monitor).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "+OK");
    let hub = node(&server.url()).await;
    let subscriptions: Vec<_> = (0..10_000)
        .map(|n| Box::pin(hub.topic(&format!("topic {}", n % 1000)).subscribe(Start::NOW).unwrap().ignore_gaps()))
        .collect();
    let mut reader = Reader::new(&hub, Start::NOW);
    for number in 0..100 {
        publish(&hub, number).await;
    }
    reader.until(99).await;
    let clients = server.command(&["CLIENT", "LIST", "TYPE", "NORMAL"]);
    // The monitor and the connection that asks are the other ones.
    let of_the_node = clients.lines().filter(|line| !line.contains("cmd=client") && !line.contains("cmd=monitor"));
    assert_eq!(of_the_node.filter(|line| line.contains("cmd=")).count(), 2, "{clients}");
    // A heartbeat.
    sleep(Duration::from_secs(6)).await;
    drop((hub, subscriptions, reader));
    let (mut direct, mut scripted) = (BTreeSet::new(), BTreeSet::new());
    let mut scripts = 0;
    while let Some(Ok(line)) = lines.next() {
        let Some((from, command)) = line.split_once("] \"") else { continue };
        let (name, rest) = command.split_once('"').unwrap();
        let name = match name {
            "XINFO" => format!("{name} {}", rest.split('"').nth(1).unwrap()),
            _ => name.to_owned(),
        };
        scripts += usize::from(name == "EVAL");
        if from.ends_with(" lua") {
            scripted.insert(name)
        } else {
            direct.insert(name)
        };
    }
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<BTreeSet<_>>();
    direct.retain(|name| name != "CLIENT" && name != "QUIT");
    // `CONFIG GET` is sent too, but no monitor shows it.
    assert_eq!(direct, names(&["EVAL", "TIME", "XADD", "XRANGE", "XREAD"]));
    assert_eq!(scripted, names(&["HMGET", "HSET", "INFO", "LPUSH", "LRANGE", "LTRIM", "TIME", "XADD", "XINFO STREAM"]));
    assert_eq!(scripts, 2, "one to open, and one heartbeat");
}

/// Appends entries with the fields of a hub or others, each of which is read alone, and returns the numbers of entries
/// in the reads.
async fn counts_of_reads(entries: u64, fields: impl Fn(u64) -> Vec<String>) -> Vec<u64> {
    let server = Server::start();
    let mut monitor = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    monitor.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    monitor.write_all(b"MONITOR\r\n").unwrap();
    let hub = node(&server.url()).await;
    let epoch = format!("{}-*", hub.cursor().epoch());
    for number in 0..entries {
        let before = hub.cursor();
        let fields = fields(number);
        let command: Vec<_> =
            ["XADD", "{test}:log", &epoch].into_iter().chain(fields.iter().map(String::as_str)).collect();
        server.command(&command);
        eventually("the entry is read", || hub.cursor() > before).await;
    }
    let reads = BufReader::new(monitor).lines().map_while(Result::ok).filter(|line| line.contains("\"XREAD\""));
    reads.map(|line| line.split_once("\"COUNT\" \"").unwrap().1.split('"').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_read_is_limited_to_four_mebibytes_of_entries_like_those_before() {
    let small = |number: u64| {
        let block = format!("event: goal\ndata: {{\"number\":{number}}}\n\n");
        ["t", "a", "d", &block, "x", "-", "n", "ab:1", "at", "1"].map(str::to_owned).to_vec()
    };
    let large = |number: u64| {
        let mut fields = small(number);
        fields[3].insert_str(11, &format!("\ndata: {}", " ".repeat(100_000)));
        fields
    };
    let foreign = |_| vec!["text".to_owned(), " ".repeat(1 << 20)];
    // The first read has 4 MiB of the largest events.
    let counts = counts_of_reads(25, small).await;
    assert!(counts[0] == 16 && counts.is_sorted() && counts.last() == Some(&1000), "{counts:?}");
    let counts = counts_of_reads(25, large).await;
    assert!(counts.last().is_some_and(|count| (41..=43).contains(count)), "{counts:?}");
    // Entries that cannot be read count as well.
    let counts = counts_of_reads(3, foreign).await;
    // The first one is that of the fence.
    assert_eq!(counts[2..], [3, 3, 3], "{counts:?}");
}

#[tokio::test]
#[ignore = "requires redis-server"]
async fn a_server_that_may_evict_the_keys_of_the_hub_is_reported() {
    for (policy, expected) in [
        ("allkeys-lru", &["WARN message=keys may be evicted policy=\"allkeys-lru\""][..]),
        ("volatile-lru", &[]),
        ("noeviction", &[]),
    ] {
        let server = Server::with(&["--maxmemory-policy", policy]);
        let (notes, _guard) = Notes::of("sse_hub", Level::WARN);
        let _hub = node(&server.url()).await;
        assert_eq!(notes.take(), expected, "{policy}");
    }
}

const PAGE: &str = include_str!("../../sse-hub/src/redis.md");

/// Returns the block of the page that starts with a text.
fn block(start: &str) -> &'static str {
    let at = PAGE.find(start).unwrap();
    PAGE[at..].split("\n```").next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn the_documented_permissions_are_sufficient_and_needed() {
    let server = Server::with(&["--maxmemory-policy", "noeviction"]);
    let line = block("ACL SETUSER").replace("scores", "test").replace("PASSWORD", "secret");
    assert_eq!(server.command(&line.split(' ').collect::<Vec<_>>()), "+OK\r\n");
    let url = server.url().replace("redis://", "redis://test:secret@");
    let hub = node(&url).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    publish(&hub, 1).await;
    // Trims, opens epochs, and compares a record after a change of the server's life.
    server.command(&["CONFIG", "SET", "maxmemory", "1"]);
    assert!(hub.topic("a").publish(&Score::Goal { number: 2 }).await.is_err());
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    let third = publish(&hub, 3).await;
    server.command(&["HSET", "{test}:meta", "run", "other"]);
    server.command(&["CLIENT", "KILL", "TYPE", "NORMAL"]);
    publish(&hub, 4).await;
    // Entries of others at the end.
    server.command(&["XADD", "{test}:log", &format!("{}-1", third.epoch() + 3_000_000_000), "a", "b"]);
    publish(&hub, 5).await;
    reader.until(5).await;
    assert_eq!(server.command(&["ACL", "LOG"]), "*0\r\n");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn the_documented_script_publishes_for_other_programs() {
    let server = Server::start();
    let script = block("-- KEYS: {scores}:log");
    let eval = |topics: &str, origin: &str| {
        let data = "event: goal\ndata: {\"number\":7}\n\n";
        server.command(&["EVAL", script, "2", "{test}:log", "{test}:meta", topics, data, origin])
    };
    assert!(eval("a", "ab:1").starts_with("-NOHUB"), "there is no hub yet");
    let hub = node(&server.url()).await;
    let mut reader = Reader::new(&hub, Start::NOW);
    let first = publish(&hub, 1).await;
    let answer = eval("a\nb", "ab:1");
    assert!(answer.contains(&format!("{}-{}", first.epoch(), first.offset() + 1)), "{answer}");
    reader.until(7).await;
    assert_eq!(hub.stats().unreadable, 0);
    server.command(&["HSET", "{test}:meta", "run", "other"]);
    assert!(eval("a", "ab:2").starts_with("-NOHUB"), "another life of the server");
}

async fn failure(url: &str) -> String {
    let opened = Hub::<Score>::open(Redis::at(url).unwrap().name("test"), Options::new()).await;
    opened.expect_err("the server cannot be used").to_string()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn a_server_that_cannot_be_used_is_reported_with_a_remedy() {
    let server = Server::start();
    let expect = async |url: &str, text: &str| {
        let error = failure(url).await;
        assert!(error.starts_with("the hub's store cannot be opened: ") && error.contains(text), "{url}: {error}");
        assert!(!error.contains("secret"), "{error}");
    };
    expect(&format!("redis://127.0.0.1:{}", free_port()), "refused").await;
    server.command(&["ACL", "SETUSER", "hub", "on", ">secret", "~other:*", "+@all"]);
    let with_user = |user: &str| server.url().replace("redis://", &format!("redis://{user}@"));
    expect(&with_user("hub:secret2"), "password").await;
    expect(&with_user("nobody:secret"), "password").await;
    expect(&with_user("hub:secret"), "permission").await;
    server.command(&["SET", "{test}:log", "text"]);
    expect(&server.url(), "is not of the type of a hub; use another name").await;
    server.command(&["FLUSHALL"]);
    server.command(&["XADD", "{test}:log", "*", "temperature", "20"]);
    expect(&server.url(), "was not written by a hub; use another name").await;
    server.command(&["FLUSHALL"]);
    server.command(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]);
    expect(&server.url(), "replica; connect to its master").await;
    server.command(&["REPLICAOF", "NO", "ONE"]);
    let hub: Hub<Score> =
        Hub::open(Redis::at(&server.url()).unwrap().name("test").tag("a"), Options::new()).await.unwrap();
    let other = Redis::at(&server.url()).unwrap().name("test").tag("b");
    let error = Hub::<Score>::open(other, Options::new()).await.unwrap_err().to_string();
    assert!(error.contains("the tag `a`; use another name"), "{error}");
    drop(hub);
    let named = Redis::at(&server.url()).unwrap().name("{a}");
    let error = Hub::<Score>::open(named, Options::new()).await.unwrap_err().to_string();
    assert!(error.contains("use another name"), "{error}");
    let secured = Server::with(&["--requirepass", "secret"]);
    expect(&secured.url(), "requires a password; add it to the URL").await;
    let cluster = Server::with(&["--cluster-enabled", "yes"]);
    expect(&cluster.url(), "cluster").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn what_is_not_redis_is_reported() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"220 mail ready\r\n", b""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // Without an answer, the connection stays open.
                let _ = stream.write_all(answer).await;
                if !answer.is_empty() {
                    continue;
                }
                tokio::spawn(async move {
                    sleep(Duration::from_secs(30)).await;
                    drop(stream);
                });
            }
        });
        let error = failure(&url).await;
        let expected = if answer.is_empty() { "did not answer in time" } else { "" };
        assert!(error.contains(expected), "{error}");
    }
}
