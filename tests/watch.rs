//! `examples/watch` as a program: it prints the market feed as readable lines.

use std::{path::PathBuf, process::Command, sync::LazyLock};

use crate::{
    canned::serve,
    program::{self, Ended, Running},
    served::{Served, free_port},
    ticker,
};

static WATCH: LazyLock<PathBuf> = LazyLock::new(|| program::example("watch"));

/// Starts the example. It gives up after the first attempt that fails.
fn start(url: &str) -> Running {
    Running::start(Command::new(&*WATCH).args([url, "--tries", "1"])).expect("the example starts")
}

/// Runs the example on a URL that it cannot read. Returns its exit code and error message.
fn failure(url: &str) -> (Option<i32>, String) {
    let Ended { code, stdout, stderr } = start(url).end();
    assert_eq!(stdout, Vec::<String>::new());
    (code, stderr.join("\n"))
}

/// Runs the example on a canned response.
fn read(response: &'static [u8]) -> Ended {
    let (url, server) = serve(response);
    let ended = start(&url).end();
    server.join().expect("the server does not panic");
    ended
}

/// Asserts that these lines end with the summary of so many events, the last with this number.
fn assert_summary(stderr: &[String], read: usize, last: u64) {
    let summary = stderr.last().expect("a summary");
    let start = format!("watch: {read} events read, 0 skipped as unknown, last event ID `");
    assert!(summary.starts_with(&start) && summary.ends_with(&format!("-{last}`")), "{stderr:?}");
}

#[test]
fn the_whole_day_is_printed_and_the_close_ends_the_program() {
    let ticker = ticker::start("1000");
    let Ended { code, stdout, stderr } = start(&ticker.url("/events")).end();
    assert_summary(&stderr, 579, 579);
    assert_eq!(code, Some(0));
    // One line for each event, and after the close one line for each of the five symbols.
    assert_eq!(stdout.len(), 579 + 5);
    for (id, line) in (1..=579).zip(&stdout) {
        assert!(line.starts_with(&format!("{id:>5}  20")), "{line}");
    }
    assert_eq!(stdout[0], "    1  2000-01-01  MSFT      39.81");
    assert_eq!(stdout[13], "   14  2000-04-01  MSFT      28.37    -34.36%  halted");
    assert_eq!(stdout[578], "  579  2010-03-01  the market is closed: 560 prices");
    assert!(stdout[579].trim_start().starts_with("MSFT"), "{}", stdout[579]);
}

#[test]
fn ctrl_c_ends_the_program_with_a_summary() {
    // Too slow for the second month to arrive.
    let ticker = ticker::start("0.01");
    let watch = start(&ticker.url("/events"));
    let shown: Vec<String> = (0..4).map(|_| watch.line()).collect();
    assert!(shown[3].starts_with("    4  2000-01-01"), "{shown:?}");
    watch.signal("INT");
    let Ended { code, stdout, stderr } = watch.end();
    assert_eq!((code, stdout), (Some(0), vec![]));
    assert_summary(&stderr, 4, 4);
}

