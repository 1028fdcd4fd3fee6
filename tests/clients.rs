//! Published client packages that read `Sse` responses: SDKs of model APIs, MCP, and SSE clients for Python and Node.js.
//!
//! Each stream has a reconnection time before its first event, an ID with each event, and comments between events like
//! those of a keep-alive. `cargo xtask test` installs the packages and runs these tests; `cargo test` ignores them.

mod bookmarks;

use std::{
    env,
    path::PathBuf,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sse_axum::Sse;
use sse_core::{Comment, Envelope, EventId, SseEvent};
use tokio::{net::TcpListener, task::spawn_blocking};

use crate::program::Running;

/// The folder of the installed packages, which `cargo xtask test` sets.
const CLIENTS: &str = "SSE_TEST_CLIENTS";

/// A feed with named and unnamed events.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Feed {
    Tick(u32),
    #[sse(unnamed, text)]
    Note(String),
    #[sse(terminal)]
    Closed,
}

/// The answer of a chat model, as the API of `OpenAI` streams it.
#[derive(Clone, Debug, SseEvent)]
enum Chat {
    #[sse(unnamed)]
    Chunk(Value),
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
}

/// The answer of a model, as the API of Anthropic streams it.
#[derive(Clone, Debug, Deserialize, Serialize, SseEvent)]
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Answer {
    MessageStart {
        message: Value,
    },
    ContentBlockStart {
        index: u32,
        content_block: Value,
    },
    Ping,
    ContentBlockDelta {
        index: u32,
        delta: Value,
    },
    ContentBlockStop {
        index: u32,
    },
    MessageDelta {
        delta: Value,
        usage: Value,
    },
    #[sse(terminal)]
    MessageStop,
}

/// A response of an MCP server.
#[derive(Clone, Debug, SseEvent)]
enum Mcp {
    /// The first event, whose only purpose is its ID.
    #[sse(unnamed, literal = "")]
    Prime,
    #[sse(unnamed)]
    Response(Value),
}

/// Returns a response with an ID and a comment on each event, keep-alives between them, and a reconnection time.
fn surrounded<E>(events: Vec<E>) -> Sse<impl Stream<Item = Envelope<E>>>
where
    E: SseEvent + Send + 'static,
{
    let keep_alive = || Envelope::comment(Comment::default());
    let numbered = events.into_iter().zip(1_u32..).flat_map(move |(event, number)| {
        [keep_alive(), Envelope::new(event).with_id(number).with_comment(Comment::from_static(" a comment"))]
    });
    Sse::new(stream::iter(numbered.collect::<Vec<_>>())).retry(Duration::from_secs(3))
}

async fn feed() -> impl IntoResponse {
    surrounded(vec![Feed::Tick(1), Feed::Note("two\nlines".into()), Feed::Tick(2), Feed::Closed])
}

async fn chat(State(requests): State<Arc<AtomicUsize>>) -> impl IntoResponse {
    requests.fetch_add(1, Ordering::Relaxed);
    let chunk = |content: &str| {
        Chat::Chunk(json!({
            "id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "any",
            "choices": [{ "index": 0, "delta": { "content": content } }]
        }))
    };
    surrounded(vec![chunk("Hel"), chunk("lo"), Chat::Done])
}

async fn messages() -> impl IntoResponse {
    let delta =
        |text: &str| Answer::ContentBlockDelta { index: 0, delta: json!({ "type": "text_delta", "text": text }) };
    let message = json!({
        "id": "m1", "type": "message", "role": "assistant", "model": "any", "content": [],
        "stop_reason": null, "stop_sequence": null, "usage": { "input_tokens": 1, "output_tokens": 1 }
    });
    surrounded(vec![
        Answer::MessageStart { message },
        Answer::ContentBlockStart { index: 0, content_block: json!({ "type": "text", "text": "" }) },
        Answer::Ping,
        delta("Hel"),
        delta("lo"),
        Answer::ContentBlockStop { index: 0 },
        Answer::MessageDelta {
            delta: json!({ "stop_reason": "end_turn", "stop_sequence": null }),
            usage: json!({ "output_tokens": 2 }),
        },
        Answer::MessageStop,
    ])
}

