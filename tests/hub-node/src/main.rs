//! A node of a hub on Redis, which the tests start several times:
//!
//!     cargo run --bin hub-node -- redis://127.0.0.1 8111
//!
//! `GET /TOPIC` follows a topic, `POST /TOPIC/NUMBER` publishes an event and responds with its outcome, and `GET /ready`
//! responds with the health. SIGTERM ends the streams within a second.

use std::{env, error::Error, net::Ipv4Addr, process::ExitCode, time::Duration};

use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use sse_axum::{LastEventId, Sse};
use sse_core::{Gap, SseEvent};
use sse_hub::{Hub, Options, PublishError, Redis, Sent};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::sleep,
};

#[derive(SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Score {
    Goal { number: u64 },
    Resync(Gap),
}

async fn follow(
    State(hub): State<Hub<Score>>,
    Path(topic): Path<String>,
    LastEventId(last): LastEventId,
) -> Result<Response, StatusCode> {
    let subscription = hub
        .topic(&topic)
        .subscribe(last)
        .map_err(|error| StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))?;
    Ok(Sse::new(subscription.on_gap(Score::Resync)).into_response())
}

/// Responds with an ID, or with the reason of the failure.
async fn publish(State(hub): State<Hub<Score>>, Path((topic, number)): Path<(String, u64)>) -> String {
    match hub.topic(&topic).publish(&Score::Goal { number }).await {
        Ok(id) => id.to_string(),
        Err(PublishError::Unavailable { sent: Sent::Unknown }) => "unknown".to_owned(),
        Err(PublishError::Unavailable { sent: Sent::NotSent } | PublishError::Busy { .. } | PublishError::Closed) => {
            "not sent".to_owned()
        }
        Err(error) => format!("failed: {error}"),
    }
}

async fn ready(State(hub): State<Hub<Score>>) -> (StatusCode, String) {
    let health = hub.health();
    let status = if health.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, format!("{health:?}"))
}

async fn run(url: &str, port: u16) -> Result<(), Box<dyn Error>> {
    let hub: Hub<Score> = loop {
        // A node that starts while the server is away waits for it.
        match Hub::open(Redis::at(url)?.name("test"), Options::new()).await {
            Ok(hub) => break hub,
            Err(error) => eprintln!("{error}"),
        }
        sleep(Duration::from_millis(200)).await;
    };
    let router = Router::new()
        .route("/ready", get(ready))
        .route("/{topic}", get(follow))
        .route("/{topic}/{number}", post(publish))
        .with_state(hub.clone());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening");
    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router.into_make_service())
        .with_graceful_shutdown(async move {
            terminate.recv().await;
            hub.drain(Duration::from_secs(1)).await;
        })
        .await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [url, port] = arguments.as_slice() else {
        eprintln!("usage: hub-node URL PORT");
        return ExitCode::FAILURE;
    };
    let Ok(port) = port.parse() else {
        eprintln!("hub-node: `{port}` is not a port");
        return ExitCode::FAILURE;
    };
    match run(url, port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hub-node: {error}");
            ExitCode::FAILURE
        }
    }
}
