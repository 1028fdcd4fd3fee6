use sse_core::{Encoder, Frame, SseDecodeOwned};

enum Feed {
    Tick,
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Tick).unwrap();
    let _ = Encoder::new().item(Feed::Tick);
    let _ = Encoder::new().item(Frame::new(Feed::Tick));
    reads::<Feed>();
}
