//! Comparison of the decoders.

use std::hint::black_box;

use bytes::Bytes;
use serde::Serialize;

use crate::{
    Error,
    chunking::Chunking,
    clock::{Runner, Times, race},
    peers,
    report::{Table, megabytes_per_second, ratio, verdict},
    sink::{Digest, Sink, Tally},
    target,
    workload::{Kind, Workload},
};

type Run<S> = fn(&[Bytes], &mut S) -> Result<(), Error>;

/// A decoder to compare.
#[derive(Debug)]
pub struct Decoder {
    /// The package of the decoder, or `ours`.
    pub package: &'static str,
    timed: Run<Tally>,
    checked: Run<Digest>,
}

/// All decoders; this workspace's is the first.
pub const DECODERS: [Decoder; 7] = [
    Decoder { package: "ours", timed: peers::ours, checked: peers::ours },
    Decoder { package: "sse-stream", timed: peers::sse_stream, checked: peers::sse_stream },
    Decoder { package: "sse-core", timed: peers::sse_core_registry, checked: peers::sse_core_registry },
    Decoder { package: "sse-parse", timed: peers::sse_parse, checked: peers::sse_parse },
    Decoder { package: "sseer", timed: peers::sseer, checked: peers::sseer },
    Decoder { package: "eventsource-stream", timed: peers::eventsource_stream, checked: peers::eventsource_stream },
    Decoder { package: "russe", timed: peers::russe, checked: peers::russe },
];

impl Decoder {
    /// Returns whether the events decoded from `chunks` are those that the workload was generated from.
    #[must_use]
    pub fn is_right(&self, chunks: &[Bytes], workload: &Workload) -> bool {
        let mut seen = Digest::default();
        (self.checked)(chunks, &mut seen).is_ok() && seen == workload.expected
    }

    /// Decodes the chunks once, with the sink of a timed run.
    pub fn run(&self, chunks: &[Bytes]) -> Tally {
        run(self.timed, chunks)
    }
}

fn run<S: Sink>(decode: Run<S>, chunks: &[Bytes]) -> S {
    let mut sink = S::default();
    // `is_right` has shown that decoding these chunks does not fail.
    let _ = decode(black_box(chunks), &mut sink);
    black_box(sink)
}

/// The times of all decoders on one workload in one chunking.
#[derive(Debug, Serialize)]
pub struct Outcome {
    kind: Kind,
    chunking: Chunking,
    bytes: usize,
    /// The time of each of [`DECODERS`], or `None` if its events are wrong.
    nanoseconds: Vec<(&'static str, Option<u64>)>,
    ratio: Option<f64>,
    target: Option<f64>,
    met: Option<bool>,
    #[serde(skip)]
    times: Vec<Option<Times>>,
}

/// Times all decoders whose events are correct, and returns `None` for the others.
#[must_use]
pub fn race_right(workload: &Workload, chunks: &[Bytes], rounds: usize) -> Vec<Option<Times>> {
    let right = DECODERS.map(|decoder| decoder.is_right(chunks, workload));
    let mut runners: Vec<Runner<'_>> = Vec::new();
    for (decoder, _) in DECODERS.iter().zip(right).filter(|(_, right)| *right) {
        runners.push(Box::new(move || {
            decoder.run(chunks);
        }));
    }
    let mut times = race(rounds, &mut runners).into_iter();
    right.into_iter().map(|right| if right { times.next() } else { None }).collect()
}

/// Compares all decoders on one workload in one chunking.
#[must_use]
pub fn compare(kind: Kind, workload: &Workload, chunking: Chunking, rounds: usize) -> Outcome {
    let times = race_right(workload, &chunking.cut(workload), rounds);
    let ratio = match times.as_slice() {
        [Some(own), peers @ ..] => {
            peers.iter().flatten().min_by_key(|peer| peer.median()).map(|peer| own.share_of(peer))
        }
        _ => None,
    };
    let target = target::decoder(kind, chunking);
    let nanoseconds =
        DECODERS.iter().zip(&times).map(|(decoder, times)| (decoder.package, times.as_ref().map(nanos))).collect();
    let met = target.map(|target| ratio.is_some_and(|ratio| ratio >= target));
    Outcome { kind, chunking, bytes: workload.text.len(), nanoseconds, ratio, target, met, times }
}

impl Outcome {
    /// Returns an error message if this workspace's decoder is wrong.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let is_right = matches!(self.times.as_slice(), [Some(_), ..]);
        (!is_right)
            .then(|| format!("our decoder returns wrong events for {} in {}", self.kind.name(), self.chunking.title()))
    }
}

fn nanos(times: &Times) -> u64 {
    u64::try_from(times.median().as_nanos()).unwrap_or(u64::MAX)
}

/// Returns the table of one chunking, with a row per decoder and a column per workload.
#[must_use]
pub fn table(chunking: Chunking, outcomes: &[Outcome], label: fn(&str) -> String) -> Table {
    let outcomes: Vec<_> = outcomes.iter().filter(|outcome| outcome.chunking == chunking).collect();
    let mut table = Table::new(format!("Decoding: MB/s, {}", chunking.title()), "decoder");
    table.columns(outcomes.iter().map(|outcome| outcome.kind.name()));
    for (index, decoder) in DECODERS.iter().enumerate() {
        let cells = outcomes.iter().map(|outcome| match outcome.times.get(index) {
            Some(Some(times)) => megabytes_per_second(outcome.bytes, times.median()),
            _ => "wrong".into(),
        });
        table.row(label(decoder.package), cells);
    }
    table
        .row("ours / fastest other crate", outcomes.iter().map(|outcome| outcome.ratio.map(ratio).unwrap_or_default()));
    table.row("target (at least)", outcomes.iter().map(|outcome| outcome.target.map(ratio).unwrap_or_default()));
    table.row("target met", outcomes.iter().map(|outcome| verdict(outcome.met)));
    table
}
