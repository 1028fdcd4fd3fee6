//! Measures the codec beside the published crates that do the same work.
//!
//! All contestants run in one process, in alternating rounds, on the CPU time of one thread; the tables show medians.
//! Absolute figures drift with the machine, ratios in one run do not. Before anything is timed, each decoder's events
//! are compared with what the workload was made of, and each encoder's bytes are counted: nobody is timed on wrong
//! work. Allocations and instructions are counted in a process of its own, `count`, whose allocator would slow the
//! timed one.
//!
//! What the derive costs to compile ([`compile`]) and what serving costs ([`server`]) are measured by benchmarks of
//! their own, on the CPU time of other processes. So is the way from a name to its variant ([`names`]), in instructions.

pub mod callgrind;
pub mod cargo;
pub mod chunking;
pub mod clock;
pub mod compile;
pub mod counts;
pub mod decode;
pub mod encode;
pub mod event;
pub mod generate;
pub mod limit;
pub mod linear;
pub mod long;
pub mod machine;
pub mod names;
pub mod peers;
pub mod report;
pub mod server;
pub mod sink;
pub mod target;
pub mod typed;
pub mod workload;

/// What a section of the benchmark may fail with: a sentence for whoever runs it.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
