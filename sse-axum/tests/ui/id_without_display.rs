use futures_util::stream;
use sse_axum::Sse;
use sse_core::SseEvent;

struct Id;

#[derive(SseEvent)]
enum Feed {
    Tick {
        #[sse(id)]
        id: Id,
    },
}

fn main() {
    let _ = Sse::new(stream::iter([Feed::Tick { id: Id }]));
}
