//! Reconnection.

use std::time::Duration;

use serde_json::{Value, json};

use super::harness::Harness;
use crate::client::script::{Step, chunk, cut, end, head, status, whole};

fn open(events: &str) -> Vec<Step> {
    vec![head(""), chunk(events), Step::Hang]
}

#[tokio::test]
async fn reconnection_resumes_after_the_last_id() {
    let mut harness = Harness::new([whole("id: abc\ndata: a\n\n"), open("data: b\n\n")]).await;
    harness.events(&[("message", "a", "abc"), ("message", "b", "abc")]).await;
    assert_eq!(harness.script.ids(), [None, Some("abc".to_owned())]);
}

#[tokio::test]
async fn reconnection_sends_no_id_after_an_empty_one() {
    let mut harness = Harness::new([whole("id: abc\ndata: a\n\nid\ndata: b\n\n"), open("data: c\n\n")]).await;
    harness.events(&[("message", "a", "abc"), ("message", "b", ""), ("message", "c", "")]).await;
    assert_eq!(harness.script.ids(), [None, None]);
}

#[tokio::test]
async fn reconnection_discards_a_partial_message() {
    let partial = "id: a\ndata: whole\n\nid: b\nevent: x\ndata: partial\n";
    let mut harness = Harness::new([vec![head(""), chunk(partial), end()], open("data: next\n\n")]).await;
    harness.events(&[("message", "whole", "a"), ("message", "next", "a")]).await;
    assert_eq!(harness.script.ids(), [None, Some("a".to_owned())]);
}

#[tokio::test]
async fn reconnection_follows_a_connection_that_is_cut_after_at_most_one_error() {
    let mut harness = Harness::new([cut("id: a\ndata: 1\n\n"), open("data: 2\n\n")]).await;
    harness.event().await;
    let next = harness.message().await;
    if next["kind"] == "error" {
        harness.events(&[("message", "2", "a")]).await;
    } else {
        assert_eq!(next["event"]["data"], "2");
    }
}

#[tokio::test]
async fn reconnection_waits_as_long_as_the_server_says() {
    let answers = [whole("retry: 400\ndata: a\n\n"), open("data: b\n\n")];
    let mut harness = Harness::new(answers).await;
    harness.events(&[("message", "a", ""), ("message", "b", "")]).await;
    let requests = harness.script.requests();
    assert!((400..2000).contains(&(requests[1].at - requests[0].at).as_millis()));
}

#[tokio::test]
async fn reconnection_without_a_delay_of_the_suite_is_soon_enough() {
    let answers = [whole("data: a\n\n"), open("data: b\n\n")];
    let mut harness = Harness::with(answers, json!({ "initialDelayMs": Value::Null })).await;
    harness.events(&[("message", "a", ""), ("message", "b", "")]).await;
}

#[tokio::test]
async fn reconnection_happens_several_times() {
    let answers = (1..=4).map(|number| whole(format!("id: {number}\ndata: x\n\n"))).chain([vec![Step::Hang]]);
    let mut harness = Harness::new(answers).await;
    for id in ["1", "2", "3", "4"] {
        harness.events(&[("message", "x", id)]).await;
    }
}

#[tokio::test]
async fn reconnection_follows_an_error_status() {
    let answers =
        [status("500 Internal Server Error", "", ""), status("503 Service Unavailable", "", ""), open("data: a\n\n")];
    let mut harness = Harness::new(answers).await;
    harness.error().await;
    harness.error().await;
    harness.events(&[("message", "a", "")]).await;
}

#[tokio::test]
async fn reconnection_follows_the_read_timeout_which_is_an_error() {
    let answers = [open("data: a\n\n"), open("data: b\n\n")];
    let mut harness = Harness::with(answers, json!({ "readTimeoutMs": 500 })).await;
    harness.event().await;
    harness.error().await;
    harness.events(&[("message", "b", "")]).await;
}

#[tokio::test]
async fn reconnection_on_command_is_immediate() {
    let mut harness = Harness::new([open("id: 1\ndata: a\n\n"), open("data: b\n\n")]).await;
    harness.event().await;
    assert!(harness.command(json!({ "command": "restart" })).await.is_success());
    harness.events(&[("message", "b", "1")]).await;
    let listen = json!({ "command": "listen", "listen": { "type": "greeting" } });
    assert!(harness.command(listen).await.is_success());
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(harness.script.ids(), [None, Some("1".to_owned())]);
}
