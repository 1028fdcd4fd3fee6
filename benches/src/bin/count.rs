//! Counts allocations, with an instrumented allocator, and runs codecs for callgrind or a profiler.

use std::{alloc::System, hint::black_box, process::ExitCode};

use bytes::Bytes;
use clap::{Parser, Subcommand, ValueEnum};
use serde::Serialize;
use sse_benches::{
    Error,
    chunking::Chunking,
    client::{self, CLIENTS, Feed},
    counts::Allocations,
    decode::{DECODERS, Decoder},
    encode::{Sample, encoders, samples},
    linear,
    sink::Tally,
    streams::{self, Way},
    typed,
    workload::Kind,
};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

/// The system allocator with counters. Reallocations are forwarded as such, so that they can grow in place.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Counts allocations, and runs codecs for callgrind or a profiler.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Count,
}

#[derive(Subcommand)]
enum Count {
    /// Print the allocations per event of every decoder and encoder as JSON.
    Allocations {
        /// The size of each stream in bytes.
        #[arg(long)]
        size: usize,
    },
    /// Print the allocations per event of every client as JSON.
    Clients {
        /// The size of each stream in bytes.
        #[arg(long)]
        size: usize,
    },
    /// Decode the streams of the check for linear time, one after the other, for callgrind to count.
    Linear {
        /// The size of the smallest streams in bytes.
        #[arg(long)]
        size: usize,
    },
    /// Run every step of typed decoding on every workload, one after the other, for callgrind to count.
    Steps {
        /// The size of each stream in bytes.
        #[arg(long)]
        size: usize,
    },
    /// Run every encoder on every sample, one after the other, for callgrind to count.
    Encoders {
        /// The number of events to encode.
        #[arg(long)]
        times: usize,
    },
    /// Run one encoder on one kind of event, for a profiler.
    Encode {
        /// The package of the encoder, `ours` for this workspace, or `lower bound` for hand-written code.
        #[arg(long, default_value = "ours")]
        encoder: String,
        /// The kind of event.
        sample: Event,
        /// The number of events to encode.
        #[arg(long, default_value_t = 10_000)]
        times: usize,
    },
    /// Read one stream as typed events, for a profiler.
    Typed {
        /// The way to read it.
        way: Way,
        /// The kind of stream.
        kind: Kind,
        /// How the stream is cut into chunks.
        #[arg(default_value = "16k")]
        chunking: Chunking,
        /// The size of the stream in bytes.
        #[arg(long, default_value_t = 8 << 20)]
        size: usize,
        /// The number of times to read the stream.
        #[arg(long, default_value_t = 1)]
        times: usize,
    },
    /// Run one decoder on one stream, for a profiler.
    Decode {
        /// The package of the decoder, or `ours` for this workspace.
        #[arg(long, default_value = "ours")]
        decoder: String,
        /// The kind of stream.
        kind: Kind,
        /// How the stream is cut into chunks.
        #[arg(default_value = "16k")]
        chunking: Chunking,
        /// The size of the stream in bytes.
        #[arg(long, default_value_t = 8 << 20)]
        size: usize,
        /// The number of times to decode the stream.
        #[arg(long, default_value_t = 1)]
        times: usize,
    },
}

/// A kind of event to encode.
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
        Count::Clients { size } => println!("{}", serde_json::to_string(&clients(*size)?)?),
        Count::Linear { size } => {
            for case in linear::cases(*size) {
                // The workload lives until its decoding is counted: freeing a large block earlier can change whether
                // the allocator grows the decoder's buffer in place.
                let workload = case.workload()?;
                measured(&DECODERS[0], &case.chunks(&workload));
            }
        }
        Count::Steps { size } => {
            for kind in typed::KINDS {
                let workload = kind.stream(*size)?;
                for mut step in typed::steps(kind, &workload, &Chunking::Record.cut(&workload)) {
                    counted(&mut step)?;
                }
            }
        }
        Count::Encoders { times } => {
            let (trade, tick, edit) = samples();
            for (((_, trades), (_, ticks)), (_, edits)) in encoders().iter().zip(encoders()).zip(encoders()) {
                counted(&mut || trades(&trade, *times))?;
                counted(&mut || ticks(&tick, *times))?;
                counted(&mut || edits(&edit, *times))?;
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
        Count::Typed { way, kind, chunking, size, times } => {
            if !streams::KINDS.contains(kind) {
                return Err(format!("the workload `{}` has no typed events", kind.name()).into());
            }
            let chunks = chunking.cut(&kind.stream(*size)?);
            for _ in 0..*times {
                black_box(streams::read(*kind, *way, &chunks)?);
            }
        }
        Count::Decode { decoder, kind, chunking, size, times } => {
            let decoder = find(decoder, DECODERS.iter().map(|known| (known.package, known)))?;
            let chunks = chunking.cut(&kind.stream(*size)?);
            for _ in 0..*times {
                measured(decoder, &chunks);
            }
        }
    }
    Ok(())
}

/// Decodes the chunks. Callgrind collects instructions in this function, which it finds by its name.
#[inline(never)]
fn measured(decoder: &Decoder, chunks: &[Bytes]) -> Tally {
    black_box(decoder.run(chunks))
}

/// Runs a contender. Callgrind collects instructions in this function, which it finds by its name.
#[inline(never)]
fn counted(run: &mut dyn FnMut() -> Result<usize, Error>) -> Result<usize, Error> {
    black_box(run())
}

/// Encodes `times` events, cycling through those of the sample.
fn encode<P: Clone + Serialize + Send + Sync + 'static>(
    encoder: &str,
    sample: &Sample<P>,
    times: usize,
) -> Result<(), Error> {
    let encode = find(encoder, encoders())?;
    black_box(encode(sample, times)?);
    Ok(())
}

/// Returns the entry with this name.
fn find<T>(name: &str, known: impl IntoIterator<Item = (&'static str, T)>) -> Result<T, Error> {
    let mut names = Vec::new();
    for (known, found) in known {
        if known == name {
            return Ok(found);
        }
        names.push(known);
    }
    Err(format!("unknown name `{name}`; expected one of {}", names.join(", ")).into())
}

fn allocations(size: usize) -> Result<Allocations, Error> {
    let mut decoders = vec![Vec::new(); DECODERS.len()];
    for kind in Kind::ALL {
        let once = Chunking::Record.cut(&kind.stream(size)?);
        // The first pass grows all buffers to their final size, so that only the second pass is counted.
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

/// Counts the allocations per event of each client, in rows as in [`CLIENTS`]. A stream of twice the size cancels out what
/// a connection takes.
fn clients(size: usize) -> Result<Vec<Vec<f64>>, Error> {
    let mut rows = vec![Vec::new(); CLIENTS.len()];
    for kind in client::KINDS {
        let feeds = [size, 2 * size].map(|size| Feed::serve(&kind.stream(size)?, Chunking::Record));
        let [once, twice] = feeds;
        let (once, twice) = (once?, twice?);
        for (client, row) in CLIENTS.iter().zip(&mut rows) {
            // The first run initializes what the process keeps.
            client.run(&once)?;
            let region = Region::new(ALLOCATOR);
            client.run(&once)?;
            let first = count(&region);
            client.run(&twice)?;
            row.push(each(count(&region) - 2 * first, twice.tally.events - once.tally.events));
        }
    }
    Ok(rows)
}

fn decoded(decoder: &Decoder, chunks: &[Bytes]) -> (Tally, usize) {
    let region = Region::new(ALLOCATOR);
    let tally = decoder.run(chunks);
    (tally, count(&region))
}

/// Returns the number of allocations since the start of the region. A reallocation counts as one.
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
