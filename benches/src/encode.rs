//! Comparison of the encoders.

use std::{
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use axum::response::{IntoResponse, Sse, sse};
use bytes::BytesMut;
use bytestring::ByteString;
use futures_util::stream;
use http_body::Body;
use serde::Serialize;
use sse_core::Encoder;
use tokio_util::codec::Encoder as _;

use crate::{
    Error,
    clock::{Runner, race},
    event::{Edit, Feed, Tick, edit, tick, trade},
    report::{Table, nanoseconds_each, ratio, verdict},
    target,
};

/// A set of events of one kind and one size.
#[derive(Clone, Debug)]
pub struct Sample<P> {
    name: &'static str,
    items: Vec<Item<P>>,
}

/// An event in the forms that the encoders take: `whole` for this workspace's, its parts for the others.
#[derive(Clone, Debug)]
struct Item<P> {
    whole: Feed,
    id: Option<u64>,
    payload: P,
}

impl<P> Sample<P> {
    /// Returns `times` events, cycling through those of the sample.
    fn items(&self, times: usize) -> impl Iterator<Item = &Item<P>> {
        self.items.iter().cycle().take(times).map(black_box)
    }
}

/// Encodes the given number of events, and returns their total size in bytes.
pub type Run<P> = fn(&Sample<P>, usize) -> Result<usize, Error>;

/// Returns all encoders: the lower bound, this workspace's, and those of other crates.
#[must_use]
pub fn encoders<P: Clone + Serialize + Send + Sync + 'static>() -> [(&'static str, Run<P>); 5] {
    [("lower bound", lower_bound), ("ours", ours), ("sse-stream", sse_stream), ("russe", russe), ("axum", axum)]
}

/// The names of the [`samples`] in tables.
pub const SAMPLES: [&str; 3] = ["small with an ID", "small", "large"];

/// Returns the samples: small with an ID, small, and large.
#[must_use]
pub fn samples() -> (Sample<Tick>, Sample<Tick>, Sample<Edit>) {
    /// The number of different events in a sample.
    const ITEMS: usize = 64;
    /// The length of the HTML that makes the large event 1404 bytes long.
    const HTML_BYTES: usize = 1167;
    let with_id = (0_u64..).zip(0..ITEMS).map(|(serial, n)| {
        let id = 1_000_000 + serial;
        Item { whole: trade(id, n), id: Some(id), payload: tick(n) }
    });
    let small = (0..ITEMS).map(|n| Item { whole: Feed::Tick(tick(n)), id: None, payload: tick(n) });
    let large = (0..ITEMS).map(|n| edit(n, HTML_BYTES));
    let large = large.map(|edit| Item { whole: Feed::Edit(edit.clone()), id: None, payload: edit });
    (
        Sample { name: "trade", items: with_id.collect() },
        Sample { name: "tick", items: small.collect() },
        Sample { name: "edit", items: large.collect() },
    )
}

/// Writes literal field names and `serde_json::to_writer` output into one reused `Vec`, without any checks.
fn lower_bound<P: Serialize>(sample: &Sample<P>, times: usize) -> Result<usize, Error> {
    let mut out = Vec::new();
    let mut bytes = 0;
    for item in sample.items(times) {
        out.clear();
        out.extend_from_slice(b"event: ");
        out.extend_from_slice(sample.name.as_bytes());
        if let Some(id) = item.id {
            out.extend_from_slice(b"\nid: ");
            serde_json::to_writer(&mut out, &id)?;
        }
        out.extend_from_slice(b"\ndata: ");
        serde_json::to_writer(&mut out, &item.payload)?;
        out.extend_from_slice(b"\n\n");
        bytes += black_box(&out).len();
    }
    Ok(bytes)
}

fn ours<P>(sample: &Sample<P>, times: usize) -> Result<usize, Error> {
    let mut encoder = Encoder::new();
    let mut bytes = 0;
    for item in sample.items(times) {
        encoder.clear();
        encoder.event(&item.whole)?;
        bytes += black_box(&encoder).len();
    }
    Ok(bytes)
}

fn sse_stream<P: Serialize>(sample: &Sample<P>, times: usize) -> Result<usize, Error> {
    let mut bytes = 0;
    for item in sample.items(times) {
        let mut event = sse_stream::Sse::default().event(sample.name).data(serde_json::to_string(&item.payload)?);
        if let Some(id) = item.id {
            event = event.id(id.to_string());
        }
        bytes += black_box(event.encode()?).len();
    }
    Ok(bytes)
}

