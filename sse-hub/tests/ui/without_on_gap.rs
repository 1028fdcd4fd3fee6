use sse_core::{Gap, SseEvent};
use sse_hub::{Hub, Options, Start};

#[derive(SseEvent)]
enum Score {
    #[sse(event = "goal")]
    Goal(u8),
    #[sse(event = "resync")]
    Resync(Gap),
}

fn main() {
    let hub: Hub<Score> = Hub::memory(Options::new());
    let subscription = hub.topic("match").subscribe(Start::NOW).unwrap();
    let _ = sse_axum::Sse::new(subscription);
}
