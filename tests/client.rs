//! Tests of the client over real sockets.

mod contract;
mod ends;
mod faults;
mod memory;
mod place;
mod requests;
mod script;
mod settings;
mod trace;

use std::time::Duration;

use futures_util::{Stream, StreamExt};
use sse_client::{Error, EventSource, Policy, Update, WaitReason};
use sse_core::{RawEventBuf, SseEvent};

/// The events of most tests.
#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case")]
enum Feed {
    Tick(u32),
    #[sse(terminal)]
    Done,
}

/// The time limit of a test. No test comes near it unless it hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a test's future, and panics if it exceeds [`LIMIT`].
async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, test).await.expect("the test finishes within its time limit")
}

/// A policy whose waits are too short to slow down a test.
fn quick() -> Policy {
    Policy::new().base(Duration::from_millis(2)).floor(Duration::from_millis(1)).cap(Duration::from_millis(20))
}

/// A source that reconnects quickly.
fn source(url: &str) -> EventSource<Feed> {
    EventSource::new(reqwest::Client::new().get(url)).policy(quick())
}

/// A source of events without a type that reconnects quickly.
fn raw(url: &str) -> EventSource<RawEventBuf> {
    EventSource::new(reqwest::Client::new().get(url)).policy(quick())
}

/// Reads a stream to its end.
async fn all<S: Stream + Unpin>(mut stream: S) -> Vec<S::Item> {
    bounded(async {
        let mut items = Vec::new();
        while let Some(item) = stream.next().await {
            items.push(item);
        }
        assert!(stream.next().await.is_none(), "the stream is fused");
        items
    })
    .await
}

/// Reads a source that must yield events and then one error. Returns both.
async fn until_error<E>(source: EventSource<E>) -> (Vec<E>, Error)
where
    E: sse_core::SseDecodeOwned + std::fmt::Debug,
{
    let mut items = all(source).await;
    let error = items.pop().expect("an item").expect_err("the last item is an error");
    assert!(error.is_final());
    (items.into_iter().map(|item| item.expect("an event")).collect(), error)
}

/// Returns an error and its causes on one line, as a program would print them.
fn chain(error: &Error) -> String {
    format!("{error:#}")
}

/// Returns the errors after which a source connected again.
fn failures<E>(updates: Vec<Result<Update<E>, Error>>) -> Vec<Error> {
    let failure = |update| match update {
        Ok(Update::Waiting { reason: WaitReason::Failed(error), .. }) => Some(error),
        _ => None,
    };
    updates.into_iter().filter_map(failure).collect()
}
