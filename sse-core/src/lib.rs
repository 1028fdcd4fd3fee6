//! Typed server-sent events.
