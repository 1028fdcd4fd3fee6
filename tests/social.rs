//! `examples/social` as a program: who receives which notification, over which connection.

#[path = "../examples/social/event.rs"]
mod event;

use std::{
    net::Ipv4Addr,
    path::PathBuf,
    process::Command,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{Router, http::HeaderMap, routing::get};
use futures_util::StreamExt;
use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};
use sse_core::{Envelope, EventStream, GapReason};
use tokio::{net::TcpListener, time::timeout};

use self::event::Notice;
use crate::{
    program::{self, PATIENCE, Running},
    served::{Served, assert_listens, free_port},
};

static SOCIAL: LazyLock<PathBuf> = LazyLock::new(|| program::example("social"));

fn start() -> Served {
    Served::start(&SOCIAL, &[])
}

fn token(name: &str) -> String {
    format!("token-of-{name}")
}

/// Lets a person do something. Returns the response.
async fn request_act(social: &Served, name: &str, act: Value) -> Response {
    Client::new().post(social.url("/act")).bearer_auth(token(name)).json(&act).send().await.unwrap()
}

/// Lets a person do something. Returns the number of open streams of the other one.
pub(crate) async fn act(social: &Served, name: &str, act: Value) -> u64 {
    let response = request_act(social, name, act).await.error_for_status().unwrap();
    response.json::<Value>().await.unwrap()["streams"].as_u64().unwrap()
}

/// Returns the first chunk of a new stream of a person, which has the notifications so far.
pub(crate) async fn streams(social: &Served, name: &str) -> String {
    let mut text = String::new();
    let mut response = events(social, name).send().await.unwrap();
    while !text.contains("\"from\"") {
        text.push_str(str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap());
    }
    text
}

fn events(social: &Served, name: &str) -> RequestBuilder {
    Client::new().get(social.url("/events")).bearer_auth(token(name))
}

/// A client of the stream of a person.
struct Reader {
    stream: EventStream<futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>, Envelope<Notice>>,
}

impl Reader {
    async fn new(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Self { stream: EventStream::new(response.bytes_stream().boxed()) }
    }

    /// Reads the next notification. Returns its name and its author, or `end` at the end of the stream.
    async fn next(&mut self) -> (&'static str, String) {
        loop {
            let envelope = timeout(PATIENCE, self.stream.next()).await.expect("a notification or the end");
            let Some(envelope) = envelope else { return notice("end", "") };
            return match envelope.unwrap().event {
                Some(Notice::Message { from, .. }) => ("message", from),
                Some(Notice::Comment { from, .. }) => ("comment", from),
                Some(Notice::Like { from, .. }) => ("like", from),
                Some(Notice::Follow { from, .. }) => ("follow", from),
                Some(Notice::SignedOut) => ("signed-out", String::new()),
                Some(Notice::Resync(gap)) => ("resync", gap.reason.to_string()),
                Some(Notice::Here) | None => continue,
            };
        }
    }

    fn last(&self) -> String {
        self.stream.decoder().last_event_id().to_owned()
    }
}

fn notice(name: &'static str, from: &str) -> (&'static str, String) {
    (name, from.to_owned())
}

#[tokio::test]
async fn a_notification_reaches_all_streams_of_its_person_and_nobody_else() {
    let social = start();
    let mut ada = [Reader::new(events(&social, "ada")).await, Reader::new(events(&social, "ada")).await];
    let mut ben = Reader::new(events(&social, "ben")).await;
    assert_eq!(act(&social, "eve", json!({ "do": "message", "to": "ada", "text": "Hi" })).await, 2);
    assert_eq!(act(&social, "ada", json!({ "do": "like", "to": "ben" })).await, 1);
    assert_eq!(act(&social, "ben", json!({ "do": "comment", "to": "ada", "text": "Fine" })).await, 2);
    assert_eq!(act(&social, "ben", json!({ "do": "follow", "to": "eve" })).await, 0);
    for ada in &mut ada {
        assert_eq!(ada.next().await, notice("message", "eve"));
        assert_eq!(ada.next().await, notice("comment", "ben"));
    }
    assert_eq!(ben.next().await, notice("like", "ada"));
    // At the end of the server, no stream has had another notification.
    social.signal("TERM");
    for reader in ada.iter_mut().chain([&mut ben]) {
        assert_eq!(reader.next().await, notice("end", ""));
    }
    social.end();
}