fn russe<P: Serialize>(sample: &Sample<P>, times: usize) -> Result<usize, Error> {
    let mut encoder = russe::Encoder::default();
    let mut out = BytesMut::new();
    let mut bytes = 0;
    for item in sample.items(times) {
        out.clear();
        let message = russe::Message {
            data: serde_json::to_string(&item.payload)?.into(),
            event: Some(ByteString::from_static(sample.name)),
            retry: None,
            id: item.id.map(|id| id.to_string().into()),
        };
        encoder.encode(russe::Event::Message(message), &mut out)?;
        bytes += black_box(&out).len();
    }
    Ok(bytes)
}

fn axum<P: Clone + Serialize + Send + Sync + 'static>(sample: &Sample<P>, times: usize) -> Result<usize, Error> {
    let Sample { name, items } = sample.clone();
    let count = items.len();
    let events = (0..times).filter_map(move |n| {
        let item = black_box(items.get(n % count)?);
        let mut event = sse::Event::default().event(name);
        if let Some(id) = item.id {
            event = event.id(id.to_string());
        }
        Some(event.json_data(&item.payload))
    });
    let mut body = pin!(Sse::new(stream::iter(events)).into_response().into_body());
    let mut context = Context::from_waker(Waker::noop());
    let mut bytes = 0;
    while let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut context) {
        bytes += black_box(frame?).data_ref().map_or(0, bytes::Bytes::len);
    }
    Ok(bytes)
}

/// The times per event of all encoders on one sample.
#[derive(Debug, Serialize)]
pub struct Outcome {
    sample: &'static str,
    bytes: usize,
    nanoseconds: Vec<(&'static str, f64)>,
    ratio: f64,
    met: bool,
}

/// Compares all encoders on a sample, with `times` events per round.
///
/// # Errors
///
/// Returns an error if the encoders do not all write the same number of bytes.
pub fn compare<P: Clone + Serialize + Send + Sync + 'static>(
    name: &'static str,
    sample: &Sample<P>,
    times: usize,
    rounds: usize,
) -> Result<Outcome, Error> {
    let encoders = encoders::<P>();
    let bytes = lower_bound(sample, 1)?;
    for (encoder, encode) in &encoders {
        let written = encode(sample, 1)?;
        if written != bytes {
            return Err(
                format!("{name}: `{encoder}` writes {written} bytes, but the lower bound writes {bytes}").into()
            );
        }
    }
    let mut runners: Vec<Runner<'_>> = Vec::new();
    for (_, encode) in &encoders {
        runners.push(Box::new(move || drop(black_box(encode(sample, times)))));
    }
    let raced = race(rounds, &mut runners);
    let [bound, own, ..] = raced.as_slice() else { return Err("an encoder is missing".into()) };
    let ratio = bound.share_of(own);
    let each = raced.iter().map(|of| nanoseconds_each(times, of.median()));
    let nanoseconds: Vec<_> = encoders.iter().map(|(encoder, _)| *encoder).zip(each).collect();
    Ok(Outcome { sample: name, bytes, nanoseconds, ratio, met: ratio <= target::ENCODER })
}

/// Returns a table with a row per encoder and a column per sample.
#[must_use]
pub fn table(outcomes: &[Outcome], label: fn(&str) -> String) -> Table {
    let mut table = Table::new("Encoding: ns per event", "encoder");
    let heads: Vec<_> = outcomes.iter().map(|outcome| format!("{}, {} bytes", outcome.sample, outcome.bytes)).collect();
    table.columns(heads.iter().map(String::as_str));
    for (row, (encoder, _)) in encoders::<Tick>().iter().enumerate() {
        let cell = |outcome: &Outcome| outcome.nanoseconds.get(row).map_or(0.0, |(_, time)| *time);
        table.row(label(encoder), outcomes.iter().map(|outcome| format!("{:.1}", cell(outcome))));
    }
    table.row("ours / lower bound", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("target (at most)", outcomes.iter().map(|_| ratio(target::ENCODER)));
    table.row("target met", outcomes.iter().map(|outcome| verdict(Some(outcome.met))));
    table
}
