//! `examples/scores` as a program: snapshots, matches, the end of a match day, and restarts.

mod cluster;
#[path = "../examples/scores/event.rs"]
mod event;

use std::{path::PathBuf, process::Command, sync::LazyLock};

use reqwest::{Client, Response, StatusCode};
use sse_core::{Decoder, GapReason, SseDecode};

pub(crate) use self::event::Board;
use self::event::Score;
use crate::{
    program::{self, PATIENCE, Running},
    served::{Served, assert_listens, free_port},
};

static SCORES: LazyLock<PathBuf> = LazyLock::new(|| program::example("scores"));

fn start(speed: &str) -> Served {
    Served::start(&SCORES, &["--speed", speed])
}

async fn connect(scores: &Served, path: &str, last: Option<&str>) -> Response {
    let request = Client::new().get(scores.url(path)).timeout(PATIENCE);
    last.map_or(request.try_clone().unwrap(), |last| request.header("last-event-id", last)).send().await.unwrap()
}

/// Reads the events of a response until `is_last`, or until its end. Returns them, and the last event ID.
async fn read(mut response: Response, is_last: impl Fn(&Score) -> bool) -> (Vec<Score>, String) {
    assert_eq!(response.status(), StatusCode::OK);
    // A typed stream would end at the first full time.
    let (mut decoder, mut events, mut last) = (Decoder::new(), Vec::new(), String::new());
    while let Some(chunk) = response.chunk().await.unwrap() {
        let mut fed = decoder.feed(&chunk);
        while let Some(raw) = fed.next_event() {
            let raw = raw.unwrap();
            raw.last_event_id().clone_into(&mut last);
            events.extend(Score::decode(raw).unwrap().into_event());
            if events.last().is_some_and(&is_last) {
                return (events, last);
            }
        }
    }
    (events, last)
}

/// Returns the snapshot of a new client.
pub(crate) async fn snapshot(scores: &Served) -> Board {
    let (events, _) = read(connect(scores, "/events", None).await, |_| true).await;
    match events.into_iter().next() {
        Some(Score::Snapshot(board)) => board,
        first => panic!("the first event is {first:?}"),
    }
}

/// Applies events to the board of the first one, as a client does.
fn board(events: &[Score]) -> Board {
    let mut board = None;
    for event in events {
        if let Score::Snapshot(snapshot) = event {
            board = Some(snapshot.clone());
            continue;
        }
        let board = board.as_mut().expect("the first event is a snapshot");
        match event {
            Score::Minute { minute } => board.minute = *minute,
            Score::Goal { game, minute, side, home, away } => {
                let game = board.games.iter_mut().find(|other| other.number == *game).unwrap();
                if game.home.goals.len() + game.away.goals.len() < (home + away) as usize {
                    match side {
                        event::Side::Home => game.home.goals.push(*minute),
                        event::Side::Away => game.away.goals.push(*minute),
                    }
                }
            }
            Score::Ranking { ranking } => board.ranking.clone_from(ranking),
            Score::FullTime { game, .. } => {
                board.games.iter_mut().find(|other| other.number == *game).unwrap().is_over = true;
            }
            Score::Snapshot(_) | Score::Resync(_) | Score::Node { .. } => panic!("{event:?}"),
        }
    }
    board.expect("a snapshot")
}

