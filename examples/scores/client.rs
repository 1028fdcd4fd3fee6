//! Prints the scores of one match until its full time, or of all matches.
//!
//!     cargo run --example scores-client -- http://127.0.0.1:3000/games/1/events
//!     cargo run --example scores-client -- http://127.0.0.1:3000/events
//!
//! If the connection is lost, it connects again and continues after the last event.

mod event;

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use futures_util::StreamExt;
use reqwest::Client;
use sse_client::{EventSource, Update};

use crate::event::{Game, Score};

/// Prints the scores of one match until its full time, or of all matches.
#[derive(Debug, Parser)]
#[command(name = "scores-client")]
struct Arguments {
    /// The URL of the stream, such as `http://127.0.0.1:3000/games/1/events`.
    url: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { url } = Arguments::parse();
    loop {
        match follow(&url).await {
            Ok(End::Complete) => return ExitCode::SUCCESS,
            Ok(End::StartOver) => {}
            Err(error) => {
                eprintln!("scores-client: {error:#}");
                return ExitCode::FAILURE;
            }
        }
    }
}

/// How a source ends without an error.
enum End {
    /// The server has nothing more to send.
    Complete,
    /// Events are missing.
    StartOver,
}

async fn follow(url: &str) -> Result<End, sse_client::Error> {
    let mut source = EventSource::<Score>::new(Client::new().get(url)).idle_timeout(Duration::from_secs(45));
    if url.ends_with("/events") && !url.contains("/games/") {
        // The full time of one match is not the end of a stream of several.
        source = source.stay_open();
    }
    let mut updates = source.updates();
    while let Some(update) = updates.next().await {
        match update {
            Ok(Update::Event { event: Score::Resync(gap), .. }) => {
                eprintln!("events are missing ({}); starting over", gap.reason);
                return Ok(End::StartOver);
            }
            Ok(Update::Event { event: Score::Node { name }, .. }) => eprintln!("connected to node {name}"),
            Ok(Update::Event { event, .. }) => {
                show(&event);
                if is_complete(&event) {
                    return Ok(End::Complete);
                }
            }
            Ok(Update::Waiting { delay, reason }) => eprintln!("{reason:#}; connecting again in {delay:.1?}"),
            Ok(_) => {}
            Err(error) if error.is_final() => return Err(error),
            Err(error) => eprintln!("skipped: {error:#}"),
        }
    }
    Ok(End::Complete)
}

/// Returns whether the event is a snapshot in which every match is over. No other event follows it.
fn is_complete(score: &Score) -> bool {
    // Before the first match day, a snapshot has no matches.
    matches!(score, Score::Snapshot(board) if !board.games.is_empty() && board.games.iter().all(|game| game.is_over))
}

fn show(score: &Score) {
    match score {
        Score::Snapshot(board) => board.games.iter().for_each(|game| {
            let Game { number, home, away, is_over } = game;
            let state = if *is_over { "full time".to_owned() } else { format!("{}'", board.minute) };
            println!("{number}  {} {}:{} {}, {state}", home.name, home.goals.len(), away.goals.len(), away.name);
        }),
        Score::Goal { game, minute, home, away, .. } => println!("{game}  {home}:{away} in minute {minute}"),
        Score::FullTime { game, home, away, .. } => println!("{game}  {home}:{away} at full time"),
        Score::Ranking { ranking } => {
            if let Some(first) = ranking.first() {
                println!("   {} leads with {} points", first.club, first.points);
            }
        }
        Score::Minute { .. } | Score::Resync(_) | Score::Node { .. } => {}
    }
}
