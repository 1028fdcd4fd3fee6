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
    /// How many enums a package has.
    #[arg(long, value_name = "COUNT")]
    enums: Option<usize>,
    /// How many times each package is compiled with `--release`; the rest is quicker, and done more often.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
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
    let (enums, rounds) = if arguments.quick { (20, 1) } else { (200, 3) };
    let (enums, rounds) = (arguments.enums.unwrap_or(enums), arguments.rounds.unwrap_or(rounds));
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    let of_enums = compile::enums(&scratch, enums, rounds)?;
    let of_macros = compile::macros(&scratch, compile::often(rounds))?;
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
         incrementally; ours and serde's in turn, medians of {rounds} rounds for `--release` and {} for the rest.\n\
         Beside our derive stands `#[derive(Serialize, Deserialize)]` with `#[serde(tag = \"event\", content = \"data\")]`\n\
         on the same enums. Each enum is written and read once in its package: ours by `Encoder::event` and\n\
         `SseDecode::decode`, serde's by `serde_json::to_writer` and `from_str`. Mixed enums have two units, three\n\
         newtypes, two structs and a tuple. Written by\n\
         `cargo bench --package sse-benches --bench compile -- --results RESULTS.md`.",
        Machine::current().sentence(""),
        compile::often(rounds),
    )
}
