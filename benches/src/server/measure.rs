//! Trials of all servers in alternating rounds, and their medians.

use std::time::Duration;

use serde::Serialize;
use tokio::{runtime, task::LocalSet};

use super::{
    contender::{Contender, Routing},
    load::Order,
    remote::check_limit,
    trial::{self, Memory, Plan, Readings},
};
use crate::Error;

/// The numbers of connections and of rounds.
#[derive(Clone, Debug)]
pub struct Effort {
    /// The numbers of connections to measure.
    pub connections: Vec<usize>,
    /// The number of trials of each server with each number of connections.
    pub rounds: usize,
    /// The number of those trials that also measure delivery times, and memory after connections have come and gone.
    pub paced_rounds: usize,
    /// The duration of that measurement in seconds.
    pub paced_seconds: usize,
}

/// The results of the benchmark.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The readings for each number of connections.
    pub sizes: Vec<Size>,
    /// The resident memory per idle connection of [`Contender::Shared`] in bytes, for each [`Routing`].
    pub routings: Vec<(Routing, f64)>,
    /// The memory of [`Contender::TakenOver`] for each [`Order`] of the largest number of connections.
    pub orders: Vec<(Order, Memory)>,
}

/// The readings of some servers for one number of connections.
#[derive(Debug, Serialize)]
pub struct Size {
    /// The number of connections.
    pub connections: usize,
    /// The readings of each server, one per round.
    pub servers: Vec<(Contender, Vec<Readings>)>,
}

impl Size {
    /// Returns the median of a figure of a server, or `None` if the server was not measured.
    pub(super) fn median(&self, contender: Contender, figure: Figure) -> Option<f64> {
        Some(median(self.readings(contender)?.iter().filter_map(figure).collect()))
    }

    /// Returns the ratio of a figure of one server to that of another: the median of the ratios within a round.
    pub(super) fn share(&self, ours: Contender, other: Contender, figure: Figure) -> Option<f64> {
        let rounds = self.readings(ours)?.iter().zip(self.readings(other)?);
        Some(median(rounds.filter_map(|(ours, other)| Some(figure(ours)? / figure(other)?)).collect()))
    }

    fn readings(&self, contender: Contender) -> Option<&[Readings]> {
        self.servers.iter().find_map(|(known, readings)| (*known == contender).then_some(readings.as_slice()))
    }
}

/// A figure of a trial, or `None` if it was not measured.
pub(super) type Figure = fn(&Readings) -> Option<f64>;

/// Runs a trial of each server per round and number of connections. Every second round is in reverse order.
///
/// # Errors
///
/// Returns an error if the limit of open files is too low for the connections, or if a trial fails.
pub fn measure(effort: &Effort) -> Result<Figures, Error> {
    let sizes = sizes(effort, Contender::SERVING)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let routings = runtime.block_on(LocalSet::new().run_until(routings(effort)))?;
    let orders = orders(effort)?;
    Ok(Figures { sizes, routings, orders })
}

/// Measures the memory of [`Contender::TakenOver`] with the largest number of connections, opened in each [`Order`].
///
/// # Errors
///
/// The same errors as [`measure`].
pub fn orders(effort: &Effort) -> Result<Vec<(Order, Memory)>, Error> {
    let connections = effort.connections.iter().copied().max().unwrap_or_default();
    check_limit(connections)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let order = |order| runtime.block_on(LocalSet::new().run_until(in_order(connections, effort.paced_rounds, order)));
    Order::ALL.into_iter().map(|each| Ok((each, order(each)?))).collect()
}

async fn in_order(connections: usize, rounds: usize, order: Order) -> Result<Memory, Error> {
    let plan = Plan { connections, single: 0, backlogs: 0, paced: None, churns: CHURNS, order };
    let mut memories = Vec::new();
    for round in 0..rounds {
        eprintln!("memory by order, {}, round {} of {rounds}", order.name(), round + 1);
        memories.push(trial::memory(Contender::TakenOver, &plan).await?);
    }
    Ok(Memory {
        idle_bytes: median(memories.iter().map(|memory| memory.idle_bytes).collect()),
        churned_bytes: Some(median(memories.iter().filter_map(|memory| memory.churned_bytes).collect())),
    })
}

/// Like [`measure`], for other servers.
///
/// # Errors
///
/// The same errors as [`measure`].
pub fn sizes(effort: &Effort, contenders: &[Contender]) -> Result<Vec<Size>, Error> {
    check_limit(effort.connections.iter().copied().max().unwrap_or_default())?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let size = |&connections| runtime.block_on(LocalSet::new().run_until(size(connections, effort, contenders)));
    effort.connections.iter().map(size).collect()
}

async fn size(connections: usize, effort: &Effort, contenders: &[Contender]) -> Result<Size, Error> {
    let mut readings: Vec<_> = contenders.iter().map(|_| Vec::new()).collect();
    for round in 0..effort.rounds {
        eprintln!("{connections} connections, round {} of {}", round + 1, effort.rounds);
        let plan = plan(connections, effort, round);
        let mut entries: Vec<_> = contenders.iter().copied().zip(&mut readings).collect();
        if round % 2 == 1 {
            entries.reverse();
        }
        for (contender, readings) in entries {
            let trial = trial::run(contender, Routing::MakeService, &plan).await;
            readings.push(trial.map_err(|error| format!("{}: {error}", contender.name()))?);
        }
    }
    Ok(Size { connections, servers: contenders.iter().copied().zip(readings).collect() })
}

/// The number of times that all connections are closed and opened again.
const CHURNS: usize = 5;

/// Returns the plan of a trial: enough events for the CPU clock to measure, and fewer of them with more connections, so
/// that all trials take about as long.
fn plan(connections: usize, effort: &Effort, round: usize) -> Plan {
    // 10 events per second, or 1 per second with more than 1000 connections.
    let interval = Duration::from_millis(if connections > 1000 { 1000 } else { 100 });
    let count = effort.paced_seconds * 1000 / usize::try_from(interval.as_millis()).unwrap_or(usize::MAX);
    Plan {
        connections,
        single: (20_000 / connections).clamp(4, 200),
        backlogs: (500_000 / (trial::BACKLOG * connections)).clamp(1, 64),
        paced: (round < effort.paced_rounds).then_some((interval, count)),
        churns: if round < effort.paced_rounds { CHURNS } else { 0 },
        order: Order::OneByOne,
    }
}

async fn routings(effort: &Effort) -> Result<Vec<(Routing, f64)>, Error> {
    const CONNECTIONS: usize = 1000;
    let order = Order::OneByOne;
    let plan = Plan { connections: CONNECTIONS, single: 1, backlogs: 1, paced: None, churns: 0, order };
    let routings = [Routing::MakeService, Routing::Bare, Routing::BareOf50];
    let mut readings = routings.map(|_| Vec::new());
    for round in 0..effort.rounds {
        eprintln!("memory by routing, round {} of {}", round + 1, effort.rounds);
        for (routing, readings) in routings.into_iter().zip(&mut readings) {
            readings.push(trial::run(Contender::Shared, routing, &plan).await?.memory.idle_bytes);
        }
    }
    Ok(routings.into_iter().zip(readings.map(median)).collect())
}

pub(super) fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
