//! How a stream is cut into chunks.

use bytes::Bytes;
use clap::ValueEnum;
use serde::Serialize;

use crate::workload::Workload;

/// How a stream is cut into chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
pub enum Chunking {
    /// All at once.
    #[value(name = "whole")]
    #[serde(rename = "whole")]
    Whole,
    /// 64 KiB: a full socket buffer.
    #[value(name = "64k")]
    #[serde(rename = "64k")]
    Large,
    /// 16 KiB: one TLS record, and what HTTP clients read at once.
    #[value(name = "16k")]
    #[serde(rename = "16k")]
    Record,
    /// 1460 bytes: one TCP segment on Ethernet.
    #[value(name = "1460")]
    #[serde(rename = "1460")]
    Segment,
    /// One event a chunk: a server that flushes after each.
    #[value(name = "event")]
    #[serde(rename = "event")]
    Event,
}

impl Chunking {
    /// Every chunking that decoders race in, the largest first.
    pub const ALL: [Self; 4] = [Self::Large, Self::Record, Self::Segment, Self::Event];

    /// As a heading has it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Whole => "one chunk",
            Self::Large => "64 KiB chunks",
            Self::Record => "16 KiB chunks",
            Self::Segment => "1460-byte chunks",
            Self::Event => "one event a chunk",
        }
    }

    /// The chunks of a workload.
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

/// Chunks of `size` bytes, all slices of one buffer, as a network reader hands them out.
#[must_use]
pub fn pieces(text: &Bytes, size: usize) -> Vec<Bytes> {
    (0..text.len()).step_by(size).map(|start| text.slice(start..text.len().min(start + size))).collect()
}
