//! Comments.

use super::harness::Harness;
use crate::client::script::{Step, chunk, head};

#[tokio::test]
async fn comments_are_reported_as_soon_as_their_line_ends() {
    let mut harness = Harness::new([vec![head(""), chunk(":Hello\n"), Step::Hang]]).await;
    harness.comment("Hello").await;
}

#[tokio::test]
async fn comments_keep_their_spaces() {
    let mut harness = Harness::new([vec![head(""), chunk(":  a \n:\n: b:c\n"), Step::Hang]]).await;
    for text in ["  a ", "", " b:c"] {
        harness.comment(text).await;
    }
}

#[tokio::test]
async fn comments_within_an_event_do_not_affect_it() {
    let mut harness = Harness::new([vec![head(""), chunk("data: a\n:x\ndata: b\n\n"), Step::Hang]]).await;
    harness.comment("x").await;
    harness.events(&[("message", "a\nb", "")]).await;
}

#[tokio::test]
async fn comments_between_events_are_reported_in_order() {
    let mut harness = Harness::new([vec![head(""), chunk("data: a\n\n:x\n\ndata: b\n\n"), Step::Hang]]).await;
    harness.events(&[("message", "a", "")]).await;
    harness.comment("x").await;
    harness.events(&[("message", "b", "")]).await;
}
