use sse_core::SseEvent;

struct Chunk;

fn takes_value(_: Chunk) -> bool {
    true
}

fn takes_other(_: &u8) -> bool {
    true
}

fn takes_nothing() -> bool {
    true
}

fn returns_other(_: &u8) -> u8 {
    0
}

#[derive(SseEvent)]
enum Feed {
    #[sse(terminal = "takes_value")]
    Value(Chunk),
    #[sse(terminal = "self::takes_other")]
    Other(Chunk),
    #[sse(terminal = "takes_nothing")]
    Nothing(u8),
    #[sse(terminal = "returns_other")]
    Returns(u8),
    #[sse(terminal = "Chunk")]
    Constructor(u8),
}

#[derive(SseEvent)]
enum Missing {
    #[sse(terminal = "missing")]
    Function(u8),
    #[sse(terminal = "Chunk::is_last")]
    Method(Chunk),
}

trait Last {
    fn is_last(&self) -> bool;
}

#[derive(SseEvent)]
enum Generic<T> {
    #[sse(terminal = "Last::is_last")]
    Value(T),
}

fn main() {}
