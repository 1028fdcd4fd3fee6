use futures_util::stream;
use sse_axum::Sse;
use sse_core::Frame;

struct Tick;

fn main() {
    let _ = Sse::new(stream::iter([Tick]));
    let _ = Sse::new(stream::iter([Frame::new(Tick)]));
    let _ = Sse::new(stream::iter([Ok::<_, std::io::Error>(Tick)]));
}
