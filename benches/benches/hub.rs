//! Benchmark of the hub: `cargo bench --package sse-benches --bench hub`.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use sse_benches::{
    Error,
    hub::{self, Effort},
    machine::{BUILD, Machine},
    report,
    server::{self, Contender, Routing, Stalled},
};

/// Measures a hub in memory next to tokio's `broadcast`.
#[derive(Parser)]
struct Arguments {
    /// Use fewer readers and rounds; takes some seconds.
    #[arg(long)]
    quick: bool,
    /// Measure only this number of readers; may be repeated.
    #[arg(long, value_name = "COUNT")]
    readers: Vec<usize>,
    /// The number of rounds; each contender is measured once in a round.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Measure what a reader that stalls costs the others, and nothing else.
    #[arg(long)]
    stall: bool,
    /// Write the tables to their section of this Markdown file, and add the section if it is missing.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Run as this server, for a measurement in another process.
    #[arg(long, hide = true)]
    serve: Option<Contender>,
    /// How the router is passed to `axum::serve`.
    #[arg(long, hide = true, default_value = "make-service")]
    routing: Routing,
    /// Passed by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.serve {
        Some(contender) => server::serve(contender, arguments.routing),
        None => run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let mut effort = if arguments.quick {
        Effort { readers: vec![100, 1000], rounds: 3 }
    } else {
        Effort { readers: vec![100, 1000, 10_000], rounds: 11 }
    };
    if !arguments.readers.is_empty() {
        effort.readers.clone_from(&arguments.readers);
    }
    effort.rounds = arguments.rounds.unwrap_or(effort.rounds);
    let stalled = if arguments.quick {
        Stalled { readers: 99, seconds: 60, rounds: arguments.rounds.unwrap_or(1) }
    } else {
        Stalled { readers: 999, seconds: 60, rounds: arguments.rounds.unwrap_or(3) }
    };
    if arguments.stall {
        let table = server::stall(stalled)?;
        print!("{table}");
        if let Some(page) = &arguments.results {
            report::put_section(page, "A reader that stalls", &stall_text(), &[table])?;
        }
        return Ok(());
    }
    let serving = server::Effort {
        connections: effort.readers.clone(),
        rounds: effort.rounds,
        paced_rounds: 0,
        paced_seconds: 0,
    };
    let sizes = server::sizes(&serving, Contender::HUB)?;
    let tables = [server::hub_table(&sizes), hub::deliveries(&effort)?, hub::calls(&effort)?];
    for table in &tables {
        print!("{table}");
    }
    if let Some(page) = &arguments.results {
        report::put_section(page, "Hub", &text(&effort), &tables)?;
    }
    Ok(())
}

fn stall_text() -> String {
    format!(
        "{}\n\n\
         A hub in memory with a window of 1024 events, and its readers over sockets. The reader that stalls does not\n\
         read its response; after that time it receives one `slow` gap, and then the newest event, which is checked.\n\
         Trials with and without it take turns. Written by\n\
         `cargo bench --package sse-benches --bench hub -- --stall --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
    )
}

fn text(effort: &Effort) -> String {
    format!(
        "{}\n\n\
         A hub in memory, and tokio's `broadcast` channel of encoded events with IDs, in the same run. Over sockets,\n\
         each server is a process, as in Serving, and events have 190 bytes. Without sockets, events have 150 bytes, and\n\
         the readers are tasks of one thread that take their events and drop them; the figures are the CPU time of that\n\
         thread, publishing and encoding included. All are medians of {} rounds in turn, and ratios over sockets are\n\
         medians of those within a round. The heap per reader and per event is counted and bounded by the test `memory` of `sse-hub`. Written by\n\
         `cargo bench --package sse-benches --bench hub -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
        effort.rounds,
    )
}
