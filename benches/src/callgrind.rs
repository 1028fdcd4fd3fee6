//! Instructions, as callgrind counts them.

use std::{fs, path::Path, process::Command};

use crate::Error;

/// Whether callgrind can be run here.
#[must_use]
pub fn is_available() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Runs a program, and returns the instructions of each call of the functions whose names begin alike and end so.
///
/// # Errors
///
/// When `valgrind` fails, or does not see so many calls.
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
    // Of several functions to collect in, callgrind takes the first alone; of those to dump after, no pattern. A pattern
    // matches longer names only.
    let one_or_all = if let [end] = ends { end } else { "*" };
    valgrind.arg(format!("--toggle-collect={begin}{one_or_all}"));
    valgrind.args(ends.iter().map(|end| format!("--dump-after={begin}{end}")));
    valgrind.arg(format!("--callgrind-out-file={}", scratch.join("out").display()));
    let status = valgrind.arg(program).args(arguments).status()?;
    if !status.success() {
        return Err(format!("callgrind ends with {status}: {valgrind:?}").into());
    }
    (1..=calls).map(|call| total(&scratch.join(format!("out.{call}")))).collect()
}

fn total(part: &Path) -> Result<u64, Error> {
    let text = fs::read_to_string(part).map_err(|error| format!("{}: {error}", part.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    let total = total.ok_or_else(|| format!("{}: no line of totals", part.display()))?.trim().parse()?;
    if total == 0 { Err(format!("{}: nothing was counted", part.display()).into()) } else { Ok(total) }
}
