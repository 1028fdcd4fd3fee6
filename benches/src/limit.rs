//! Reference speeds: passes of `memcpy` and similar functions over the same bytes.

use std::{hint::black_box, str};

use bytes::Bytes;
use serde::Serialize;

use crate::{
    clock::{Runner, Times, race},
    report::{Table, gigabytes_per_second},
    workload::Workload,
};

type Pass = fn(&[u8], &mut Vec<u8>) -> usize;

/// The passes, by name.
const PASSES: [(&str, Pass); 4] = [
    ("memcpy", |chunk, copy| {
        copy.clear();
        copy.extend_from_slice(chunk);
        copy.len()
    }),
    ("memchr2_iter of CR and LF", |chunk, _| memchr::memchr2_iter(b'\r', b'\n', chunk).count()),
    ("simdutf8::basic::from_utf8", |chunk, _| simdutf8::basic::from_utf8(chunk).map_or(0, str::len)),
    ("str::from_utf8", |chunk, _| str::from_utf8(chunk).map_or(0, str::len)),
];

/// The throughput of each pass over one workload.
#[derive(Debug, Serialize)]
pub struct Outcome {
    workload: &'static str,
    gigabytes_per_second: Vec<(&'static str, f64)>,
}

/// Measures every pass in chunks of about 16 KiB.
#[must_use]
pub fn measure(name: &'static str, workload: &Workload, rounds: usize) -> Outcome {
    let chunks = whole_characters(&workload.text);
    let mut copy = Vec::with_capacity(32 << 10);
    let mut results = Vec::new();
    for (pass, run) in PASSES {
        let mut runner: [Runner<'_>; 1] = [Box::new(|| {
            for chunk in &chunks {
                black_box(run(black_box(chunk), &mut copy));
            }
        })];
        let time = race(rounds, &mut runner).first().map(Times::median).unwrap_or_default();
        results.push((pass, gigabytes_per_second(workload.text.len(), time)));
    }
    Outcome { workload: name, gigabytes_per_second: results }
}

/// Cuts the text into chunks of about 16 KiB at character boundaries, so that each chunk is valid UTF-8.
fn whole_characters(text: &Bytes) -> Vec<Bytes> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let mut end = text.len().min(start + (16 << 10));
        while text.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
            end += 1;
        }
        chunks.push(text.slice(start..end));
        start = end;
    }
    chunks
}

/// Returns a table with a row per pass and a column per workload.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new("Reference passes: GB/s, 16 KiB chunks", "pass");
    table.columns(outcomes.iter().map(|outcome| outcome.workload));
    for (row, (pass, _)) in PASSES.iter().enumerate() {
        let cell = |outcome: &Outcome| outcome.gigabytes_per_second.get(row).map_or(0.0, |(_, speed)| *speed);
        table.row(*pass, outcomes.iter().map(|outcome| format!("{:.1}", cell(outcome))));
    }
    table
}
