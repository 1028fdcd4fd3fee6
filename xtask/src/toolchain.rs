//! The nightly compiler, which sanitizers and fuzzers need and which not every machine has.

use std::process::{Command, Stdio};

/// Whether the command `program` with `arguments` succeeds, its output apart.
pub(crate) fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The platform for which nightly builds, named so that `RUSTFLAGS` do not reach build scripts and derives; `None`
/// without a nightly compiler.
pub(crate) fn nightly_host() -> Option<String> {
    let output = Command::new("rustup").args(["run", "nightly", "rustc", "-vV"]).output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    version.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

/// Nightly's `cargo`.
pub(crate) fn nightly_cargo(arguments: &[&str]) -> Command {
    let mut cargo = Command::new("rustup");
    cargo.args(["run", "nightly", "cargo"]).args(arguments);
    cargo
}
