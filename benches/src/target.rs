//! Targets of the benchmarks, each relative to another figure of the same run.

use std::time::Duration;

use crate::{
    chunking::Chunking,
    compile::Mode,
    generate::{Events, Mix},
    workload::Kind,
};

/// Returns the minimum speed of the decoder relative to the fastest other crate, or `None` if there is no target.
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

/// The maximum CPU time per delivery of a subscription to all events of a hub, relative to a `broadcast` channel.
pub const HUB_ALL: f64 = 1.03;

/// The same for a subscription to two topics.
pub const HUB_TOPICS: f64 = 1.10;

/// The maximum time, or number of instructions, of typed decoding, less that of raw decoding, relative to
/// `serde_json::from_str` on the payloads.
pub const TYPED: f64 = 1.15;

/// Returns the maximum time of a typed stream relative to decoding by hand, or `None` if there is no target.
#[must_use]
pub const fn stream(kind: Kind) -> Option<f64> {
    match kind {
        Kind::Ticks => Some(1.35),
        Kind::Llm => Some(1.15),
        Kind::Tiny => Some(1.6),
        Kind::Wiki | Kind::Big | Kind::Multiline | Kind::Crlf => None,
    }
}

/// The maximum time, or number of instructions, of encoding relative to the lower bound.
pub const ENCODER: f64 = 1.15;

/// The maximum number of instructions for a line of 8 MiB in chunks of 1460 bytes, relative to one chunk.
pub const LONG_LINE: f64 = 1.5;

/// The maximum number of instructions per byte of a stream, relative to a stream a quarter of the size.
pub const LINEAR: f64 = 1.05;

/// Returns the maximum user CPU time to compile enums, relative to the same enums with serde's derives.
#[must_use]
pub const fn compile(mix: Mix, mode: Mode) -> f64 {
    match (mix, mode) {
        (Mix::Mixed, Mode::Release) => 0.6,
        (Mix::Mixed, Mode::Check) | (Mix::Structs, Mode::Release) => 1.0,
        (Mix::Structs, Mode::Check) => 1.5,
    }
}

/// The numbers of events for which flattened enums are compiled, with the maximum user CPU time for it in addition to
/// that of one enum with all events.
pub const FLATTENED: [(Events, Duration); 2] = [
    (Events { parts: 4, each: 100 }, Duration::from_millis(300)),
    (Events { parts: 2, each: 1000 }, Duration::from_secs(1)),
];

/// The maximum user CPU time to compile the package of the derive macro, relative to serde's.
pub const MACROS: f64 = 1.15;

/// The maximum CPU time of the client, relative to reading chunks and decoding them by hand.
pub const CLIENT: f64 = 1.3;

/// The maximum server CPU time for plain events, relative to axum's `Sse`.
pub const PLAIN: f64 = 1.03;

/// The maximum server CPU time for single events that are encoded once, relative to a hand-written body.
pub const SHARED: f64 = 1.1;

/// The maximum server CPU time for backlogs of events that are encoded once, relative to axum's `Sse`.
pub const BACKLOG: f64 = 0.5;

/// The maximum memory of an idle connection, relative to axum's `Sse`.
pub const IDLE: f64 = 1.03;

/// The maximum server CPU time for single events with `sse_axum::serve`, relative to `axum::serve`.
pub const TAKEN_OVER: f64 = 0.95;

/// The maximum server CPU time for backlogs with `sse_axum::serve`, relative to `axum::serve`.
pub const TAKEN_OVER_BACKLOG: f64 = 1.0;

/// The maximum memory of an idle connection with `sse_axum::serve` in bytes.
pub const TAKEN_OVER_BYTES: f64 = 1000.0;

/// The maximum memory of an idle connection with `sse_axum::serve` in bytes, after connections have come and gone.
pub const TAKEN_OVER_CHURNED_BYTES: f64 = 1600.0;
