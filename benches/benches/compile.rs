//! Benchmark of the compile time of the derive: `cargo bench --package sse-benches --bench compile`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use sse_benches::{Error, compile, generate::VARIANTS, machine::Machine, report};

/// Measures the compile time of generated packages of enums, with `SseEvent` and with serde's derives.
#[derive(Parser)]
struct Arguments {
    /// Use fewer enums and one round; takes about a minute.
    #[arg(long)]
    quick: bool,
    /// The number of enums in a package.
    #[arg(long, value_name = "COUNT")]
    enums: Option<usize>,
    /// The number of rounds with `--release`; the other builds are quicker and run `2 * COUNT + 1` rounds.
    #[arg(long, value_name = "COUNT")]
    rounds: Option<usize>,
    /// Measure only this part.
    #[arg(long, value_enum, value_name = "PART", conflicts_with = "results")]
    only: Option<Part>,
    /// Write the figures to this file as JSON [default: `sse-compile.json` in the target directory].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the tables to their section of this Markdown file, and add the section if it is missing.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Passed by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark, which is one table.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Enums with `SseEvent` and with serde's derives.
    Enums,
    /// The packages of the derive macros.
    Macros,
    /// Enums that are flattened into one.
    Flattened,
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
    let often = compile::often(rounds);
    let is_measured = |part| arguments.only.is_none_or(|only| only == part);
    let (mut of_enums, mut of_macros, mut flattenings) = (Vec::new(), Vec::new(), Vec::new());
    let mut tables = Vec::new();
    if is_measured(Part::Enums) {
        of_enums = compile::enums(&scratch, enums, rounds)?;
        let title = format!("{enums} enums with {VARIANTS} variants each: user CPU seconds");
        tables.push(compile::table(&title, &of_enums));
    }
    if is_measured(Part::Macros) {
        of_macros = compile::macros(&scratch, often)?;
        tables.push(compile::table("The package of the derive macro: user CPU seconds", &of_macros));
    }
    if is_measured(Part::Flattened) {
        flattenings = compile::flattenings(&scratch, often)?;
        let title = "Enums flattened into one, by the number of enums and of their events: user CPU seconds";
        tables.push(compile::table_of_flattenings(title, &flattenings));
    }
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-compile.json");
    let json = arguments.json.clone().unwrap_or_else(in_target);
    fs::write(&json, serde_json::to_string_pretty(&(&of_enums, &of_macros, &flattenings))?)?;
    eprintln!("wrote {}", json.display());
    if let Some(page) = &arguments.results {
        report::put_section(page, "Compiling", &text(rounds), &tables)?;
    }
    Ok(())
}

fn text(rounds: usize) -> String {
    format!(
        "{}\n\n\
         User CPU time of cargo and rustc for one package. Its dependencies are compiled beforehand, unless the\n\
         column includes them, and incremental compilation is off. The two sides take turns. Figures are medians; the\n\
         number of rounds is {rounds} for `--release` and {} for the other builds.\n\
         \n\
         The enums of both sides are the same. Ours derive `SseEvent`; serde's derive `Serialize` and `Deserialize`\n\
         with `#[serde(tag = \"event\", content = \"data\")]`. Each package writes and reads each of its enums once:\n\
         with `Encoder::event` and `SseDecode::decode`, or with `serde_json::to_writer` and `from_str`. A mixed\n\
         enum has two unit variants, three newtype variants, two struct variants and one tuple variant. The packages\n\
         with flattened enums write and read the outer enum once. Written by\n\
         `cargo bench --package sse-benches --bench compile -- --rounds {rounds} --results RESULTS.md`.",
        Machine::current().sentence(""),
        compile::often(rounds),
    )
}
