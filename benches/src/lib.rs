//! Benchmarks of the codec, the derive and the server against published crates that do the same work.
//!
//! All codecs run in one process, in alternating rounds, and are timed in CPU time of one thread. The tables show
//! medians. Absolute figures drift with the machine; ratios within one run do not. Before a codec is timed, its output
//! is checked: a decoder's events against the events that the stream was generated from, an encoder's by its length.
//! Allocations and instructions are counted in a separate process, `count`, because a counting allocator would slow
//! down the timed runs.
//!
//! Clients are compared in the same way, over real connections ([`client`]). Three more benchmarks measure other
//! processes: compiling the derive ([`compile`]) and serving ([`server`]) in CPU time, and looking up a variant by its
//! event name ([`names`]) in instructions.

pub mod callgrind;
pub mod cargo;
pub mod chunking;
pub mod client;
pub mod clock;
pub mod compile;
pub mod counts;
pub mod decode;
pub mod encode;
pub mod event;
pub mod generate;
pub mod hub;
pub mod instructions;
pub mod limit;
pub mod linear;
pub mod long;
pub mod machine;
pub mod names;
pub mod peers;
pub mod redis;
pub mod report;
pub mod server;
pub mod sink;
pub mod streams;
pub mod target;
pub mod typed;
pub mod workload;

/// The error type of all benchmarks: a message for the user.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
