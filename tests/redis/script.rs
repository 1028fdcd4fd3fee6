//! The script that joins or opens an epoch, in each state of the log, and the commands that a node sends.

use super::server::Server;

const OPEN: &str = include_str!("../../sse-hub/src/redis/open.lua");

/// Runs the script as a node that leaves an epoch. Returns the answer.
pub(crate) fn open(server: &Server, leave: &str, seen: Option<(&str, &str, &str)>) -> String {
    let (epoch, offset, origin) = seen.unwrap_or(("0", "0", "*"));
    call(server, &[leave, epoch, offset, origin, "0", "0", "", "7", "5"])
}

fn call(server: &Server, arguments: &[&str]) -> String {
    let keys = ["EVAL", OPEN, "3", "{test}:log", "{test}:meta", "{test}:epochs"];
    server.command(&[&keys[..], arguments].concat())
}

/// The answer of the script: the newest ID, and the newest epoch with its kind.
fn joined(answer: &str) -> (String, String) {
    let lines: Vec<_> = answer.lines().filter(|line| !line.starts_with(['$', '*'])).collect();
    assert!(lines.len() >= 3, "{answer}");
    (lines[0].to_owned(), lines[2].to_owned())
}

fn split(id: &str) -> (u64, u64) {
    let (epoch, offset) = id.split_once(' ').map_or(id, |(id, _)| id).split_once('-').unwrap();
    (epoch.parse().unwrap(), offset.parse().unwrap())
}

/// A log with entries up to `1000-5`, whose description belongs to the current life of the server.
fn filled() -> (Server, String) {
    let server = Server::start();
    let (_, epoch) = joined(&open(&server, "", None));
    let (epoch, offset) = split(&epoch);
    assert_eq!(offset, 1);
    for number in 1..=5 {
        append(&server, &format!("{epoch}-*"), number);
    }
    (server, epoch.to_string())
}

fn append(server: &Server, id: &str, number: u32) -> String {
    let origin = format!("a:{number}");
    server.command(&["XADD", "{test}:log", id, "t", "a", "d", "data: 1\n\n", "x", "-", "n", &origin, "at", "1"])
}

fn restarted(server: &Server) {
    // Another life of the server, as the script sees it.
    server.command(&["HSET", "{test}:meta", "run", "other"]);
}

#[test]
#[ignore = "requires redis-server"]
fn a_current_epoch_is_joined() {
    let (server, epoch) = filled();
    for seen in [None, Some((epoch.as_str(), "6", "a:5")), Some((epoch.as_str(), "2", "*"))] {
        assert_eq!(joined(&open(&server, "", seen)), (format!("{epoch}-6"), format!("{epoch}-1 fence")));
    }
    assert_eq!(joined(&open(&server, "7", None)).1, format!("{epoch}-1 fence"), "another epoch is left");
}

#[test]
#[ignore = "requires redis-server"]
fn an_epoch_that_is_left_and_another_life_of_the_server_are_fenced() {
    let (server, epoch) = filled();
    let (_, fence) = joined(&open(&server, &epoch, Some((&epoch, "6", "a:5"))));
    assert!(split(&fence).0 > epoch.parse().unwrap() && fence.ends_with("-7 fence"), "{fence}");
    assert!(append(&server, &format!("{epoch}-*"), 9).contains("equal or smaller"));
    restarted(&server);
    let (_, next) = joined(&open(&server, "", None));
    assert!(split(&next).0 > split(&fence).0 && next.ends_with("-8 fence"), "{next}");
    assert_eq!(joined(&open(&server, "", None)).1, next, "the second node joins");
}

#[test]
#[ignore = "requires redis-server"]
fn a_log_that_ends_before_what_a_node_has_seen_is_broken() {
    let (server, epoch) = filled();
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "9", "a:8"))));
    assert!(broken.ends_with("-7 break"), "{broken}");
    let later = (u64::MAX / 2).to_string();
    let (_, broken) = joined(&open(&server, "", Some((&later, "3", "*"))));
    assert!(split(&broken).0 > u64::MAX / 2 && broken.ends_with("-8 break"), "{broken}");
}

#[test]
#[ignore = "requires redis-server"]
fn a_promoted_replica_that_was_written_to_is_broken() {
    let (server, epoch) = filled();
    restarted(&server);
    // The node has seen another record at this offset.
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "6", "b:1"))));
    assert!(broken.ends_with("-7 break"), "{broken}");
    // A second node whose record was replaced comes on a new connection, and the life is already noted.
    let fresh = |seen: [&str; 3]| joined(&call(&server, &["", seen[0], seen[1], seen[2], "1", "0", "", "7", "5"])).1;
    assert!(fresh([&epoch, "5", "b:7"]).ends_with("-8 break"));
    assert!(fresh([&epoch, "5", "a:4"]).ends_with("-8 break"), "its own record is still there");
    // The same record, and no knowledge of it, are fences.
    for origin in ["a:5", "*"] {
        let (server, epoch) = filled();
        restarted(&server);
        let (_, fence) = joined(&open(&server, "", Some((&epoch, "6", origin))));
        assert!(fence.ends_with("-7 fence"), "{fence}");
    }
}

