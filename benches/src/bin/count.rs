//! Counts what does not depend on the clock: allocations, by an allocator that counts, and, under callgrind,
//! instructions.

use std::{alloc::System, hint::black_box, process::ExitCode};

use bytes::Bytes;
use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;
use sse_benches::{
    Error,
    chunking::Chunking,
    counts::Allocations,
    decode::{DECODERS, Decoder},
    encode::{Sample, encoders, samples},
    linear,
    sink::Tally,
    workload::Kind,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// Counts each allocation, and hands it on as it is: one that grows may grow in place.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Counts allocations and instructions.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Count,
}

#[derive(Subcommand)]
enum Count {
    /// Allocations per event of every decoder and encoder, as JSON.
    Allocations {
        /// Bytes in a stream.
        #[arg(long)]
        size: usize,
    },
    /// The cases of the claim that time is linear, one after the other, for callgrind to count.
    Linear {
        /// Bytes in the smallest streams.
        #[arg(long)]
        size: usize,
    },
    /// One encoder on one kind of event, for a profiler.
    Encode {
        /// The package of the encoder; `ours` is this project's, `lower bound` no package's.
        #[arg(long, default_value = "ours")]
        encoder: String,
        /// The events.
        sample: Event,
        /// How many are encoded.
        #[arg(long, default_value_t = 10_000)]
        times: usize,
    },
    /// One decoder on one stream, for a profiler.
    Decode {
        /// The package of the decoder; `ours` is this project's.
        #[arg(long, default_value = "ours")]
        decoder: String,
        /// The stream.
        kind: Kind,
        /// How it is cut.
        #[arg(default_value = "16k")]
        chunking: Chunking,
        /// Bytes in the stream.
        #[arg(long, default_value_t = 8 << 20)]
        size: usize,
        /// How many times it is decoded.
        #[arg(long, default_value_t = 1)]
        times: usize,
    },
}

/// An event of the encoders.
#[derive(Clone, Copy, ValueEnum)]
enum Event {
    Trade,
    Tick,
    Edit,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("count: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(count: &Count) -> Result<(), Error> {
    match count {
        Count::Allocations { size } => println!("{}", serde_json::to_string(&allocations(*size)?)?),
        Count::Linear { size } => {
            for case in linear::cases(*size) {
                // It outlives the count: nothing large is to be freed before.
                let workload = case.workload()?;
                measured(&DECODERS[0], &case.chunks(&workload));
            }
        }
        Count::Encode { encoder, sample, times } => {
            let (trade, tick, edit) = samples();
            match sample {
                Event::Trade => encode(encoder, &trade, *times)?,
                Event::Tick => encode(encoder, &tick, *times)?,
                Event::Edit => encode(encoder, &edit, *times)?,
            }
        }
        Count::Decode { decoder, kind, chunking, size, times } => {
            let decoder = named(decoder, DECODERS.iter().map(|known| (known.package, known)))?;
            let chunks = chunking.cut(&kind.stream(*size)?);
            for _ in 0..*times {
                measured(decoder, &chunks);
            }
        }
    }
    Ok(())
}

/// What callgrind counts, by this name.
#[inline(never)]
fn measured(decoder: &Decoder, chunks: &[Bytes]) -> Tally {
    black_box(decoder.run(chunks))
}

/// Encodes the events of a sample, so many times in all.
fn encode<P: Clone + Serialize + Send + Sync + 'static>(
    encoder: &str,
    sample: &Sample<P>,
    times: usize,
) -> Result<(), Error> {
    let encode = named(encoder, encoders())?;
    black_box(encode(sample, times)?);
    Ok(())
}

/// The one of that name.
fn named<T>(name: &str, known: impl IntoIterator<Item = (&'static str, T)>) -> Result<T, Error> {
    let mut names = Vec::new();
    for (known, found) in known {
        if known == name {
            return Ok(found);
        }
        names.push(known);
    }
    Err(format!("`{name}` is none of {}", names.join(", ")).into())
}

fn allocations(size: usize) -> Result<Allocations, Error> {
    let mut decoders = vec![Vec::new(); DECODERS.len()];
    for kind in Kind::ALL {
        let once = Chunking::Record.cut(&kind.stream(size)?);
        // The first time is for getting warm: the second needs no larger buffer anywhere.
        let twice = [once.as_slice(), &once].concat();
        for (decoder, row) in DECODERS.iter().zip(&mut decoders) {
            let ((warm, first), (all, total)) = (decoded(decoder, &once), decoded(decoder, &twice));
            row.push(each(total - first, all.events - warm.events));
        }
    }
    let (small_with_id, small, large) = samples();
    let columns = [encoded(&small_with_id)?, encoded(&small)?, encoded(&large)?];
    let rows = 0..encoders::<()>().len();
    let encoders = rows.map(|row| columns.iter().filter_map(|column| column.get(row).copied()).collect()).collect();
    Ok(Allocations { decoders, encoders })
}

fn decoded(decoder: &Decoder, chunks: &[Bytes]) -> (Tally, usize) {
    let region = Region::new(ALLOCATOR);
    let tally = decoder.run(chunks);
    (tally, count(&region))
}

/// The allocations since the region began; one that grows is one more.
fn count(region: &Region<'_, System>) -> usize {
    let since = region.change();
    since.allocations + since.reallocations
}

fn encoded<P: Clone + Serialize + Send + Sync + 'static>(sample: &Sample<P>) -> Result<Vec<f64>, Error> {
    const WARM: usize = 100;
    let mut column = Vec::new();
    for (_, encode) in encoders() {
        let region = Region::new(ALLOCATOR);
        encode(sample, WARM)?;
        let first = count(&region);
        encode(sample, 2 * WARM)?;
        column.push(each(count(&region) - 2 * first, WARM));
    }
    Ok(column)
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn each(allocations: usize, events: usize) -> f64 {
    allocations as f64 / events as f64
}
