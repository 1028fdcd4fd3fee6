use sse_core::{RawEventBuf, SseEvent};

#[derive(SseEvent)]
enum Line {
    #[sse(event = "added")]
    Added,
    #[sse(other)]
    Other(RawEventBuf),
}

#[derive(SseEvent)]
enum Order {
    #[sse(flatten(prefix = "line."))]
    Line(Line),
}

#[derive(SseEvent)]
enum Shop {
    #[sse(event = "order.line.added")]
    Added,
    #[sse(flatten(prefix = "order."))]
    Order(Order),
}

#[derive(SseEvent)]
enum Feed<'a> {
    #[sse(flatten(prefix = "a."))]
    A(Line),
    #[sse(flatten)]
    B(RawEventBuf),
    #[sse(event = "text")]
    Text(&'a str),
    #[sse(other)]
    Other(RawEventBuf),
}

#[derive(SseEvent)]
enum Relay {
    #[sse(flatten(prefix = "line."))]
    Raw(RawEventBuf),
    #[sse(flatten)]
    Order(Order),
}

fn main() {}
