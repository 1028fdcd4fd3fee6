use sse_core::{SseDecodeOwned, SseEvent};

#[derive(SseEvent)]
enum Feed<'a> {
    Text(&'a str),
}

fn reads<E: SseDecodeOwned>() {}

fn main() {
    let _ = Feed::Text("");
    reads::<Feed<'_>>();
}
