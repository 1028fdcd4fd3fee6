use sse_core::{SseDecodeOwned, SseEvent};

#[derive(serde::Serialize)]
struct Tick;

#[derive(SseEvent)]
enum Feed {
    Tick(Tick),
    Moved { tick: Option<Tick> },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    let _ = (Feed::Tick(Tick), Feed::Moved { tick: None });
    reads::<Feed>();
}
