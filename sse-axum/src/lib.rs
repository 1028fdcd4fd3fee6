//! Typed server-sent events as axum responses.
