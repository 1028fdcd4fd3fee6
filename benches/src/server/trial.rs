//! One server under one load.

use std::time::Duration;

use serde::Serialize;

use super::{
    contender::{Contender, Routing},
    load::Load,
    remote::Remote,
};
use crate::Error;

/// What is done in a trial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) connections: usize,
    /// How many events go out one at a time: the next one when all connections have the last.
    pub(super) single: usize,
    /// How many times a backlog goes out: the next one when all connections have the last.
    pub(super) backlogs: usize,
    /// How often events are published to see how long they take, and how many.
    pub(super) paced: Option<(Duration, usize)>,
}

/// The events of a backlog.
pub(super) const BACKLOG: usize = 64;

/// What a trial shows.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Readings {
    /// CPU nanoseconds of the server for each event on each connection.
    pub(super) single: f64,
    /// As `single`, where a backlog is ready.
    pub(super) backlog: f64,
    /// Bytes of resident memory for each connection that has not had an event yet.
    pub(super) idle_bytes: f64,
    /// Nanoseconds within which 99 of 100 events arrive.
    pub(super) p99: Option<f64>,
}

/// Starts a server, connects, and goes through the plan. To be called within a `LocalSet`.
pub(super) async fn run(contender: Contender, routing: Routing, plan: &Plan) -> Result<Readings, Error> {
    let mut server = Remote::start(contender, routing).await?;
    // What a first connection allocates for all is no other's share.
    drop(Load::connect(server.events, 1).await?);
    let before = server.usage().await?;
    let load = Load::connect(server.events, plan.connections).await?;
    let idle = server.usage().await?;
    let idle_kilobytes = idle.resident_kilobytes.saturating_sub(before.resident_kilobytes);

    send(&mut server, &load, 1, 1).await?;
    let single = send(&mut server, &load, 1, plan.single).await?;
    send(&mut server, &load, BACKLOG, 1).await?;
    let backlog = send(&mut server, &load, BACKLOG, plan.backlogs).await?;
    let p99 = match plan.paced {
        Some((interval, count)) => Some(pace(&mut server, &load, interval, count).await?),
        None => None,
    };
    let deliveries = |events| float(events * plan.connections);
    Ok(Readings {
        single: nanoseconds(single) / deliveries(plan.single),
        backlog: nanoseconds(backlog) / deliveries(BACKLOG * plan.backlogs),
        idle_bytes: float(usize::try_from(idle_kilobytes)? * 1024) / float(plan.connections),
        p99,
    })
}

/// `times` times `events` at once, and the CPU time that the server took for all.
async fn send(server: &mut Remote, load: &Load, events: usize, times: usize) -> Result<Duration, Error> {
    let before = server.usage().await?;
    for _ in 0..times {
        load.expect(events);
        server.publish(events).await?;
        load.arrived().await?;
    }
    Ok(server.usage().await?.cpu.saturating_sub(before.cpu))
}

async fn pace(server: &mut Remote, load: &Load, interval: Duration, count: usize) -> Result<f64, Error> {
    load.note_delays();
    load.expect(count);
    server.publish_every(interval, count).await?;
    load.arrived().await?;
    let mut delays = load.delays();
    delays.sort_unstable();
    let rank = (delays.len() * 99).div_ceil(100).saturating_sub(1);
    delays
        .get(rank)
        .map(|delay| nanoseconds(Duration::from_nanos(*delay)))
        .ok_or_else(|| "no event came in one piece".into())
}

fn nanoseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e9
}

#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}
