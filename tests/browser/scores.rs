//! The page of `examples/scores`.

use std::time::Duration;

use thirtyfour::By;

use super::{chromium::Chromium, proxy::Proxy};
use crate::{
    program::example,
    scores::{Board, snapshot},
    served::Served,
};

/// Asserts that the page shows this board.
async fn assert_shows(chromium: &Chromium, board: &Board) {
    let clubs = board.games.iter().flat_map(|game| [&game.home, &game.away]);
    let goals = clubs.clone().map(|club| club.goals.len().to_string()).collect::<Vec<_>>();
    let names = clubs.map(|club| club.name.clone()).collect::<Vec<_>>();
    assert_eq!(chromium.texts(".game .name").await, names);
    assert_eq!(chromium.texts(".game .score").await, goals);
    let clubs: Vec<_> = board.ranking.iter().map(|rank| rank.club.clone()).collect();
    assert_eq!(chromium.texts("#ranking th[scope=row]").await, clubs);
    let points: Vec<_> = board.ranking.iter().map(|rank| rank.points.to_string()).collect();
    assert_eq!(chromium.texts("#ranking td:last-child").await, points);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_late_and_loses_its_connection_shows_the_scores_and_stops_after_the_last_full_time() {
    let program = example("scores");
    let chromium = Chromium::open("about:blank").await;
    // The match day takes far longer than the steps until the connection is restored.
    let scores = Served::start(&program, &["--speed", "12"]);
    tokio::time::sleep(Duration::from_millis(300)).await;
    let proxy = Proxy::start(scores.address).await;
    chromium.page.goto(&proxy.url()).await.unwrap();
    chromium.until_state("live").await;
    chromium.until_true("document.querySelectorAll('.game').length === 4").await;

    proxy.cut();
    chromium.until_state("reconnecting").await;
    proxy.refusal().await;
    proxy.restore();
    chromium.until_state("closed").await;
    let board = snapshot(&scores).await;
    assert_shows(&chromium, &board).await;
    assert_eq!(chromium.texts(".game .when").await, ["Full time"; 4]);
    let connects = proxy.connects();
    let statuses: Vec<_> = connects.iter().map(|(id, status)| (id.is_some(), status.unwrap())).collect();
    assert_eq!(statuses, [(false, 200), (true, 200), (true, 204)], "{connects:?}");

    chromium.page.find(By::Id("next")).await.unwrap().click().await.unwrap();
    chromium.until_true("document.getElementById('day').textContent === 'Match day 2'").await;
    chromium.until_state("live").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_report_a_restart_and_follow_the_new_server() {
    // Too slow to end within the test.
    let old = Served::start(&example("scores"), &["--speed", "1"]);
    let proxy = Proxy::start(old.address).await;
    let chromium = Chromium::open(&proxy.url()).await;
    let first = chromium.page.window().await.unwrap();
    let second = chromium.page.new_tab().await.unwrap();
    for tab in [&second, &first] {
        chromium.page.switch_to_window(tab.clone()).await.unwrap();
        if *tab == second {
            chromium.page.goto(&proxy.url()).await.unwrap();
        }
        chromium.until_true("parseInt(document.getElementById('minute').textContent) >= 1").await;
    }
    drop(old);
    let new = Served::start(&example("scores"), &["--speed", "1000"]);
    proxy.redirect_to(new.address);
    for tab in [first, second] {
        chromium.page.switch_to_window(tab).await.unwrap();
        chromium.until_state("closed").await;
        let notes = chromium.texts("#log .note").await;
        for part in ["Connection lost after event", "resync: restarted", "End of the match day"] {
            assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
        }
        assert_shows(&chromium, &snapshot(&new).await).await;
    }
}
