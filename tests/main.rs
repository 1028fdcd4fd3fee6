//! Tests of behavior across the crates.

// `cfg(test)` exempts each module from the lints against panics.
#[cfg(test)]
mod browser;
#[cfg(test)]
mod canned;
#[cfg(test)]
mod client;
#[cfg(test)]
mod clients;
#[cfg(test)]
mod derive;
#[cfg(test)]
mod hub;
#[cfg(test)]
mod inspect;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod program;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod scores;
#[cfg(test)]
mod served;
#[cfg(test)]
mod server;
#[cfg(test)]
mod social;
#[cfg(test)]
mod threads;
#[cfg(test)]
mod ticker;
#[cfg(test)]
mod typed;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod vocabularies;
#[cfg(test)]
mod watch;
