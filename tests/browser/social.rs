//! The page of `examples/social`.

use serde_json::json;

use super::{chromium::Chromium, proxy::Proxy};
use crate::{
    program::example,
    served::Served,
    social::{act, streams},
};

async fn sign_in(chromium: &Chromium, name: &str) {
    chromium.until_true("!document.getElementById('enter').hidden").await;
    chromium.eval::<()>(&format!("document.querySelector('#enter button[value={name}]').click()")).await;
    chromium.until_state("live").await;
}

/// Waits until the list has so many notifications. Returns their texts, newest first.
async fn listed(chromium: &Chromium, count: usize) -> Vec<String> {
    chromium.until_true(&format!("document.querySelectorAll('#list time').length === {count}")).await;
    let texts = "return [...document.querySelectorAll('#list li:has(time)')].map((item) =>
        [...item.querySelectorAll('p')].map((p) => p.textContent).join(': '))";
    chromium.eval(texts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_that_were_missed_while_the_connection_was_lost_are_listed_once_in_all_tabs() {
    let social = Served::start(&example("social"), &[]);
    let proxy = Proxy::start(social.address).await;
    act(&social, "ben", json!({ "do": "follow", "to": "ada" })).await;
    let chromium = Chromium::open(&proxy.url()).await;
    sign_in(&chromium, "ada").await;
    assert_eq!(listed(&chromium, 1).await, ["ben follows you"], "it was sent before the page was opened");
    let first = chromium.page.window().await.unwrap();
    let second = chromium.page.new_tab().await.unwrap();
    chromium.page.switch_to_window(second.clone()).await.unwrap();
    chromium.page.goto(&proxy.url()).await.unwrap();
    listed(&chromium, 1).await;

    proxy.cut();
    chromium.until_state("reconnecting").await;
    act(&social, "eve", json!({ "do": "message", "to": "ada", "text": "<b>Hi</b>" })).await;
    act(&social, "eve", json!({ "do": "like", "to": "ben" })).await;
    act(&social, "ben", json!({ "do": "comment", "to": "ada", "text": "Well done" })).await;
    proxy.refusal().await;
    proxy.restore();
    for tab in [first.clone(), second.clone()] {
        chromium.page.switch_to_window(tab).await.unwrap();
        let expected = ["ben comments on your post: Well done", "eve writes to you: <b>Hi</b>", "ben follows you"];
        assert_eq!(listed(&chromium, 3).await, expected);
    }
    let resumed = proxy.connects().into_iter().filter(|connect| *connect == (Some(1), Some(200))).count();
    assert_eq!(resumed, 2, "{:?}", proxy.connects());

    // Signing out in one tab signs the other one out.
    chromium.eval::<()>("document.getElementById('sign-out').click()").await;
    for tab in [second, first] {
        chromium.page.switch_to_window(tab).await.unwrap();
        chromium.until_true("!document.getElementById('enter').hidden").await;
        assert_eq!(chromium.texts("#state").await, ["Closed"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_signed_in_over_a_restart_and_reports_what_may_be_missing() {
    let old = Served::start(&example("social"), &[]);
    let proxy = Proxy::start(old.address).await;
    let chromium = Chromium::open(&proxy.url()).await;
    sign_in(&chromium, "ada").await;
    act(&old, "ben", json!({ "do": "like", "to": "ada" })).await;
    listed(&chromium, 1).await;

    old.signal("TERM");
    chromium.until_state("reconnecting").await;
    old.end();
    let new = Served::start(&example("social"), &[]);
    act(&new, "eve", json!({ "do": "like", "to": "ada" })).await;
    proxy.redirect_to(new.address);
    assert_eq!(listed(&chromium, 2).await, ["eve likes your post", "ben likes your post"]);
    let notes = chromium.texts("#list .note").await;
    for part in ["Connection lost", "Connected again", "resync: restarted"] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }

    // Somebody else receives it, and the page reports how many streams were open.
    chromium.eval::<()>("document.querySelector('.person .acts button').click()").await;
    chromium.until_true("document.getElementById('result').textContent.startsWith('Ben is not connected')").await;
    let sent = streams(&new, "ben").await;
    assert!(sent.contains("event: like\n") && sent.contains("\"from\":\"ada\""), "{sent}");
}
