//! Instruction counts from callgrind.

use std::{fs, path::Path, process::Command};

use crate::Error;

/// Returns whether `valgrind` can be run.
#[must_use]
pub fn is_available() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs a program under callgrind, and returns the number of instructions in each call of the functions whose names are
/// `begin` followed by one of `ends`.
///
/// Callgrind writes its output to `scratch`, whose contents are deleted first.
///
/// # Errors
///
/// Returns an error if `valgrind` fails, or if it counts fewer than `calls` calls.
pub fn calls(
    program: &Path,
    arguments: &[&str],
    begin: &str,
    ends: &[String],
    calls: usize,
    scratch: &Path,
) -> Result<Vec<u64>, Error> {
    if scratch.exists() {
        fs::remove_dir_all(scratch)?;
    }
    fs::create_dir_all(scratch)?;
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--quiet", "--tool=callgrind"]);
    // Callgrind uses only the first `--toggle-collect`, so several functions need a pattern. A pattern matches only
    // names longer than its prefix, so a single function is given by its whole name. `--dump-after` takes no pattern.
    let one_or_all = if let [end] = ends { end } else { "*" };
    valgrind.arg(format!("--toggle-collect={begin}{one_or_all}"));
    valgrind.args(ends.iter().map(|end| format!("--dump-after={begin}{end}")));
    valgrind.arg(format!("--callgrind-out-file={}", scratch.join("out").display()));
    let status = valgrind.arg(program).args(arguments).status()?;
    if !status.success() {
        return Err(format!("callgrind failed with {status}: {valgrind:?}").into());
    }
    (1..=calls).map(|call| total(&scratch.join(format!("out.{call}")))).collect()
}

fn total(part: &Path) -> Result<u64, Error> {
    let text = fs::read_to_string(part).map_err(|error| format!("{}: {error}", part.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total = total.ok_or_else(|| format!("{}: no `totals` line", part.display()))?.trim().parse()?;
    if total == 0 { Err(format!("{}: no instructions were counted", part.display()).into()) } else { Ok(total) }
}
