//! Reads the market feed of the `ticker` example and prints each event as text.
//!
//!     cargo run --example watch -- http://127.0.0.1:3000/events
//!
//! It ends when the market closes, at Ctrl-C, or when the connection is lost. It does not reconnect.

mod show;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
    time::Duration,
};

use clap::Parser;
use futures_util::StreamExt;
use market::Market;
use reqwest::{
    Client, Response, StatusCode, Url,
    header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE},
};
use sse_core::{EventStream, ReceiveError};

use crate::show::Show;

/// Reads the market feed of the `ticker` example and prints each event.
#[derive(Debug, Parser)]
#[command(name = "watch")]
struct Options {
    /// The URL of the feed, such as `http://127.0.0.1:3000/events`.
    url: String,
}

/// An error that ends the program.
enum Failure {
    /// An argument is invalid.
    Usage(String),
    /// The feed cannot be opened, or fails.
    Feed(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (message, code) = match run(&Options::parse()).await {
        Ok(()) => return ExitCode::SUCCESS,
        // The reader of the output has closed it, as `head` does.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Failure::Output(error)) => (format!("standard output: {error}"), 1),
        Err(Failure::Feed(message)) => (message, 1),
        Err(Failure::Usage(message)) => (message, 2),
    };
    eprintln!("watch: {message}");
    ExitCode::from(code)
}

async fn run(options: &Options) -> Result<(), Failure> {
    let url = parse(&options.url)?;
    let connected = tokio::select! {
        connected = connect(url) => connected?,
        _ = tokio::signal::ctrl_c() => return Ok(()),
    };
    let Some(response) = connected else {
        eprintln!("watch: the server has nothing more to send (204)");
        return Ok(());
    };
    follow(response).await
}

/// Prints the events of a feed until it ends.
async fn follow(response: Response) -> Result<(), Failure> {
    let mut events = EventStream::<_, Market>::new(response.bytes_stream().boxed()).require_terminal();
    let show = Show::for_stdout();
    let mut count = 0_u64;
    let end = loop {
        let next = tokio::select! {
            next = events.next() => next,
            _ = tokio::signal::ctrl_c() => break Ok(()),
        };
        let last = events.decoder().last_event_id();
        match next {
            Some(Ok(event)) => {
                count += 1;
                writeln!(io::stdout(), "{}", show.event(last, &event))?;
            }
            Some(Err(ReceiveError::Source(error))) => {
                break Err(Failure::Feed(format!("the connection was lost: {}", chain(&error))));
            }
            Some(Err(ReceiveError::Unterminated { within_event })) => {
                let place = if within_event { " within an event" } else { "" };
                break Err(Failure::Feed(format!("the feed ended{place} before the market closed")));
            }
            // Only this event is lost. The feed continues.
            Some(Err(ReceiveError::Decode(error))) => {
                eprintln!("watch: after event `{last}`: {}; its data is {:?}", chain(&error), error.payload());
            }
            Some(Err(error)) => eprintln!("watch: after event `{last}`: {}", chain(&error)),
            // After the terminal event, because any other end is an error.
            None => break Ok(()),
        }
    };
    let unknown = events.unknown_events();
    eprintln!(
        "watch: {count} events read, {unknown} skipped as unknown, last event ID `{}`",
        events.decoder().last_event_id()
    );
    end
}

fn parse(address: &str) -> Result<Url, Failure> {
    let url = Url::parse(address)
        .map_err(|error| Failure::Usage(format!("`{address}` is not a URL: {error}; write `http://..`")))?;
    match url.scheme() {
        "http" => Ok(url),
        "https" if cfg!(feature = "tls") => Ok(url),
        "https" => Err(Failure::Usage(
            "https is not enabled; run with the feature `tls`: `cargo run --features tls --example watch -- URL`"
                .to_owned(),
        )),
        scheme => Err(Failure::Usage(format!("`{address}` has the scheme `{scheme}`; write `http://..`"))),
    }
}

/// Requests the feed. Returns `None` if the server has nothing more to send (204).
async fn connect(url: Url) -> Result<Option<Response>, Failure> {
    #[cfg(feature = "tls")]
    // Fails only if a provider is installed already, which is then used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().connect_timeout(Duration::from_secs(10)).build();
    let request = client.map(|client| client.get(url).header(ACCEPT, "text/event-stream"));
    let response = match request {
        Ok(request) => request.header(CACHE_CONTROL, "no-cache").send().await,
        Err(error) => Err(error),
    };
    let response = response.map_err(|error| Failure::Feed(chain(&error)))?;
    match response.status() {
        StatusCode::OK => event_stream(response).map(Some),
        StatusCode::NO_CONTENT => Ok(None),
        status => Err(Failure::Feed(format!("the server answered {status} instead of 200"))),
    }
}

/// Checks that the content type is `text/event-stream`.
fn event_stream(response: Response) -> Result<Response, Failure> {
    let kind = response.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let kind = kind.as_deref().unwrap_or("");
    let essence = kind.split(';').next().unwrap_or("").trim();
    if essence.eq_ignore_ascii_case("text/event-stream") {
        return Ok(response);
    }
    Err(Failure::Feed(format!("the content type is `{kind}`, not `text/event-stream`; is this the URL of the feed?")))
}

/// Returns an error and its causes on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
