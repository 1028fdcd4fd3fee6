//! Serves the notifications of a social network, and a page that shows them, on `http://127.0.0.1:3000`.
//!
//!     cargo run --example social
//!     cargo run --example social-client -- http://127.0.0.1:3000 --token token-of-ada
//!     curl -H 'authorization: Bearer token-of-ben' --json '{"do":"like","to":"ada"}' http://127.0.0.1:3000/act
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
use serde_json::{Value, json};
use sse_axum::{LastEventId, Sse};
use sse_examples::{
    page,
    server::{self, Port},
};
use sse_hub::{Hub, Options, Start, Topics, Window};

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
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port } = Arguments::parse();
    let app = App::new();
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

/// How long a notification is held for clients that connect later.
const HELD: Duration = Duration::from_secs(3600);

impl App {
    /// Creates a hub without notifications. It holds fewer than those of an hour if they exceed the other default bounds
    /// of a window, 100 000 events and 64 MiB.
    fn new() -> Self {
        Self { hub: Hub::memory(Options::new().window(Window::new().age(HELD))) }
    }

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
            // Notified by any sign-out from now on, even one before the first poll.
            let signed_out = user.signed_out.notified();
            Sse::new(notices).retry(RETRY).shutdown_with(signed_out, Notice::SignedOut).into_response()
        }
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

/// What one person does to another.
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

/// The status and the text of a response that refuses a request.
type Refusal = (StatusCode, String);

/// Notifies the other person. Responds with the number of streams that the person has open.
async fn act(State(app): State<App>, User(user): User, Json(act): Json<Act>) -> Result<Json<Value>, Refusal> {
    let (from, at) = (user.name.to_owned(), now());
    let (to, notice) = match act {
        Act::Message { to, text } => (to, Notice::Message { from, at, text: check(text)? }),
        Act::Comment { to, text } => (to, Notice::Comment { from, at, text: check(text)? }),
        Act::Like { to } => (to, Notice::Like { from, at }),
        Act::Follow { to } => (to, Notice::Follow { from, at }),
    };
    let person = find(&to)?;
    let topic = app.topic(person);
    match topic.publish(&notice).await {
        Ok(id) => Ok(Json(json!({ "id": id.to_string(), "streams": topic.subscribers() }))),
        Err(error) => Err((StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n"))),
    }
}

/// Returns a text if it is not empty and not too long.
fn check(text: String) -> Result<String, Refusal> {
    if (1..=MAX_TEXT).contains(&text.len()) {
        return Ok(text);
    }
    Err((StatusCode::UNPROCESSABLE_ENTITY, format!("write a text of 1 to {MAX_TEXT} bytes\n")))
}

fn find(name: &str) -> Result<&'static Person, Refusal> {
    Person::named(name).ok_or_else(|| (StatusCode::NOT_FOUND, "nobody has this name\n".to_owned()))
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
async fn sign_in(Json(SignIn { name }): Json<SignIn>) -> Result<impl IntoResponse, Refusal> {
    let token = find(&name)?.token;
    // Scripts cannot read the cookie, and other sites cannot make the browser send it with a POST. On a server with
    // https, add `Secure`.
    let cookie = format!("{COOKIE}={token}; HttpOnly; SameSite=Lax; Path=/");
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie)]))
}

/// Signs a person out, and ends all streams of this person.
async fn sign_out(User(user): User) -> impl IntoResponse {
    user.signed_out.notify_waiters();
    (StatusCode::NO_CONTENT, [(SET_COOKIE, format!("{COOKIE}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"))])
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use futures_util::{FutureExt, StreamExt};

    use super::*;

    #[tokio::test]
    async fn many_sign_outs_of_one_person_end_the_streams_of_that_person_alone() {
        let app = App::new();
        let stream = async |name| {
            let user = User(Person::named(name).unwrap());
            events(State(app.clone()), user, LastEventId(None)).await.into_body()
        };
        let (ada, mut ben) = (stream("ada").await, stream("ben").await.into_data_stream());
        // No stream is polled in between.
        for _ in 0..1000 {
            sign_out(User(Person::named("ada").unwrap())).await;
        }
        let ada = to_bytes(ada, 1000).await.unwrap();
        assert!(ada.ends_with(b"event: signed-out\ndata: \n\n"), "{ada:?}");
        let first = ben.next().await.unwrap().unwrap();
        assert!(first.windows(11).any(|part| part == b"event: here"), "{first:?}");
        assert!(ben.next().now_or_never().is_none(), "the stream is still open");
    }
}
