//! Serves a hub with axum and exports its statistics through the `metrics` crate.
//!
//! Run it with `cargo run --example hub`, then `curl -N http://127.0.0.1:3000/match/17`. The arguments are the port, and
//! the seconds over which the subscriptions are ended after Ctrl-C or SIGTERM.

use std::{env, error::Error, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics::{counter, gauge};
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::{Gap, SseEvent};
use sse_examples::server;
use sse_hub::{Hub, Options, Stats};
use tokio::{net::TcpListener, time::sleep};

#[derive(SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal {
        minute: u32,
    },
    /// Events are missing; the client reloads the score.
    Resync(Gap),
    /// Carries only an ID.
    Here,
}

async fn follow(
    State(hub): State<Hub<Score>>,
    Path(number): Path<u32>,
    LastEventId(last): LastEventId,
) -> Result<Response, StatusCode> {
    let subscription = hub
        .topic(&format!("match/{number}"))
        .subscribe(last)
        .map_err(|error| StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))?;
    if subscription.is_over() {
        return Ok(StopReconnecting.into_response());
    }
    Ok(Sse::new(subscription.on_bookmark(&Score::Here).on_gap(Score::Resync)).into_response())
}

async fn ready(State(hub): State<Hub<Score>>) -> StatusCode {
    if hub.health().is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Records the statistics with the `metrics` facade. An exporter such as `metrics-exporter-prometheus` publishes them.
#[expect(clippy::cast_precision_loss, reason = "sizes here are far below 2^52")]
fn export(stats: &Stats) {
    gauge!("hub_held_events").set(stats.held_events as f64);
    gauge!("hub_held_bytes").set(stats.held_bytes as f64);
    gauge!("hub_topics").set(stats.topics as f64);
    gauge!("hub_subscriptions").set(stats.subscriptions as f64);
    gauge!("hub_pending_bytes").set(stats.pending_bytes as f64);
    counter!("hub_events_total").absolute(stats.events);
    counter!("hub_evicted_total").absolute(stats.evicted);
    counter!("hub_subscribed_total").absolute(stats.subscribed);
    counter!("hub_cut_total").absolute(stats.cut);
    counter!("hub_bookmarks_total").absolute(stats.bookmarks);
    let gaps = stats.gaps;
    for (reason, count) in [
        ("evicted", gaps.evicted),
        ("slow", gaps.slow),
        ("restarted", gaps.restarted),
        ("rewound", gaps.rewound),
        ("lost", gaps.lost),
        ("unknown", gaps.unknown),
    ] {
        counter!("hub_gaps_total", "reason" => reason).absolute(count);
    }
}

/// Waits until the program is to stop, and then until all subscriptions have ended. Meanwhile, new ones are refused, so
/// that clients reconnect to another node.
async fn drained(hub: Hub<Score>, over: Duration) {
    server::signal().await;
    hub.drain(over).await;
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let port: u16 = arguments.next().map_or(Ok(3000), |port| port.parse())?;
    let drain: u64 = arguments.next().map_or(Ok(10), |seconds| seconds.parse())?;
    let hub: Hub<Score> = Hub::memory(Options::new());
    let publisher = hub.clone();
    tokio::spawn(async move {
        for minute in 1..=90 {
            if let Err(error) = publisher.topic("match/17").publish(&Score::Goal { minute }).await {
                eprintln!("failed to publish the goal: {error}");
            }
            sleep(Duration::from_secs(1)).await;
        }
    });
    let measured = hub.clone();
    tokio::spawn(async move {
        loop {
            export(&measured.stats());
            sleep(Duration::from_secs(10)).await;
        }
    });
    let router =
        Router::new().route("/match/{number}", get(follow)).route("/ready", get(ready)).with_state(hub.clone());
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let serve = sse_axum::serve(listener, router.into_make_service());
    serve.with_graceful_shutdown(drained(hub, Duration::from_secs(drain))).await?;
    Ok(())
}
