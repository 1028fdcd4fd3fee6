//! Parses `vectors.txt`. The head of that file documents its format.

use std::{iter::Peekable, str::Chars};

use crate::oracle::{Block, Dispatched, Stream};

const FILE: &str = include_str!("../vectors.txt");

/// A test vector.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The passage of the standard that the vector tests.
    pub(crate) rule: String,
    /// The stream in the chunks given in the file, or `None` if the vector tests a rejected value.
    pub(crate) chunks: Option<Vec<Vec<u8>>>,
    pub(crate) expected: Stream,
    /// The blocks without an event that set an ID or a reconnection time.
    pub(crate) blocks: Vec<Block>,
    /// The envelope that encodes to the stream.
    pub(crate) envelope: Option<Parts>,
    /// The value whose constructor fails.
    pub(crate) rejected: Option<Parts>,
}

/// The parts of an envelope, as text.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) comment: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) retry: Option<u64>,
    pub(crate) data: Option<String>,
}

impl Case {
    /// Returns the whole stream, or `None` if the vector tests a rejected value.
    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        self.chunks.as_ref().map(|chunks| chunks.concat())
    }

    fn add(&mut self, key: &str, rest: &str) {
        match key {
            "rule" => rest.clone_into(&mut self.rule),
            "in" => self.chunks.get_or_insert_default().push(unescape(&mut rest.chars().peekable(), None)),
            "event" => self.expected.events.push(event(rest)),
            "block" => self.blocks.push(block(rest)),
            "end" => end(rest, &mut self.expected),
            "envelope" => self.envelope = Some(parts(rest)),
            "reject" => self.rejected = Some(parts(rest)),
            _ => panic!("unknown key `{key}` in a vector"),
        }
    }
}

/// Returns all vectors of the file.
pub(crate) fn all() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in FILE.lines().enumerate() {
        assert!(!line.ends_with(' '), "line {}: trailing space; write it as `\\s`", number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("= ") {
            cases.push(Case { name: name.to_owned(), ..Case::default() });
            continue;
        }
        let (key, rest) = line.split_once(':').unwrap_or_else(|| panic!("line {}: no `:` after a key", number + 1));
        let case = cases.last_mut().expect("a vector starts with its name");
        // Keys are padded with spaces; a stream that starts with a space writes it as an escape.
        case.add(key, rest.trim_start_matches(' '));
    }
    cases
}

fn event(text: &str) -> Dispatched {
    let mut event = Dispatched { event_type: "message".to_owned(), ..Dispatched::default() };
    let mut has_data = false;
    for (key, value) in pairs(text) {
        match key.as_str() {
            "type" => event.event_type = value,
            "data" => (event.data, has_data) = (value, true),
            "id" => event.id = Some(value),
            "last" => event.last_event_id = value,
            "retry" => event.retry = Some(millis(&value)),
            _ => panic!("unknown key `{key}` of an event: {text}"),
        }
    }
    assert!(has_data, "an event without data: {text}");
    event
}

fn block(text: &str) -> Block {
    let mut block = Block::default();
    for (key, value) in pairs(text) {
        match key.as_str() {
            "id" => block.id = Some(value),
            "retry" => block.retry = Some(millis(&value)),
            _ => panic!("unknown key `{key}` of a block: {text}"),
        }
    }
    block
}

fn end(text: &str, stream: &mut Stream) {
    for (key, value) in pairs(text) {
        match key.as_str() {
            "last" => stream.last_event_id = value,
            "retry" => stream.retry = Some(millis(&value)),
            _ => panic!("unknown key `{key}` of an end: {text}"),
        }
    }
}

fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    for (key, value) in pairs(text) {
        match key.as_str() {
            "comment" => parts.comment = Some(value),
            "event" => parts.event = Some(value),
            "id" => parts.id = Some(value),
            "retry" => parts.retry = Some(millis(&value)),
            "data" => parts.data = Some(value),
            _ => panic!("unknown key `{key}` of an envelope: {text}"),
        }
    }
    parts
}

fn millis(text: &str) -> u64 {
    if text == "max" { u64::MAX } else { text.parse().expect("a time in milliseconds") }
}

/// Parses `key="text" key=number ..`.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let key: String = chars.by_ref().take_while(|c| *c != '=').collect();
        let value = if chars.next_if_eq(&'"').is_some() {
            String::from_utf8(unescape(&mut chars, Some('"'))).expect("quoted text is UTF-8")
        } else {
            std::iter::from_fn(|| chars.next_if(|c| *c != ' ')).collect()
        };
        pairs.push((key, value));
        while chars.next_if_eq(&' ').is_some() {}
    }
    pairs
}

/// Reads up to `end`, or to the end of the text if `end` is `None`.
fn unescape(chars: &mut Peekable<Chars<'_>>, end: Option<char>) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        match chars.next() {
            c if c == end => return bytes,
            Some('\\') => escape(chars, &mut bytes),
            Some(c) => push(c, &mut bytes),
            None => panic!("unclosed quote"),
        }
    }
}

fn escape(chars: &mut Peekable<Chars<'_>>, bytes: &mut Vec<u8>) {
    match chars.next() {
        Some('n') => bytes.push(b'\n'),
        Some('r') => bytes.push(b'\r'),
        Some('t') => bytes.push(b'\t'),
        Some('s') => bytes.push(b' '),
        Some('0') => bytes.push(0),
        Some('\\') => bytes.push(b'\\'),
        Some('"') => bytes.push(b'"'),
        Some('x') => {
            let digits: String = chars.take(2).collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("two hexadecimal digits after `\\x`"));
        }
        Some('u') => {
            let digits: String = chars.skip(1).take_while(|c| *c != '}').collect();
            let code = u32::from_str_radix(&digits, 16).expect("hexadecimal digits after `\\u{`");
            push(char::from_u32(code).expect("a code point"), bytes);
        }
        other => panic!("unknown escape: {other:?}"),
    }
}

fn push(c: char, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
