use sse_core::{SseDecodeOwned, SseEvent};

#[derive(serde::Deserialize)]
struct Tick;

#[derive(SseEvent)]
enum Feed {
    Moved {
        #[serde(default)]
        tick: Tick,
    },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    reads::<Feed>();
}
