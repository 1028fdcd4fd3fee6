//! All contenders, in alternating rounds.

use std::time::Duration;

use serde::Serialize;
use tokio::{runtime, task::LocalSet};

use super::{
    contender::{Contender, Routing},
    remote::check_limit,
    trial::{self, Plan, Readings},
};
use crate::Error;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Effort {
    /// Numbers of connections.
    pub connections: Vec<usize>,
    /// How many trials each contender has of each number.
    pub rounds: usize,
    /// In how many of them the time to arrive is measured too.
    pub paced_rounds: usize,
    /// For how long then.
    pub paced_seconds: usize,
}

/// Medians.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// One for each number of connections.
    pub sizes: Vec<Size>,
    /// Bytes for each idle connection of ours, by how the router is served.
    pub routings: Vec<(Routing, f64)>,
}

/// Medians for one number of connections.
#[derive(Debug, Serialize)]
pub struct Size {
    /// How many there were.
    pub connections: usize,
    /// One for each contender.
    pub medians: Vec<Medians>,
}

/// The medians of one contender.
#[derive(Debug, Serialize)]
pub struct Medians {
    /// CPU nanoseconds of the server for each event on each connection, one at a time.
    pub single: f64,
    /// As `single`, with a backlog.
    pub backlog: f64,
    /// Bytes of resident memory for each idle connection.
    pub idle_bytes: f64,
    /// Nanoseconds within which 99 of 100 events arrive.
    pub p99: f64,
}

/// Lets all contenders serve, `rounds` times for each number of connections, every second round in reverse order.
///
/// # Errors
///
/// When the process may not hold that many connections, or a trial fails.
pub fn measure(effort: &Effort) -> Result<Figures, Error> {
    check_limit(effort.connections.iter().copied().max().unwrap_or_default())?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let mut sizes = Vec::new();
    for &connections in &effort.connections {
        sizes.push(runtime.block_on(LocalSet::new().run_until(size(connections, effort)))?);
    }
    let routings = runtime.block_on(LocalSet::new().run_until(routings(effort)))?;
    Ok(Figures { sizes, routings })
}

async fn size(connections: usize, effort: &Effort) -> Result<Size, Error> {
    let mut readings = Contender::ALL.map(|_| Vec::new());
    for round in 0..effort.rounds {
        eprintln!("{connections} connections, round {} of {} ..", round + 1, effort.rounds);
        let plan = plan(connections, effort, round);
        let mut entries: Vec<_> = Contender::ALL.into_iter().zip(&mut readings).collect();
        if round % 2 == 1 {
            entries.reverse();
        }
        for (contender, readings) in entries {
            let trial = trial::run(contender, Routing::MakeService, &plan).await;
            readings.push(trial.map_err(|error| format!("{}: {error}", contender.name()))?);
        }
    }
    Ok(Size { connections, medians: readings.iter().map(|readings| medians(readings)).collect() })
}

/// Enough work for a clock that counts nanoseconds, and not too much of it for many connections.
fn plan(connections: usize, effort: &Effort, round: usize) -> Plan {
    // Many connections get an event a second, fewer of them ten.
    let interval = Duration::from_millis(if connections > 1000 { 1000 } else { 100 });
    let count = effort.paced_seconds * 1000 / usize::try_from(interval.as_millis()).unwrap_or(usize::MAX);
    Plan {
        connections,
        single: (20_000 / connections).clamp(4, 200),
        backlogs: (100_000 / (trial::BACKLOG * connections)).clamp(1, 16),
        paced: (round < effort.paced_rounds).then_some((interval, count)),
    }
}

async fn routings(effort: &Effort) -> Result<Vec<(Routing, f64)>, Error> {
    const CONNECTIONS: usize = 1000;
    let plan = Plan { connections: CONNECTIONS, single: 1, backlogs: 1, paced: None };
    let routings = [Routing::MakeService, Routing::Bare, Routing::BareOf50];
    let mut readings = routings.map(|_| Vec::new());
    for round in 0..effort.rounds {
        eprintln!("memory by routing, round {} of {} ..", round + 1, effort.rounds);
        for (routing, readings) in routings.into_iter().zip(&mut readings) {
            readings.push(trial::run(Contender::Shared, routing, &plan).await?.idle_bytes);
        }
    }
    Ok(routings.into_iter().zip(readings.map(median)).collect())
}

fn medians(readings: &[Readings]) -> Medians {
    let of = |figure: fn(&Readings) -> Option<f64>| median(readings.iter().filter_map(figure).collect());
    Medians {
        single: of(|readings| Some(readings.single)),
        backlog: of(|readings| Some(readings.backlog)),
        idle_bytes: of(|readings| Some(readings.idle_bytes)),
        p99: of(|readings| readings.p99),
    }
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
