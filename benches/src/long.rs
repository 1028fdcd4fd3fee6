//! Comparison of the decoders on one long line in small chunks. Decoders that search the line from its start with each
//! chunk take quadratic time.

use serde::Serialize;

use crate::{
    chunking::Chunking,
    clock::Times,
    decode::{DECODERS, race_right},
    report::{Table, ratio},
    workload::Workload,
};

/// The length of the line in bytes, short enough for decoders with quadratic time to finish.
const SIZE: usize = 2 << 20;

const CHUNKINGS: [Chunking; 3] = [Chunking::Whole, Chunking::Record, Chunking::Segment];

/// The times of one decoder in each of the chunkings, or `None` if its events are wrong.
#[derive(Debug, Serialize)]
pub struct Outcome {
    decoder: &'static str,
    milliseconds: [Option<f64>; CHUNKINGS.len()],
}

/// Compares all decoders in each of the chunkings.
#[must_use]
pub fn measure(rounds: usize) -> Vec<Outcome> {
    let workload = Workload::line(SIZE);
    let columns = CHUNKINGS.map(|chunking| race_right(&workload, &chunking.cut(&workload), rounds));
    let milliseconds = |times: &Times| times.median().as_secs_f64() * 1e3;
    let time = |row: usize| columns.each_ref().map(|column| column.get(row)?.as_ref().map(milliseconds));
    let rows = DECODERS.iter().enumerate();
    rows.map(|(row, decoder)| Outcome { decoder: decoder.package, milliseconds: time(row) }).collect()
}

/// Returns a table with a row per decoder and a column per chunking.
#[must_use]
pub fn table(outcomes: &[Outcome], label: fn(&str) -> String) -> Table {
    let mut table = Table::new(format!("Decoding one line of {} MiB: ms", SIZE >> 20), "decoder");
    table.columns(CHUNKINGS.map(Chunking::title).into_iter().chain(["smallest chunks / one chunk"]));
    for Outcome { decoder, milliseconds } in outcomes {
        let cells = milliseconds.map(|time| time.map_or_else(|| "wrong".into(), |time| format!("{time:.2}")));
        let [whole, .., smallest] = *milliseconds;
        let growth = smallest.zip(whole).map(|(smallest, whole)| ratio(smallest / whole));
        table.row(label(decoder), cells.into_iter().chain(growth));
    }
    table
}
