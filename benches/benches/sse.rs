//! The whole comparison: `cargo bench --package sse-benches`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use serde::Serialize;
use sse_benches::{
    Error, callgrind,
    chunking::Chunking,
    counts::{self, Allocations},
    decode, encode, limit, linear, long,
    machine::{BUILD, Machine, versioned},
    report::{self, Table},
    typed,
    workload::{Kind, Workload},
};

/// Measures the codec beside the published crates that do the same work.
#[derive(Parser)]
struct Arguments {
    /// Less input and fewer rounds: under a minute.
    #[arg(long)]
    quick: bool,
    /// Only this part; may be repeated.
    #[arg(long, value_name = "PART")]
    only: Vec<RawPart>,
    /// Only this workload; may be repeated.
    #[arg(long, value_name = "NAME")]
    workload: Vec<Kind>,
    /// Where to write the figures as JSON [default: `sse-benches.json` in the target folder].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// A Markdown page that has a section for these tables, or gets one.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the comparison.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RawPart {
    Limits,
    Decode,
    Long,
    Typed,
    Encode,
    Allocations,
    Linear,
}

/// How much is measured.
struct Effort {
    size: usize,
    rounds: usize,
    events: usize,
    linear: usize,
}

const FULL: Effort = Effort { size: 8 << 20, rounds: 11, events: 20_000, linear: 256 << 10 };
const QUICK: Effort = Effort { size: 1 << 20, rounds: 7, events: 4_000, linear: 128 << 10 };

/// Rounds for one long line, in which some decoders take seconds.
const LONG_LINE_ROUNDS: usize = 3;

/// Everything measured; empty where a part was left out.
#[derive(Serialize)]
struct Figures {
    machine: Machine,
    stream_bytes: usize,
    limits: Vec<limit::Outcome>,
    decode: Vec<decode::Outcome>,
    long_line: Vec<long::Outcome>,
    typed: Vec<typed::Outcome>,
    encode: Vec<encode::Outcome>,
    allocations: Option<Allocations>,
    linear: Option<linear::Outcome>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sse-benches: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let figures = measure(arguments)?;
    let tables = tables(&figures);
    for table in &tables {
        print!("{table}");
    }
    let in_target = || Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("sse-benches.json");
    write(&arguments.json.clone().unwrap_or_else(in_target), &serde_json::to_string_pretty(&figures)?)?;
    if let Some(results) = &arguments.results {
        report::put_section(results, "Decoding and encoding", &text(&figures), &tables)?;
    }
    let faults: Vec<_> = figures.decode.iter().filter_map(decode::Outcome::fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\nsse-benches: ").into()) }
}

fn write(file: &Path, text: &str) -> Result<(), Error> {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("written: {}", file.display());
    Ok(())
}

fn measure(arguments: &Arguments) -> Result<Figures, Error> {
    let effort = if arguments.quick { QUICK } else { FULL };
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    let kinds = Kind::ALL.into_iter().filter(|kind| arguments.workload.is_empty() || arguments.workload.contains(kind));
    let mut figures = Figures {
        machine: Machine::current(),
        stream_bytes: effort.size,
        limits: Vec::new(),
        decode: Vec::new(),
        long_line: Vec::new(),
        typed: Vec::new(),
        encode: Vec::new(),
        allocations: None,
        linear: None,
    };
    let of_streams = [RawPart::Limits, RawPart::Decode, RawPart::Typed].into_iter().any(wanted);
    for kind in kinds.filter(|_| of_streams) {
        measure_stream(kind, &kind.stream(effort.size)?, &effort, wanted, &mut figures)?;
    }
    if wanted(RawPart::Long) {
        eprintln!("one long line ..");
        figures.long_line = long::measure(LONG_LINE_ROUNDS);
    }
    let count = Path::new(env!("CARGO_BIN_EXE_count"));
    if wanted(RawPart::Encode) {
        eprintln!("encoding ..");
        figures.encode = measure_encoders(&effort)?;
    }
    if wanted(RawPart::Allocations) {
        eprintln!("counting allocations ..");
        figures.allocations = Some(counts::measure(count, 2 << 20)?);
    }
    if wanted(RawPart::Linear) {
        if callgrind::is_available() {
            eprintln!("counting instructions ..");
            let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind");
            figures.linear = Some(linear::measure(count, &scratch, effort.linear)?);
        } else {
            eprintln!("instructions are not counted: there is no `valgrind` here");
        }
    }
    Ok(figures)
}

fn measure_stream(
    kind: Kind,
    workload: &Workload,
    effort: &Effort,
    wanted: impl Fn(RawPart) -> bool,
    figures: &mut Figures,
) -> Result<(), Error> {
    eprintln!("{} ..", kind.name());
    if wanted(RawPart::Limits) {
        figures.limits.push(limit::measure(kind.name(), workload, effort.rounds));
    }
    if wanted(RawPart::Decode) {
        for chunking in Chunking::ALL {
            figures.decode.push(decode::compare(kind, workload, chunking, effort.rounds));
        }
    }
    if wanted(RawPart::Typed) && typed::KINDS.contains(&kind) {
        figures.typed.push(typed::measure(kind, workload, effort.rounds)?);
    }
    Ok(())
}

fn measure_encoders(effort: &Effort) -> Result<Vec<encode::Outcome>, Error> {
    let (small_with_id, small, large) = encode::samples();
    let Effort { events, rounds, .. } = *effort;
    Ok(vec![
        encode::compare("small with an ID", &small_with_id, events, rounds)?,
        encode::compare("small", &small, events, rounds)?,
        encode::compare("large", &large, events / 4, rounds)?,
    ])
}

fn tables(figures: &Figures) -> Vec<Table> {
    let mut tables = Vec::new();
    if !figures.limits.is_empty() {
        tables.push(limit::table(&figures.limits));
    }
    if !figures.decode.is_empty() {
        tables.extend(Chunking::ALL.map(|chunking| decode::table(chunking, &figures.decode, versioned)));
    }
    if !figures.long_line.is_empty() {
        tables.push(long::table(&figures.long_line, versioned));
    }
    if !figures.typed.is_empty() {
        tables.push(typed::table(&figures.typed));
    }
    if !figures.encode.is_empty() {
        tables.push(encode::table(&figures.encode, versioned));
    }
    tables.extend(figures.allocations.iter().flat_map(|allocations| counts::tables(allocations, versioned)));
    tables.extend(figures.linear.iter().flat_map(linear::tables));
    tables
}

/// How the figures came about.
fn text(figures: &Figures) -> String {
    format!(
        "{}\n\n\
         CPU time of one thread, medians over alternating rounds, all contestants in one process, {} MiB a stream.\n\
         Absolute figures drift with the machine; the ratios are what counts, each the median of the ratios within a round.\n\
         Every contestant's events were compared with what the stream was made of before anything was timed. Written by\n\
         `cargo bench --package sse-benches -- --results RESULTS.md`.",
        figures.machine.sentence(BUILD),
        figures.stream_bytes >> 20,
    )
}
