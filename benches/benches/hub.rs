//! Benchmark of the hub: `cargo bench --package sse-benches --bench hub`.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use sse_benches::{
    Error,
    hub::{self, Effort},
    machine::{BUILD, Machine},
    report,
};

/// Measures a hub in memory next to tokio's `broadcast`.
#[derive(Parser)]
struct Arguments {
    /// Use fewer readers and rounds; takes some seconds.
    #[arg(long)]
    quick: bool,
    /// Write the tables to their section of this Markdown file, and add the section if it is missing.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Passed by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let effort = if arguments.quick {
        Effort { readers: vec![100, 1000], rounds: 3 }
    } else {
        Effort { readers: vec![100, 1000, 10_000], rounds: 11 }
    };
    let tables = [hub::deliveries(&effort)?, hub::calls(&effort)?];
    for table in &tables {
        print!("{table}");
    }
    if let Some(page) = &arguments.results {
        report::put_section(page, "Hub", &text(&effort), &tables)?;
    }
    Ok(())
}

fn text(effort: &Effort) -> String {
    format!(
        "{}\n\n\
         A hub in memory, and tokio's `broadcast` channel of encoded events, in one process and without sockets.\n\
         Events have 150 bytes. The readers are tasks of one thread that take their events and drop them; the figures\n\
         are the CPU time of that thread, publishing and encoding included, as medians of {} rounds in turn. A delivery\n\
         over a socket costs from 0.2 to 12 microseconds more; see Serving. The heap\n\
         per reader and per event is counted and bounded by the test `memory` of `sse-hub`. Written by\n\
         `cargo bench --package sse-benches --bench hub -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
        effort.rounds,
    )
}
