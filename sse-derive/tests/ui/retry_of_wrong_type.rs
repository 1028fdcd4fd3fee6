use sse_core::{Encoder, SseDecodeOwned, SseEvent};

#[derive(SseEvent)]
enum Feed {
    Busy {
        #[sse(retry)]
        wait: Option<f32>,
    },
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Busy { wait: None }).unwrap();
    reads::<Feed>();
}
