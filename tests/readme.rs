//! The README's parser for pages, compared with the decoder.

use std::process::Command;

use serde_json::{Value, json};
use sse_core::Decoder;

const README: &str = include_str!("../README.md");

/// Reads a stream with the parser, whole and split at every byte, and prints the events of each read as a line of JSON.
const SCRIPT: &str = r"
    const bytes = new TextEncoder().encode(process.argv[1]);
    const read = async (chunks) => {
        const seen = [];
        const body = new ReadableStream({ start(c) { chunks.forEach((chunk) => c.enqueue(chunk)); c.close(); } });
        for await (const event of events({ body })) seen.push(event);
        return seen;
    };
    (async () => {
        const reads = [await read([bytes]), await read([...bytes].map((byte) => Uint8Array.of(byte)))];
        for (let i = 0; i <= bytes.length; i++) reads.push(await read([bytes.slice(0, i), bytes.slice(i)]));
        console.log(JSON.stringify(reads));
    })();";

/// Returns the code block of the parser.
fn parser() -> &'static str {
    let start = README.find("async function* events").expect("the README has the parser");
    README[start..].split("```").next().unwrap()
}

#[test]
fn the_parser_for_pages_reads_what_the_decoder_reads_in_seventeen_lines() {
    assert_eq!(parser().trim_end().lines().count(), 17);
    let stream = "\u{feff}data: first\n\nevent: progress\nid: 7\ndata: {\"percent\":12.5}\n\n: comment\nretry: 5\n\
        data:no space\r\ndata:  two spaces\r\ndata\r\n\r\nid: gr\u{fc}n\nevent: empty\n\nid\ndata: \u{20ac}: b\n\n\
        unknown: x\nevent: message\ndata: last\n\ndata: not complete\n";
    let node = Command::new("node").args(["-e", &format!("{}\n{SCRIPT}", parser()), stream]).output();
    let done = node.unwrap_or_else(|error| panic!("this test requires Node.js 20 or newer: {error}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let reads: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();

    let mut decoder = Decoder::new();
    let mut events = decoder.feed(stream.as_bytes());
    let mut expected = Vec::new();
    while let Some(event) = events.next_event() {
        let event = event.unwrap();
        expected.push(json!({ "type": event.name(), "data": event.data(), "lastEventId": event.last_event_id() }));
    }
    assert_eq!(expected.len(), 5);
    for read in reads {
        assert_eq!(read, Value::Array(expected.clone()));
    }
}
