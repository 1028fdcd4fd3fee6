//! The events that `tracing` receives.

use tracing::Level;

use super::{
    all,
    script::{Script, cut, no_content, status, whole},
    source,
};
use crate::notes::Notes;

async fn reported(level: Level) -> Vec<String> {
    let tick = "retry: 2\nid: 1\nevent: tick\ndata: 1\n\n";
    let answers = [cut(tick), status("503 Service Unavailable", "", "down"), whole(""), no_content()];
    let script = Script::new(answers).await;
    let (notes, _guard) = Notes::of("sse_client", level);
    all(source(&format!("{}?key=hunter2", script.url()))).await;
    // The delays are random.
    let without_delay = |line: String| {
        let words = line.split(' ').filter(|word| !word.starts_with("delay="));
        words.collect::<Vec<_>>().join(" ")
    };
    notes.take().into_iter().map(without_delay).collect()
}

#[tokio::test]
async fn each_connection_that_is_lost_is_a_warning_without_the_url() {
    let lines = reported(Level::WARN).await;
    assert_eq!(lines.len(), 3, "{lines:#?}");
    let cut = "WARN message=connection lost, will be retried error=the stream was cut between two events cause=";
    assert!(lines[0].starts_with(cut) && lines[0].ends_with("attempt=1"), "{}", lines[0]);
    assert_eq!(
        lines[1],
        "WARN message=connection lost, will be retried error=the server answered `503 Service Unavailable` instead of \
         `200 OK`; the body begins with `down` attempt=2"
    );
    assert_eq!(lines[2], "WARN message=stream ended, will reconnect attempt=3");
    assert!(!lines.concat().contains("hunter2"));
}

#[tokio::test]
async fn connections_that_open_and_sources_that_end_are_reported_for_debugging() {
    let lines = reported(Level::DEBUG).await;
    assert_eq!(lines.len(), 6, "{lines:#?}");
    assert_eq!(lines[0], "DEBUG message=stream opened version=HTTP/1.1 attempt=1");
    assert_eq!(lines[5], "DEBUG message=source closed reason=NoContent attempts=4");
}
