use sse_core::SseEvent;

struct Text(String);

#[derive(SseEvent)]
enum Feed {
    Opened,
    #[sse(flatten)]
    Text(Text),
    #[sse(flatten(prefix = "more."))]
    More(Box<Text>),
}

fn main() {
    let _ = Feed::Opened;
}
