//! Benchmark of the codec: `cargo bench --package sse-benches`.

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
    decode, encode,
    instructions::{self, Instructions},
    limit, linear, long,
    machine::{BUILD, Machine, versioned},
    report::{self, Table},
    streams, typed,
    workload::{Kind, Workload},
};

/// Measures decoding and encoding against published crates that do the same work.
#[derive(Parser)]
struct Arguments {
    /// Use less input and fewer rounds; takes less than a minute.
    #[arg(long)]
    quick: bool,
    /// Measure only this part; may be repeated.
    #[arg(long, value_name = "PART")]
    only: Vec<Part>,
    /// Measure only this workload; may be repeated.
    #[arg(long, value_name = "NAME")]
    workload: Vec<Kind>,
    /// Write the figures to this file as JSON [default: `sse-benches.json` in the target directory].
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the tables to their section of this Markdown file, and add the section if it is missing.
    #[arg(long, value_name = "FILE")]
    results: Option<PathBuf>,
    /// Passed by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

/// A part of the benchmark.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Limits,
    Decode,
    Long,
    Typed,
    Streams,
    Encode,
    Allocations,
    Linear,
}

/// The sizes of the inputs and the number of rounds.
struct Effort {
    size: usize,
    rounds: usize,
    events: usize,
    linear: usize,
}

const FULL: Effort = Effort { size: 8 << 20, rounds: 21, events: 20_000, linear: 256 << 10 };
const QUICK: Effort = Effort { size: 1 << 20, rounds: 7, events: 4_000, linear: 128 << 10 };

/// The number of rounds for one long line, for which some decoders take seconds.
const LONG_LINE_ROUNDS: usize = 3;

/// All measurements. A part that was not selected is empty.
#[derive(Serialize)]
struct Figures {
    machine: Machine,
    stream_bytes: usize,
    limits: Vec<limit::Outcome>,
    decode: Vec<decode::Outcome>,
    long_line: Vec<long::Outcome>,
    typed: Vec<typed::Outcome>,
    typed_instructions: Option<Instructions>,
    streams: Vec<streams::Outcome>,
    encode: Vec<encode::Outcome>,
    encode_instructions: Option<Instructions>,
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
    eprintln!("wrote {}", file.display());
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
        typed_instructions: None,
        streams: Vec::new(),
        encode: Vec::new(),
        encode_instructions: None,
        allocations: None,
        linear: None,
    };
    let of_streams = [Part::Limits, Part::Decode, Part::Typed, Part::Streams].into_iter().any(wanted);
    for kind in kinds.filter(|_| of_streams) {
        measure_stream(kind, &kind.stream(effort.size)?, &effort, wanted, &mut figures)?;
    }
    if wanted(Part::Long) {
        eprintln!("measuring one long line");
        figures.long_line = long::measure(LONG_LINE_ROUNDS);
    }
    let count = Path::new(env!("CARGO_BIN_EXE_count"));
    if wanted(Part::Encode) {
        eprintln!("measuring the encoders");
        figures.encode = measure_encoders(&effort)?;
    }
    if wanted(Part::Allocations) {
        eprintln!("counting allocations");
        figures.allocations = Some(counts::measure(count, 2 << 20)?);
    }
    if !callgrind::is_available() {
        eprintln!("`valgrind` was not found; instructions are not counted");
        return Ok(figures);
    }
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("callgrind");
    if !figures.typed.is_empty() {
        eprintln!("counting instructions of typed decoding");
        figures.typed_instructions = Some(instructions::of_typed(count, &scratch)?);
    }
    if wanted(Part::Encode) {
        eprintln!("counting instructions of encoding");
        figures.encode_instructions = Some(instructions::of_encoders(count, &scratch)?);
    }
    if wanted(Part::Linear) {
        eprintln!("counting instructions of decoding");
        figures.linear = Some(linear::measure(count, &scratch, effort.linear)?);
    }
    Ok(figures)
}

fn measure_stream(
    kind: Kind,
    workload: &Workload,
    effort: &Effort,
    wanted: impl Fn(Part) -> bool,
    figures: &mut Figures,
) -> Result<(), Error> {
    eprintln!("measuring {}", kind.name());
    if wanted(Part::Limits) {
        figures.limits.push(limit::measure(kind.name(), workload, effort.rounds));
    }
    if wanted(Part::Decode) {
        for chunking in Chunking::ALL {
            figures.decode.push(decode::compare(kind, workload, chunking, effort.rounds));
        }
    }
    if wanted(Part::Typed) && typed::KINDS.contains(&kind) {
        figures.typed.push(typed::measure(kind, workload, effort.rounds)?);
    }
    if wanted(Part::Streams) && streams::KINDS.contains(&kind) {
        figures.streams.push(streams::measure(kind, workload, effort.rounds)?);
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
    tables.extend(figures.typed_instructions.iter().map(instructions::typed_table));
    if !figures.streams.is_empty() {
        tables.push(streams::table(&figures.streams));
    }
    if !figures.encode.is_empty() {
        tables.push(encode::table(&figures.encode, versioned));
    }
    tables.extend(figures.encode_instructions.iter().map(|counts| instructions::encoders_table(counts, versioned)));
    tables.extend(figures.allocations.iter().flat_map(|allocations| counts::tables(allocations, versioned)));
    tables.extend(figures.linear.iter().flat_map(linear::tables));
    tables
}

/// Returns the introduction of the section: how the figures were measured.
fn text(figures: &Figures) -> String {
    format!(
        "{}\n\n\
         `ours` is the codec of this workspace; `sse-core` with a version is the crate of that name on crates.io.\n\
         Times are CPU time of one thread. All codecs run in one process, in alternating rounds, and each stream\n\
         has {} MiB; the figures are medians. Absolute figures drift with the machine, so compare ratios: each is\n\
         the median of the ratios within a round. Before a decoder is timed, its events are compared with the\n\
         events that the stream was generated from; before an encoder is timed, the length of its output is\n\
         checked. Instructions are counted once, those of typed decoding on streams of 512 KiB. Written by\n\
         `cargo bench --package sse-benches -- --results RESULTS.md`.",
        figures.machine.sentence(BUILD),
        figures.stream_bytes >> 20,
    )
}
