//! Line feeds: each line ending, whole and in pieces of one and two bytes.

use std::time::Duration;

use super::harness::Harness;
use crate::client::script::{Step, chunk, head};

/// Asserts what the service reports for events whose lines end so, in pieces of this size with pauses between them.
async fn reports(ending: &str, piece: usize) {
    let text = "event: greeting\nid: 1\ndata: a\ndata: b\n\ndata: c\n\n".replace('\n', ending);
    let pieces = text.as_bytes().chunks(piece).flat_map(|piece| [chunk(piece), Step::Wait(Duration::from_millis(3))]);
    let answer = [head("")].into_iter().chain(pieces).chain([Step::Hang]).collect();
    let mut harness = Harness::new([answer]).await;
    harness.events(&[("greeting", "a\nb", "1"), ("message", "c", "1")]).await;
    harness.nothing().await;
}

#[tokio::test]
async fn line_feeds_in_one_piece() {
    for ending in ["\n", "\r", "\r\n"] {
        reports(ending, usize::MAX).await;
    }
}

#[tokio::test]
async fn line_feeds_in_pieces_of_one_byte() {
    for ending in ["\n", "\r", "\r\n"] {
        reports(ending, 1).await;
    }
}

#[tokio::test]
async fn line_feeds_in_pieces_of_two_bytes() {
    for ending in ["\n", "\r", "\r\n"] {
        reports(ending, 2).await;
    }
}

#[tokio::test]
async fn line_feeds_of_several_kinds_in_one_event() {
    let answer = vec![head(""), chunk("data: a\rdata: b\r\ndata: c\n\r\ndata: d\n\r"), Step::Hang];
    Harness::new([answer]).await.events(&[("message", "a\nb\nc", ""), ("message", "d", "")]).await;
}

#[tokio::test]
async fn line_feeds_where_a_cr_ends_a_chunk_are_not_waited_for() {
    let answer =
        vec![head(""), chunk("data: a\r\r"), Step::Wait(Duration::from_millis(50)), chunk("\ndata: b\n\n"), Step::Hang];
    Harness::new([answer]).await.events(&[("message", "a", ""), ("message", "b", "")]).await;
}
