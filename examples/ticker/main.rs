//! Serves a live market feed, and a page that shows it, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example ticker
//!     cargo run --example ticker -- --port 8080 --speed 20
//!
//! The feed is at `/events`. Every connection gets its own replay of the day, which begins after the event with the ID
//! in `Last-Event-ID`, or with the first event.

mod feed;
mod page;

use std::{
    error::Error,
    fmt,
    io::{self, ErrorKind, Write},
    net::Ipv4Addr,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use axum::{Router, routing::get};
use clap::Parser;
use market::{CsvError, Day};
use tokio::{net::TcpListener, signal, sync::watch, time};

use crate::feed::Feed;

/// The maximum time that connections may take to end at shutdown.
const GRACE: Duration = Duration::from_secs(2);

/// Serves ten years of recorded prices as a live market feed, with a page that shows it.
#[derive(Debug, Parser)]
#[command(name = "ticker")]
struct Options {
    /// The port to listen on; 0 for any free port.
    #[arg(long, value_name = "PORT", default_value_t = 3000)]
    port: u16,
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

/// An error that ends the program.
#[derive(Debug)]
enum Failure {
    Prices(CsvError),
    Listen { port: u16, error: io::Error },
    Serve(io::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prices(_) => f.write_str("invalid recorded prices"),
            Self::Listen { port, error } if error.kind() == ErrorKind::AddrInUse => {
                write!(f, "port {port} is in use; choose another with `--port`")
            }
            Self::Listen { port, .. } => write!(f, "cannot listen on port {port}; choose another with `--port`"),
            Self::Serve(_) => f.write_str("the server failed"),
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Prices(error) => Some(error),
            Self::Listen { error, .. } | Self::Serve(error) => Some(error),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(failure) = run(Options::parse()).await else {
        return ExitCode::SUCCESS;
    };
    eprint!("ticker: {failure}");
    let mut cause = failure.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
    ExitCode::FAILURE
}

async fn run(Options { port, speed, retry }: Options) -> Result<(), Failure> {
    let day = Day::recorded().map_err(Failure::Prices)?;
    let listen = |error| Failure::Listen { port, error };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    // The feed is served even if standard output is closed.
    let _ = writeln!(io::stdout(), "The market is open at http://{address} (its feed: http://{address}/events)");

    let (stop, stopped) = watch::channel(());
    let feed = Arc::new(Feed { day, month: speed, retry: Duration::from_millis(retry), stopped: stopped.clone() });
    let app: Router = page::routes().route("/events", get(feed::events)).with_state(feed);
    let serve = axum::serve(listener, app.into_make_service()).with_graceful_shutdown(closed(stopped.clone()));
    tokio::select! {
        // Installs the signal handlers before the first connection is accepted.
        biased;
        () = async { shutdown_signal().await; drop(stop); time::sleep(GRACE).await } => Ok(()),
        served = serve => served.map_err(Failure::Serve),
    }
}

/// Waits until the sender is dropped.
async fn closed(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

/// Waits for Ctrl-C, and on Unix for SIGTERM too.
async fn shutdown_signal() {
    #[cfg(unix)]
    if let Ok(mut terminate) = signal::unix::signal(signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    // If no handler can be installed, Ctrl-C ends the program by itself.
    if signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
