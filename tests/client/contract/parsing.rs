//! Basic parsing, and the byte order mark.

use std::time::Duration;

use super::harness::Harness;
use crate::client::script::{Step, chunk, head};

/// A stream of these chunks that stays open.
fn open(chunks: &[&str]) -> Vec<Step> {
    let chunks = chunks.iter().map(chunk);
    [head("")].into_iter().chain(chunks).chain([Step::Hang]).collect()
}

/// Asserts what the service reports for these chunks.
async fn reports(chunks: &[&str], expected: &[(&str, &str, &str)]) {
    let mut harness = Harness::new([open(chunks)]).await;
    harness.events(expected).await;
    harness.nothing().await;
}

#[tokio::test]
async fn basic_parsing_of_one_event() {
    reports(&["data: Hello\n\n"], &[("message", "Hello", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_one_event_in_two_chunks() {
    reports(&["data: Hel", "lo\n\n"], &[("message", "Hello", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_two_events_in_one_chunk() {
    reports(&["data: Hello\n\ndata: World\n\n"], &[("message", "Hello", ""), ("message", "World", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_two_events_in_two_chunks_each() {
    let chunks = ["data: He", "llo\n\ndata: W", "orld\n", "\n"];
    reports(&chunks, &[("message", "Hello", ""), ("message", "World", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_an_event_with_all_fields() {
    reports(&["event: hello\nid: 1\nretry: 5\ndata: World\n\n"], &[("hello", "World", "1")]).await;
}

#[tokio::test]
async fn basic_parsing_of_fields_in_any_order() {
    reports(&["data: World\nid: 1\nevent: hello\n\n"], &[("hello", "World", "1")]).await;
}

#[tokio::test]
async fn basic_parsing_of_data_in_several_lines() {
    reports(&["data: a\ndata\ndata:  b\n\n"], &[("message", "a\n\n b", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_data_without_a_space_after_the_colon() {
    reports(&["data:Hello\nevent:greeting\n\n"], &[("greeting", "Hello", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_empty_data() {
    reports(&["data: \n\ndata\n\ndata:\n\n"], &[("message", "", ""), ("message", "", ""), ("message", "", "")]).await;
}

#[tokio::test]
async fn basic_parsing_ignores_a_block_without_data() {
    reports(&["event: hello\n\nevent: a\ndata: b\n\n"], &[("a", "b", "")]).await;
}

#[tokio::test]
async fn basic_parsing_ignores_unknown_fields_and_names_in_another_case() {
    reports(&["unknown: x\nDATA: y\nData: z\ndata: Hello\ndatum: w\n\n"], &[("message", "Hello", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_the_last_event_name() {
    reports(&["event: a\nevent: b\ndata: 1\n\nevent: c\nevent\ndata: 2\n\n"], &[("b", "1", ""), ("message", "2", "")])
        .await;
}

#[tokio::test]
async fn basic_parsing_of_ids_that_later_events_inherit() {
    let expected = [("message", "a", "1"), ("message", "b", "1"), ("message", "c", "2"), ("message", "d", "")];
    reports(&["id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\nid\ndata: d\n\n"], &expected).await;
}

#[tokio::test]
async fn basic_parsing_ignores_an_id_with_a_null() {
    reports(&["id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n"], &[("message", "a", "1"), ("message", "b", "1")]).await;
}

#[tokio::test]
async fn basic_parsing_of_characters_of_several_bytes() {
    reports(&["data: €豆腐🦀\n\n"], &[("message", "€豆腐🦀", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_characters_in_single_byte_pieces() {
    let bytes = "data: €豆腐🦀\n\n".bytes();
    let pieces = bytes.flat_map(|byte| [chunk([byte]), Step::Wait(Duration::from_millis(5))]);
    let answer = [head("")].into_iter().chain(pieces).chain([Step::Hang]).collect();
    Harness::new([answer]).await.events(&[("message", "€豆腐🦀", "")]).await;
}

#[tokio::test]
async fn basic_parsing_of_a_large_event_in_one_line() {
    let line = "x".repeat(6_990_508);
    let mut harness = Harness::new([open(&[&format!("data: {line}\n\n")])]).await;
    assert!(harness.event().await.1 == line);
}

#[tokio::test]
async fn basic_parsing_of_a_large_event_in_two_lines() {
    let line = "x".repeat(6_990_508);
    let mut harness = Harness::new([open(&[&format!("data: {line}\ndata: {line}\n\n")])]).await;
    assert!(harness.event().await.1 == format!("{line}\n{line}"));
}

#[tokio::test]
async fn bom_at_the_start_is_ignored() {
    reports(&["\u{feff}data: Hello\n\n"], &[("message", "Hello", "")]).await;
}

#[tokio::test]
async fn bom_split_over_chunks_is_ignored() {
    let bytes = "\u{feff}data: Hello\n\n".as_bytes();
    let answer = vec![head(""), chunk(&bytes[..1]), chunk(&bytes[1..2]), chunk(&bytes[2..]), Step::Hang];
    Harness::new([answer]).await.events(&[("message", "Hello", "")]).await;
}

#[tokio::test]
async fn bom_elsewhere_is_text() {
    reports(&["\u{feff}\u{feff}data: a\n\ndata: \u{feff}b\n\n\u{feff}data: c\n\n"], &[("message", "\u{feff}b", "")])
        .await;
}

#[tokio::test]
async fn bom_of_each_connection_is_ignored() {
    let answer = |text: &str| vec![head(""), chunk(format!("\u{feff}data: {text}\n\n")), super::super::script::end()];
    let mut harness = Harness::new([answer("a"), answer("b"), vec![Step::Hang]]).await;
    harness.events(&[("message", "a", ""), ("message", "b", "")]).await;
}
