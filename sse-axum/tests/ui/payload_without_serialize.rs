use futures_util::{Stream, stream};
use sse_axum::Sse;
use sse_core::SseEvent;

#[derive(serde::Deserialize)]
struct Tick;

#[derive(SseEvent)]
enum Feed<T> {
    Tick(T),
}

async fn feed() -> Sse<impl Stream<Item = Feed<Tick>>> {
    Sse::new(stream::iter([Feed::Tick(Tick)]))
}

fn main() {
    let _ = feed();
}
