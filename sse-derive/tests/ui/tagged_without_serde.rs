use sse_core::{Encoder, SseDecodeOwned, SseEvent};

#[derive(SseEvent)]
#[sse(tagged)]
enum Feed {
    Tick { price: u32 },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Tick { price: 1 }).unwrap();
    reads::<Feed>();
}
