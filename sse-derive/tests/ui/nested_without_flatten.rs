use sse_core::{Encoder, SseEvent};

#[derive(SseEvent)]
enum Order {
    Placed,
}

#[derive(SseEvent)]
enum Shop {
    Order(Order),
}

fn main() {
    let _ = Encoder::new().event(&Shop::Order(Order::Placed));
}
