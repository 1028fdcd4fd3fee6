//! The smallest event stream, and the page that shows it: a first event, then one every second, until the client leaves.
//!
//!     cargo run --example hello

use std::{process::ExitCode, time::Duration};

use axum::{Router, response::Html, routing::get};
use clap::Parser;
use futures_util::{Stream, StreamExt, stream};
use sse_axum::Sse;
use sse_core::SseEvent;
use sse_examples::server::{self, Port};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

/// Serves an event every second, and a page that shows it.
#[derive(Debug, Parser)]
#[command(name = "hello")]
struct Arguments {
    #[command(flatten)]
    port: Port,
}

const PAGE: &str = r#"<!doctype html>
<title>Hello</title>
<pre id="log"></pre>
<script>
  const source = new EventSource("/events");
  source.onmessage = (event) => document.getElementById("log").append(event.data, "\n");
  source.onerror = () => document.getElementById("log").append("connection lost, the browser reconnects\n");
</script>
"#;

#[derive(SseEvent)]
#[sse(unnamed)]
enum Hello {
    #[sse(literal = "connected")]
    Connected, // data: connected
    #[sse(text)]
    Second(u64), // data: 1
}

fn events() -> impl Stream<Item = Hello> {
    let seconds = stream::unfold((interval(Duration::from_secs(1)), 1), async |(mut interval, second)| {
        interval.tick().await;
        Some((Hello::Second(second), (interval, second + 1)))
    });
    stream::iter([Hello::Connected]).chain(seconds)
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { port } = Arguments::parse();
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let stream = async move || {
        // The stream is dropped when the client leaves.
        let closed = |closed: sse_axum::StreamClosed| println!("{} after {:.0?}", closed.reason, closed.duration);
        Sse::new(events()).shutdown(stopped.clone().cancelled_owned()).on_close(closed)
    };
    let app = Router::new().route("/", get(Html(PAGE))).route("/events", get(stream));
    server::run("hello", port, app, move || stop.cancel()).await
}
