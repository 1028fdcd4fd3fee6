use sse_core::{Gap, SseEvent};
use sse_hub::{Hub, Options};

#[derive(SseEvent)]
enum Score {
    #[sse(event = "goal")]
    Goal {
        #[sse(id)]
        number: u64,
    },
    #[sse(event = "resync")]
    Resync(Gap),
}

fn main() {
    let _: Hub<Score> = Hub::memory(Options::new());
}
