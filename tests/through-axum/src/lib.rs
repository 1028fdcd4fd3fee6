//! The derive in a crate that has `sse_core` only through `sse_axum`, which it has under another name.
#![cfg(test)]

use web::sse_core::{Encoder, EventReader, SseEvent};

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Feed {
    Opened,
    Moved {
        #[sse(id)]
        id: u64,
        #[serde(rename = "p")]
        price: u32,
    },
    #[sse(flatten(prefix = "nested."))]
    Nested(Nested),
}

#[derive(Debug, PartialEq, SseEvent)]
struct Nested(String);

#[test]
fn the_derive_finds_sse_core() {
    let mut encoder = Encoder::new();
    encoder.event(&Feed::Moved { id: 7, price: 1 }).unwrap();
    encoder.event(&Feed::Nested(Nested("a".into()))).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: moved\nid: 7\ndata: {\"p\":1}\n\nevent: nested.Nested\ndata: \"a\"\n\n");
    let read: Result<Vec<Feed>, _> = EventReader::new(encoder.as_bytes()).collect();
    assert_eq!(read.unwrap(), [Feed::Moved { id: 7, price: 1 }, Feed::Nested(Nested("a".into()))]);
    assert_ne!(Feed::Opened, Feed::Moved { id: 7, price: 1 });
}

#[derive(Debug, PartialEq, SseEvent)]
#[sse(crate = web::sse_core)]
enum Explicit {
    Opened,
}

#[test]
fn an_explicit_path_takes_precedence() {
    let mut encoder = Encoder::new();
    encoder.event(&Explicit::Opened).unwrap();
    assert_eq!(encoder.as_bytes(), b"event: Opened\ndata: \n\n");
}
