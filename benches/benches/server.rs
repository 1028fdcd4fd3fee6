//! What serving costs: `cargo bench --package sse-benches --bench server`.

use std::{
    fs,
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

/// Serves one topic to many connections, with this project's response and with others.
#[derive(Parser)]
struct Arguments {
    /// Fewer connections and rounds: about a minute.
    #[arg(long)]
    quick: bool,
    /// Only this many connections; may be repeated.
    #[arg(long, value_name = "COUNT")]
    connections: Vec<usize>,
    /// How many times each server is measured.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Where to write the figures as JSON [default: `sse-server.json` in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A Markdown page that has a section for these tables, or gets one.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Be this server, for a measurement in another process.
    #[arg(long, hide = true)]
    serve: Option<Contender>,
    /// How the server is handed its router.
    #[arg(long, hide = true, default_value = "make-service")]
    routing: Routing,
    /// Given by `cargo bench`.
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
    let figures = server::measure(&effort)?;
    let tables = server::tables(&figures);
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-server.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&figures)?)?;
    eprintln!("written: {}", json.display());
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
         One topic over a tokio `broadcast` channel, 155 bytes an event on the wire, HTTP/1.1 over loopback. Each\n\
         server is one thread in a process of its own, whose CPU time, kernel included, is divided by the events that\n\
         all connections got; the load is another process. Medians of {} rounds, the servers in turn and each of them\n\
         fresh; all but those of the last table are served by `into_make_service()`. Events arrive: 10 a second, for\n\
         more than 1000 connections one a second; medians of {} rounds. Written by\n\
         `cargo bench --package sse-benches --bench server -- --results RESULTS.md`.",
        Machine::current().sentence(BUILD),
        effort.rounds,
        effort.paced_rounds,
    )
}
