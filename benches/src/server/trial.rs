//! Trial of one server under one load.

use std::time::Duration;

use serde::Serialize;

use super::{
    contender::{Contender, Routing, TEXT_BYTES},
    load::{Load, Order},
    remote::{Remote, Usage},
};
use crate::Error;

/// The steps of a trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) connections: usize,
    /// The number of single events. Each is published once the previous one has arrived on all connections.
    pub(super) single: usize,
    /// The number of backlogs. Each is published once the previous one has arrived on all connections.
    pub(super) backlogs: usize,
    /// The interval and the number of the events whose delivery times are measured.
    pub(super) paced: Option<(Duration, usize)>,
    /// The number of times that all connections are closed and opened again, to measure the memory after that.
    pub(super) churns: usize,
    pub(super) order: Order,
}

/// The number of events in a backlog, which are published at once.
pub(super) const BACKLOG: usize = 64;

/// The results of a trial.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Readings {
    /// The CPU time of the server per delivered event in nanoseconds, with one event at a time.
    pub single: f64,
    /// Like `single`, but with a backlog of events.
    pub backlog: f64,
    /// The memory of the server.
    pub memory: Memory,
    /// The 99th percentile of the delivery time in nanoseconds, if it was measured.
    pub p99: Option<f64>,
}

/// The resident memory of a server per idle connection in bytes. Idle connections have not received an event.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Memory {
    /// The memory after all connections were opened.
    pub idle_bytes: f64,
    /// The memory after all connections were closed and opened again, if it was measured.
    pub churned_bytes: Option<f64>,
}

/// Starts a server, connects to it, and runs the steps of the plan. Must be called within a `LocalSet`.
pub(super) async fn run(contender: Contender, routing: Routing, plan: &Plan) -> Result<Readings, Error> {
    let mut server = Remote::start(contender, routing).await?;
    let (load, memory) = connect(&mut server, plan).await?;
    send(&mut server, &load, 1, 1).await?;
    let single = send(&mut server, &load, 1, plan.single).await?;
    send(&mut server, &load, BACKLOG, 1).await?;
    let backlog = send(&mut server, &load, BACKLOG, plan.backlogs).await?;
    let p99 = match plan.paced {
        Some((interval, count)) => Some(pace(&mut server, &load, interval, count, TEXT_BYTES).await?.p99),
        None => None,
    };
    let deliveries = |events| float(events * plan.connections);
    Ok(Readings {
        single: nanoseconds(single) / deliveries(plan.single),
        backlog: nanoseconds(backlog) / deliveries(BACKLOG * plan.backlogs),
        memory,
        p99,
    })
}

/// Runs only the steps of the plan that measure memory.
pub(super) async fn memory(contender: Contender, plan: &Plan) -> Result<Memory, Error> {
    let mut server = Remote::start(contender, Routing::MakeService).await?;
    Ok(connect(&mut server, plan).await?.1)
}

/// Opens the connections, closes them and opens them again as planned.
async fn connect(server: &mut Remote, plan: &Plan) -> Result<(Load, Memory), Error> {
    // The first connection makes allocations that all connections share; these do not count as memory per connection.
    drop(Load::connect(server.events, 1, Order::OneByOne).await?);
    let before = server.usage().await?;
    let each = |usage: Usage| {
        let kilobytes = usage.resident_kilobytes.saturating_sub(before.resident_kilobytes);
        Ok::<_, Error>(float(usize::try_from(kilobytes)? * 1024) / float(plan.connections))
    };
    let mut load = Load::connect(server.events, plan.connections, plan.order).await?;
    let idle_bytes = each(server.usage().await?)?;
    for _ in 0..plan.churns {
        drop(load);
        // The server closes some 10 connections per millisecond.
        tokio::time::sleep(Duration::from_millis(100 + u64::try_from(plan.connections / 5)?)).await;
        load = Load::connect(server.events, plan.connections, plan.order).await?;
    }
    let churned_bytes = if plan.churns > 0 { Some(each(server.usage().await?)?) } else { None };
    Ok((load, Memory { idle_bytes, churned_bytes }))
}

/// Publishes `events` events at once, `times` times, and returns the CPU time that the server took for all of them.
async fn send(server: &mut Remote, load: &Load, events: usize, times: usize) -> Result<Duration, Error> {
    let before = server.usage().await?;
    for _ in 0..times {
        load.expect(events);
        server.publish(events).await?;
        load.arrived().await?;
    }
    Ok(server.usage().await?.cpu.saturating_sub(before.cpu))
}

/// Percentiles of delivery times in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delays {
    pub(super) p50: f64,
    pub(super) p99: f64,
}

/// Publishes `count` events with a text of this length at an interval, and returns their delivery times.
pub(super) async fn pace(
    server: &mut Remote,
    load: &Load,
    interval: Duration,
    count: usize,
    text_bytes: usize,
) -> Result<Delays, Error> {
    load.record_delays(text_bytes);
    load.expect(count);
    server.publish_every(interval, count, text_bytes).await?;
    load.arrived_after(interval * u32::try_from(count)?).await?;
    let mut delays = load.delays();
    delays.sort_unstable();
    let percentile = |percent: usize| {
        let delay = delays.get((delays.len() * percent).div_ceil(100).saturating_sub(1));
        delay.map(|delay| nanoseconds(Duration::from_nanos(*delay))).ok_or("no event arrived in a single read")
    };
    Ok(Delays { p50: percentile(50)?, p99: percentile(99)? })
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}
