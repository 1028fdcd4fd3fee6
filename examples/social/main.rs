//! Serves the notifications of a social network, and a page that shows them, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example social
//!     cargo run --example social-client -- http://127.0.0.1:3000 --token token-of-ada
//!
//! Each person is a topic, and all tabs and programs of a person follow it. A new client receives the notifications of
//! the last hour, one that reconnects receives what it has missed, and nobody receives those of somebody else.

mod event;
mod people;

use std::{
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Parser;
use serde::Deserialize;
use serde_json::json;
use sse_axum::{LastEventId, Sse};
use sse_examples::{
    page,
    server::{self, Port},
};
use sse_hub::{Hub, Options, Start, Topics};
use tokio::sync::broadcast;

use crate::{
    event::Notice,
    people::{COOKIE, PEOPLE, Person, User},
};

/// Serves the notifications of a social network, and a page that shows them.
#[derive(Debug, Parser)]
#[command(name = "social")]
struct Arguments {
    #[command(flatten)]
    port: Port,
}

/// The state that all connections share.
#[derive(Clone)]
struct App {
    hub: Hub<Notice>,
    /// The names of people who sign out.
    sign_outs: broadcast::Sender<&'static str>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port } = Arguments::parse();
    let app = App { hub: Hub::memory(Options::new()), sign_outs: broadcast::Sender::new(16) };
    let hub = app.hub.clone();
    let router = page::routes(include_str!("page.html"))
        .route("/events", get(events))
        .route("/act", post(act))
        .route("/me", get(me))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .with_state(app);
    // Closing the hub ends all streams. The clients reconnect, to the next server on this port.
    server::run("social", port, router, move || hub.close()).await
}

impl App {
    /// Selects the topic of a person. Only this function names topics, so that nobody can choose one.
    fn topic(&self, person: &Person) -> Topics<'_, Notice> {
        self.hub.topics([format!("person/{}", person.name)])
    }
}

/// The reconnection time; short, so that the page soon continues.
const RETRY: Duration = Duration::from_secs(1);

/// Streams the notifications of the person who is signed in.
async fn events(State(app): State<App>, User(user): User, LastEventId(last): LastEventId) -> Response {
    let start = last.map_or(Start::EARLIEST, Start::from);
    match app.topic(user).subscribe(start) {
        Ok(subscription) => {
            let notices = subscription.on_bookmark(&Notice::Here).on_gap(Notice::Resync);
            let signed_out = signed_out(app.sign_outs.subscribe(), user);
            Sse::new(notices).retry(RETRY).shutdown_with(signed_out, Notice::SignedOut).into_response()
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

/// Waits until a person signs out.
async fn signed_out(mut sign_outs: broadcast::Receiver<&'static str>, user: &'static Person) {
    // An error means that sign-outs were missed: this person may be among them.
    while sign_outs.recv().await.is_ok_and(|name| name != user.name) {}
}

/// An act of a person that concerns another one.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
enum Act {
    Message { to: String, text: String },
    Comment { to: String, text: String },
    Like { to: String },
    Follow { to: String },
}

/// The maximum length of a text in bytes.
const MAX_TEXT: usize = 1000;

/// Notifies the other person. Responds with the number of streams that the person has open.
async fn act(State(app): State<App>, User(user): User, Json(act): Json<Act>) -> Response {
    let (from, at) = (user.name.to_owned(), now());
    let (to, notice) = match act {
        Act::Message { text, .. } | Act::Comment { text, .. } if text.is_empty() || text.len() > MAX_TEXT => {
            return (StatusCode::UNPROCESSABLE_ENTITY, "write a text of 1 to 1000 bytes\n").into_response();
        }
        Act::Message { to, text } => (to, Notice::Message { from, at, text }),
        Act::Comment { to, text } => (to, Notice::Comment { from, at, text }),
        Act::Like { to } => (to, Notice::Like { from, at }),
        Act::Follow { to } => (to, Notice::Follow { from, at }),
    };
    let Some(person) = Person::named(&to) else {
        return (StatusCode::NOT_FOUND, "nobody has this name\n").into_response();
    };
    let topic = app.topic(person);
    match topic.publish(&notice).await {
        Ok(id) => Json(json!({ "id": id.to_string(), "streams": topic.subscribers() })).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the name of the person who is signed in, and the other people.
async fn me(User(user): User) -> impl IntoResponse {
    let others = PEOPLE.iter().filter(|person| person.name != user.name);
    let others: Vec<_> = others.map(|Person { name, post, .. }| json!({ "name": name, "post": post })).collect();
    Json(json!({ "name": user.name, "post": user.post, "others": others }))
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
}

/// Signs a person in, without a password.
async fn sign_in(Json(SignIn { name }): Json<SignIn>) -> Response {
    let Some(Person { token, .. }) = Person::named(&name) else {
        return (StatusCode::NOT_FOUND, "nobody has this name\n").into_response();
    };
    // Scripts cannot read the cookie, and other sites cannot make the browser send it with a POST. On a server with
    // https, add `Secure`.
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/");
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]).into_response()
}

/// Signs a person out, and ends all streams of this person.
async fn sign_out(State(app): State<App>, User(user): User) -> impl IntoResponse {
    // Fails if no stream is open.
    let _ = app.sign_outs.send(user.name);
    (StatusCode::NO_CONTENT, [(SET_COOKIE, format!("{COOKIE}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"))])
}
