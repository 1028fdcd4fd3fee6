//! Serves the scores of a league, and a page that shows them, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example scores
//!     cargo run --example scores-client -- http://127.0.0.1:3000/games/1/events
//!
//! Each match is a topic, and so is the ranking. `/events` has the events of all topics, `/games/N/events` those of one
//! match, until its full time. A client without an ID receives a snapshot and then what changes. One that reconnects
//! receives what it has missed. After the last full time, `POST /kick-off` begins the next match day.

mod event;
mod league;

use std::{
    process::ExitCode,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Parser;
use futures_util::{StreamExt, stream};
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::{Draft, Report};
use sse_examples::{
    page,
    server::{self, Port},
};
use sse_hub::{Cut, Hub, Options, PublishError};
use tokio::time::sleep;

use crate::{
    event::Score,
    league::{GAMES, League},
};

/// Serves the scores of a league, and a page that shows them.
#[derive(Debug, Parser)]
#[command(name = "scores")]
struct Arguments {
    #[command(flatten)]
    port: Port,
    /// The number of minutes played per second.
    #[arg(long, value_name = "MINUTES", default_value = "1.5", value_parser = minute)]
    speed: Duration,
}

/// Parses a speed in minutes per second. Returns the duration of a minute.
fn minute(speed: &str) -> Result<Duration, String> {
    match speed.parse() {
        Ok(speed @ 0.01..=1000.0) => Ok(Duration::from_secs_f64(1.0 / speed)),
        _ => Err("write a number of minutes from 0.01 to 1000".to_owned()),
    }
}

/// The state that all connections share.
struct App {
    hub: Hub<Score>,
    league: Mutex<League>,
    /// Whether a match day is under way, until its topics have ended.
    playing: AtomicBool,
    minute: Duration,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port, speed: minute } = Arguments::parse();
    let app = Arc::new(App { hub: hub(), league: Mutex::new(League::new()), playing: AtomicBool::new(false), minute });
    app.clone().kick_off();
    let hub = app.hub.clone();
    let router = page::routes(include_str!("page.html"))
        .route("/events", get(follow_all))
        .route("/games/{number}/events", get(follow_one))
        .route("/kick-off", post(kick_off))
        .with_state(app);
    // Closing the hub ends all streams. The clients reconnect, to the next server on this port.
    server::run("scores", port, router, move || hub.close()).await
}

/// Creates the hub, which holds its events in memory.
fn hub() -> Hub<Score> {
    Hub::memory(Options::new())
}

/// The reconnection time; short, so that the page soon continues.
const RETRY: Duration = Duration::from_secs(1);

/// The topic of the ranking.
const RANKING: &str = "ranking";

/// Returns the topic of a match.
fn topic(game: u32) -> String {
    format!("game/{game}")
}

/// Streams the events of all topics.
async fn follow_all(State(app): State<Arc<App>>, LastEventId(last): LastEventId) -> Response {
    app.follow(None, last)
}

/// Streams the events of one match, until its full time.
async fn follow_one(State(app): State<Arc<App>>, Path(game): Path<u32>, LastEventId(last): LastEventId) -> Response {
    if !GAMES.contains(&game) {
        return (StatusCode::NOT_FOUND, "the matches are 1 to 4\n").into_response();
    }
    app.follow(Some(game), last)
}

/// Begins the next match day after the last full time.
async fn kick_off(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.kick_off() {
        (StatusCode::ACCEPTED, "the match day begins\n")
    } else {
        (StatusCode::CONFLICT, "a match is under way\n")
    }
}

impl App {
    fn league(&self) -> MutexGuard<'_, League> {
        self.league.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Responds to a client according to its last event ID:
    /// - none: a snapshot, and the events after it;
    /// - the ID of an event that the hub holds: the events after it;
    /// - the ID of the last event: 204, after which a browser does not reconnect;
    /// - any other ID: `resync`, after which the client starts over without an ID.
    fn follow(&self, game: Option<u32>, last: Option<String>) -> Response {
        let topics = match game {
            Some(game) => self.hub.topics([topic(game)]),
            None => self.hub.topics(GAMES.map(topic).chain([RANKING.to_owned()])),
        };
        // The position is taken before the snapshot. An event that is published in between is in both.
        let position = self.hub.cursor();
        let snapshot = last.is_none().then(|| {
            let board = self.league().board.clone();
            Score::Snapshot(if let Some(game) = game { board.only(game) } else { board })
        });
        let subscription = match last {
            Some(id) => topics.subscribe(id),
            None => topics.subscribe(position),
        };
        match subscription {
            Ok(subscription) if subscription.is_over() && snapshot.is_none() => StopReconnecting.into_response(),
            Ok(subscription) => {
                let snapshot = snapshot.map(|event| Draft::new(&event)?.with_id(&position));
                let snapshot = stream::iter(snapshot).map(|encoded| encoded.map_err(Cut::Encode));
                Sse::new(snapshot.chain(subscription.on_gap(Score::Resync))).retry(RETRY).into_response()
            }
            Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
        }
    }

    /// Begins a match day, unless a match is under way. Returns whether it has begun.
    fn kick_off(self: Arc<Self>) -> bool {
        if self.playing.swap(true, Ordering::AcqRel) {
            return false;
        }
        let snapshot = self.league().kick_off();
        tokio::spawn(async move {
            match self.play(snapshot).await {
                // The hub is closed at shutdown.
                Ok(()) | Err(PublishError::Closed) => {}
                Err(error) => eprintln!("scores: {}", Report::new(&error)),
            }
            self.playing.store(false, Ordering::Release);
        });
        true
    }

    /// Publishes the events of a match day, minute by minute.
    async fn play(&self, snapshot: Score) -> Result<(), PublishError> {
        let all = self.hub.topics(GAMES.map(topic).chain([RANKING.to_owned()]));
        all.publish(&snapshot).await?;
        loop {
            sleep(self.minute).await;
            let (playing, minute, events) = {
                let mut league = self.league();
                let playing: Vec<_> = league.playing().map(topic).collect();
                let events = league.play();
                (playing, league.board.minute, events)
            };
            // One event for several topics. A client that follows more than one of them receives it once.
            self.hub.topics(&playing).publish(&Score::Minute { minute }).await?;
            for event in events {
                match &event {
                    Score::Goal { game, .. } | Score::FullTime { game, .. } => {
                        self.hub.topic(&topic(*game)).publish(&event).await?;
                    }
                    event => drop(self.hub.topic(RANKING).publish(event).await?),
                }
            }
            if self.league().is_over() {
                // Ends the streams that follow all topics. Those of one match have ended with its full time.
                all.end().await?;
                return Ok(());
            }
        }
    }
}
