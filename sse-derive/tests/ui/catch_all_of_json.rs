use sse_core::{Encoder, SseEvent};

#[derive(serde::Deserialize, serde::Serialize)]
struct Json;

#[derive(SseEvent)]
enum Feed {
    #[sse(other)]
    Later { event: String, data: Json },
}

fn main() {
    let _ = Encoder::new().event(&Feed::Later { event: String::new(), data: Json });
}
