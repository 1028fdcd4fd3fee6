//! A stream of the suite: a source, and the callbacks that report what it yields.

use std::{collections::HashMap, time::Duration};

use futures_util::StreamExt;
use reqwest::{Client, Method, StatusCode, header::HeaderMap};
use serde::Deserialize;
use serde_json::{Value, json};
use sse_client::{Error, EventSource, Policy, Tries, Update, Updates, WaitReason};
use sse_core::{EventId, Limits, RawEventBuf};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
};

/// The wait after a connection if the suite does not choose one. It waits 5 seconds for a reconnect.
const DELAY: Duration = Duration::from_secs(1);

/// More than the largest event of the suite, which has about 14 MB.
const LARGEST: usize = 32 << 20;

/// The parameters of a stream that the suite creates.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    stream_url: String,
    callback_url: String,
    initial_delay_ms: Option<u64>,
    read_timeout_ms: Option<u64>,
    last_event_id: Option<String>,
    #[serde(default)]
    headers: HashMap<String, String>,
    method: Option<String>,
    body: Option<String>,
}

/// A running stream. Dropping it drops its connection.
pub(crate) struct Stream {
    restart: UnboundedSender<()>,
    task: JoinHandle<()>,
}

impl Stream {
    /// Starts a stream, or returns what is wrong with the parameters.
    pub(crate) fn start(parameters: Parameters) -> Result<Self, String> {
        let callback = Callback { client: Client::new(), url: parameters.callback_url.clone(), sent: 0 };
        let source = source(parameters)?;
        let (restart, restarts) = unbounded_channel();
        Ok(Self { restart, task: tokio::spawn(run(source.updates(), callback, restarts)) })
    }

    pub(crate) fn restart(&self) {
        // Fails if the stream has ended.
        let _ = self.restart.send(());
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn source(parameters: Parameters) -> Result<EventSource<RawEventBuf>, String> {
    let Parameters { stream_url, initial_delay_ms, read_timeout_ms, last_event_id, headers, method, body, .. } =
        parameters;
    let method = method.map_or(Ok(Method::GET), |method| method.parse()).map_err(|_| "invalid method")?;
    let headers = HeaderMap::try_from(&headers).map_err(|error| error.to_string())?;
    let mut request = Client::new().request(method, stream_url).headers(headers);
    if let Some(body) = body {
        request = request.body(body);
    }
    let delay = initial_delay_ms.map_or(DELAY, Duration::from_millis);
    let mut source = EventSource::new(request)
        .resend()
        .policy(Policy::new().base(delay).tries(Tries::Unlimited))
        .limits(Limits::largest_event(LARGEST));
    if let Some(limit) = read_timeout_ms {
        source = source.idle_timeout(Duration::from_millis(limit));
    }
    if let Some(id) = last_event_id {
        source = source.with_last_event_id(EventId::from_received(id).map_err(|error| error.to_string())?);
    }
    Ok(source)
}

/// Reports what happens until the source ends, or until the suite no longer wants to know.
async fn run(mut updates: Updates<RawEventBuf>, mut callback: Callback, mut restarts: UnboundedReceiver<()>) {
    loop {
        let update = tokio::select! {
            update = updates.next() => update,
            Some(()) = restarts.recv() => {
                updates.reconnect();
                continue;
            }
        };
        let Some(update) = update else { return };
        let Some(message) = message(update, updates.last_event_id()) else { continue };
        if !callback.send(message).await {
            return;
        }
    }
}

/// Returns the message that reports an update, or `None` if the suite does not expect one.
fn message(update: Result<Update<RawEventBuf>, Error>, last_event_id: &str) -> Option<Value> {
    match update {
        Ok(Update::Event { event, .. }) => {
            let event = json!({ "type": event.name(), "data": event.data(), "id": last_event_id });
            Some(json!({ "kind": "event", "event": event }))
        }
        Ok(Update::Comment(comment)) => Some(json!({ "kind": "comment", "comment": comment.as_str() })),
        // The suite ends responses to make the client reconnect, and does not expect an error then.
        Ok(Update::Waiting { reason: WaitReason::Failed(Error::Incomplete { cause: None, .. }), .. }) => None,
        Ok(Update::Waiting { reason: WaitReason::Failed(error), .. }) | Err(error) => {
            Some(json!({ "kind": "error", "error": error.to_string() }))
        }
        Ok(_) => None,
    }
}

/// Posts messages, each with the next number.
struct Callback {
    client: Client,
    url: String,
    sent: u64,
}

impl Callback {
    /// Sends a message. Returns whether the suite wants more of them.
    async fn send(&mut self, message: Value) -> bool {
        self.sent += 1;
        let url = format!("{}/{}", self.url, self.sent);
        match self.client.post(url).json(&message).send().await {
            Ok(response) => response.status() != StatusCode::NOT_FOUND,
            Err(error) => {
                eprintln!("contract-service: {error}");
                false
            }
        }
    }
}
