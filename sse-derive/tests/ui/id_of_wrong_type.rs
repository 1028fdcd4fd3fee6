use sse_core::{Encoder, SseDecodeOwned, SseEvent};

struct Id;

#[derive(SseEvent)]
enum Feed {
    Moved {
        #[sse(id)]
        id: Id,
    },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Moved { id: Id }).unwrap();
    reads::<Feed>();
}
