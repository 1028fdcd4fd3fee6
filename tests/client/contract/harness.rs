//! The harness: creates a stream in the service, serves its connections, and receives its callbacks.

use std::{net::Ipv4Addr, path::PathBuf, process::Command, sync::LazyLock, time::Duration};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, State},
    http::StatusCode,
    routing::post,
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    client::script::{Script, Step},
    program::{self, Running},
};

/// How long the suite waits for each message and each connection.
const PATIENCE: Duration = Duration::from_secs(5);

static SERVICE: LazyLock<PathBuf> = LazyLock::new(|| program::binary("contract-service"));

/// The running service. Dropping it ends the program.
struct Service {
    url: String,
    _running: Running,
}

impl Service {
    fn start() -> Self {
        let running = Running::start(Command::new(&*SERVICE).arg("0")).expect("the service starts");
        Self { url: running.line(), _running: running }
    }
}

/// A stream that the service reads.
pub(super) struct Harness {
    pub(super) script: Script,
    _service: Service,
    location: String,
    messages: UnboundedReceiver<(u64, Value)>,
    next: u64,
    callbacks: JoinHandle<()>,
}

impl Harness {
    /// Creates a stream whose connections get these answers.
    pub(super) async fn new(answers: impl IntoIterator<Item = Vec<Step>>) -> Self {
        Self::with(answers, json!({})).await
    }

    /// Creates a stream with more parameters.
    pub(super) async fn with(answers: impl IntoIterator<Item = Vec<Step>>, parameters: Value) -> Self {
        let script = Script::new(answers).await;
        let (sender, messages) = unbounded_channel();
        let router = Router::new()
            .route("/callback/{number}", post(receive))
            .layer(DefaultBodyLimit::disable())
            .with_state(sender);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let callback = format!("http://{}/callback", listener.local_addr().unwrap());
        let callbacks = tokio::spawn(async { axum::serve(listener, router.into_make_service()).await.unwrap() });
        let mut body =
            json!({ "streamUrl": script.url(), "callbackUrl": callback, "initialDelayMs": 0, "tag": "test" });
        body.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        let service = Service::start();
        let created = Client::new().post(&service.url).json(&body).send().await.unwrap();
        assert!(created.status().is_success(), "{created:?}");
        let location = format!("{}{}", service.url, created.headers()["location"].to_str().unwrap());
        Self { script, _service: service, location, messages, next: 1, callbacks }
    }

    /// Returns the next message. They must arrive in order.
    pub(super) async fn message(&mut self) -> Value {
        let (number, message) = timeout(PATIENCE, self.messages.recv()).await.expect("a message in time").unwrap();
        assert_eq!(number, self.next, "{message}");
        self.next += 1;
        message
    }

    /// Asserts that the next message is an event, and returns its type, data and ID.
    pub(super) async fn event(&mut self) -> (String, String, String) {
        let message = self.message().await;
        assert_eq!(message["kind"], "event", "{message}");
        let text = |key: &str| message["event"][key].as_str().expect("text").to_owned();
        (text("type"), text("data"), text("id"))
    }

    /// Asserts that the next messages are these events: type, data and ID.
    pub(super) async fn events(&mut self, expected: &[(&str, &str, &str)]) {
        for (name, data, id) in expected {
            assert_eq!(self.event().await, ((*name).to_owned(), (*data).to_owned(), (*id).to_owned()));
        }
    }

    pub(super) async fn comment(&mut self, text: &str) {
        assert_eq!(self.message().await, json!({ "kind": "comment", "comment": text }));
    }

    pub(super) async fn error(&mut self) {
        assert_eq!(self.message().await["kind"], "error");
    }

    /// Asserts that no message arrives for a while.
    pub(super) async fn nothing(&mut self) {
        let message = timeout(Duration::from_millis(300), self.messages.recv()).await;
        assert!(message.is_err(), "{message:?}");
    }

    /// Waits until the client has sent this many requests.
    pub(super) async fn requests(&self, count: usize) {
        let arrived = async {
            while self.script.requests().len() < count {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, arrived).await.expect("a connection in time");
    }

    /// Sends a command and returns the status.
    pub(super) async fn command(&self, command: Value) -> StatusCode {
        Client::new().post(&self.location).json(&command).send().await.unwrap().status()
    }

    /// Deletes the stream and returns the status.
    pub(super) async fn delete(&self) -> StatusCode {
        Client::new().delete(&self.location).send().await.unwrap().status()
    }
}

impl Drop for Harness {
    fn drop(&mut self) {
        self.callbacks.abort();
    }
}

async fn receive(
    State(sender): State<UnboundedSender<(u64, Value)>>,
    Path(number): Path<u64>,
    Json(message): Json<Value>,
) -> StatusCode {
    match sender.send((number, message)) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::NOT_FOUND,
    }
}

#[tokio::test]
async fn the_service_reports_its_status() {
    let service = Service::start();
    let status: Value = reqwest::get(&service.url).await.unwrap().json().await.unwrap();
    assert_eq!(status["name"], "sse-client");
    assert_eq!(status["capabilities"].as_array().unwrap().len(), 10);
}

#[tokio::test]
async fn the_service_rejects_what_it_does_not_understand() {
    let (client, service) = (Client::new(), Service::start());
    for body in ["", "{}", "{\"streamUrl\":1}", r#"{"streamUrl":"http://x","callbackUrl":"http://x","method":"a b"}"#] {
        let request = client.post(&service.url).header("content-type", "application/json").body(body);
        assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{body}");
    }
    let harness = Harness::new([vec![Step::Hang]]).await;
    assert_eq!(harness.command(json!({ "command": "dance" })).await, StatusCode::BAD_REQUEST);
    assert_eq!(harness.delete().await, StatusCode::NO_CONTENT);
    assert_eq!(harness.delete().await, StatusCode::NOT_FOUND);
    assert_eq!(harness.command(json!({ "command": "restart" })).await, StatusCode::NOT_FOUND);
}
