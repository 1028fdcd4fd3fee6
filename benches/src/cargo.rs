//! What a run of cargo costs.

use std::{fs, path::Path, process::Command, time::Duration};

use crate::Error;

/// Runs cargo on the package in a folder, in a target folder that only these runs use, and returns the user CPU time of cargo and
/// all that it starts.
///
/// Nothing is compiled incrementally: a package that was only touched would come out of the cache.
///
/// # Errors
///
/// When cargo fails.
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

/// The user CPU time of all processes that this one started and that have ended.
fn children() -> Result<Duration, Error> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Fields are counted behind the name, which may hold anything: of what follows, the children's user time is number 14.
    let ticks = stat.rsplit_once(')').and_then(|(_, fields)| fields.split_whitespace().nth(13)?.parse::<u64>().ok());
    let ticks = ticks.ok_or("/proc/self/stat has no CPU time of the children")?;
    Ok(Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second()))
}
