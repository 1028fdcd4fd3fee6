//! Tests on real Redis servers.

use std::env;

use crate::{
    packages,
    step::{self, cargo},
};

const WHAT: &str = "tests on Redis";

/// Runs the tests that start Redis servers, at a tenth of their size. Without `redis-server`, they are reported as not
/// run.
///
/// # Errors
///
/// Returns an error if a test fails, and in CI also if there is no `redis-server`.
pub(crate) fn test(features: &str) -> Result<(), String> {
    if !packages::is_installed("redis-server") {
        let why = "`redis-server` is missing; install the Debian package `redis-server`";
        if env::var_os("CI").is_some() {
            return Err(format!("{WHAT}: {why}"));
        }
        step::not_run(WHAT, why);
        return Ok(());
    }
    // Most of these tests wait most of the time.
    let test = ["test", "--workspace", "--features", features, "--test", "all", "--", "--ignored", "redis::"];
    step::run(WHAT, cargo(&test).args(["--test-threads", "8"]))
}

/// Runs the tests in full size, one after another, and then faults in random order for some minutes.
///
/// # Errors
///
/// Returns an error if a test fails, or if there is no `redis-server`.
pub(crate) fn soak(features: &str, minutes: &str) -> Result<(), String> {
    if minutes.parse::<u32>().is_err() {
        return Err(format!("`{minutes}` is not a number of minutes"));
    }
    let test = ["test", "--release", "--workspace", "--features", features, "--test", "all", "--", "--ignored"];
    let one = ["--nocapture", "--test-threads", "1"];
    step::run("tests on Redis in full size", cargo(&test).args(one).arg("redis::").env("SSE_FAULTS", "full"))?;
    step::run(
        "random faults on Redis",
        cargo(&test).args(one).arg("redis::suite::soak").env("SSE_SOAK_MINUTES", minutes),
    )
}
