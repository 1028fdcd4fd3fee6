//! What it takes from a name to its variant: `cargo bench --package sse-benches --bench names`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sse_benches::{Error, callgrind, machine::Machine, names, report};

/// Counts the instructions that decoding takes in enums of many variants.
#[derive(Parser)]
struct Arguments {
    /// Where to write the figures as JSON [default: `sse-names.json` in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A Markdown page that has a section for this table, or gets one.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Given by `cargo bench`.
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
        return Err("there is no valgrind here, which counts".into());
    }
    let outcomes = names::measure(Path::new(env!("CARGO_TARGET_TMPDIR")))?;
    let table = names::table(&outcomes);
    print!("{table}");
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-names.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&outcomes)?)?;
    eprintln!("written: {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "From a name to its variant", &text(), &[table])?;
    }
    Ok(())
}

fn text() -> String {
    format!(
        "{}\n\n\
         Each name of an enum is decoded once, from a raw event to the variant, and counted by callgrind; what one\n\
         variant takes is the cost beside the search. Written by\n\
         `cargo bench --package sse-benches --bench names -- --results RESULTS.md`.",
        Machine::current().sentence(""),
    )
}
