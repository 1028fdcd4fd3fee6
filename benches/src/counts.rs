//! Allocations per event after warm-up.

use std::{path::Path, process::Command};

use serde::{Deserialize, Serialize};

use crate::{
    Error,
    decode::DECODERS,
    encode::{SAMPLES, encoders},
    event::Tick,
    report::{Table, verdict},
    workload::Kind,
};

/// The allocations per event, as printed by `count allocations`.
#[derive(Debug, Deserialize, Serialize)]
pub struct Allocations {
    /// A row per decoder, with a column per workload.
    pub decoders: Vec<Vec<f64>>,
    /// A row per encoder, with a column per sample.
    pub encoders: Vec<Vec<f64>>,
}

/// Counts the allocations in a separate process, `count`, which has an instrumented allocator.
///
/// # Errors
///
/// Returns an error if the process fails.
pub fn measure(count: &Path, size: usize) -> Result<Allocations, Error> {
    let output = Command::new(count).args(["allocations", "--size", &size.to_string()]).output()?;
    if !output.status.success() {
        return Err(format!("counting allocations: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Returns a table for the decoders and one for the encoders.
#[must_use]
pub fn tables(allocations: &Allocations, label: fn(&str) -> String) -> [Table; 2] {
    let mut decoders = Table::new("Decoding: allocations per event after warm-up, 16 KiB chunks", "decoder");
    decoders.columns(Kind::ALL.map(Kind::name));
    for (decoder, row) in DECODERS.iter().zip(&allocations.decoders) {
        decoders.row(label(decoder.package), figures(row));
    }
    decoders.row("ours allocates nothing", none(allocations.decoders.first()));
    let mut writers = Table::new("Encoding: allocations per event after warm-up", "encoder");
    writers.columns(SAMPLES);
    for ((encoder, _), row) in encoders::<Tick>().iter().zip(&allocations.encoders) {
        writers.row(label(encoder), figures(row));
    }
    writers.row("ours allocates nothing", none(allocations.encoders.get(1)));
    [decoders, writers]
}

fn figures(row: &[f64]) -> impl Iterator<Item = String> {
    row.iter().map(|figure| if figure.fract() == 0.0 { format!("{figure:.0}") } else { format!("{figure:.2}") })
}

fn none(row: Option<&Vec<f64>>) -> impl Iterator<Item = String> {
    row.into_iter().flatten().map(|figure| verdict(Some(*figure == 0.0)))
}