#[test]
fn events_that_cannot_be_decoded_are_reported_and_the_rest_is_printed() {
    let Ended { code, stdout, stderr } = read(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n\
          event: dividend-paid\nid: 1\ndata: {}\n\n\
          event: price-moved\nid: 2\ndata: {\"symbol\":\"MSFT\",\ndata: \"date\":\"2000-01-01\",\"price\":\"high\"}\n\n\
          event: price-moved\nid: 3\ndata: {\"symbol\":\"MSFT\",\"date\":\"2000-13-01\",\"price\":1,\"change\":null}\n\n\
          event: price-moved\nid: 4\ndata: {\"symbol\":\"MSFT\",\"date\":\"2000-02-01\",\"price\":36.35,\"change\":-8.69}\n\n\
          event: market-closed\nid: 5\ndata: {\"date\":\"2000-02-01\",\"prices\":1,\"totals\":[]}\n\n",
    );
    assert_eq!(
        stdout,
        ["    4  2000-02-01  MSFT      36.35     -8.69%", "    5  2000-02-01  the market is closed: 1 prices"]
    );
    assert_eq!(code, Some(0));
    assert_eq!(stderr.len(), 3, "{stderr:#?}");
    let faults = [
        [
            "after event `2`: event `price-moved` cannot be decoded: invalid data: invalid type: string \"high\"",
            " at line 2 column 34; its data is \"{\\\"symbol\\\":\\\"MSFT\\\",\\n\\\"date\\\":\\\"2000-01-01\\\",\\\"price\\\":\\\"high\\\"}\"",
        ],
        [
            "after event `3`: event `price-moved` cannot be decoded: invalid data: ",
            " at line 1 column 36; its data is ",
        ],
    ];
    for (line, fault) in stderr.iter().zip(faults) {
        assert!(line.starts_with("watch: ") && fault.iter().all(|part| line.contains(part)), "{line}");
    }
    assert_eq!(stderr[2], "watch: 2 events read, 1 skipped as unknown, last event ID `5`");
}

/// Asserts that a feed which ends so is followed by another connection, which nobody accepts.
fn is_followed_by_another_connection(response: &'static [u8], reason: &str) {
    let Ended { code, stdout, stderr } = read(response);
    assert_eq!((code, stdout), (Some(1), vec![]));
    assert!(stderr[0].starts_with(&format!("watch: {reason}")), "{stderr:?}");
    assert!(stderr[0].ends_with("; connecting again in 0.1 seconds"), "{stderr:?}");
    assert_eq!(stderr[1], "watch: 0 events read, 1 skipped as unknown, last event ID `7`");
    let refused = "watch: gave up after 1 attempt without progress: no response: ";
    assert!(stderr[2].starts_with(refused), "{stderr:?}");
    assert!(stderr[2].to_lowercase().contains("connection refused"), "{stderr:?}");
}

#[test]
fn a_feed_that_ends_before_the_close_is_followed_by_another_connection() {
    is_followed_by_another_connection(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nretry: 1\nid: 7\ndata\n\n",
        "the server ended the response",
    );
}

#[test]
fn a_connection_that_is_lost_is_followed_by_another_one() {
    is_followed_by_another_connection(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 99\r\n\r\nretry: 1\nid: 7\ndata\n\n",
        "the stream was cut between two events: ",
    );
}

#[test]
fn a_feed_whose_server_is_killed_and_started_again_is_followed_from_its_new_beginning() {
    let port = free_port();
    let start_ticker = || Served::on(port, ticker::program(), &["--speed", "60", "--retry", "100"]);
    let mut ticker = start_ticker();
    let url = ticker.url("/events");
    let watch = Running::start(Command::new(&*WATCH).arg(&url)).expect("the example starts");
    let mut lines: Vec<String> = (0..100).map(|_| watch.line()).collect();
    drop(ticker);
    ticker = start_ticker();
    let Ended { code, stdout, stderr } = watch.end();
    drop(ticker);
    lines.extend(stdout);
    assert_eq!(code, Some(0));
    let resync = lines.iter().position(|line| line.contains("events are missing, the day starts over: restarted"));
    let resync = resync.unwrap_or_else(|| panic!("no resync in {lines:?}"));
    let is_day = |lines: &[String]| (1..=579).zip(lines).all(|(id, line)| line.starts_with(&format!("{id:>5}  20")));
    assert!(resync >= 100 && is_day(&lines[..resync]) && is_day(&lines[resync + 1..]), "{lines:?}");
    assert_eq!(lines.len() - resync - 1, 579 + 5);
    assert!(stderr.len() >= 2 && stderr[0].contains("; connecting again in 0.1 seconds"), "{stderr:?}");
    assert_summary(&stderr, resync + 1 + 579, 579);
}

#[test]
fn a_server_that_is_stopped_without_closing_is_noticed() {
    let ticker = ticker::start("0.01");
    let watch = Running::start(Command::new(&*WATCH).args([&ticker.url("/events"), "--tries", "1", "--idle", "0.3"]));
    let watch = watch.expect("the example starts");
    for _ in 0..4 {
        watch.line();
    }
    ticker.signal("STOP");
    let Ended { code, stderr, .. } = watch.end();
    ticker.signal("CONT");
    assert_eq!(code, Some(1));
    assert!(stderr[0].contains("nothing arrived for 300ms, the idle timeout; connecting again in"), "{stderr:?}");
    assert!(stderr.last().unwrap().ends_with("nothing arrived for 300ms, the idle timeout"), "{stderr:?}");
}

#[test]
fn a_response_that_is_not_a_feed_is_an_error() {
    let ticker = ticker::start("1");
    let (code, message) = failure(&ticker.url("/feed"));
    assert_eq!(code, Some(1));
    assert!(message.ends_with("watch: the server answered `404 Not Found` instead of `200 OK`"), "{message}");
    let (code, message) = failure(&ticker.url("/"));
    assert_eq!(code, Some(1));
    let page = "watch: the content type is `text/html; charset=utf-8` instead of `text/event-stream`; check the URL; the \
                body begins with `<!doctype html>";
    assert!(message.contains(page), "{message}");
}

#[test]
fn a_204_response_is_not_an_error() {
    let Ended { code, stdout, stderr } = read(b"HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!((code, stdout), (Some(0), vec![]));
    let summary = "watch: 0 events read, 0 skipped as unknown, last event ID ``";
    assert_eq!(stderr, ["watch: the server has nothing more to send (204)", summary]);
}

#[test]
fn a_refused_connection_is_an_error() {
    // No program listens on port 1, and no other test can bind it.
    let (code, message) = failure("http://127.0.0.1:1/events");
    assert_eq!(code, Some(1));
    assert!(message.to_lowercase().contains("connection refused"), "{message}");
}

#[test]
fn an_invalid_url_is_explained() {
    let (code, message) = failure("market");
    assert_eq!(code, Some(2));
    assert!(message.contains("'market'") && message.contains("not a URL: "), "{message}");
    let (code, message) = failure("ftp://127.0.0.1/events");
    assert_eq!(code, Some(2));
    assert!(message.contains("the scheme is `ftp`; write `http://"), "{message}");
    assert_eq!(failure("https://127.0.0.1/events").0, Some(2));
}
