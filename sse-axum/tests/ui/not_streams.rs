use sse_axum::Sse;
use sse_core::SseEvent;
use tokio::sync::{broadcast, mpsc};

#[derive(Clone, SseEvent)]
enum Feed {
    Tick(u32),
}

fn main() {
    let _ = Sse::new(mpsc::channel::<Feed>(1).1);
    let _ = Sse::new(broadcast::channel::<Feed>(1).1);
    let _ = Sse::new(vec![Feed::Tick(1)]);
    let _ = Sse::new((0..3).map(Feed::Tick));
    let _ = Sse::new(async { Feed::Tick(1) });
}
