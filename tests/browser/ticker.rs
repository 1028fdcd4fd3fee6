//! The page of `examples/ticker`.

use sse_examples::market::Market;
use thirtyfour::By;

use super::{chromium::Chromium, proxy::Proxy};
use crate::ticker::{self, recorded};

/// Returns what the page must list for the first `count` events of a day whose first event has the number `first`.
fn expected(first: u64, count: usize) -> Vec<(u64, String)> {
    let name = |event: &Market| match event {
        Market::PriceMoved { .. } => "price-moved",
        Market::TradingHalted { .. } => "trading-halted",
        Market::TradingResumed { .. } => "trading-resumed",
        Market::MarketClosed { .. } => "market-closed",
        Market::Resync(_) => "resync",
    };
    recorded().iter().take(count).map(|entry| (entry.id + first - 1, name(&entry.event).to_owned())).collect()
}

/// Asserts that the page shows the day to its end, each event once.
async fn assert_complete(chromium: &Chromium, first: u64) {
    let last = (first + 578).to_string();
    chromium.until("closed", |facts| facts.state == "closed" && facts.last_id == last).await;
    assert_eq!(chromium.events().await, expected(first, 579));
    assert_eq!(chromium.texts("#sequence").await, ["No gap"]);
    assert_eq!(chromium.texts("#totals th").await, ["MSFT", "AMZN", "IBM", "AAPL", "GOOG"]);
}

/// Returns the places of the facts in the head and of the chart.
async fn places(chromium: &Chromium) -> Vec<[f64; 2]> {
    let script = "return [...document.querySelectorAll('.facts > div, #chart, #cards')].map(
        (element) => { const { left, top } = element.getBoundingClientRect(); return [left, top + scrollY]; })";
    chromium.eval(script).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_cut_within_an_event_resumes_with_that_event_and_stops_after_the_last_one() {
    let ticker = ticker::start("100");
    let proxy = Proxy::start(ticker.address).await;
    proxy.hold_after("-150\n");
    let chromium = Chromium::open(&proxy.url()).await;
    chromium.until("live, within event 150", |facts| facts.state == "live" && facts.count == "149").await;
    assert_eq!(chromium.events().await, expected(1, 149));
    let live = places(&chromium).await;

    proxy.cut();
    chromium.until("reconnecting", |facts| facts.state == "reconnecting").await;
    proxy.refusal().await;
    chromium.until("still reconnecting", |facts| facts.state == "reconnecting" && facts.last_id == "149").await;
    assert_eq!(chromium.texts("#state").await, ["Lost, reconnecting"]);
    assert_eq!(places(&chromium).await, live, "nothing moves when the state changes");

    proxy.restore();
    assert_complete(&chromium, 1).await;
    assert_eq!(places(&chromium).await, live, "nothing moves at the close");
    let connects = [(None, Some(200)), (Some(149), Some(200)), (Some(579), Some(204))];
    assert_eq!(proxy.connects(), connects);

    // The next day reconnects at its end too. If the browser had not stopped after the first day, its reconnect would
    // be listed before the next day.
    chromium.page.find(By::Id("open")).await.unwrap().click().await.unwrap();
    assert_complete(&chromium, 580).await;
    assert_eq!(proxy.connects(), [&connects[..], &[(None, Some(200)), (Some(1158), Some(204))]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_begins_again_with_a_server_that_replaces_the_first_one() {
    // Too slow for the second month to arrive.
    let old = ticker::start("0.01");
    let proxy = Proxy::start(old.address).await;
    let chromium = Chromium::open(&proxy.url()).await;
    chromium.until("live with the first month", |facts| facts.state == "live" && facts.count == "4").await;

    old.signal("TERM");
    chromium.until("reconnecting", |facts| facts.state == "reconnecting").await;
    old.end();
    proxy.refusal().await;

    let new = ticker::start("1000");
    proxy.redirect_to(new.address);
    assert_complete(&chromium, 1).await;
    let connects = [(None, Some(200)), (Some(4), Some(200)), (None, Some(200)), (Some(579), Some(204))];
    assert_eq!(proxy.connects(), connects);
    let notes = chromium.texts("#feed .note").await;
    assert!(notes.iter().any(|note| note.contains("resync: restarted")), "{notes:?}");
}
