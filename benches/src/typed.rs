//! Cost of typed decoding, compared with raw decoding and with parsing the same JSON.

use std::hint::black_box;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use sse_core::{Decoded, Decoder, SseDecode as _};

use crate::{
    Error,
    chunking::Chunking,
    clock::{Runner, per_round, race},
    event::{Delta, Edit, Feed, Tick},
    peers,
    report::{Table, nanoseconds_each, ratio, verdict},
    sink::Tally,
    streams::by_hand,
    target,
    workload::{Kind, Workload},
};

/// The workloads to decode, whose data is JSON.
pub const KINDS: [Kind; 3] = [Kind::Ticks, Kind::Llm, Kind::Wiki];

/// The steps to compare, by name.
pub const STEPS: [&str; 4] =
    ["`serde_json::from_str` on the payloads", "raw events", "typed events", "typed events, with `?`"];

/// A step. Each call does the whole work once, and returns the number of events.
pub type Step<'a> = Box<dyn FnMut() -> Result<usize, Error> + 'a>;

/// Returns the [`STEPS`] for a workload, which is cut into `chunks`.
#[must_use]
pub fn steps<'a>(kind: Kind, workload: &'a Workload, chunks: &'a [Bytes]) -> [Step<'a>; 4] {
    let json = match kind {
        Kind::Llm => parse::<Delta>,
        Kind::Wiki => parse::<Edit>,
        _ => parse::<Tick>,
    };
    [
        Box::new(move || json(black_box(&workload.payloads))),
        Box::new(move || {
            let mut seen = Tally::default();
            peers::ours(black_box(chunks), &mut seen)?;
            Ok(black_box(seen).events)
        }),
        Box::new(move || decode(black_box(chunks))),
        Box::new(move || by_hand::<Feed>(black_box(chunks))),
    ]
}

/// Returns the part of typed decoding that is not the decoder's, relative to parsing the payloads.
#[must_use]
pub fn share([json, raw, typed]: [f64; 3]) -> f64 {
    (typed - raw) / json
}

/// The times per event on one workload, in nanoseconds.
#[derive(Debug, Serialize)]
pub struct Outcome {
    kind: Kind,
    /// The time of each of [`STEPS`].
    each: [f64; 4],
    ratio: f64,
    met: bool,
}

/// Measures typed decoding, raw decoding of the same stream, and `serde_json::from_str` on the same payloads.
///
/// # Errors
///
/// Returns an error if an event cannot be decoded, if a payload cannot be parsed, or if a step finds another number of
/// events than there are.
pub fn measure(kind: Kind, workload: &Workload, rounds: usize) -> Result<Outcome, Error> {
    let chunks = Chunking::Record.cut(workload);
    let events = workload.payloads.len();
    let mut steps = steps(kind, workload, &chunks);
    for (name, step) in STEPS.iter().zip(&mut steps) {
        let found = step()?;
        if found != events {
            return Err(format!("{}: {name}: found {found} events, expected {events}", kind.name()).into());
        }
    }
    let mut runners = steps.map(|mut step| -> Runner<'_> { Box::new(move || drop(black_box(step()))) });
    let times = race(rounds, &mut runners);
    let [json, raw, typed, with_operator] = times.as_slice() else { return Err("four steps".into()) };
    let ratio = per_round([json, raw, typed], share);
    let each = [json, raw, typed, with_operator].map(|times| nanoseconds_each(events, times.median()));
    Ok(Outcome { kind, each, ratio, met: ratio <= target::TYPED })
}

/// Decodes every event.
///
/// The raw event is matched and decoded in place. In the shorter loop of [`by_hand`], `?` copies it, which takes 10 ns: the
/// load of a part of it waits for several smaller stores.
fn decode(chunks: &[Bytes]) -> Result<usize, Error> {
    let mut decoder = Decoder::new();
    let mut count = 0;
    for chunk in chunks {
        let mut events = decoder.feed(chunk);
        loop {
            let event = match events.next_event() {
                Some(Ok(raw)) => Feed::decode(raw)?,
                Some(Err(error)) => return Err(error.into()),
                None => break,
            };
            if let Decoded::Event(event) = event {
                black_box(&event);
                count += 1;
            }
        }
    }
    Ok(count)
}

fn parse<T: DeserializeOwned>(payloads: &[String]) -> Result<usize, Error> {
    for payload in payloads {
        black_box(&serde_json::from_str::<T>(payload)?);
    }
    Ok(payloads.len())
}

/// Returns a table with a row per figure and a column per workload.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new("Typed decoding: ns per event, 16 KiB chunks", "step");
    table.columns(outcomes.iter().map(|outcome| outcome.kind.name()));
    for (row, step) in STEPS.iter().enumerate() {
        let cell = |outcome: &Outcome| outcome.each.get(row).map(|time| format!("{time:.0}")).unwrap_or_default();
        table.row(*step, outcomes.iter().map(cell));
    }
    table.row("(typed - raw) / json", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("target (at most)", outcomes.iter().map(|_| ratio(target::TYPED)));
    table.row("target met", outcomes.iter().map(|outcome| verdict(Some(outcome.met))));
    table
}
