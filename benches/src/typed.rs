//! Cost of typed decoding, compared with raw decoding and with parsing the same JSON.

use std::hint::black_box;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error,
    chunking::Chunking,
    clock::{Runner, Times, race},
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

/// The times per event on one workload, in nanoseconds.
#[derive(Debug, Serialize)]
pub struct Outcome {
    kind: Kind,
    json: f64,
    raw: f64,
    typed: f64,
    ratio: f64,
    met: bool,
}

/// Measures typed decoding, raw decoding of the same stream, and `serde_json::from_str` on the same payloads.
///
/// # Errors
///
/// Returns an error if an event cannot be decoded, or if a payload cannot be parsed.
pub fn measure(kind: Kind, workload: &Workload, rounds: usize) -> Result<Outcome, Error> {
    let chunks = Chunking::Record.cut(workload);
    let typed = by_hand::<Feed>(&chunks)?;
    let json = match kind {
        Kind::Llm => parse::<Delta>,
        Kind::Wiki => parse::<Edit>,
        _ => parse::<Tick>,
    };
    let events = workload.payloads.len();
    if (typed, json(&workload.payloads)?) != (events, events) {
        return Err(format!("{}: decoded {typed} typed events, expected {events}", kind.name()).into());
    }
    let mut runners: [Runner<'_>; 3] = [
        Box::new(|| drop(black_box(json(black_box(&workload.payloads))))),
        Box::new(|| drop(black_box(peers::ours(black_box(&chunks), &mut Tally::default())))),
        Box::new(|| drop(black_box(by_hand::<Feed>(black_box(&chunks))))),
    ];
    let times = race(rounds, &mut runners);
    let each = |index: usize| nanoseconds_each(events, times.get(index).map(Times::median).unwrap_or_default());
    let (json, raw, typed) = (each(0), each(1), each(2));
    let ratio = (typed - raw) / json;
    Ok(Outcome { kind, json, raw, typed, ratio, met: ratio <= target::TYPED })
}

fn parse<T: DeserializeOwned>(payloads: &[String]) -> Result<usize, Error> {
    for payload in payloads {
        black_box(serde_json::from_str::<T>(payload)?);
    }
    Ok(payloads.len())
}

/// Returns a table with a row per figure and a column per workload.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new("Typed decoding: ns per event, 16 KiB chunks", "step");
    table.columns(outcomes.iter().map(|outcome| outcome.kind.name()));
    let mut figures = |name: &str, figure: fn(&Outcome) -> f64| {
        table.row(name, outcomes.iter().map(|outcome| format!("{:.0}", figure(outcome))));
    };
    figures("`serde_json::from_str` on the payloads", |outcome| outcome.json);
    figures("raw events", |outcome| outcome.raw);
    figures("typed events", |outcome| outcome.typed);
    table.row("(typed - raw) / json", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("target (at most)", outcomes.iter().map(|_| ratio(target::TYPED)));
    table.row("target met", outcomes.iter().map(|outcome| verdict(Some(outcome.met))));
    table
}
