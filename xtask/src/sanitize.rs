//! Runs the codec's tests under tools that detect invalid accesses, uninitialized memory and undefined behavior.

use std::process::Command;

use crate::{
    step::{self, cargo},
    toolchain,
};

const ADDRESS: &str = "AddressSanitizer";
const MEMCHECK: &str = "valgrind's memcheck";
const MIRI: &str = "Miri";

/// The unit tests of `sse-core`.
const UNIT: [&str; 5] = ["test", "--package", "sse-core", "--all-features", "--lib"];
/// The tests across the crates, restricted to [`MODULES`].
const ACROSS: [&str; 5] = ["test", "--package", "sse-tests", "--test", "all"];
/// The wire vectors, the properties and the typed streams.
const MODULES: [&str; 3] = ["vectors::", "properties::", "typed::"];

/// The test that splits each vector at every two positions. It is too slow for Miri and valgrind, which only run the
/// test with one split.
const LONGEST: &str = "at_every_two_positions";

/// The outcome of a tool: `Ok` if its tests passed, or the reason why it was skipped.
type Ran = Result<(), &'static str>;

/// Runs the tests under each installed tool and prints a summary.
///
/// # Errors
///
/// Returns an error if a test fails or no tool is installed.
pub(crate) fn run() -> Result<(), String> {
    let tools = [(ADDRESS, address()?), (MEMCHECK, memcheck()?), (MIRI, miri()?)];
    println!();
    for (tool, ran) in tools {
        println!(
            "== codec under {tool}: {}",
            ran.map_or_else(|why| format!("skipped, {why}"), |()| "passed".to_owned())
        );
    }
    if tools.iter().any(|(_, ran)| ran.is_ok()) {
        Ok(())
    } else {
        Err("no sanitizer is installed; install one with `rustup toolchain install nightly`".to_owned())
    }
}

/// Runs the tests with `AddressSanitizer`, which instruments all crates except the standard library.
fn address() -> Result<Ran, String> {
    let Some(host) = toolchain::nightly_host() else { return Ok(Err("no nightly compiler is installed")) };
    tests(ADDRESS, "64", &[], |arguments| {
        let mut cargo = toolchain::nightly_cargo(arguments);
        cargo.args(["--target", &host, "--target-dir", "target/sanitize"]);
        cargo.env("RUSTFLAGS", "-Zsanitizer=address -Cdebug-assertions");
        cargo
    })
}

/// Runs the test programs of the stable compiler under valgrind's memory checker.
fn memcheck() -> Result<Ran, String> {
    if !toolchain::succeeds("valgrind", &["--version"]) {
        return Ok(Err("valgrind is not installed"));
    }
    // The environment variable for the runner contains the target platform; this form of the setting does not.
    let runner = "target.'cfg(all())'.runner = ['valgrind', '--quiet', '--error-exitcode=99']";
    tests(MEMCHECK, "16", &["--skip", LONGEST, "--test-threads", "1"], |arguments| {
        let mut cargo = cargo(&["--config", runner]);
        cargo.args(arguments);
        cargo
    })
}

/// Runs the tests under Miri, which detects undefined behavior in Rust.
fn miri() -> Result<Ran, String> {
    if !toolchain::succeeds("rustup", &["run", "nightly", "cargo", "miri", "--version"]) {
        return Ok(Err("Miri is not installed for the nightly compiler"));
    }
    tests(MIRI, "2", &["--skip", LONGEST], |arguments| {
        let mut cargo = toolchain::nightly_cargo(&["miri"]);
        cargo.args(arguments).args(["--target-dir", "target/miri"]);
        // The property tests read their number of cases from the environment, which isolation would hide.
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        cargo
    })
}

/// Runs the tests with the commands that `cargo` returns for their arguments, and each property with `cases` cases.
fn tests(tool: &str, cases: &str, options: &[&str], cargo: impl Fn(&[&str]) -> Command) -> Result<Ran, String> {
    step::run(&format!("codec under {tool}: unit tests"), &mut cargo(&UNIT))?;
    let mut across = cargo(&ACROSS);
    across.arg("--").args(MODULES).args(options).env("PROPTEST_CASES", cases);
    step::run(&format!("codec under {tool}: vectors, properties, typed streams"), &mut across)?;
    Ok(Ok(()))
}
