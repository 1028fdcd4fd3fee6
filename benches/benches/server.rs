//! Benchmark of the server: `cargo bench --package sse-benches --bench server`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sse_benches::{
    Error,
    machine::{BUILD, Machine},
    report,
    server::{self, Contender, Effort, Routing},
};

/// Measures serving one topic to many connections, with `sse-axum`, with axum's `Sse` and with a hand-written body.
#[derive(Parser)]
struct Arguments {
    /// Use fewer connections and rounds; takes about a minute.
    #[arg(long)]
    quick: bool,
    /// Measure only this number of connections; may be repeated.
    #[arg(long, value_name = "COUNT")]
    connections: Vec<usize>,
    /// The number of rounds; each server is measured once in a round.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Write the figures to this file as JSON [default: `sse-server.json` in the target directory].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the tables to their section of this Markdown file, and add the section if it is missing.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Measure only the memory of `sse_axum::serve`, with connections opened in each order.
    #[arg(long)]
    orders: bool,
    /// Publish an event each second for this time, and print the memory of `sse_axum::serve` each second as CSV.
    #[arg(long, value_name = "SECONDS")]
    soak: Option<u64>,
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
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let effort = effort(arguments);
    if let Some(seconds) = arguments.soak {
        let connections = effort.connections.iter().copied().max().unwrap_or_default();
        return server::soak(Contender::TakenOver, connections, seconds, io::stdout());
    }
    if arguments.orders {
        print!("{}", server::orders_table(&server::orders(&effort)?));
        return Ok(());
    }
    let figures = server::measure(&effort)?;
    let tables = server::tables(&figures);
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-server.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&figures)?)?;
    eprintln!("wrote {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "Serving", &text(&effort), &tables)?;
    }
    Ok(())
}

fn effort(arguments: &Arguments) -> Effort {
    let mut effort = if arguments.quick {
        Effort { connections: vec![100, 1000], rounds: 3, paced_rounds: 1, paced_seconds: 2 }
    } else {
        Effort { connections: vec![100, 1000, 10_000], rounds: 11, paced_rounds: 3, paced_seconds: 5 }
    };
    if !arguments.connections.is_empty() {
        effort.connections.clone_from(&arguments.connections);
    }
    effort.rounds = arguments.rounds.unwrap_or(effort.rounds);
    effort
}

fn text(effort: &Effort) -> String {
    format!(
        "{}\n\n\
         One topic on a tokio `broadcast` channel, 155 bytes per event on the wire, HTTP/1.1 over loopback. Each\n\
         server is a single-threaded process, started anew for each measurement. Its CPU time, including the\n\
         kernel's, is divided by the number of events that all connections received. The load runs in another\n\
         process. The servers take turns, and the figures are medians of {} rounds; ratios are medians of those within\n\
         a round. Routers are passed to `axum::serve` as `router.into_make_service()`, except in the table by that argument.\n\
         \n\
         Delivery time is measured from publishing to arrival, at 10 events per second, or 1 per second with more\n\
         than 1000 connections; the figures are medians of {} rounds. Written by\n\
         `cargo bench --package sse-benches --bench server -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
        effort.rounds,
        effort.paced_rounds,
    )
}