#[test]
#[ignore = "requires redis-server"]
fn a_loss_that_the_first_node_does_not_know_of_is_told_by_the_next_one() {
    let (server, epoch) = filled();
    restarted(&server);
    // A new process comes first. It knows of no loss.
    let (_, fence) = joined(&open(&server, "", None));
    assert!(fence.ends_with("-7 fence"), "{fence}");
    // This node had seen record 8, which was lost.
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "8", "a:7"))));
    assert!(broken.ends_with("-8 break"), "{broken}");
    // A third one had seen it too, and does not break the log again.
    assert_eq!(joined(&open(&server, "", Some((&epoch, "8", "a:7")))).1, broken);
    assert_eq!(joined(&open(&server, "", Some((&epoch, "6", "a:5")))).1, broken);
}

#[test]
#[ignore = "requires redis-server"]
fn a_lost_log_continues_above_what_the_node_has_seen() {
    let (server, epoch) = filled();
    server.command(&["FLUSHALL"]);
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "6", "a:5"))));
    assert!(broken.ends_with("-7 break") && split(&broken).0 > epoch.parse().unwrap(), "{broken}");
    // Without any knowledge, it is a new log.
    server.command(&["FLUSHALL"]);
    let (_, new) = joined(&open(&server, "", None));
    assert!(new.ends_with("-1 fence"), "{new}");
    // The first node comes back.
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "6", "a:5"))));
    assert!(broken.ends_with("-2 break"), "{broken}");
}

#[test]
#[ignore = "requires redis-server"]
fn a_doubt_breaks_the_log_above_everything() {
    let (server, epoch) = filled();
    let broken = joined(&call(&server, &["", &epoch, "3", "*", "0", "1", "", "7", "5"])).1;
    assert!(broken.ends_with("-7 break"), "{broken}");
}

#[test]
#[ignore = "requires redis-server"]
fn a_clock_that_goes_back_does_not_lower_the_epochs() {
    let server = Server::start();
    let future = "9000000000000000000";
    let (_, first) = joined(&open(&server, "", Some((future, "3", "*"))));
    assert_eq!(split(&first), (9_000_000_000_000_000_006, 4));
    let (_, next) = joined(&open(&server, "9000000000000000006", None));
    assert_eq!(split(&next), (9_000_000_000_000_000_012, 5), "exact beyond 2^53");
}

#[test]
#[ignore = "requires redis-server"]
fn what_is_not_a_log_of_this_hub_is_refused() {
    let server = Server::start();
    server.command(&["SET", "{test}:log", "text"]);
    assert!(open(&server, "", None).starts_with("-WRONGTYPE"));
    server.command(&["DEL", "{test}:log"]);
    server.command(&["XADD", "{test}:log", "*", "temperature", "20"]);
    assert!(open(&server, "", None).starts_with("-HUBKEY"));
    assert_eq!(server.command(&["XLEN", "{test}:log"]), ":1\r\n", "nothing is written");
    server.command(&["DEL", "{test}:log"]);
    let tagged = |tag| call(&server, &["", "0", "0", "*", "1", "0", tag, "7", "5"]);
    joined(&tagged("scores"));
    assert_eq!(tagged("prices"), "-HUBTAG scores\r\n");
    joined(&tagged("scores"));
    joined(&tagged(""));
    let old = call(&server, &["", "0", "0", "*", "1", "0", "", "99", "5"]);
    assert!(old.starts_with("-HUBOLD 7"), "{old}");
}

#[test]
#[ignore = "requires redis-server"]
fn at_least_1024_epochs_are_kept_and_those_that_the_log_reaches_into() {
    let (server, mut epoch) = filled();
    for _ in 0..1200 {
        epoch = split(&joined(&open(&server, &epoch, None)).1).0.to_string();
    }
    assert_eq!(server.command(&["LLEN", "{test}:epochs"]), ":1201\r\n");
    server.command(&["XTRIM", "{test}:log", "MAXLEN", "3"]);
    open(&server, &epoch, None);
    assert_eq!(server.command(&["LLEN", "{test}:epochs"]), ":1024\r\n");
}

#[test]
#[ignore = "requires redis-server"]
fn entries_of_others_at_the_end_are_fenced_off_and_nothing_is_reported_as_lost() {
    let foreign = |server: &Server, epoch: &str| {
        let id = format!("{}-5", epoch.parse::<u64>().unwrap() + 3_600_000_000);
        assert!(server.command(&["XADD", "{test}:log", &id, "temperature", "20"]).starts_with('$'));
    };
    for seen in [None, Some("6"), Some("2")] {
        let (server, epoch) = filled();
        foreign(&server, &epoch);
        let (_, fence) = joined(&open(&server, "", seen.map(|offset| (epoch.as_str(), offset, "*"))));
        assert!(fence.ends_with("-7 fence"), "{fence}");
        assert_eq!(joined(&open(&server, "", None)).1, fence, "the second node joins");
    }
    // Records of the hub are gone too: those that the node has seen, or all of the current epoch.
    let (server, epoch) = filled();
    foreign(&server, &epoch);
    let (_, broken) = joined(&open(&server, "", Some((&epoch, "9", "*"))));
    assert!(broken.ends_with("-10 break"), "{broken}");
    for seen in [None, Some("6")] {
        let (server, epoch) = filled();
        foreign(&server, &epoch);
        server.command(&["XTRIM", "{test}:log", "MAXLEN", "1"]);
        let (_, broken) = joined(&open(&server, "", seen.map(|offset| (epoch.as_str(), offset, "*"))));
        assert!(broken.ends_with("break"), "{broken}");
    }
}
