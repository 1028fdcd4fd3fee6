//! What must be reached, each as a ratio within one run.

use crate::{chunking::Chunking, workload::Kind};

/// How many times faster than the fastest peer the decoder must be. Nothing is asked for at 64 KiB.
#[must_use]
pub const fn decoder(kind: Kind, chunking: Chunking) -> Option<f64> {
    match chunking {
        Chunking::Whole | Chunking::Large => None,
        Chunking::Record => Some(match kind {
            Kind::Ticks | Kind::Crlf | Kind::Tiny => 4.0,
            Kind::Multiline => 2.3,
            Kind::Llm => 2.0,
            Kind::Wiki => 1.7,
            Kind::Big => 1.2,
        }),
        Chunking::Segment => Some(match kind {
            Kind::Ticks | Kind::Crlf | Kind::Tiny => 3.5,
            Kind::Multiline => 2.0,
            Kind::Llm => 1.5,
            Kind::Wiki => 1.1,
            Kind::Big => 1.2,
        }),
        Chunking::Event => Some(0.97),
    }
}

/// How many times the time of `serde_json::from_str` typed decoding may take, the raw time of the stream taken off.
pub const TYPED: f64 = 1.15;

/// How many times the lower bound encoding may take.
pub const ENCODER: f64 = 1.15;

/// How many times the instructions for one chunk a line of 8 MiB may take in chunks of 1460 bytes.
pub const LONG_LINE: f64 = 1.5;

/// How far the instructions per byte of 4 times the input may be above those of the input, for "linear".
pub const LINEAR: f64 = 1.05;
