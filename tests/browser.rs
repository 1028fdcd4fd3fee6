//! The page of `examples/ticker` in a real browser, with connections that are lost and restored.

pub(crate) mod chromium;
mod proxy;

use market::Market;
use serde_json::json;
use thirtyfour::By;

use self::{chromium::Chromium, proxy::Proxy};
use crate::ticker::{Ticker, recorded};

/// Returns what the page must list for the first `count` events of the day.
fn expected(count: usize) -> Vec<(u64, String)> {
    let name = |event: &Market| match event {
        Market::PriceMoved { .. } => "price-moved",
        Market::TradingHalted { .. } => "trading-halted",
        Market::TradingResumed { .. } => "trading-resumed",
        Market::MarketClosed { .. } => "market-closed",
    };
    recorded().iter().take(count).map(|entry| (entry.id, name(&entry.event).to_owned())).collect()
}

/// Asserts that the page shows the day to its end, each event once, and loads nothing from other servers.
async fn assert_complete(chromium: &Chromium) {
    chromium.until("closed", |facts| facts.state == "closed" && facts.last_id == "579").await;
    assert_eq!(chromium.events().await, expected(579));
    assert_eq!(chromium.texts("#sequence").await, ["No gap"]);
    assert_eq!(chromium.texts("#totals th").await, ["MSFT", "AMZN", "IBM", "AAPL", "GOOG"]);
    let foreign = "return performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => !name.startsWith(location.origin + '/') && !name.startsWith('data:'))";
    assert_eq!(chromium.eval::<Vec<String>>(foreign).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_cut_within_an_event_resumes_with_that_event_and_stops_after_the_last_one() {
    let ticker = Ticker::start("100");
    let proxy = Proxy::start(ticker.address).await;
    proxy.hold_after("\nid: 150\n");
    let chromium = Chromium::open(&proxy.url()).await;
    chromium.until("live, within event 150", |facts| facts.state == "live" && facts.count == "149").await;
    assert_eq!(chromium.events().await, expected(149));

    proxy.cut();
    chromium.until("reconnecting", |facts| facts.state == "reconnecting").await;
    proxy.refusal().await;
    chromium.until("still reconnecting", |facts| facts.state == "reconnecting" && facts.last_id == "149").await;
    assert_eq!(chromium.texts("#state").await, ["Lost, reconnecting"]);

    proxy.restore();
    assert_complete(&chromium).await;
    let connects = [(None, Some(200)), (Some(149), Some(200)), (Some(579), Some(204))];
    assert_eq!(proxy.connects(), connects);

    // The replay reconnects at its end too. If the browser had not stopped after the first day, its reconnect would be
    // listed before the replay.
    chromium.page.find(By::Css("#summary [data-replay]")).await.unwrap().click().await.unwrap();
    assert_complete(&chromium).await;
    assert_eq!(proxy.connects(), [&connects[..], &[(None, Some(200)), (Some(579), Some(204))]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_resumes_with_a_server_that_replaces_the_first_one() {
    // Too slow for the second month to arrive.
    let old = Ticker::start("0.01");
    let proxy = Proxy::start(old.address).await;
    let chromium = Chromium::open(&proxy.url()).await;
    chromium.until("live with the first month", |facts| facts.state == "live" && facts.count == "4").await;

    old.terminate();
    chromium.until("reconnecting", |facts| facts.state == "reconnecting").await;
    old.end();
    proxy.refusal().await;

    let new = Ticker::start("1000");
    proxy.redirect_to(new.address);
    assert_complete(&chromium).await;
    assert_eq!(proxy.connects(), [(None, Some(200)), (Some(4), Some(200)), (Some(579), Some(204))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_follows_the_preferred_color_scheme() {
    let ticker = Ticker::start("0.01");
    let chromium = Chromium::open(&ticker.url("/")).await;
    // The sums of red, green and blue of the text and of the background.
    let brightness = "const { color, backgroundColor } = getComputedStyle(document.body);
        return [color, backgroundColor].map((c) => c.match(/\\d+/g).slice(0, 3).reduce((sum, v) => sum + +v, 0))";
    let mut seen = Vec::new();
    for theme in ["light", "dark"] {
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        chromium.page.cdp().send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
        seen.push(chromium.eval::<[u32; 2]>(brightness).await);
    }
    let [[light_text, light_page], [dark_text, dark_page]] = seen[..] else { panic!("two themes: {seen:?}") };
    assert!(light_page > light_text + 400 && dark_text > dark_page + 400, "{seen:?}");
}