/// An MCP server with one tool.
async fn mcp(request: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&request).expect("JSON-RPC");
    let result = match request["method"].as_str() {
        Some("initialize") => json!({
            "protocolVersion": request["params"]["protocolVersion"],
            "capabilities": { "tools": {} },
            "serverInfo": { "name": "typed", "version": "1" }
        }),
        Some("tools/list") => json!({ "tools": [{ "name": "add", "inputSchema": { "type": "object" } }] }),
        _ => return StatusCode::ACCEPTED.into_response(),
    };
    let prime = Envelope::new(Mcp::Prime).with_id(EventId::from_static("s1_0")).with_retry(Duration::from_secs(3));
    let response = Mcp::Response(json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }));
    let response = Envelope::new(response).with_id(EventId::from_static("s1_1"));
    Sse::new(stream::iter([prime, Envelope::comment(Comment::default()), response])).into_response()
}

/// A server on a real socket.
struct Server {
    url: String,
    /// The number of requests for a chat.
    chats: Arc<AtomicUsize>,
}

async fn serve() -> Server {
    let chats = Arc::<AtomicUsize>::default();
    let router = Router::new()
        .route("/events", get(feed))
        .route("/v1/chat/completions", post(chat))
        .route("/v1/messages", post(messages))
        .route("/mcp", post(mcp))
        .with_state(chats.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router.into_make_service()).into_future());
    Server { url, chats }
}

/// Runs a client and returns what it received, which it prints as JSON.
pub(crate) async fn received(mut client: Command, name: &'static str, url: &str) -> Value {
    client.args([name, url]);
    let line = spawn_blocking(move || Running::start(&mut client).expect("the client starts").line()).await.unwrap();
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{name} printed {line:?}: {error}"))
}

fn installed() -> PathBuf {
    env::var_os(CLIENTS).unwrap_or_else(|| panic!("`{CLIENTS}` is not set; run `cargo xtask test`")).into()
}

fn python() -> Command {
    let folder = installed().join("python");
    let mut python = Command::new(folder.join("bin/python"));
    python.arg(folder.join("main.py"));
    python
}

pub(crate) fn node() -> Command {
    let mut node = Command::new("node");
    node.arg(installed().join("node/main.js"));
    node
}

/// The feed as an `EventSource` reports it: name, data, last event ID.
fn events() -> Value {
    json!([["tick", "1", "1"], ["message", "two\nlines", "2"], ["tick", "2", "3"], ["closed", "", "4"]])
}

macro_rules! clients {
    ($($test:ident: $client:ident $name:literal => $expected:expr;)*) => {$(
        #[tokio::test]
        #[ignore = "needs the packages that `cargo xtask test` installs"]
        async fn $test() {
            let server = serve().await;
            assert_eq!(received($client(), $name, &server.url).await, $expected);
            assert!(server.chats.load(Ordering::Relaxed) <= 1, "the request was sent again");
        }
    )*};
}

clients! {
    openai_for_python_receives_all_chunks: python "openai" => json!(["Hel", "lo"]);
    anthropic_for_python_receives_all_events: python "anthropic" => json!([
        "message_start", "content_block_start", "Hel", "lo", "content_block_stop", "message_delta", "message_stop"
    ]);
    httpx_sse_receives_all_events_and_no_other: python "httpx-sse" => events();
    sseclient_receives_all_events_and_no_other: python "sseclient" => events();
    mcp_for_python_receives_its_responses: python "mcp" => json!(["typed", "add"]);
    openai_for_node_receives_all_chunks: node "openai" => json!(["Hel", "lo"]);
    fetch_event_source_receives_all_chunks: node "fetch-event-source" => json!(["Hel", "lo", "[DONE]"]);
    eventsource_2_receives_all_events: node "eventsource-2" => events();
    eventsource_4_receives_all_events: node "eventsource-4" => events();
    eventsource_5_receives_all_events: node "eventsource-5" => events();
    undici_receives_all_events: node "undici" => events();
}
