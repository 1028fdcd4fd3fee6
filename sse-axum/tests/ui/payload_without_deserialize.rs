use sse_axum::test::ResponseReader;
use sse_core::{EventReader, EventStream, SseEvent};

#[derive(serde::Serialize)]
struct Tick;

#[derive(SseEvent)]
enum Feed {
    Tick(Tick),
}

fn main() {
    let _ = EventStream::<_, Feed>::new(futures_util::stream::empty::<Result<&str, ()>>());
    let _ = EventReader::<_, Feed>::new(std::io::empty());
    let _ = ResponseReader::<Feed>::new(());
}
