use std::rc::Rc;

use sse_core::{Encoder, SseEvent};

struct Tick;

type MaybeId = Option<u64>;

#[derive(SseEvent)]
enum Feed {
    Ticks(Vec<Tick>),
    Shared { text: Rc<String> },
    Moved {
        #[sse(id)]
        id: MaybeId,
    },
}

fn main() {
    let _ = Encoder::new().event(&Feed::Ticks(vec![Tick]));
    let _ = (Feed::Shared { text: Rc::default() }, Feed::Moved { id: None });
}
