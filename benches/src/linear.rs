//! Whether the work grows in line with the input, in instructions counted by callgrind.

use std::path::Path;

use bytes::Bytes;
use serde::Serialize;

use crate::{
    Error, callgrind,
    chunking::Chunking,
    report::{Table, ratio, verdict},
    target,
    workload::{Kind, Workload},
};

/// The sizes of the same stream that are compared.
const FACTORS: [usize; 3] = [1, 2, 4];

/// The bytes in the one line of the long-line cases.
const LONG_LINE: usize = 8 << 20;

/// One stream in one chunking.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What is streamed; nothing stands for one long line.
    kind: Option<Kind>,
    chunking: Chunking,
    size: usize,
}

impl Case {
    /// The stream to decode.
    ///
    /// # Errors
    ///
    /// When a payload cannot be serialized.
    pub fn workload(&self) -> Result<Workload, serde_json::Error> {
        match self.kind {
            Some(kind) => kind.stream(self.size),
            None => Ok(Workload::line(self.size)),
        }
    }

    /// The chunks it comes in.
    #[must_use]
    pub fn chunks(&self, workload: &Workload) -> Vec<Bytes> {
        self.chunking.cut(workload)
    }
}

/// Every case, in the order of their counts. The smallest streams have `size` bytes.
#[must_use]
pub fn cases(size: usize) -> Vec<Case> {
    // First the one whose buffer grows, while nothing large was freed yet: whether a buffer that grows is copied is
    // the allocator's choice, and what was there before decides it.
    let long = [Chunking::Segment, Chunking::Whole];
    let mut cases: Vec<_> = long.map(|chunking| Case { kind: None, chunking, size: LONG_LINE }).into();
    for kind in Kind::ALL {
        for chunking in Chunking::ALL {
            // So that no stream is so short that getting warm counts.
            let size = if kind == Kind::Big { 8 * size } else { size };
            cases.extend(FACTORS.map(|factor| Case { kind: Some(kind), chunking, size: size * factor }));
        }
    }
    cases
}

/// Instructions per byte of one workload in one chunking, at each size.
#[derive(Debug, Serialize)]
struct Growth {
    kind: Kind,
    chunking: Chunking,
    instructions_per_byte: Vec<f64>,
    ratio: f64,
}

impl Growth {
    fn is_linear(&self) -> bool {
        self.ratio <= target::LINEAR
    }
}

/// What was counted.
#[derive(Debug, Serialize)]
pub struct Outcome {
    growth: Vec<Growth>,
    /// Instructions for one long line: in one chunk, and in chunks of 1460 bytes.
    long_line: (u64, u64),
    long_line_ratio: f64,
    long_line_met: bool,
}

/// Runs every case under callgrind, in one process that dumps its count after each.
///
/// # Errors
///
/// When `valgrind` fails, or does not count each case.
pub fn measure(count: &Path, scratch: &Path, size: usize) -> Result<Outcome, Error> {
    let cases = cases(size);
    let totals = callgrind::calls(
        count,
        &["linear", "--size", &size.to_string()],
        "count::measured",
        &[String::new()],
        cases.len(),
        scratch,
    )?;
    evaluate(&cases.into_iter().zip(totals).collect::<Vec<_>>())
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn evaluate(counted: &[(Case, u64)]) -> Result<Outcome, Error> {
    let mut growth = Vec::new();
    let (streams, lines): (Vec<_>, Vec<_>) = counted.iter().partition(|(case, _)| case.kind.is_some());
    for sizes in streams.chunks_exact(FACTORS.len()) {
        let per_byte: Vec<_> = sizes.iter().map(|(case, total)| *total as f64 / case.size as f64).collect();
        if let ([(Case { kind: Some(kind), chunking, .. }, _), ..], [first, .., last]) = (sizes, per_byte.as_slice()) {
            let ratio = last / first;
            growth.push(Growth { kind: *kind, chunking: *chunking, ratio, instructions_per_byte: per_byte });
        }
    }
    let [(_, segments), (_, whole)] = lines.as_slice() else { return Err("no count of the long line".into()) };
    let long_line_ratio = *segments as f64 / *whole as f64;
    Ok(Outcome {
        growth,
        long_line: (*whole, *segments),
        long_line_ratio,
        long_line_met: long_line_ratio <= target::LONG_LINE,
    })
}

/// Instructions per byte of the largest streams, and how they compare with the smallest; then the long line.
#[must_use]
pub fn tables(outcome: &Outcome) -> [Table; 2] {
    let mut growth =
        Table::new("Instructions per byte, and how they grow from a stream to one of 4 times its size", "chunks");
    growth.columns(Kind::ALL.map(Kind::name));
    for chunking in Chunking::ALL {
        let of_chunking = || outcome.growth.iter().filter(move |growth| growth.chunking == chunking);
        let largest = |growth: &Growth| growth.instructions_per_byte.last().map(|figure| format!("{figure:.2}"));
        growth.row(chunking.title(), of_chunking().filter_map(largest));
        growth.row("largest to smallest", of_chunking().map(|growth| ratio(growth.ratio)));
    }
    growth.row("at most", Kind::ALL.map(|_| ratio(target::LINEAR)));
    let is_linear = |kind| outcome.growth.iter().filter(|growth| growth.kind == kind).all(Growth::is_linear);
    growth.row("met", Kind::ALL.map(|kind| verdict(Some(is_linear(kind)))));
    let title = format!("Instructions for one line of {} MiB, its buffer growing in place", LONG_LINE >> 20);
    let mut line = Table::new(title, "chunks");
    line.columns(["instructions", "ratio", "at most", "met"]);
    let (whole, segments) = outcome.long_line;
    line.row(Chunking::Whole.title(), [whole.to_string()]);
    let verdict = verdict(Some(outcome.long_line_met));
    let cells = [segments.to_string(), ratio(outcome.long_line_ratio), ratio(target::LONG_LINE), verdict];
    line.row(Chunking::Segment.title(), cells);
    [growth, line]
}
