use sse_core::{Encoder, SseEvent};

struct Text(String);

#[derive(SseEvent)]
enum Feed {
    #[sse(flatten)]
    Text(Text),
}

#[derive(serde::Serialize)]
struct Json<T>(T);

fn main() {
    let _ = Encoder::new().item(String::from("tick"));
    let _ = Encoder::new().item(Json(1));
    let _ = Encoder::new().event(&Feed::Text(Text(String::new())));
}