#[tokio::test]
async fn a_new_client_receives_the_last_notifications_and_one_that_reconnects_the_missed_ones() {
    let social = start();
    act(&social, "ben", json!({ "do": "follow", "to": "ada" })).await;
    act(&social, "ben", json!({ "do": "like", "to": "eve" })).await;
    let mut ada = Reader::new(events(&social, "ada")).await;
    assert_eq!(ada.next().await, notice("follow", "ben"));
    let last = ada.last();
    drop(ada);
    act(&social, "eve", json!({ "do": "like", "to": "ada" })).await;
    let mut ada = Reader::new(events(&social, "ada").header("last-event-id", last)).await;
    assert_eq!(ada.next().await, notice("like", "eve"));
}

#[tokio::test]
async fn a_client_that_has_received_nothing_can_resume_too() {
    let social = start();
    let mut response = events(&social, "ada").send().await.unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    let first = str::from_utf8(&first).unwrap();
    let id = first.lines().find_map(|line| line.strip_prefix("id: ")).unwrap_or_else(|| panic!("no ID in {first:?}"));
    assert!(first.contains("event: here\n"), "{first:?}");
    drop(response);
    act(&social, "ben", json!({ "do": "like", "to": "ada" })).await;
    let mut ada = Reader::new(events(&social, "ada").header("last-event-id", id)).await;
    assert_eq!(ada.next().await, notice("like", "ben"));
}

#[tokio::test]
async fn an_id_of_another_server_is_answered_with_a_resync_and_what_is_held() {
    let social = start();
    act(&social, "ben", json!({ "do": "like", "to": "ada" })).await;
    let mut ada = Reader::new(events(&social, "ada").header("last-event-id", "7-300")).await;
    assert_eq!(ada.next().await, notice("resync", GapReason::Restarted.as_str()));
    assert_eq!(ada.next().await, notice("like", "ben"));
    let mut ada = Reader::new(events(&social, "ada").header("last-event-id", "x")).await;
    assert_eq!(ada.next().await, notice("resync", GapReason::Unknown.as_str()));
}

#[tokio::test]
async fn signing_in_sets_a_cookie_and_signing_out_ends_the_streams_of_that_person_alone() {
    let social = start();
    let client = Client::new();
    let response = client.post(social.url("/sign-in")).json(&json!({ "name": "ada" })).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let with_cookie = |request: RequestBuilder| request.header(header::COOKIE, cookie);
    let mut tab = Reader::new(with_cookie(client.get(social.url("/events")))).await;
    let mut program = Reader::new(events(&social, "ada")).await;
    let mut ben = Reader::new(events(&social, "ben")).await;
    let response = with_cookie(client.post(social.url("/sign-out"))).send().await.unwrap();
    assert!(response.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    for reader in [&mut tab, &mut program] {
        assert_eq!((reader.next().await, reader.next().await), (notice("signed-out", ""), notice("end", "")));
    }
    act(&social, "ada", json!({ "do": "like", "to": "ben" })).await;
    assert_eq!(ben.next().await, notice("like", "ada"));
}

#[tokio::test]
async fn requests_without_a_valid_token_are_unauthorized() {
    let social = start();
    let client = Client::new();
    let like = json!({ "do": "like", "to": "ada" });
    for request in [
        client.get(social.url("/events")),
        client.get(social.url("/events")).bearer_auth("token-of-mallory"),
        client.get(social.url("/events")).header(header::COOKIE, "social=x"),
        client.get(social.url("/me")),
        client.post(social.url("/act")).json(&like),
        client.post(social.url("/sign-out")),
    ] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{}", response.url());
        assert!(response.text().await.unwrap().ends_with('\n'));
    }
}

