//! What must be reached, each as a ratio within one run.

use crate::{chunking::Chunking, compile::Mode, generate::Mix, workload::Kind};

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

/// How many times the user CPU time of serde's derives the compilation of the same enums may take.
#[must_use]
pub const fn compile(mix: Mix, mode: Mode) -> f64 {
    match (mix, mode) {
        (Mix::Mixed, Mode::Release) => 0.6,
        (Mix::Mixed, Mode::Check) | (Mix::Structs, Mode::Release) => 1.0,
        (Mix::Structs, Mode::Check) => 1.5,
    }
}

/// How many times the user CPU time of serde's derive its own compilation may take.
pub const MACROS: f64 = 1.0;

/// How many times the server CPU time of axum's own `Sse` ours may take for plain events.
pub const PLAIN: f64 = 1.03;

/// How many times that of a hand-written body that is encoded once ours may take for shared events, one at a time.
pub const SHARED: f64 = 1.1;

/// How many times that of axum's own `Sse` ours may take for shared events with a backlog.
pub const BACKLOG: f64 = 0.5;

/// How many times the memory of axum's own `Sse` ours may take for an idle connection.
pub const IDLE: f64 = 1.03;
