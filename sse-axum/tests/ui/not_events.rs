use futures_util::stream;
use sse_axum::Sse;
use sse_core::Envelope;

struct Tick;

fn main() {
    let _ = Sse::new(stream::iter([Tick]));
    let _ = Sse::new(stream::iter([Envelope::new(Tick)]));
    let _ = Sse::new(stream::iter([Ok::<_, std::io::Error>(Tick)]));
}
