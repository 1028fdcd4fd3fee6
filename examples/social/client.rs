//! Prints the notifications of a person.
//!
//!     cargo run --example social-client -- http://127.0.0.1:3000 --token token-of-ada
//!
//! If the connection is lost, it connects again and continues after the last notification. If the server cannot continue
//! there, it starts over and prints those that it has not printed.

mod event;

use std::{collections::BTreeSet, process::ExitCode, time::Duration};

use clap::Parser;
use futures_util::StreamExt;
use reqwest::Client;
use sse_client::{EventSource, Update};
use sse_core::EventId;

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
    let url = format!("{}/events", server.trim_end_matches('/'));
    let mut received = BTreeSet::new();
    loop {
        match follow(&url, &token, &mut received).await {
            Ok(End::SignedOut) => return ExitCode::SUCCESS,
            Ok(End::StartOver) => {}
            Err(error) => {
                eprintln!("social-client: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
}

/// How a source ends without an error.
enum End {
    /// The person has signed out.
    SignedOut,
    /// Notifications may be missing.
    StartOver,
}

/// Prints the notifications whose IDs are not in `received`, and adds them.
async fn follow(url: &str, token: &str, received: &mut BTreeSet<EventId>) -> Result<End, sse_client::Error> {
    let request = Client::new().get(url).bearer_auth(token);
    // The server sends a keep-alive every 15 seconds.
    let mut updates = EventSource::<Notice>::new(request).idle_timeout(Duration::from_secs(45)).updates();
    while let Some(update) = updates.next().await {
        match update {
            Ok(Update::Event { event: Notice::Resync(gap), .. }) => {
                eprintln!("notifications may be missing ({}); starting over", gap.reason);
                return Ok(End::StartOver);
            }
            Ok(Update::Event { event, id, .. }) => {
                // A server that is asked to start over sends all notifications that it holds.
                if id.is_none_or(|id| received.insert(id)) {
                    show(&event);
                }
            }
            Ok(Update::Waiting { delay, reason }) => eprintln!("{reason:#}; connecting again in {delay:.1?}"),
            Ok(_) => {}
            Err(error) if error.is_final() => return Err(error),
            Err(error) => eprintln!("skipped: {error:#}"),
        }
    }
    Ok(End::SignedOut)
}

fn show(notice: &Notice) {
    match notice {
        Notice::Message { from, text, .. } => println!("{from} writes: {text}"),
        Notice::Comment { from, text, .. } => println!("{from} comments on your post: {text}"),
        Notice::Like { from, .. } => println!("{from} likes your post"),
        Notice::Follow { from, .. } => println!("{from} follows you"),
        Notice::SignedOut => println!("signed out"),
        Notice::Here | Notice::Resync(_) => {}
    }
}
