use sse_core::{Encoder, SseEvent};

#[derive(SseEvent)]
enum Feed {
    #[sse(other)]
    Rest(String),
}

fn main() {
    let _ = Encoder::new().event(&Feed::Rest(String::new()));
}
