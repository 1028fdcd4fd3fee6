//! Cost of a typed stream, compared with the decoder by hand.

use std::{convert::Infallible, hint::black_box};

use bytes::Bytes;
use clap::ValueEnum;
use futures_util::stream;
use serde::Serialize;
use sse_core::{Decoded, Decoder, EventStream, SseDecodeOwned, SseEvent};

use crate::{
    Error,
    chunking::Chunking,
    clock::{Runner, Times, race},
    event::Feed,
    peers::drain,
    report::{Table, nanoseconds_each, ratio, verdict},
    target,
    workload::{Kind, Workload},
};

/// The workloads to read.
pub const KINDS: [Kind; 4] = [Kind::Ticks, Kind::Llm, Kind::Wiki, Kind::Tiny];

/// A way to read events of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// `Decoder::feed`, and `SseDecode::decode` for each event.
    ByHand,
    /// `EventStream`.
    Stream,
}

/// The event of a workload whose data is not JSON.
#[derive(SseEvent)]
#[sse(unnamed)]
enum Letter {
    #[sse(text)]
    Text(String),
}

/// Reads the chunks of a workload, and returns the number of events.
///
/// # Errors
///
/// Returns an error if an event cannot be decoded.
pub fn read(kind: Kind, way: Way, chunks: &[Bytes]) -> Result<usize, Error> {
    match (kind, way) {
        (Kind::Tiny, Way::ByHand) => by_hand::<Letter>(chunks),
        (Kind::Tiny, Way::Stream) => streamed::<Letter>(chunks),
        (_, Way::ByHand) => by_hand::<Feed>(chunks),
        (_, Way::Stream) => streamed::<Feed>(chunks),
    }
}

/// Reads events with the loop that the docs show.
pub(crate) fn by_hand<E: SseDecodeOwned>(chunks: &[Bytes]) -> Result<usize, Error> {
    let mut decoder = Decoder::new();
    let mut count = 0;
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        while let Some(raw) = events.next_event() {
            if let Decoded::Event(event) = E::decode(raw?)? {
                black_box(&event);
                count += 1;
            }
        }
    }
    Ok(count)
}

fn streamed<E: SseDecodeOwned>(chunks: &[Bytes]) -> Result<usize, Error> {
    let source = stream::iter(chunks.iter().map(|chunk| Ok::<_, Infallible>(chunk.clone())));
    let mut count = 0;
    drain(EventStream::<_, E>::new(source), |event| {
        black_box(&event?);
        count += 1;
        Ok(())
    })?;
    Ok(count)
}

/// The times per event on one workload, in nanoseconds.
#[derive(Debug, Serialize)]
pub struct Outcome {
    kind: Kind,
    by_hand: f64,
    stream: f64,
    ratio: f64,
    target: Option<f64>,
    met: Option<bool>,
}

/// Measures both ways to read a workload.
///
/// # Errors
///
/// Returns an error if an event cannot be decoded, or if a way yields another number of events than there are.
pub fn measure(kind: Kind, workload: &Workload, rounds: usize) -> Result<Outcome, Error> {
    let chunks = Chunking::Record.cut(workload);
    let events = workload.payloads.len();
    let mut runners: Vec<Runner<'_>> = Vec::new();
    for way in [Way::ByHand, Way::Stream] {
        let found = read(kind, way, &chunks)?;
        if found != events {
            return Err(format!("{}: {way:?} yields {found} events, expected {events}", kind.name()).into());
        }
        let chunks = &chunks;
        runners.push(Box::new(move || drop(black_box(read(kind, way, black_box(chunks))))));
    }
    let times = race(rounds, &mut runners);
    let [by_hand, stream] = times.as_slice() else { return Err("two ways".into()) };
    let ratio = by_hand.share_of(stream);
    let target = target::stream(kind);
    let each = |times: &Times| nanoseconds_each(events, times.median());
    let met = target.map(|target| ratio <= target);
    Ok(Outcome { kind, by_hand: each(by_hand), stream: each(stream), ratio, target, met })
}

/// Returns a table with a row per way and a column per workload.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new("Typed streams: ns per event, 16 KiB chunks", "way");
    table.columns(outcomes.iter().map(|outcome| outcome.kind.name()));
    table.row("`Decoder::feed` and `E::decode`", outcomes.iter().map(|outcome| format!("{:.0}", outcome.by_hand)));
    table.row("`EventStream`", outcomes.iter().map(|outcome| format!("{:.0}", outcome.stream)));
    table.row("`EventStream` / by hand", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("target (at most)", outcomes.iter().map(|outcome| outcome.target.map(ratio).unwrap_or_default()));
    table.row("target met", outcomes.iter().map(|outcome| verdict(outcome.met)));
    table
}