#[tokio::test]
async fn clients_who_come_at_different_times_end_with_the_same_scores() {
    let scores = start("200");
    let early = tokio::spawn(read(connect(&scores, "/events", None).await, |_| false));
    let half_time = |event: &Score| matches!(event, Score::Minute { minute: 45 });
    read(connect(&scores, "/events", None).await, half_time).await;
    let (late, last) = read(connect(&scores, "/events", None).await, |_| false).await;
    let (early, _) = early.await.unwrap();
    assert!(matches!(&late[0], Score::Snapshot(board) if board.minute >= 45), "{:?}", late[0]);
    assert!(late.len() < early.len());
    let expected = format!("{:?}", snapshot(&scores).await);
    assert_eq!(format!("{:?}", board(&early)), expected);
    assert_eq!(format!("{:?}", board(&late)), expected);
    // The client has everything, and so does one that comes now, after its snapshot.
    assert_eq!(connect(&scores, "/events", Some(&last)).await.status(), StatusCode::NO_CONTENT);
    let (events, last) = read(connect(&scores, "/events", None).await, |_| false).await;
    assert_eq!(events.len(), 1);
    assert_eq!(connect(&scores, "/events", Some(&last)).await.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_client_of_one_match_receives_its_events_until_full_time_and_then_a_204() {
    let scores = start("200");
    let (events, last) = read(connect(&scores, "/games/2/events", None).await, |_| false).await;
    assert!(matches!(events.last(), Some(Score::FullTime { game: 2, minute: 92, .. })), "{:?}", events.last());
    assert!(events.iter().all(|event| !matches!(event, Score::Ranking { .. })));
    assert!(events.iter().all(|event| !matches!(event, Score::Goal { game, .. } if *game != 2)));
    let minutes = events.iter().filter(|event| matches!(event, Score::Minute { .. })).count();
    assert!(minutes > 45, "{minutes} minutes");
    assert_eq!(connect(&scores, "/games/2/events", Some(&last)).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(connect(&scores, "/games/5/events", None).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_client_that_reconnects_receives_what_it_has_missed_and_no_second_snapshot() {
    let scores = start("200");
    let third = |event: &Score| matches!(event, Score::Minute { minute: 3 });
    let (mut events, last) = read(connect(&scores, "/events", None).await, third).await;
    let (rest, _) = read(connect(&scores, "/events", Some(&last)).await, |_| false).await;
    assert!(matches!(rest[0], Score::Minute { .. } | Score::Goal { .. }), "{:?}", rest[0]);
    events.extend(rest);
    assert_eq!(format!("{:?}", board(&events)), format!("{:?}", snapshot(&scores).await));
}

#[tokio::test]
async fn the_next_match_day_begins_on_request_and_a_client_that_is_still_there_is_told() {
    let scores = start("1000");
    let kick_off = async || Client::new().post(scores.url("/kick-off")).send().await.unwrap().status();
    let (_, last) = read(connect(&scores, "/events", None).await, |_| false).await;
    while kick_off().await != StatusCode::ACCEPTED {}
    assert_eq!(kick_off().await, StatusCode::CONFLICT);
    let (events, _) = read(connect(&scores, "/events", Some(&last)).await, |_| false).await;
    assert!(matches!(&events[0], Score::Snapshot(board) if board.day == 2 && board.minute == 0), "{:?}", events[0]);
    assert_eq!(format!("{:?}", board(&events)), format!("{:?}", snapshot(&scores).await));
}

#[tokio::test]
async fn an_id_that_the_hub_does_not_hold_is_answered_with_a_resync() {
    let scores = start("1");
    for (id, reason) in [("7-300", GapReason::Restarted), ("first", GapReason::Unknown)] {
        for path in ["/events", "/games/1/events"] {
            let (events, _) = read(connect(&scores, path, Some(id)).await, |_| true).await;
            assert!(matches!(&events[..], [Score::Resync(gap)] if gap.reason == reason), "{events:?}");
        }
    }
}

#[test]
fn the_rust_client_follows_a_match_over_a_restart_of_the_server() {
    let port = free_port();
    let old = Served::on(port, &SCORES, &["--speed", "20"]);
    let url = old.url("/games/1/events");
    let client = Running::start(Command::new(program::example("scores-client")).arg(&url)).unwrap();
    let line = client.line();
    assert!(line.starts_with("1  Harbor "), "{line}");
    drop(old);
    let new = Served::on(port, &SCORES, &["--speed", "60"]);
    let ended = client.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let missing = "events are missing (restarted); starting over";
    assert!(ended.stderr.iter().any(|line| line == missing), "{ended:?}");
    // The end of the match as an event, or in the snapshot of a client that comes after it.
    assert!(ended.stdout.last().unwrap().ends_with("full time"), "{ended:?}");
    drop(new);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rust_client_of_a_match_that_is_over_prints_the_score_and_ends() {
    let scores = start("1000");
    read(connect(&scores, "/events", None).await, |_| false).await;
    for (path, matches) in [("/games/1/events", 1), ("/events", 4)] {
        let mut command = Command::new(program::example("scores-client"));
        let ended = Running::start(command.arg(scores.url(path))).unwrap().end();
        assert_eq!((ended.code, ended.stdout.len()), (Some(0), matches), "{ended:?}");
        assert!(ended.stdout.iter().all(|line| line.ends_with("full time")), "{ended:?}");
        assert!(ended.stderr.is_empty(), "it does not connect again: {ended:?}");
    }
}

#[test]
fn the_page_listens_to_all_events_of_a_match_day() {
    assert_listens::<Score>(include_str!("../examples/scores/page.html"));
}
