//! Reads the market feed of the `ticker` example and prints each event as text.
//!
//!     cargo run --example watch -- http://127.0.0.1:3000/events
//!
//! It ends when the market closes or at Ctrl-C. If the connection is lost, it connects again and continues after the
//! last event.

mod show;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use futures_util::StreamExt;
use reqwest::{Client, Url};
use sse_client::{CloseReason, Error, EventSource, Policy, Tries, Update, Updates};
use sse_examples::market::Market;

use crate::show::Show;

/// Reads the market feed of the `ticker` example and prints each event.
#[derive(Debug, Parser)]
#[command(name = "watch")]
struct Options {
    /// The URL of the feed, such as `http://127.0.0.1:3000/events`.
    #[arg(value_parser = parse)]
    url: Url,
    /// The number of attempts in a row that may fail.
    #[arg(long, value_name = "COUNT", default_value_t = 10)]
    tries: u32,
    /// The time in seconds after which a silent connection counts as lost; the server sends a keep-alive every 15
    /// seconds.
    #[arg(long, value_name = "SECONDS", default_value = "45", value_parser = seconds)]
    idle: Duration,
}

fn parse(address: &str) -> Result<Url, String> {
    let url = Url::parse(address).map_err(|error| format!("not a URL: {error}; write `http://..`"))?;
    match url.scheme() {
        "http" => Ok(url),
        "https" if cfg!(feature = "tls") => Ok(url),
        "https" => {
            Err("https is not enabled; run with the feature `tls`: `cargo run --features tls --example watch -- URL`"
                .into())
        }
        scheme => Err(format!("the scheme is `{scheme}`; write `http://..`")),
    }
}

/// Parses a positive number of seconds, which may have decimals.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|idle| !idle.is_zero()).ok_or_else(|| "write a number of seconds above 0".to_owned())
}

/// An error that ends the program.
enum Failure {
    Feed(Error),
    Client(reqwest::Error),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let message = match run(Options::parse()).await {
        Ok(()) => return ExitCode::SUCCESS,
        // The reader of the output has closed it, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failure::Output(error)) => format!("standard output: {error}"),
        Err(Failure::Client(error)) => error.to_string(),
        Err(Failure::Feed(error)) => format!("{error:#}"),
    };
    eprintln!("watch: {message}");
    ExitCode::FAILURE
}

async fn run(Options { url, tries, idle }: Options) -> Result<(), Failure> {
    #[cfg(feature = "tls")]
    // Fails only if a provider is installed already, which is then used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().connect_timeout(Duration::from_secs(10)).build().map_err(Failure::Client)?;
    let source = EventSource::<Market>::new(client.get(url))
        .idle_timeout(idle)
        .policy(Policy::new().tries(Tries::AtMost(tries)));
    let mut updates = source.updates();
    let mut count = 0;
    let followed = follow(&mut updates, &mut count).await;
    let (unknown, last) = (updates.unknown_events(), updates.last_event_id());
    eprintln!("watch: {count} events read, {unknown} skipped as unknown, last event ID `{last}`");
    followed
}

/// Prints the events of a feed until it ends. Reports reconnects and errors on standard error.
async fn follow(updates: &mut Updates<Market>, count: &mut u64) -> Result<(), Failure> {
    let show = Show::for_stdout();
    loop {
        let update = tokio::select! {
            update = updates.next() => update,
            _ = tokio::signal::ctrl_c() => return Ok(()),
        };
        let last = updates.last_event_id();
        match update {
            Some(Ok(Update::Event { event, .. })) => {
                *count += 1;
                writeln!(io::stdout(), "{}", show.event(last, &event))?;
            }
            Some(Ok(Update::Waiting { delay, reason })) => {
                eprintln!("watch: {reason:#}; connecting again in {:.1} seconds", delay.as_secs_f64());
            }
            Some(Ok(Update::Closed(CloseReason::NoContent))) => {
                eprintln!("watch: the server has nothing more to send (204)");
            }
            Some(Ok(_)) => {}
            Some(Err(error)) if error.is_final() => return Err(Failure::Feed(error)),
            // Only this event is lost. The feed continues.
            Some(Err(error)) => {
                let data = match &error {
                    Error::Decode(error) => format!("; its data is {:?}", error.payload()),
                    _ => String::new(),
                };
                eprintln!("watch: after event `{last}`: {error:#}{data}");
            }
            None => return Ok(()),
        }
    }
}
