//! CPU time of cargo runs.

use std::{fs, path::Path, process::Command, time::Duration};

use crate::Error;

/// Runs cargo in `folder`, and returns the user CPU time of cargo and of the processes that it starts.
///
/// `target` is a target directory that only the benchmarks use. Incremental compilation is off, because a package whose
/// source was rewritten with the same content would be read from its cache.
///
/// # Errors
///
/// Returns an error if cargo fails.
pub fn run(folder: &Path, target: &Path, arguments: &[&str]) -> Result<Duration, Error> {
    let before = children()?;
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_INCREMENTAL", "0")
        .output()?;
    if !output.status.success() {
        let messages = String::from_utf8_lossy(&output.stderr);
        return Err(format!("cargo {} in {}: {messages}", arguments.join(" "), folder.display()).into());
    }
    Ok(children()?.saturating_sub(before))
}

/// Returns the user CPU time of all child processes that have exited.
fn children() -> Result<Duration, Error> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The process name is in parentheses and can contain any character, so fields are counted from after it: `cutime`,
    // field 16 in proc(5), has index 13 there.
    let ticks = stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(13)?.parse::<u64>().ok());
    let ticks = ticks.ok_or("/proc/self/stat does not contain the CPU time of the child processes")?;
    Ok(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
}
