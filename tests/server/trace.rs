//! The spans and events that `tracing` receives, and their stable names.

use axum::{Router, body::Body, http::Request, routing::get};
use futures_util::{Stream, stream};
use sse_axum::{LastEventId, Sse, test::ResponseReader};
use tracing::{Instrument, Level, debug_span};

use super::feed::Feed;
use crate::notes::Notes;

/// Resumes after the last event ID, or starts a stream that fails after one event.
async fn events(LastEventId(last): LastEventId<u64>) -> Sse<impl Stream<Item = Result<Feed, String>>> {
    let rest = match last {
        Some(last) => vec![Ok(Feed::Tick(last + 1)), Ok(Feed::Closed)],
        None => vec![Ok(Feed::Tick(0)), Err("the source is gone".to_owned())],
    };
    Sse::new(stream::iter(rest))
}

/// Sends a request within a span that ends once the head has arrived. Returns whether the body ended without an error.
async fn request(query: &str) -> bool {
    let app: Router = Router::new().route("/", get(events));
    let request = Request::get(format!("/{query}")).body(Body::empty()).unwrap();
    let span = debug_span!(target: "sse_axum", "request");
    ResponseReader::<Feed>::from_service(app, request).instrument(span).await.rest().await.is_ok()
}

/// Removes the durations, which differ from run to run, from notes.
fn without_durations(notes: Vec<String>) -> Vec<String> {
    let without = |note: String| match note.split_once(" duration=") {
        Some((before, rest)) => {
            let (duration, after) = rest.split_once(' ').unwrap();
            assert!(duration.ends_with('s'), "{duration}");
            format!("{before} {after}")
        }
        None => note,
    };
    notes.into_iter().map(without).collect()
}

#[tokio::test]
async fn a_stream_is_traced_from_start_to_end() {
    let (notes, _guard) = Notes::of("sse_axum", Level::DEBUG);
    assert!(request("?lastEventId=7").await);
    assert_eq!(
        without_durations(notes.take()),
        [
            "DEBUG span request",
            "DEBUG message=stream resumed resumed_from=\"7\" in 1",
            "DEBUG span sse_stream in 1",
            "DEBUG message=stream opened in 2",
            "DEBUG message=stream closed reason=terminal events=2 bytes=43 in 2",
        ]
    );
}

#[tokio::test]
async fn a_cut_stream_is_a_warning() {
    let (notes, guard) = Notes::of("sse_axum", Level::WARN);
    assert!(!request("").await);
    assert_eq!(notes.take(), ["WARN message=stream cut error=the source is gone"]);
    drop(guard);

    let (notes, _guard) = Notes::of("sse_axum", Level::DEBUG);
    assert!(!request("").await);
    assert_eq!(
        without_durations(notes.take())[3..],
        [
            "WARN message=stream cut error=the source is gone in 2",
            "DEBUG message=stream closed reason=error events=1 bytes=21 in 2",
        ]
    );
}
