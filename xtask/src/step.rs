//! The steps of a task: commands that are announced and timed.

use std::{process::Command, time::Instant};

/// Runs `command` to completion.
///
/// # Errors
///
/// Returns an error if the command cannot be started or fails.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), String> {
    println!("\n== {what}");
    let start = Instant::now();
    let status = command.status().map_err(|error| format!("{what}: cannot start {command:?}: {error}"))?;
    println!("== {what}: {status}, {:.0} s", start.elapsed().as_secs_f32());
    if status.success() { Ok(()) } else { Err(format!("{what} failed: {command:?}")) }
}

/// Reports that a step is skipped, and why.
pub(crate) fn skip(what: &str, why: &str) {
    println!("\n== {what}: skipped, {why}");
}

/// Reports that tests are not run, and why.
pub(crate) fn not_run(what: &str, why: &str) {
    println!("\n== {what}: not run, {why}");
}

/// Returns a command for the `cargo` that built this program.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments);
    cargo
}
