//! Serves the scores of a league, and a page that shows them, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example scores
//!     cargo run --example scores-client -- http://127.0.0.1:3000/games/1/events
//!
//! Each match is a topic, and so is the ranking. `/events` has the events of all topics, `/games/N/events` those of one
//! match, until its full time. A client without an ID receives a snapshot and then what changes. One that reconnects
//! receives what it has missed. After the last full time, `POST /kick-off` begins the next match day.
//!
//! With `--redis URL`, the hub holds its events on a Redis server. More servers can then serve the same matches:
//!
//!     cargo run --example scores -- --redis redis://127.0.0.1
//!     cargo run --example scores -- --redis redis://127.0.0.1 --node 1 --port 3001
//!
//! One server plays the matches, the one without `--node`. Start only one of them: two would publish two match days.
//! The nodes only serve. They have the same event IDs, so a client continues at any of them. If the server that plays
//! is restarted, it begins the next match day. `examples/scores/cluster.sh` starts Redis, the server that plays, three
//! nodes, and nginx in front of them.

mod event;
mod league;
mod log;

use std::{
    process::ExitCode,
    sync::{
        Arc,
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
use sse_core::{Draft, Encoded, Report};
use sse_examples::{
    page,
    server::{self, Port},
};
use sse_hub::{Cut, Hub, Options, Publish, PublishError, Redis, Window};
use tokio::time::sleep;

use crate::{
    event::Score,
    league::{GAMES, League},
    log::{RANKING, topic},
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
    /// Holds the events on the Redis server at this URL, such as `redis://127.0.0.1`.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// Serves the matches that another server plays on the same Redis, as the node of this name.
    #[arg(long, value_name = "NAME", requires = "redis")]
    node: Option<String>,
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
    /// The name of this node, or `None` if this is the server that plays the matches.
    node: Option<String>,
    /// Whether a match day is under way, until its topics have ended.
    playing: AtomicBool,
    minute: Duration,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port, speed: minute, redis, node } = Arguments::parse();
    let hub = match open(redis.as_deref()).await {
        Ok(hub) => hub,
        Err(message) => {
            eprintln!("scores: {message}");
            return ExitCode::FAILURE;
        }
    };
    let app = Arc::new(App { hub: hub.clone(), node, playing: AtomicBool::new(false), minute });
    if app.node.is_none() {
        app.clone().kick_off();
    }
    let router = page::routes(include_str!("page.html"))
        .route("/events", get(follow_all))
        .route("/games/{number}/events", get(follow_one))
        .route("/kick-off", post(kick_off))
        .with_state(app);
    // Closing the hub ends all streams. The clients reconnect, to the next server on this port or to another node.
    server::run("scores", port, router, move || hub.close()).await
}

/// Opens the hub, which holds its events in memory or on Redis.
async fn open(redis: Option<&str>) -> Result<Hub<Score>, String> {
    // The board is made from the events since the kick-off, so these are held even if nobody plays for a while.
    let options = Options::new().window(Window::new().age(Window::MAX_AGE));
    let Some(url) = redis else { return Ok(Hub::memory(options)) };
    let store = Redis::at(url).map_err(|error| format!("the URL of `--redis` is invalid: {}", Report::new(&error)))?;
    let hub = Hub::open(store.name("scores"), options).await;
    hub.map_err(|error| format!("cannot open the hub on Redis: {}", Report::new(&error)))
}

/// The reconnection time; short, so that the page soon continues.
const RETRY: Duration = Duration::from_secs(1);

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
    if app.node.is_some() {
        (StatusCode::CONFLICT, "this node only serves; kick off at the server that plays\n")
    } else if app.kick_off() {
        (StatusCode::ACCEPTED, "the match day begins\n")
    } else {
        (StatusCode::CONFLICT, "a match is under way\n")
    }
}

