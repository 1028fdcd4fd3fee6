//! `examples/inspect.rs` as a program: bytes in, lines of JSON out.

use std::{
    io::{BufRead, BufReader, Read, Write},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{LazyLock, mpsc},
    thread,
};

use crate::{
    canned::serve,
    program::{self, PATIENCE},
};

static INSPECT: LazyLock<PathBuf> = LazyLock::new(|| program::example("inspect"));

fn start(arguments: &[&str]) -> Child {
    Command::new(&*INSPECT)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts")
}

/// Runs it over standard input to its end.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    // A program that ends early leaves input unread; what it said about that is what the tests look at.
    let _ = writer.join().expect("the writer does not panic");
    output
}

/// The lines of a run that succeeds and complains of nothing.
fn lines(arguments: &[&str], input: &[u8]) -> Vec<String> {
    let output = run(arguments, input);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("what it prints is UTF-8")
}

/// What it says about a response that is no stream.
fn refusal(response: &'static [u8]) -> String {
    let (url, server) = serve(response);
    let output = run(&[&url], b"");
    server.join().expect("served");
    assert_eq!(output.status.code(), Some(1));
    text(&output.stderr)
}

/// What it says about arguments that make no sense.
fn complaint(arguments: &[&str]) -> String {
    let output = run(arguments, b"");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

#[test]
fn each_event_is_one_line_and_the_end_is_one_more() {
    let input = b": hello\n\nevent: add\nid: 7\nretry: 2500\ndata: a\ndata: \"b\"\n\ndata: c\n\n";
    let expected = [
        r#"{"event":"add","data":"a\n\"b\"","lastEventId":"7"}"#,
        r#"{"event":"message","data":"c","lastEventId":"7"}"#,
        r#"{"end":true,"lastEventId":"7","retry":2500}"#,
    ];
    assert_eq!(lines(&["-"], input), expected);
}

#[test]
fn pieces_of_any_size_show_the_same() {
    let input = b"data: a\r\rdata: b\n\n";
    let expected = [
        r#"{"event":"message","data":"a","lastEventId":""}"#,
        r#"{"event":"message","data":"b","lastEventId":""}"#,
        r#"{"end":true,"lastEventId":"","retry":null}"#,
    ];
    assert_eq!(lines(&["-"], input), expected);
    for size in ["1", "2", "3", "7", "1000000"] {
        assert_eq!(lines(&["-", "--chunk", size], input), expected, "in pieces of {size}");
    }
}

#[test]
fn invalid_bytes_and_the_byte_order_mark_are_shown_as_the_standard_reads_them() {
    let input = b"\xEF\xBB\xBFdata: \xFF\xE2\x82!\xE2\x82\xAC\n\nid: \xF0\x9F\n\n\xEF\xBB\xBFdata: x\n\n";
    let expected = [
        "{\"event\":\"message\",\"data\":\"\u{FFFD}\u{FFFD}!€\",\"lastEventId\":\"\"}",
        "{\"end\":true,\"lastEventId\":\"\u{FFFD}\",\"retry\":null}",
    ];
    assert_eq!(lines(&["-"], input), expected);
    assert_eq!(lines(&["-", "--chunk", "1"], input), expected);
}

#[test]
fn the_last_line_says_what_a_reconnect_would_send() {
    let input = b"id: 1\ndata: a\n\nretry: 5\nid: 2\ndata: never finished\n";
    let expected =
        [r#"{"event":"message","data":"a","lastEventId":"1"}"#, r#"{"end":true,"lastEventId":"1","retry":5}"#];
    assert_eq!(lines(&["-"], input), expected);
    assert_eq!(lines(&["-"], b""), [r#"{"end":true,"lastEventId":"","retry":null}"#]);
}

#[test]
fn an_event_is_shown_while_the_stream_goes_on() {
    let mut child = start(&["-"]);
    let mut stdin = child.stdin.take().expect("piped");
    let stdout = child.stdout.take().expect("piped");
    let (sender, shown) = mpsc::channel();
    let reader = thread::spawn(move || BufReader::new(stdout).lines().try_for_each(|line| sender.send(line)));
    for word in ["first", "second"] {
        write!(stdin, "data: {word}\r\r").expect("it reads");
        let line = shown.recv_timeout(PATIENCE).expect("shown before the input ends").expect("a line");
        assert!(line.contains(word), "{line}");
    }
    drop(stdin);
    let end = shown.recv_timeout(PATIENCE).expect("shown").expect("a line");
    assert_eq!(end, r#"{"end":true,"lastEventId":"","retry":null}"#);
    reader.join().expect("no panic").expect("all lines were sent");
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_limit_is_reported_and_the_next_event_is_shown() {
    let mut input = b"data: ".to_vec();
    input.resize(sse_core::Limits::DEFAULT_MAX_LINE + 1, b'x');
    input.extend_from_slice(b"\nid: 4\n\ndata: next\n\n");
    let output = run(&["-"], &input);
    assert_eq!(output.status.code(), Some(0));
    let complaint = text(&output.stderr);
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("inspect: ") && complaint.contains("the limit of"), "{complaint}");
    assert_eq!(
        text(&output.stdout).lines().collect::<Vec<_>>(),
        [r#"{"event":"message","data":"next","lastEventId":"4"}"#, r#"{"end":true,"lastEventId":"4","retry":null}"#,]
    );
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    let mut child = start(&["-"]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("piped");
    // The pipe may break under the writer too: that is the point.
    let _ = stdin.write_all(b"data: nobody reads this\n\n");
    drop(stdin);
    let mut complaint = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut complaint).expect("it says nothing");
    assert_eq!(complaint, "");
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_url_is_asked_for_with_the_headers_of_the_standard() {
    let (url, server) = serve(
        b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream;charset=utf-8\r\nConnection: close\r\n\r\n\
          id: 1\r\ndata: a\r\n\r\n",
    );
    let shown = lines(&[&url, "--chunk", "1"], b"");
    let request = server.join().expect("served");
    assert_eq!(
        shown,
        [r#"{"event":"message","data":"a","lastEventId":"1"}"#, r#"{"end":true,"lastEventId":"1","retry":null}"#,]
    );
    assert!(request.starts_with("get /events http/1.1\n"), "{request}");
    assert!(request.contains("\naccept: text/event-stream\n"), "{request}");
    assert!(request.contains("\ncache-control: no-cache\n"), "{request}");
}

#[test]
fn a_stream_that_breaks_off_is_an_error_after_all_that_came() {
    let (url, server) =
        serve(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\nid: 1\ndata: a\n\n");
    let output = run(&[&url], b"");
    server.join().expect("served");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("inspect: the stream breaks off: "), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().last(), Some(r#"{"end":true,"lastEventId":"1","retry":null}"#));
}

#[test]
fn a_response_that_is_no_stream_is_shown_by_status_type_and_start() {
    let html = refusal(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>hello</p>");
    assert_eq!(html, "inspect: not an event stream: status 200 OK, content type text/html\n<p>hello</p>\n");
    let missing =
        refusal(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\nno such feed");
    assert_eq!(
        missing,
        "inspect: not an event stream: status 404 Not Found, content type text/event-stream\nno such feed\n"
    );
    let untyped = refusal(b"HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(untyped, "inspect: not an event stream: status 204 No Content, content type none\n");
}

#[test]
fn a_server_that_is_not_there_is_an_error_that_says_so() {
    // Port 1 is nobody's, and no other test can come to listen there.
    let output = run(&["http://127.0.0.1:1/"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).to_lowercase().contains("connection refused"), "{}", text(&output.stderr));
}

#[test]
fn arguments_that_make_no_sense_are_explained() {
    assert!(complaint(&[]).contains("<URL>"));
    assert!(complaint(&["-", "--chunk", "0"]).contains("--chunk"));
    assert!(complaint(&["-", "--chunk", "many"]).contains("many"));
    assert!(complaint(&["-", "--chunks", "1"]).contains("--chunks"));
    assert!(complaint(&["not a url"]).contains("`not a url` is no URL"));
    assert!(complaint(&["localhost:3000/events"]).contains("scheme `localhost`; write `http://"));
    assert!(complaint(&["https://localhost/"]).contains("run with the feature `tls`"));
}
