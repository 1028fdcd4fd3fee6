//! Check that decoding takes linear time, with instructions counted by callgrind.

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

/// The sizes of a stream to compare, relative to the smallest.
const FACTORS: [usize; 3] = [1, 2, 4];

/// The length of the line in the long-line cases, in bytes.
const LONG_LINE: usize = 8 << 20;

/// One stream in one chunking.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The kind of stream, or `None` for one long line.
    kind: Option<Kind>,
    chunking: Chunking,
    size: usize,
}

impl Case {
    /// Generates the stream to decode.
    ///
    /// # Errors
    ///
    /// Returns an error if a payload cannot be serialized.
    pub fn workload(&self) -> Result<Workload, serde_json::Error> {
        match self.kind {
            Some(kind) => kind.stream(self.size),
            None => Ok(Workload::line(self.size)),
        }
    }

    /// Cuts the stream into the chunks of this case.
    #[must_use]
    pub fn chunks(&self, workload: &Workload) -> Vec<Bytes> {
        self.chunking.cut(workload)
    }
}

/// Returns all cases, in the order in which they run. The smallest streams have `size` bytes, or `8 * size` for
/// [`Kind::Big`].
#[must_use]
pub fn cases(size: usize) -> Vec<Case> {
    // The long line in small chunks runs first, before any large block is freed: freed blocks can change whether the
    // allocator grows the decoder's buffer in place or copies it.
    let long = [Chunking::Segment, Chunking::Whole];
    let mut cases: Vec<_> = long.map(|chunking| Case { kind: None, chunking, size: LONG_LINE }).into();
    for kind in Kind::ALL {
        for chunking in Chunking::ALL {
            // An event of `Big` has 64 KiB, so its streams are longer, to keep the share of the warm-up small.
            let size = if kind == Kind::Big { 8 * size } else { size };
            cases.extend(FACTORS.map(|factor| Case { kind: Some(kind), chunking, size: size * factor }));
        }
    }
    cases
}

/// The instructions per byte of one workload in one chunking, at each size.
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

/// The instruction counts, and whether they meet the targets.
#[derive(Debug, Serialize)]
pub struct Outcome {
    growth: Vec<Growth>,
    /// The instructions for one long line, in one chunk and in chunks of 1460 bytes.
    long_line: (u64, u64),
    long_line_ratio: f64,
    long_line_met: bool,
}

/// Runs all cases under callgrind, in one process that dumps its counts after each case.
///
/// # Errors
///
/// Returns an error if `valgrind` fails, or if it does not count every case.
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
    let [(_, segments), (_, whole)] = lines.as_slice() else { return Err("the long line was not counted".into()) };
    let long_line_ratio = *segments as f64 / *whole as f64;
    Ok(Outcome {
        growth,
        long_line: (*whole, *segments),
        long_line_ratio,
        long_line_met: long_line_ratio <= target::LONG_LINE,
    })
}

/// Returns a table of the instructions per byte of the largest streams and their ratio to the smallest streams, and a
/// table of the long line.
#[must_use]
pub fn tables(outcome: &Outcome) -> [Table; 2] {
    let mut growth =
        Table::new("Decoding: instructions per byte, and the ratio to a stream a quarter of the size", "chunks");
    growth.columns(Kind::ALL.map(Kind::name));
    for chunking in Chunking::ALL {
        let of_chunking = || outcome.growth.iter().filter(move |growth| growth.chunking == chunking);
        let largest = |growth: &Growth| growth.instructions_per_byte.last().map(|figure| format!("{figure:.2}"));
        growth.row(chunking.title(), of_chunking().filter_map(largest));
        growth.row("ratio", of_chunking().map(|growth| ratio(growth.ratio)));
    }
    growth.row("target (at most)", Kind::ALL.map(|_| ratio(target::LINEAR)));
    let is_linear = |kind| outcome.growth.iter().filter(|growth| growth.kind == kind).all(Growth::is_linear);
    growth.row("target met", Kind::ALL.map(|kind| verdict(Some(is_linear(kind)))));
    let title =
        format!("Decoding: instructions for one line of {} MiB, with a buffer that grows in place", LONG_LINE >> 20);
    let mut line = Table::new(title, "chunks");
    line.columns(["instructions", "ratio", "target (at most)", "target met"]);
    let (whole, segments) = outcome.long_line;
    line.row(Chunking::Whole.title(), [whole.to_string()]);
    let verdict = verdict(Some(outcome.long_line_met));
    let cells = [segments.to_string(), ratio(outcome.long_line_ratio), ratio(target::LONG_LINE), verdict];
    line.row(Chunking::Segment.title(), cells);
    [growth, line]
}
