//! A reader that stalls, and what it costs the others.

use std::time::Duration;

use sse_core::{EventStream, GapReason};
use tokio::{runtime, task::LocalSet};
use tokio_stream::StreamExt as _;

use super::{
    contender::{CAPACITY, Contender, Feed, Routing, TEXT_BYTES},
    load::{Load, Order},
    measure::median,
    remote::{Remote, check_limit},
    trial::{self, Delays},
};
use crate::{
    Error,
    report::{Table, ratio},
};

/// The size of a measurement.
#[derive(Clone, Copy, Debug)]
pub struct Stalled {
    /// The number of readers that read.
    pub readers: usize,
    /// The time for which the other reader stalls.
    pub seconds: usize,
    /// The number of trials with and without that reader.
    pub rounds: usize,
}

/// The time between two events.
const INTERVAL: Duration = Duration::from_millis(10);

/// The length of the text that makes an event 1.5 kB long.
const LARGE: usize = 1442;

/// The results of a trial.
#[derive(Clone, Copy, Debug)]
struct Readings {
    delays: Delays,
    /// The growth of the server's resident memory in kilobytes.
    grown: f64,
}

/// Measures the delivery times of the other readers while one does not read, and without that one, in turn.
///
/// # Errors
///
/// Returns an error if an event does not arrive, or if the reader that stalls does not receive one gap for what it has
/// missed, and then the newest event.
pub fn stall(size: Stalled) -> Result<Table, Error> {
    check_limit(size.readers)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        alone.push(runtime.block_on(LocalSet::new().run_until(trial(size, false)))?);
        beside.push(runtime.block_on(LocalSet::new().run_until(trial(size, true)))?);
    }
    Ok(table(size, &alone, &beside))
}

async fn trial(size: Stalled, has_stalled: bool) -> Result<Readings, Error> {
    let mut server = Remote::start(Contender::HubAll, Routing::MakeService).await?;
    let load = Load::connect(server.events, size.readers, Order::OneByOne).await?;
    let stalled = if has_stalled { Some(reqwest::get(format!("http://{}/", server.events)).await?) } else { None };
    // Fills the window.
    trial::pace(&mut server, &load, Duration::from_millis(5), CAPACITY, LARGE).await?;
    let before = server.usage().await?.resident_kilobytes;
    let count = size.seconds * 100;
    let delays = trial::pace(&mut server, &load, INTERVAL, count, LARGE).await?;
    let after = server.usage().await?.resident_kilobytes;
    if let Some(response) = stalled {
        let events = 1 + CAPACITY + count;
        // The last event.
        load.expect(1);
        server.publish_every(INTERVAL, 1, TEXT_BYTES).await?;
        load.arrived().await?;
        catch_up(response, events).await?;
    }
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    Ok(Readings { delays, grown: after as f64 - before as f64 })
}

/// Reads what is left for a reader that has stalled, up to the event with this number.
async fn catch_up(response: reqwest::Response, last: usize) -> Result<(), Error> {
    let mut feeds = EventStream::<_, Feed>::new(response.bytes_stream()).envelopes();
    let (mut gaps, mut received) = (Vec::new(), 0);
    loop {
        let envelope = tokio::time::timeout(Duration::from_secs(60), feeds.next()).await?;
        let envelope = envelope.ok_or("the reader that stalled was cut")??;
        match envelope.event {
            Some(Feed::Resync(gap)) => gaps.push(gap.reason),
            Some(Feed::Tick(_)) => received += 1,
            None => {}
        }
        let id = envelope.id.as_ref().and_then(|id| id.as_str().rsplit_once('-'));
        if id.and_then(|(_, offset)| offset.parse::<usize>().ok()).is_some_and(|offset| offset >= last) {
            break;
        }
    }
    if gaps == [GapReason::Slow] && received < last {
        return Ok(());
    }
    Err(format!("the reader that stalled has received {received} of {last} events and the gaps {gaps:?}").into())
}

fn table(size: Stalled, alone: &[Readings], beside: &[Readings]) -> Table {
    let Stalled { readers, seconds, rounds } = size;
    let mut table = Table::new(
        format!(
            "Delivery to {readers} readers at 100 events of 1.5 kB per second, while another one does not read for \
             {seconds} s; medians of {rounds}"
        ),
        "",
    );
    table.columns(["50th percentile: ms", "99th percentile: ms", "growth of resident memory: kB"]);
    let medians = |readings: &[Readings]| {
        let of = |figure: fn(&Readings) -> f64| median(readings.iter().map(figure).collect());
        [of(|reading| reading.delays.p50), of(|reading| reading.delays.p99), of(|reading| reading.grown)]
    };
    let (alone, beside) = (medians(alone), medians(beside));
    for (name, [p50, p99, grown]) in [("without it", alone), ("with it", beside)] {
        table.row(name, [format!("{:.2}", p50 / 1e6), format!("{:.2}", p99 / 1e6), format!("{grown:.0}")]);
    }
    table.row("with it / without it", [ratio(beside[0] / alone[0]), ratio(beside[1] / alone[1]), String::new()]);
    table
}
