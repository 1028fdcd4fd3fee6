use sse_core::{SseDecodeOwned, SseEvent};

struct Clock;

#[derive(SseEvent)]
enum Feed {
    Tick {
        #[sse(data)]
        price: u32,
        #[serde(skip)]
        clock: Clock,
    },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    let _ = Feed::Tick { price: 1, clock: Clock };
    reads::<Feed>();
}
