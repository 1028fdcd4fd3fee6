use sse_core::{SseDecodeOwned, SseEvent};

#[derive(SseEvent)]
#[serde(default)]
struct Settings {
    limit: u32,
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    reads::<Settings>();
}
