//! The nightly compiler, which sanitizers and fuzzers require and which may not be installed.

use std::process::{Command, Stdio};

/// Returns whether `program` with `arguments` succeeds. Its output is discarded.
pub(crate) fn succeeds(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Returns the host platform of the nightly compiler, or `None` if none is installed.
///
/// Passing the platform as `--target` keeps `RUSTFLAGS` away from build scripts and proc macros.
pub(crate) fn nightly_host() -> Option<String> {
    let output = Command::new("rustup").args(["run", "nightly", "rustc", "-vV"]).output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

/// Returns a command for the nightly `cargo`.
pub(crate) fn nightly_cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("rustup");
    cargo.args(["run", "nightly", "cargo"]).args(arguments);
    cargo
}
