//! Serves a live market feed, and a page that shows it, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example ticker
//!     cargo run --example ticker -- --port 8080 --speed 20
//!
//! The feed is at `/events`. All listeners follow the same trading day. One that comes late receives the earlier events
//! of the day first. After the close, `POST /open` opens the market again.

mod exchange;
mod page;

use std::{process::ExitCode, time::Duration};

use axum::routing::{get, post};
use clap::Parser;
use sse_core::Report;
use sse_examples::{
    market::Day,
    server::{self, Port},
};

use crate::exchange::Exchange;

/// Serves ten years of recorded prices as a live market feed, with a page that shows it.
#[derive(Debug, Parser)]
#[command(name = "ticker")]
struct Options {
    #[command(flatten)]
    port: Port,
    /// The number of months per second; the recorded prices span 123.
    #[arg(long, value_name = "MONTHS", default_value = "2", value_parser = month)]
    speed: Duration,
    /// The time in milliseconds after which clients reconnect; short, so that the page soon continues.
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 1000)]
    retry: u64,
}

/// Parses a speed in months per second. Returns the duration of a month.
fn month(speed: &str) -> Result<Duration, String> {
    match speed.parse() {
        Ok(speed @ 0.01..=1000.0) => Ok(Duration::from_secs_f64(1.0 / speed)),
        _ => Err("write a number of months from 0.01 to 1000".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Options { port, speed, retry } = Options::parse();
    let day = match Day::recorded() {
        Ok(day) => day,
        Err(error) => {
            eprintln!("ticker: invalid recorded prices: {}", Report::new(&error));
            return ExitCode::FAILURE;
        }
    };
    let exchange = Exchange::new(day, speed, Duration::from_millis(retry));
    exchange.clone().open();
    let hub = exchange.hub.clone();
    let app = page::routes()
        .route("/events", get(exchange::events))
        .route("/open", post(exchange::open))
        .with_state(exchange);
    // Closing the hub ends all streams. The clients reconnect, to the next server on this port.
    server::run("ticker", port, app, move || hub.close()).await
}
