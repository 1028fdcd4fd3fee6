//! HTTP behavior: requests, redirects, and statuses.

use std::time::Duration;

use serde_json::json;

use super::harness::Harness;
use crate::client::script::{Script, Step, chunk, head, no_content, status, whole};

fn hello() -> Vec<Step> {
    vec![head(""), chunk("data: Hello\n\n"), Step::Hang]
}

#[tokio::test]
async fn http_request_has_the_standard_headers() {
    let mut harness = Harness::new([hello()]).await;
    harness.event().await;
    let request = &harness.script.requests()[0];
    assert!(request.line.starts_with("GET "), "{}", request.line);
    assert_eq!(request.all("accept"), ["text/event-stream"]);
    assert_eq!(request.all("cache-control"), ["no-cache"]);
    assert_eq!(request.last_event_id(), None);
}

#[tokio::test]
async fn http_request_has_the_headers_and_the_id_that_the_suite_asks_for() {
    let parameters = json!({ "headers": { "header-name": "header-value" }, "lastEventId": "abc" });
    let mut harness = Harness::with([hello()], parameters).await;
    assert_eq!(harness.event().await.2, "abc");
    let request = &harness.script.requests()[0];
    assert_eq!((request.all("header-name"), request.last_event_id()), (vec!["header-value"], Some("abc")));
}

#[tokio::test]
async fn http_request_has_the_method_and_the_body_each_time() {
    for method in ["POST", "REPORT"] {
        let body = "{\"hello\": \"world\"}";
        let parameters = json!({ "method": method, "body": body, "headers": { "content-type": "application/json" } });
        let mut harness = Harness::with([whole("data: Hello\n\n"), hello()], parameters).await;
        harness.event().await;
        harness.event().await;
        for request in harness.script.requests() {
            assert_eq!(request.line, format!("{method} /events HTTP/1.1"));
            assert_eq!((request.all("content-type"), &request.body[..]), (vec!["application/json"], body.as_bytes()));
        }
    }
}

#[tokio::test]
async fn http_redirects_are_followed_without_an_error() {
    for code in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let target = Script::new([hello()]).await;
        let redirect = status(code, &format!("Location: {}\r\n", target.url()), "");
        let mut harness = Harness::new([redirect]).await;
        harness.events(&[("message", "Hello", "")]).await;
    }
}

#[tokio::test]
async fn http_redirects_without_a_location_are_an_error() {
    for code in ["301 Moved Permanently", "307 Temporary Redirect"] {
        for location in ["", "Location:\r\n"] {
            let mut harness = Harness::new([status(code, location, "")]).await;
            harness.error().await;
        }
    }
}

#[tokio::test]
async fn http_204_stops_the_client() {
    let mut harness = Harness::new([whole("data: Hello\n\n"), no_content()]).await;
    harness.event().await;
    harness.requests(2).await;
    harness.nothing().await;
    assert_eq!(harness.script.requests().len(), 2);
}

#[tokio::test]
async fn http_content_type_other_than_an_event_stream_is_an_error() {
    let mut harness = Harness::new([status("200 OK", "Content-Type: text/plain\r\n", "data: Hello\n\n")]).await;
    harness.error().await;
}

#[tokio::test]
async fn http_stream_that_is_deleted_is_disconnected() {
    let wait = Step::Wait(Duration::from_millis(200));
    let mut harness =
        Harness::new([vec![head(""), chunk("data: a\n\n"), wait, chunk("data: b\n\n"), Step::Hang]]).await;
    harness.event().await;
    assert!(harness.delete().await.is_success());
    harness.nothing().await;
}
