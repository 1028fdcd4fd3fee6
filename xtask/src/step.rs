//! One command of many, announced and timed.

use std::{process::Command, time::Instant};

/// Runs `command` to its end, and stops the whole run where it fails.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), String> {
    println!("\n== {what}");
    let start = Instant::now();
    let status = command.status().map_err(|error| format!("{what}: {command:?} does not start: {error}"))?;
    println!("== {what}: {status}, {:.0} s", start.elapsed().as_secs_f32());
    if status.success() { Ok(()) } else { Err(format!("{what} failed: {command:?}")) }
}

/// Says that a step of the run is left out, and why.
pub(crate) fn leave_out(what: &str, why: &str) {
    println!("\n== {what}: left out, {why}");
}

/// The `cargo` that runs this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments);
    cargo
}
