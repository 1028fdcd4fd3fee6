//! Benchmark of the lookup from an event name to its variant: `cargo bench --package sse-benches --bench names`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sse_benches::{Error, callgrind, machine::Machine, names, report};

/// Counts the instructions to decode an event into enums of 1 to 256 variants.
#[derive(Parser)]
struct Arguments {
    /// Write the figures to this file as JSON [default: `sse-names.json` in the target directory].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
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
            eprintln!("names: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    if !callgrind::is_available() {
        return Err("`valgrind` was not found; install it to count instructions".into());
    }
    let outcomes = names::measure(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let table = names::table(&outcomes);
    print!("{table}");
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-names.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&outcomes)?)?;
    eprintln!("wrote {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "Looking up a variant by event name", &text(), &[table])?;
    }
    Ok(())
}

fn text() -> String {
    format!(
        "{}\n\n\
         Instructions, counted by callgrind, to decode a raw event into its variant, once for each event name of\n\
         the enum. The figures of the enum with one variant are the cost without a search. Written by\n\
         `cargo bench --package sse-benches --bench names -- --results RESULTS.md`.",
        Machine::current().sentence(""),
    )
}
