use sse_core::{Encoder, Envelope, SseDecodeOwned};

enum Feed {
    Tick,
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Tick).unwrap();
    let _ = Encoder::new().item(Feed::Tick);
    let _ = Encoder::new().item(Envelope::new(Feed::Tick));
    reads::<Feed>();
}
