//! Behaviour across the crates.

mod inspect;
mod oracle;
mod program;
mod properties;
mod vectors;
