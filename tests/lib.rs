//! Types for tests across the crates. The examples of the README are compiled as doctests of this crate.
#![doc = include_str!("../README.md")]

pub mod hygiene;
