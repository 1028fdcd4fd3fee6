//! `examples/inspect.rs` as a program: it reads a stream and prints each event as a line of JSON.

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
        .expect("the example starts")
}

/// Runs the example to its end with `input` as standard input.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().expect("piped");
    let input = input.to_vec();
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the example ends");
    // If the program ends early, writing fails. The tests check its output instead.
    let _ = writer.join().expect("the writer does not panic");
    output
}

/// Runs the example, asserts that it succeeds without errors, and returns its lines.
fn lines(arguments: &[&str], input: &[u8]) -> Vec<String> {
    let output = run(arguments, input);
    assert_eq!(text(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    text(&output.stdout).lines().map(str::to_owned).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the output is UTF-8")
}

/// Runs the example on a response that is not an event stream, and returns its error message.
fn response_error(response: &'static [u8]) -> String {
    let (url, server) = serve(response);
    let output = run(&[&url], b"");
    server.join().expect("the server does not panic");
    assert_eq!(output.status.code(), Some(1));
    text(&output.stderr)
}

/// Runs the example with invalid arguments and returns its error message.
fn usage_error(arguments: &[&str]) -> String {
    let output = run(arguments, b"");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    text(&output.stderr)
}

#[test]
fn each_event_and_the_end_are_one_line() {
    let input = b": hello\n\nevent: add\nid: 7\nretry: 2500\ndata: a\ndata: \"b\"\n\ndata: c\n\n";
    let expected = [
        r#"{"event":"add","data":"a\n\"b\"","lastEventId":"7"}"#,
        r#"{"event":"message","data":"c","lastEventId":"7"}"#,
        r#"{"end":true,"lastEventId":"7","retry":2500}"#,
    ];
    assert_eq!(lines(&["-"], input), expected);
}

#[test]
fn chunks_of_any_size_print_the_same() {
    let input = b"data: a\r\rdata: b\n\n";
    let expected = [
        r#"{"event":"message","data":"a","lastEventId":""}"#,
        r#"{"event":"message","data":"b","lastEventId":""}"#,
        r#"{"end":true,"lastEventId":"","retry":null}"#,
    ];
    assert_eq!(lines(&["-"], input), expected);
    for size in ["1", "2", "3", "7", "1000000"] {
        assert_eq!(lines(&["-", "--chunk", size], input), expected, "in chunks of {size}");
    }
}

#[test]
fn invalid_bytes_and_the_byte_order_mark_are_read_as_the_standard_requires() {
    let input = b"\xEF\xBB\xBFdata: \xFF\xE2\x82!\xE2\x82\xAC\n\nid: \xF0\x9F\n\n\xEF\xBB\xBFdata: x\n\n";
    let expected = [
        "{\"event\":\"message\",\"data\":\"\u{FFFD}\u{FFFD}!€\",\"lastEventId\":\"\"}",
        "{\"end\":true,\"lastEventId\":\"\u{FFFD}\",\"retry\":null}",
    ];
    assert_eq!(lines(&["-"], input), expected);
    assert_eq!(lines(&["-", "--chunk", "1"], input), expected);
}

#[test]
fn the_last_line_contains_what_a_reconnect_would_send() {
    let input = b"id: 1\ndata: a\n\nretry: 5\nid: 2\ndata: never finished\n";
    let expected =
        [r#"{"event":"message","data":"a","lastEventId":"1"}"#, r#"{"end":true,"lastEventId":"1","retry":5}"#];
    assert_eq!(lines(&["-"], input), expected);
    assert_eq!(lines(&["-"], b""), [r#"{"end":true,"lastEventId":"","retry":null}"#]);
}

#[test]
fn comments_and_blocks_without_an_event_are_printed_on_request() {
    let input = b": still here\nid: 1\ndata: a\n\nid: 2\nretry: 5\n\n:\n";
    let event = r#"{"event":"message","data":"a","lastEventId":"1"}"#;
    let end = r#"{"end":true,"lastEventId":"2","retry":5}"#;
    assert_eq!(lines(&["-"], input), [event, end]);
    let expected =
        [r#"{"comment":" still here"}"#, event, r#"{"block":{"id":"2","retry":5}}"#, r#"{"comment":""}"#, end];
    assert_eq!(lines(&["-", "--comments"], input), expected);
    assert_eq!(lines(&["-", "--comments", "--chunk", "1"], input), expected);
}

#[test]
fn an_event_is_printed_before_the_stream_ends() {
    let mut child = start(&["-"]);
    let mut stdin = child.stdin.take().expect("piped");
    let stdout = child.stdout.take().expect("piped");
    let (sender, shown) = mpsc::channel();
    let reader = thread::spawn(move || BufReader::new(stdout).lines().try_for_each(|line| sender.send(line)));
    for word in ["first", "second"] {
        write!(stdin, "data: {word}\r\r").expect("the example reads its input");
        let line = shown.recv_timeout(PATIENCE).expect("printed before the input ends").expect("a line");
        assert!(line.contains(word), "{line}");
    }
    drop(stdin);
    let end = shown.recv_timeout(PATIENCE).expect("printed").expect("a line");
    assert_eq!(end, r#"{"end":true,"lastEventId":"","retry":null}"#);
    reader.join().expect("the thread does not panic").expect("all lines were sent");
    assert!(child.wait().expect("the example ends").success());
}

#[test]
fn an_exceeded_limit_is_reported_and_the_next_event_is_printed() {
    let mut input = b"data: ".to_vec();
    input.resize(sse_core::Limits::DEFAULT_MAX_LINE + 1, b'x');
    input.extend_from_slice(b"\nid: 4\n\ndata: next\n\n");
    let output = run(&["-"], &input);
    assert_eq!(output.status.code(), Some(0));
    let errors = text(&output.stderr);
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.starts_with("inspect: ") && errors.contains("the limit of"), "{errors}");
    assert_eq!(
        text(&output.stdout).lines().collect::<Vec<_>>(),
        [r#"{"event":"message","data":"next","lastEventId":"4"}"#, r#"{"end":true,"lastEventId":"4","retry":null}"#,]
    );
}

#[test]
fn a_closed_standard_output_ends_the_program_quietly() {
    let mut child = start(&["-"]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("piped");
    // Writing may fail, because the example may have ended already.
    let _ = stdin.write_all(b"data: nobody reads this\n\n");
    drop(stdin);
    let mut errors = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut errors).expect("standard error can be read");
    assert_eq!(errors, "");
    assert_eq!(child.wait().expect("the example ends").code(), Some(0));
}

#[test]
fn a_url_is_requested_with_the_headers_of_the_standard() {
    let (url, server) = serve(
        b"HTTP/1.1 200 OK\r\nContent-Type: Text/Event-Stream;charset=utf-8\r\nConnection: close\r\n\r\n\
          id: 1\r\ndata: a\r\n\r\n",
    );
    let shown = lines(&[&url, "--chunk", "1"], b"");
    let request = server.join().expect("the server does not panic");
    assert_eq!(
        shown,
        [r#"{"event":"message","data":"a","lastEventId":"1"}"#, r#"{"end":true,"lastEventId":"1","retry":null}"#,]
    );
    assert!(request.starts_with("get /events http/1.1\n"), "{request}");
    assert!(request.contains("\naccept: text/event-stream\n"), "{request}");
    assert!(request.contains("\ncache-control: no-cache\n"), "{request}");
}

#[test]
fn a_stream_that_breaks_off_is_an_error_after_its_events() {
    let (url, server) =
        serve(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\nid: 1\ndata: a\n\n");
    let output = run(&[&url], b"");
    server.join().expect("the server does not panic");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).starts_with("inspect: the stream broke off: "), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().last(), Some(r#"{"end":true,"lastEventId":"1","retry":null}"#));
}

#[test]
fn a_response_that_is_not_an_event_stream_is_shown_by_status_content_type_and_start() {
    let html = response_error(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 12\r\n\r\n<p>hello</p>");
    assert_eq!(html, "inspect: not an event stream: status 200 OK, content type text/html\n<p>hello</p>\n");
    let missing = response_error(
        b"HTTP/1.1 404 Not Found\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\nno such feed",
    );
    assert_eq!(
        missing,
        "inspect: not an event stream: status 404 Not Found, content type text/event-stream\nno such feed\n"
    );
    let untyped = response_error(b"HTTP/1.1 204 No Content\r\n\r\n");
    assert_eq!(untyped, "inspect: not an event stream: status 204 No Content, content type none\n");
}

/// Runs the example on an input without events, asserts that it succeeds, and returns its error message.
fn no_events(arguments: &[&str], input: &[u8]) -> String {
    let output = run(arguments, input);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "{\"end\":true,\"lastEventId\":\"\",\"retry\":null}\n");
    text(&output.stderr)
}

#[test]
fn an_input_without_events_is_shown_by_its_size_and_start() {
    let starts = [
        ("<html>\n\n<p>502 Bad Gateway</p>\n</html>\n", r#""<html>\n\n<p>502 Bad Gateway</p>\n</html>\n""#),
        ("{\"error\":{\"message\":\"no such model\"}}", r#""{\"error\":{\"message\":\"no such model\"}}""#),
        (": keep-alive\n\n", r#"": keep-alive\n\n""#),
        ("data: cut off", r#""data: cut off""#),
    ];
    for (input, start) in starts {
        let expected = format!("inspect: the input of {} bytes has no event; it starts with {start}\n", input.len());
        for size in ["1", "7", "1000"] {
            assert_eq!(no_events(&["-", "--chunk", size], input.as_bytes()), expected);
        }
    }
    let long = no_events(&["-"], &b"0123456789".repeat(10_000));
    let start = "0123456789".repeat(6);
    assert_eq!(long, format!("inspect: the input of 100000 bytes has no event; it starts with \"{start}\"\n"));
}

#[test]
fn an_input_in_utf16_is_named() {
    let encode = |bytes: fn(u16) -> [u8; 2]| "\u{FEFF}data: 1\n\n".encode_utf16().flat_map(bytes).collect::<Vec<_>>();
    let expected = "inspect: the input of 20 bytes has no event; it starts with the byte order mark of UTF-16, but an \
                    event stream is UTF-8\n";
    assert_eq!(no_events(&["-"], &encode(u16::to_le_bytes)), expected);
    assert_eq!(no_events(&["-"], &encode(u16::to_be_bytes)), expected);
}

/// The body is `data: 1` and an empty line, compressed with gzip.
#[test]
fn a_content_encoding_is_named_if_it_hides_the_events() {
    let (url, server) = serve(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n\
          \x1F\x8B\x08\0\0\0\0\0\0\xFF\x4B\x49\x2C\x49\xB4\x52\x30\xE4\xE2\x02\0\xCE\xCD\x78\x54\x09\0\0\0",
    );
    let message = no_events(&[&url], b"");
    let request = server.join().expect("the server does not panic");
    assert!(!request.contains("\naccept-encoding: "), "{request}");
    let expected =
        "inspect: the input of 29 bytes has no event; it has the content encoding `gzip`, which is not decoded\n";
    assert_eq!(message, expected);

    let (url, server) = serve(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: Identity\r\nConnection: close\r\n\r\n\
          data: 1",
    );
    let expected = "inspect: the input of 7 bytes has no event; it starts with \"data: 1\"\n";
    assert_eq!(no_events(&[&url], b""), expected);
    server.join().expect("the server does not panic");
}

#[test]
fn a_refused_connection_is_an_error() {
    // No program listens on port 1, and no other test can bind it.
    let output = run(&["http://127.0.0.1:1/"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).to_lowercase().contains("connection refused"), "{}", text(&output.stderr));
}

#[test]
fn invalid_arguments_are_explained() {
    assert!(usage_error(&[]).contains("<URL>"));
    assert!(usage_error(&["-", "--chunk", "0"]).contains("--chunk"));
    assert!(usage_error(&["-", "--chunk", "many"]).contains("many"));
    assert!(usage_error(&["-", "--chunks", "1"]).contains("--chunks"));
    assert!(usage_error(&["not a url"]).contains("`not a url` is not a URL"));
    assert!(usage_error(&["localhost:3000/events"]).contains("scheme `localhost`; write `http://"));
    assert!(usage_error(&["https://localhost/"]).contains("run with the feature `tls`"));
}
