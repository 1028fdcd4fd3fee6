//! Instructions per encoded event, counted by callgrind. Unlike the time, the count does not depend on where the linker
//! places a loop.

use std::path::Path;

use serde::Serialize;

use crate::{
    Error, callgrind,
    encode::{SAMPLES, encoders},
    event::Tick,
    report::{Table, ratio, verdict},
    target,
};

/// The number of events that each encoder encodes.
const TIMES: u32 = 2000;

/// The instructions per event: a row per encoder, with a column per sample.
#[derive(Debug, Serialize)]
pub struct Instructions(Vec<Vec<f64>>);

/// Runs all encoders under callgrind, in the process `count`, which dumps its counts after each of them.
///
/// # Errors
///
/// Returns an error if `valgrind` fails, or if it does not count every encoder.
pub fn measure(count: &Path, scratch: &Path) -> Result<Instructions, Error> {
    let rows = encoders::<Tick>().len();
    let arguments = ["encoders", "--times", &TIMES.to_string()];
    let calls = rows * SAMPLES.len();
    let totals = callgrind::calls(count, &arguments, "count::counted", &[String::new()], calls, scratch)?;
    Ok(Instructions(totals.chunks(SAMPLES.len()).map(|row| row.iter().map(|total| each(*total)).collect()).collect()))
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn each(total: u64) -> f64 {
    total as f64 / f64::from(TIMES)
}

/// Returns a table with a row per encoder and a column per sample.
#[must_use]
pub fn table(Instructions(counts): &Instructions, label: fn(&str) -> String) -> Table {
    let mut table = Table::new("Encoding: instructions per event", "encoder");
    table.columns(SAMPLES);
    for ((encoder, _), row) in encoders::<Tick>().iter().zip(counts) {
        table.row(label(encoder), row.iter().map(|count| format!("{count:.0}")));
    }
    if let [bound, own, ..] = counts.as_slice() {
        let shares: Vec<_> = bound.iter().zip(own).map(|(bound, own)| own / bound).collect();
        table.row("ours / lower bound", shares.iter().map(|share| ratio(*share)));
        table.row("target (at most)", shares.iter().map(|_| ratio(target::ENCODER)));
        table.row("target met", shares.iter().map(|share| verdict(Some(*share <= target::ENCODER))));
    }
    table
}
