//! Rounds of all clients, and tables of their medians.

use std::{path::Path, process::Command};

use serde::Serialize;

use super::{CLIENTS, Feed};
use crate::{
    Error,
    chunking::Chunking,
    clock::{Runner, race},
    machine::versioned,
    report::{Table, nanoseconds_each, ratio, verdict},
    target,
    workload::Kind,
};

/// The streams to read.
pub const KINDS: [Kind; 4] = [Kind::Ticks, Kind::Llm, Kind::Wiki, Kind::Big];

/// The ways in which the server cuts them into chunks.
const CHUNKINGS: [Chunking; 2] = [Chunking::Record, Chunking::Event];

/// The positions in [`CLIENTS`] of reading by hand and of our client. Other crates follow.
const BY_HAND: usize = 0;
const OURS: usize = 1;

/// The results of the benchmark.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The times for each chunking.
    pub times: Vec<(Chunking, Vec<Column>)>,
    /// The allocations per event of each client, in the order of [`CLIENTS`], for each of [`KINDS`].
    pub allocations: Vec<Vec<f64>>,
}

/// The times of all clients on one stream.
#[derive(Debug, Serialize)]
pub struct Column {
    /// The median of the CPU time per event in nanoseconds, in the order of [`CLIENTS`].
    pub medians: Vec<f64>,
    /// The median of the ratios of our client to each client within each round.
    pub ours_to: Vec<f64>,
}

/// Measures all clients, in alternating rounds. `count` is the program that counts allocations.
///
/// # Errors
///
/// Returns an error if a client fails or misreads a stream, or if the program fails.
pub fn measure(count: &Path, size: usize, rounds: usize) -> Result<Figures, Error> {
    let mut times = Vec::new();
    for chunking in CHUNKINGS {
        let mut columns = Vec::new();
        for kind in KINDS {
            eprintln!("{}, {}", kind.name(), chunking.title());
            columns.push(column(&Feed::serve(&kind.stream(size)?, chunking)?, rounds)?);
        }
        times.push((chunking, columns));
    }
    let output = Command::new(count).args(["clients", "--size", &size.to_string()]).output()?;
    if !output.status.success() {
        return Err(format!("counting allocations: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(Figures { times, allocations: serde_json::from_slice(&output.stdout)? })
}

fn column(feed: &Feed, rounds: usize) -> Result<Column, Error> {
    for client in &CLIENTS {
        client.run(feed)?;
    }
    // A run that fails ends early, and would look fast. It cannot fail after it has just succeeded, unless the machine
    // is out of ports.
    let mut runners: Vec<Runner<'_>> =
        CLIENTS.iter().map(|client| Box::new(|| drop(client.run(feed))) as Runner<'_>).collect();
    let times = race(rounds, &mut runners);
    let ours = times.get(OURS).ok_or("no client of this workspace")?;
    Ok(Column {
        medians: times.iter().map(|times| nanoseconds_each(feed.tally.events, times.median())).collect(),
        ours_to: times.iter().map(|times| times.share_of(ours)).collect(),
    })
}

/// Returns a table of times for each chunking, and one of allocations.
#[must_use]
pub fn tables(figures: &Figures) -> Vec<Table> {
    let mut tables: Vec<_> = figures.times.iter().map(|(chunking, columns)| times(*chunking, columns)).collect();
    tables.push(allocations(&figures.allocations));
    tables
}

fn times(chunking: Chunking, columns: &[Column]) -> Table {
    let mut table = Table::new(format!("CPU time per event: ns, {}", chunking.title()), "client");
    table.columns(KINDS.map(Kind::name));
    for (row, client) in CLIENTS.iter().enumerate() {
        let medians = columns.iter().filter_map(|column| column.medians.get(row));
        table.row(versioned(client.package), medians.map(|median| format!("{median:.0}")));
    }
    let ours: Vec<_> = columns.iter().filter_map(|column| column.ours_to.get(BY_HAND)).copied().collect();
    table.row("ours / by hand", ours.iter().copied().map(ratio));
    table.row("target (at most)", ours.iter().map(|_| ratio(target::CLIENT)));
    table.row("target met", ours.iter().map(|found| verdict(Some(*found <= target::CLIENT))));
    let others = |column: &Column| column.ours_to.get(OURS + 1..)?.iter().copied().max_by(f64::total_cmp);
    let fastest: Vec<_> = columns.iter().filter_map(others).collect();
    table.row("ours / fastest other crate", fastest.iter().copied().map(ratio));
    table.row("target (below)", fastest.iter().map(|_| ratio(1.0)));
    table.row("target met", fastest.iter().map(|found| verdict(Some(*found < 1.0))));
    table
}

fn allocations(rows: &[Vec<f64>]) -> Table {
    let mut table = Table::new("Allocations per event, 16 KiB chunks", "client");
    table.columns(KINDS.map(Kind::name));
    for (client, row) in CLIENTS.iter().zip(rows) {
        table.row(versioned(client.package), row.iter().map(|count| format!("{count:.2}")));
    }
    if let [by_hand, ours, ..] = rows {
        let none = by_hand.iter().zip(ours).map(|(by_hand, ours)| verdict(Some(ours - by_hand < 0.01)));
        table.row("ours adds none", none);
    }
    table
}
