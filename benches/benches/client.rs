//! Benchmark of the client: `cargo bench --package sse-benches --bench client`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sse_benches::{
    Error, client,
    machine::{BUILD, Machine},
    report,
};

/// Measures reading a stream with `sse-client`, with other clients, and with the decoder by hand.
#[derive(Parser)]
struct Arguments {
    /// Use smaller streams and fewer rounds.
    #[arg(long)]
    quick: bool,
    /// The number of rounds; each client is measured once in a round.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Write the figures to this file as JSON [default: `sse-client.json` in the target directory].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
            eprintln!("client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let (size, rounds) = if arguments.quick { (2 << 20, 5) } else { (8 << 20, 21) };
    let rounds = arguments.rounds.unwrap_or(rounds);
    let figures = client::measure(Path::new(env!("CARGO_BIN_EXE_count")), size, rounds)?;
    let tables = client::tables(&figures);
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-client.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&figures)?)?;
    eprintln!("wrote {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "Reading with a client", &text(size, rounds), &tables)?;
    }
    Ok(())
}

fn text(size: usize, rounds: usize) -> String {
    format!(
        "{}\n\n\
         Streams of {} MiB over HTTP/1.1 and loopback, from one server thread that sends a response which is ready in\n\
         memory. Each client runs on one thread, whose CPU time, including the kernel's, is divided by the number of\n\
         events. All clients run in one process, in alternating rounds; the figures are medians of {rounds} rounds, and\n\
         the ratios are medians of the ratios within a round. `by hand` is `bytes_stream()` of\n\
         `reqwest` with the decoder of this workspace; `ours` is `sse-client`. Every client yields events that own\n\
         their data. Written by\n\
         `cargo bench --package sse-benches --bench client -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
        size >> 20,
    )
}
