use sse_core::{Encoder, TypedEvent, SseDecodeOwned, SseEvent};

#[derive(SseEvent)]
enum Feed<'a, T> {
    #[sse(evnt = "tick")]
    Tick(&'a T),
    #[sse(terminal = yes)]
    Done,
}

#[derive(SseEvent)]
#[sse(evnt = "point")]
struct Point;

fn reads<E: SseDecodeOwned>() {}

fn main() {
    Encoder::new().event(&Feed::Tick(&1)).unwrap();
    Encoder::new().event(&Point).unwrap();
    assert!(Feed::<u8>::Done.is_terminal());
    reads::<Feed<'static, u8>>();
}
