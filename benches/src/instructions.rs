//! Instructions per event, counted by callgrind. Unlike the time, the count does not depend on where the linker places a
//! loop.

use std::path::Path;

use serde::Serialize;

use crate::{
    Error, callgrind,
    encode::{SAMPLES, encoders},
    event::Tick,
    report::{Table, ratio, verdict},
    target,
    typed::{self, STEPS},
};

/// The number of events that each encoder encodes.
const TIMES: u32 = 2000;

/// The size in bytes of each stream that is decoded.
const SIZE: usize = 512 << 10;

/// The instructions per event: a row per contender, with a column per kind of event.
#[derive(Debug, Serialize)]
pub struct Instructions(Vec<Vec<f64>>);

/// Counts the instructions of all encoders, on each sample.
///
/// # Errors
///
/// Returns an error if `valgrind` fails, or if it does not count every encoder.
pub fn of_encoders(count: &Path, scratch: &Path) -> Result<Instructions, Error> {
    let calls = encoders::<Tick>().len() * SAMPLES.len();
    let totals = run(count, &["encoders", "--times", &TIMES.to_string()], calls, scratch)?;
    let each = |total: &u64| share(*total, f64::from(TIMES));
    Ok(Instructions(totals.chunks(SAMPLES.len()).map(|row| row.iter().map(each).collect()).collect()))
}

/// Counts the instructions of typed decoding, on each workload.
///
/// # Errors
///
/// Returns an error if `valgrind` fails, if it does not count every step, or if a workload cannot be generated.
pub fn of_typed(count: &Path, scratch: &Path) -> Result<Instructions, Error> {
    let calls = STEPS.len() * typed::KINDS.len();
    let totals = run(count, &["steps", "--size", &SIZE.to_string()], calls, scratch)?;
    let mut rows = vec![Vec::new(); STEPS.len()];
    for (kind, column) in typed::KINDS.into_iter().zip(totals.chunks(STEPS.len())) {
        let events = u32::try_from(kind.stream(SIZE)?.payloads.len())?;
        for (row, total) in rows.iter_mut().zip(column) {
            row.push(share(*total, f64::from(events)));
        }
    }
    Ok(Instructions(rows))
}

/// Runs `count` under callgrind. It calls the same function for all contenders, and its counts are dumped after each call.
fn run(count: &Path, arguments: &[&str], calls: usize, scratch: &Path) -> Result<Vec<u64>, Error> {
    callgrind::calls(count, arguments, "count::counted", &[String::new()], calls, scratch)
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn share(total: u64, events: f64) -> f64 {
    total as f64 / events
}

/// Returns a table with a row per encoder and a column per sample.
#[must_use]
pub fn encoders_table(Instructions(counts): &Instructions, label: fn(&str) -> String) -> Table {
    let mut table = Table::new("Encoding: instructions per event", "encoder");
    table.columns(SAMPLES);
    for ((encoder, _), row) in encoders::<Tick>().iter().zip(counts) {
        table.row(label(encoder), whole(row));
    }
    if let [bound, own, ..] = counts.as_slice() {
        let shares: Vec<_> = bound.iter().zip(own).map(|(bound, own)| own / bound).collect();
        conclude(&mut table, "ours / lower bound", &shares, target::ENCODER);
    }
    table
}

/// Returns a table with a row per step and a column per workload.
#[must_use]
pub fn typed_table(Instructions(counts): &Instructions) -> Table {
    let mut table = Table::new("Typed decoding: instructions per event, 16 KiB chunks", "step");
    table.columns(typed::KINDS.iter().map(|kind| kind.name()));
    for (step, row) in STEPS.iter().zip(counts) {
        table.row(*step, whole(row));
    }
    if let [json, raw, typed, ..] = counts.as_slice() {
        let steps = json.iter().zip(raw).zip(typed);
        let shares: Vec<_> = steps.map(|((json, raw), typed)| typed::share([*json, *raw, *typed])).collect();
        conclude(&mut table, "(typed - raw) / json", &shares, target::TYPED);
    }
    table
}

fn whole(counts: &[f64]) -> impl Iterator<Item = String> {
    counts.iter().map(|count| format!("{count:.0}"))
}

/// Adds the rows that compare the shares with the target.
fn conclude(table: &mut Table, name: &str, shares: &[f64], target: f64) {
    table.row(name, shares.iter().map(|share| ratio(*share)));
    table.row("target (at most)", shares.iter().map(|_| ratio(target)));
    table.row("target met", shares.iter().map(|share| verdict(Some(*share <= target))));
}
