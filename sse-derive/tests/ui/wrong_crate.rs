use sse_core::SseEvent;

mod reexport {}

#[derive(SseEvent)]
#[sse(crate = crate::reexport::sse)]
enum Feed {
    Opened,
    Tick(u32),
    Moved {
        #[sse(id)]
        id: u64,
    },
}

fn main() {}
