//! Streams to decode.

use bytes::Bytes;
use clap::ValueEnum;
use serde::Serialize;

use crate::{
    event::{HTML_BYTES, delta, edit, tick},
    sink::{Digest, Sink},
};

/// A kind of stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An event name, an ID and data: 80 bytes per event.
    Ticks,
    /// One `data` line of 250 bytes, JSON with some non-ASCII text.
    Llm,
    /// An event name, a JSON ID, and 1.5 KiB of JSON data.
    Wiki,
    /// One `data` line of 64 KiB.
    Big,
    /// 20 `data` lines of 40 bytes.
    Multiline,
    /// Same as [`Ticks`](Self::Ticks), with CRLF line endings.
    Crlf,
    /// One `data: x` line.
    Tiny,
}

impl Kind {
    /// All kinds, in the order of the tables.
    pub const ALL: [Self; 7] = [Self::Ticks, Self::Llm, Self::Wiki, Self::Big, Self::Multiline, Self::Crlf, Self::Tiny];

    /// Returns the name used in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticks => "ticks",
            Self::Llm => "llm",
            Self::Wiki => "wiki",
            Self::Big => "big",
            Self::Multiline => "multiline",
            Self::Crlf => "crlf",
            Self::Tiny => "tiny",
        }
    }

    /// Generates a stream of this kind. It ends with the event that reaches `size` bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if a payload cannot be serialized.
    pub fn stream(self, size: usize) -> Result<Workload, serde_json::Error> {
        let mut stream = Builder::new(if self == Self::Crlf { "\r\n" } else { "\n" }, size);
        while stream.text.len() < size {
            let n = stream.ends.len();
            match self {
                Self::Ticks | Self::Crlf => {
                    let id = 1_000_000 + n;
                    stream.block("tick", &id.to_string(), serde_json::to_string(&tick(n))?);
                }
                Self::Llm => stream.block("", "", serde_json::to_string(&delta(n))?),
                Self::Wiki => {
                    let id = format!(
                        r#"[{{"topic":"edits","partition":0,"offset":{}}},{{"topic":"moves","partition":0,"offset":-1}}]"#,
                        5_000_000 + n
                    );
                    stream.block("edit", &id, serde_json::to_string(&edit(n, HTML_BYTES))?);
                }
                Self::Big => stream.block("", "", "abcdefghijklmnopqrstuvwxyz012345".repeat(2048)),
                Self::Multiline => stream.block("", "", ["the quick brown fox jumps over lazy dogs"; 20].join("\n")),
                Self::Tiny => stream.block("", "", "x".into()),
            }
        }
        Ok(stream.finish())
    }
}

/// A stream, and the events that a decoder must return for it.
#[derive(Debug)]
pub struct Workload {
    /// The bytes of the stream.
    pub text: Bytes,
    /// The end of each event in `text`.
    ends: Vec<usize>,
    /// The events of the stream, recorded when they were generated.
    pub expected: Digest,
    /// The data of each event.
    pub payloads: Vec<String>,
}

impl Workload {
    /// Returns the stream in chunks of one event each.
    #[must_use]
    pub fn events(&self) -> Vec<Bytes> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&start, &end)| self.text.slice(start..end)).collect()
    }

    /// Generates a stream of one event, whose data is one line of `size` bytes.
    #[must_use]
    pub fn line(size: usize) -> Self {
        let mut stream = Builder::new("\n", size + 16);
        stream.block("", "", "x".repeat(size));
        stream.finish()
    }
}

struct Builder {
    line_ending: &'static str,
    text: Vec<u8>,
    ends: Vec<usize>,
    expected: Digest,
    payloads: Vec<String>,
}

impl Builder {
    fn new(line_ending: &'static str, size: usize) -> Self {
        let text = Vec::with_capacity(size + (128 << 10));
        Self { line_ending, text, ends: Vec::new(), expected: Digest::default(), payloads: Vec::new() }
    }

    /// Appends one event. The field names are literals, so that the stream does not depend on the codec under test.
    fn block(&mut self, event: &str, id: &str, data: String) {
        if !event.is_empty() {
            self.line("event: ", event);
        }
        if !id.is_empty() {
            self.line("id: ", id);
        }
        for line in data.split('\n') {
            self.line("data: ", line);
        }
        self.line("", "");
        self.ends.push(self.text.len());
        self.expected.event(if event.is_empty() { "message" } else { event }, &data, id);
        self.payloads.push(data);
    }

    fn line(&mut self, prefix: &str, value: &str) {
        for part in [prefix, value, self.line_ending] {
            self.text.extend_from_slice(part.as_bytes());
        }
    }

    fn finish(self) -> Workload {
        Workload { text: self.text.into(), ends: self.ends, expected: self.expected, payloads: self.payloads }
    }
}
