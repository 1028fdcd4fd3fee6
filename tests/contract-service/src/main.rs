//! Wraps the client in the HTTP service that a public suite of contract tests for `EventSource` clients drives.
//!
//!     cargo run --bin contract-service -- 8111
//!
//! The suite creates streams and sends commands to them; the service posts what each stream yields to a callback.

mod stream;

use std::{
    collections::HashMap,
    env,
    error::Error,
    net::Ipv4Addr,
    process::{self, ExitCode},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Path, State, rejection::JsonRejection},
    http::{StatusCode, header::LOCATION},
    response::IntoResponse,
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::stream::{Parameters, Stream};

/// Everything that the suite can test.
const CAPABILITIES: [&str; 10] = [
    "bom",
    "comments",
    "event-type-listeners",
    "headers",
    "last-event-id",
    "post",
    "read-timeout",
    "report",
    "restart",
    "server-directed-shutdown-request",
];

/// The streams that have not been deleted, by their numbers.
#[derive(Default)]
struct Streams(Mutex<(u64, HashMap<u64, Stream>)>);

impl Streams {
    fn lock(&self) -> MutexGuard<'_, (u64, HashMap<u64, Stream>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A command of the suite.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase", tag = "command")]
enum Command {
    Restart,
    /// The service reports events of every type anyway.
    Listen,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(port) = env::args().nth(1).and_then(|port| port.parse().ok()) else {
        eprintln!("usage: contract-service PORT");
        return ExitCode::from(2);
    };
    match serve(port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("contract-service: port {port}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(port: u16) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("http://{}", listener.local_addr()?);
    let router = Router::new()
        .route("/", get(status).post(create).delete(exit))
        .route("/streams/{number}", post(command).delete(remove))
        .with_state(Arc::<Streams>::default());
    axum::serve(listener, router.into_make_service()).await?;
    Ok(())
}

async fn status() -> Json<Value> {
    Json(json!({ "name": "sse-client", "capabilities": CAPABILITIES }))
}

/// Creates a stream, which connects at once.
async fn create(
    State(streams): State<Arc<Streams>>,
    parameters: Result<Json<Parameters>, JsonRejection>,
) -> impl IntoResponse {
    let stream = parameters.map_err(|error| error.body_text()).and_then(|Json(parameters)| Stream::start(parameters));
    let stream = stream.map_err(|error| (StatusCode::BAD_REQUEST, error))?;
    let (last, streams) = &mut *streams.lock();
    *last += 1;
    streams.insert(*last, stream);
    Ok::<_, (StatusCode, String)>((StatusCode::CREATED, [(LOCATION, format!("/streams/{last}"))]))
}

async fn command(
    State(streams): State<Arc<Streams>>,
    Path(number): Path<u64>,
    command: Result<Json<Command>, JsonRejection>,
) -> StatusCode {
    match (streams.lock().1.get(&number), command) {
        (None, _) => StatusCode::NOT_FOUND,
        (_, Err(_)) => StatusCode::BAD_REQUEST,
        (Some(stream), Ok(Json(Command::Restart))) => {
            stream.restart();
            StatusCode::ACCEPTED
        }
        (Some(_), Ok(Json(Command::Listen))) => StatusCode::ACCEPTED,
    }
}

async fn remove(State(streams): State<Arc<Streams>>, Path(number): Path<u64>) -> StatusCode {
    match streams.lock().1.remove(&number) {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::NOT_FOUND,
    }
}

async fn exit() -> StatusCode {
    process::exit(0)
}
