//! The spans and events that `tracing` receives, and their stable names.

use std::{
    fmt::{Debug, Write},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Router, body::Body, http::Request, routing::get};
use futures_util::{Stream, stream};
use sse_axum::{LastEventId, Sse, test::ResponseReader};
use tracing::{
    Event, Instrument, Level, Metadata, Subscriber, debug_span,
    field::{Field, Visit},
    span,
    subscriber::{self, DefaultGuard},
};

use super::feed::Feed;

/// A subscriber that records each span and event with the span that it is in.
#[derive(Clone)]
struct Notes {
    level: Level,
    lines: Arc<Mutex<Vec<String>>>,
    entered: Arc<Mutex<Vec<span::Id>>>,
    spans: Arc<AtomicU64>,
}

impl Notes {
    /// Records everything at this level and above on the current thread while the guard exists.
    fn of(level: Level) -> (Self, DefaultGuard) {
        let notes = Self { level, lines: Arc::default(), entered: Arc::default(), spans: Arc::default() };
        (notes.clone(), subscriber::set_default(notes))
    }

    fn current(&self) -> Option<span::Id> {
        self.entered.lock().unwrap().last().cloned()
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sse_axum" && *metadata.level() <= self.level
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("{} span {}", span.metadata().level(), span.metadata().name());
        if let Some(parent) = self.current().filter(|_| span.is_contextual()) {
            write!(line, " in {}", parent.into_u64()).unwrap();
        }
        self.lines.lock().unwrap().push(line);
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut Line(&mut line));
        let span = if event.is_contextual() { self.current() } else { event.parent().cloned() };
        if let Some(span) = span {
            write!(line, " in {}", span.into_u64()).unwrap();
        }
        self.lines.lock().unwrap().push(line);
    }

    fn enter(&self, span: &span::Id) {
        self.entered.lock().unwrap().push(span.clone());
    }

    fn exit(&self, span: &span::Id) {
        assert_eq!(self.entered.lock().unwrap().pop().as_ref(), Some(span));
    }
}

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

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

#[tokio::test]
async fn a_stream_is_traced_from_start_to_end() {
    let (notes, _guard) = Notes::of(Level::DEBUG);
    assert!(request("?lastEventId=7").await);
    assert_eq!(
        notes.take(),
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
    let (notes, guard) = Notes::of(Level::WARN);
    assert!(!request("").await);
    assert_eq!(notes.take(), ["WARN message=stream cut error=the source is gone"]);
    drop(guard);

    let (notes, _guard) = Notes::of(Level::DEBUG);
    assert!(!request("").await);
    assert_eq!(
        notes.take()[3..],
        [
            "WARN message=stream cut error=the source is gone in 2",
            "DEBUG message=stream closed reason=error events=1 bytes=21 in 2",
        ]
    );
}
