//! Behaviour across the crates.
