//! Ways to cut a stream into chunks.

use bytes::Bytes;
use clap::ValueEnum;
use serde::Serialize;

use crate::workload::Workload;

/// A way to cut a stream into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
pub enum Chunking {
    /// The whole stream as one chunk.
    #[value(name = "whole")]
    #[serde(rename = "whole")]
    Whole,
    /// Chunks of 64 KiB: a full socket buffer.
    #[value(name = "64k")]
    #[serde(rename = "64k")]
    Large,
    /// Chunks of 16 KiB: a TLS record, and the usual read size of HTTP clients.
    #[value(name = "16k")]
    #[serde(rename = "16k")]
    Record,
    /// Chunks of 1460 bytes: a TCP segment on Ethernet.
    #[value(name = "1460")]
    #[serde(rename = "1460")]
    Segment,
    /// One event per chunk: a server that flushes after each event.
    #[value(name = "event")]
    #[serde(rename = "event")]
    Event,
}

impl Chunking {
    /// The chunkings that decoders are compared in, the largest chunks first.
    pub const ALL: [Self; 4] = [Self::Large, Self::Record, Self::Segment, Self::Event];

    /// Returns the name used in table headings.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Whole => "one chunk",
            Self::Large => "64 KiB chunks",
            Self::Record => "16 KiB chunks",
            Self::Segment => "1460-byte chunks",
            Self::Event => "one event per chunk",
        }
    }

    /// Cuts the stream of a workload into chunks.
    #[must_use]
    pub fn cut(self, workload: &Workload) -> Vec<Bytes> {
        match self {
            Self::Whole => vec![workload.text.clone()],
            Self::Large => pieces(&workload.text, 64 << 10),
            Self::Record => pieces(&workload.text, 16 << 10),
            Self::Segment => pieces(&workload.text, 1460),
            Self::Event => workload.events(),
        }
    }
}

/// Cuts `text` into chunks of `size` bytes, all slices of one buffer, like the chunks of a network reader.
#[must_use]
pub fn pieces(text: &Bytes, size: usize) -> Vec<Bytes> {
    (0..text.len()).step_by(size).map(|start| text.slice(start..text.len().min(start + size))).collect()
}