impl App {
    /// Responds to a client according to its last event ID:
    /// - none: a snapshot, and the events after it;
    /// - the ID of an event that the hub holds: the events after it;
    /// - the ID of the last event: 204, after which a browser does not reconnect;
    /// - any other ID: `resync`, after which the client starts over without an ID.
    fn follow(&self, game: Option<u32>, last: Option<String>) -> Response {
        let topics = match game {
            Some(game) => self.hub.topics([topic(game)]),
            None => log::match_day(&self.hub),
        };
        // The position is taken before the snapshot. An event that is published in between is in both.
        let position = self.hub.cursor();
        let is_new = last.is_none();
        let subscription = match last {
            Some(id) => topics.subscribe(id),
            None => topics.subscribe(position),
        };
        let subscription = match subscription {
            Ok(subscription) if subscription.is_over() && !is_new => return StopReconnecting.into_response(),
            Ok(subscription) => subscription.on_gap(Score::Resync),
            Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
        };
        let mut first = Vec::new();
        first.extend(self.node.clone().map(|name| Encoded::new(&Score::Node { name })));
        if is_new {
            let Some(board) = log::board(&self.hub) else {
                return (StatusCode::SERVICE_UNAVAILABLE, "no match day has begun yet\n").into_response();
            };
            let snapshot = Score::Snapshot(if let Some(game) = game { board.only(game) } else { board });
            first.push(Draft::new(&snapshot).and_then(|draft| draft.with_id(&position)));
        }
        let first = stream::iter(first).map(|encoded| encoded.map_err(Cut::Encode));
        Sse::new(first.chain(subscription)).retry(RETRY).into_response()
    }

    /// Begins a match day, unless a match is under way. Returns whether it has begun.
    fn kick_off(self: Arc<Self>) -> bool {
        if self.playing.swap(true, Ordering::AcqRel) {
            return false;
        }
        let mut league = log::board(&self.hub).map_or_else(League::new, League::after);
        let snapshot = league.kick_off();
        let hub = self.hub.clone();
        let begun = insist(move || log::kick_off(&hub).publish(&snapshot));
        tokio::spawn(async move {
            let played = match begun.await {
                Ok(()) => self.play(league).await,
                Err(error) => Err(error),
            };
            match played {
                // The hub is closed at shutdown.
                Ok(()) | Err(PublishError::Closed) => {}
                Err(error) => eprintln!("scores: {}", Report::new(&error)),
            }
            self.playing.store(false, Ordering::Release);
        });
        true
    }

    /// Publishes the events of a match day, minute by minute.
    async fn play(&self, mut league: League) -> Result<(), PublishError> {
        loop {
            sleep(self.minute).await;
            let playing: Vec<_> = league.playing().map(topic).collect();
            let events = league.play();
            let minute = Score::Minute { minute: league.board.minute };
            // One event for several topics. A client that follows more than one of them receives it once.
            insist(|| self.hub.topics(&playing).publish(&minute)).await?;
            for event in &events {
                let topic = match event {
                    Score::Goal { game, .. } | Score::FullTime { game, .. } => topic(*game),
                    _ => RANKING.to_owned(),
                };
                insist(|| self.hub.topic(&topic).publish(event)).await?;
            }
            if league.is_over() {
                // Ends the streams that follow all topics. Those of one match have ended with its full time.
                return insist(|| log::match_day(&self.hub).end()).await;
            }
        }
    }
}

/// Publishes at once, and again while the store does not accept it. An event that is in the log twice does no harm,
/// because all its numbers are totals.
fn insist(publish: impl Fn() -> Publish) -> impl Future<Output = Result<(), PublishError>> {
    let mut attempt = publish();
    async move {
        loop {
            match attempt.await {
                Ok(_) => return Ok(()),
                Err(error @ (PublishError::Busy { .. } | PublishError::Unavailable { .. })) => {
                    eprintln!("scores: {}; the match waits", Report::new(&error));
                }
                Err(error) => return Err(error),
            }
            sleep(RETRY).await;
            attempt = publish();
        }
    }
}