#[tokio::test]
async fn wrong_acts_are_refused_and_nobody_is_notified() {
    let social = start();
    let mut ada = Reader::new(events(&social, "ada")).await;
    for (act, status) in [
        (json!({ "do": "like", "to": "mallory" }), StatusCode::NOT_FOUND),
        (json!({ "do": "message", "to": "ada", "text": "" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "do": "comment", "to": "ada", "text": "x".repeat(1001) }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "do": "message", "to": "ada" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({ "do": "poke", "to": "ada" }), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(request_act(&social, "ben", act.clone()).await.status(), status, "{act}");
    }
    // A form of another site cannot have this content type without the consent of the server.
    let form = Client::new().post(social.url("/act")).bearer_auth(token("ben")).body(r#"{"do":"like","to":"ada"}"#);
    assert_eq!(form.send().await.unwrap().status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(act(&social, "eve", json!({ "do": "message", "to": "ada", "text": "x".repeat(1000) })).await, 1);
    assert_eq!(ada.next().await, notice("message", "eve"));
}

#[tokio::test]
async fn the_rust_client_prints_missed_notifications_over_a_restart_and_ends_when_its_person_signs_out() {
    let port = free_port();
    let old = Served::on(port, &SOCIAL, &[]);
    let mut command = Command::new(program::example("social-client"));
    let client = Running::start(command.args([&old.url(""), "--token", "token-of-ada"])).unwrap();
    act(&old, "ben", json!({ "do": "follow", "to": "ada" })).await;
    assert_eq!(client.line(), "ben follows you");
    drop(old);
    let new = Served::on(port, &SOCIAL, &[]);
    act(&new, "eve", json!({ "do": "message", "to": "ada", "text": "Hi" })).await;
    assert_eq!(client.line(), "eve writes: Hi");
    Client::new().post(new.url("/sign-out")).bearer_auth("token-of-ada").send().await.unwrap();
    let ended = client.end();
    assert_eq!((ended.code, ended.stdout), (Some(0), vec!["signed out".to_owned()]));
    assert!(
        ended.stderr.iter().any(|line| line == "notifications may be missing (restarted); starting over"),
        "{:?}",
        ended.stderr
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rust_client_starts_over_without_an_id_and_skips_what_it_has_printed() {
    const LIKE: &str = "id: 7-1\nevent: like\ndata: {\"from\":\"ben\",\"at\":1}\n\n";
    let responses = [
        format!("retry: 1\n{LIKE}id: 7-8\nevent: resync\ndata: {{\"reason\":\"unknown\"}}\n\n"),
        format!("{LIKE}id: 7-2\nevent: follow\ndata: {{\"from\":\"eve\",\"at\":2}}\n\nevent: signed-out\ndata\n\n"),
    ];
    let ids = Arc::new(Mutex::new(Vec::new()));
    let seen = ids.clone();
    let events = async move |headers: HeaderMap| {
        let mut seen = seen.lock().unwrap();
        seen.push(headers.get("last-event-id").cloned());
        ([("content-type", "text/event-stream")], responses[seen.len() - 1].clone())
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(axum::serve(listener, Router::new().route("/events", get(events))).into_future());
    let mut command = Command::new(program::example("social-client"));
    let ended = Running::start(command.args([&url, "--token", "token-of-ada"])).unwrap().end();
    server.abort();
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(ended.stdout, ["ben likes your post", "eve follows you", "signed out"]);
    assert_eq!(*ids.lock().unwrap(), [None, None]);
}

#[test]
fn the_page_listens_to_all_notices_and_shows_each_kind() {
    let page = include_str!("../examples/social/page.html");
    assert_listens::<Notice>(page);
    for kind in ["message", "comment", "like", "follow"] {
        assert!(page.contains(&format!("\n  {kind}: (")), "{kind}");
    }
}
