use sse_core::{Encoder, SseEvent};

#[derive(serde::Deserialize)]
struct Tick;

#[derive(SseEvent)]
enum Feed {
    Tick(Tick),
    Moved { tick: Option<Tick> },
}

fn main() {
    Encoder::new().event(&Feed::Tick(Tick)).unwrap();
}
