//! Prints the notifications of a person.
//!
//!     cargo run --example social-client -- http://127.0.0.1:3000 --token token-of-ada
//!
//! If the connection is lost, it connects again and continues after the last notification.

mod event;

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use futures_util::StreamExt;
use reqwest::Client;
use sse_client::{EventSource, Update};

use crate::event::Notice;

/// Prints the notifications of a person.
#[derive(Debug, Parser)]
#[command(name = "social-client")]
struct Arguments {
    /// The URL of the server, such as `http://127.0.0.1:3000`.
    server: String,
    /// The token of the person.
    #[arg(long)]
    token: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { server, token } = Arguments::parse();
    match follow(&format!("{}/events", server.trim_end_matches('/')), &token).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("social-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn follow(url: &str, token: &str) -> Result<(), sse_client::Error> {
    let request = Client::new().get(url).bearer_auth(token);
    // The server sends a keep-alive every 15 seconds.
    let mut updates = EventSource::<Notice>::new(request).idle_timeout(Duration::from_secs(45)).updates();
    while let Some(update) = updates.next().await {
        match update {
            Ok(Update::Event { event, .. }) => show(&event),
            Ok(Update::Waiting { delay, reason }) => eprintln!("{reason:#}; connecting again in {delay:.1?}"),
            Ok(_) => {}
            Err(error) if error.is_final() => return Err(error),
            Err(error) => eprintln!("skipped: {error:#}"),
        }
    }
    Ok(())
}

fn show(notice: &Notice) {
    match notice {
        Notice::Message { from, text, .. } => println!("{from} writes: {text}"),
        Notice::Comment { from, text, .. } => println!("{from} comments on your post: {text}"),
        Notice::Like { from, .. } => println!("{from} likes your post"),
        Notice::Follow { from, .. } => println!("{from} follows you"),
        Notice::Here => {}
        Notice::SignedOut => println!("signed out"),
        // The server sends what it holds. There may have been more.
        Notice::Resync(gap) => eprintln!("notifications may be missing: {}", gap.reason),
    }
}
