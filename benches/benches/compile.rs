//! What the derive costs to compile: `cargo bench --package sse-benches --bench compile`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use sse_benches::{Error, compile, generate::VARIANTS, machine::Machine, report};

/// Compiles generated packages of many enums, with this project's derive and with serde's.
#[derive(Parser)]
struct Arguments {
    /// Fewer enums and one round: about a minute.
    #[arg(long)]
    quick: bool,
    /// Where to write the figures as JSON [default: `sse-compile.json` in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A Markdown page that has a section for these tables, or gets one.
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
            eprintln!("compile: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let (enums, rounds) = if arguments.quick { (40, 1) } else { (200, 5) };
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    let of_enums = compile::enums(&scratch, enums, rounds)?;
    let of_macros = compile::macros(&scratch, rounds)?;
    let title = format!("{enums} enums with {VARIANTS} variants each: user CPU seconds");
    let tables =
        [compile::table(&title, &of_enums), compile::table("The derive's own package: user CPU seconds", &of_macros)];
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-compile.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&(&of_enums, &of_macros))?)?;
    eprintln!("written: {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "Compiling", &text(rounds), &tables)?;
    }
    Ok(())
}

fn text(rounds: usize) -> String {
    format!(
        "{}\n\n\
         User CPU time of cargo and rustc for one package, everything it needs compiled before and nothing\n\
         incrementally; medians of {rounds} rounds, ours and serde's in turn. Beside our derive stands\n\
         `#[derive(Serialize, Deserialize)]` with `#[serde(tag = \"event\", content = \"data\")]` on the same enums. Each\n\
         enum is written and read once in its package: ours by `Encoder::event` and `SseDecode::decode`, serde's by\n\
         `serde_json::to_writer` and `from_str`. Mixed enums have two units, three newtypes, two structs and a tuple.\n\
         Written by `cargo bench --package sse-benches --bench compile -- --results RESULTS.md`.",
        Machine::current().sentence(),
    )
}
