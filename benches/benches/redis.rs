//! Benchmark of hubs on Redis: `cargo bench --package sse-benches --bench redis`. It starts `redis-server` itself.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use sse_benches::{
    Error,
    machine::{BUILD, Machine},
    redis, report,
};

/// Measures hubs on a Redis server on the same machine.
#[derive(Parser)]
struct Arguments {
    /// Publish fewer events; takes some seconds.
    #[arg(long)]
    quick: bool,
    /// Write the table to its section of this Markdown file, and add the section if it is missing.
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
            eprintln!("redis: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let (events, seconds) = if arguments.quick { (100_000, 3) } else { (500_000, 20) };
    let table = redis::measure(events, seconds)?;
    print!("{table}");
    if let Some(page) = &arguments.results {
        report::put_section(page, "Hub on Redis", &text(events, seconds), &[table])?;
    }
    Ok(())
}

fn text(events: usize, seconds: u64) -> String {
    format!(
        "{}\n\n\
         `redis-server` without persistence on the same two cores. A node publishes {events} events of 150 bytes, of\n\
         which up to 8192 are under way at once, on one thread. A second node then loads them. The latencies are from\n\
         {seconds} s with 1000 events per second, with each node on a thread of its own. Written by\n\
         `cargo bench --package sse-benches --bench redis -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
    )
}
