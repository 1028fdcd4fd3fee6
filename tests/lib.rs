//! Tests that need more than one crate, and the README's example, which is one of them.
#![doc = include_str!("../README.md")]

pub mod hygiene;
