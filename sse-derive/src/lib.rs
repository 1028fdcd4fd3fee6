//! `#[derive(SseEvent)]`.
