//! The codec's tests under tools that see what a test does not: bad accesses, uninitialised memory, undefined behaviour.

use std::process::Command;

use crate::{
    step::{self, cargo},
    toolchain,
};

/// The core's unit tests; and of the tests across crates the wire vectors, the properties and the typed streams.
const UNIT: [&str; 5] = ["test", "--package", "sse-core", "--all-features", "--lib"];
const ACROSS: [&str; 5] = ["test", "--package", "sse-tests", "--test", "all"];
const MODULES: [&str; 3] = ["vectors::", "properties::", "typed::"];

/// Cuts each vector at every two places: too many for the tools that interpret, which run the test at every one place.
const LONGEST: &str = "at_every_two_places";

/// Runs the tests under each tool that there is. It is an error if there is none.
pub(crate) fn run() -> Result<(), String> {
    let ran = [address()?, memcheck()?, miri()?];
    if ran.contains(&true) {
        Ok(())
    } else {
        Err("no sanitizer is installed; `rustup toolchain install nightly` brings one".to_owned())
    }
}

/// `AddressSanitizer`, in our code and in all that it uses; the standard library comes as it is.
fn address() -> Result<bool, String> {
    let what = "codec under AddressSanitizer";
    let Some(host) = toolchain::nightly_host() else {
        step::leave_out(what, "there is no nightly compiler");
        return Ok(false);
    };
    tests(what, "64", &[], |arguments| {
        let mut cargo = toolchain::nightly_cargo(arguments);
        cargo.args(["--target", &host, "--target-dir", "target/sanitize"]);
        cargo.env("RUSTFLAGS", "-Zsanitizer=address -Cdebug-assertions");
        cargo
    })
}

/// Valgrind's memory checker, around the very programs that the stable compiler makes.
fn memcheck() -> Result<bool, String> {
    let what = "codec under valgrind's memcheck";
    if !toolchain::answers("valgrind", &["--version"]) {
        step::leave_out(what, "valgrind is not installed");
        return Ok(false);
    }
    // The name of the variable holds the platform; a setting given on the command line does not need to.
    let runner = "target.'cfg(all())'.runner = ['valgrind', '--quiet', '--error-exitcode=99']";
    tests(what, "16", &["--skip", LONGEST, "--test-threads", "1"], |arguments| {
        let mut cargo = cargo(&["--config", runner]);
        cargo.args(arguments);
        cargo
    })
}

/// Miri, which interprets, and knows the rules of the language itself.
fn miri() -> Result<bool, String> {
    let what = "codec under Miri";
    if !toolchain::answers("rustup", &["run", "nightly", "cargo", "miri", "--version"]) {
        step::leave_out(what, "Miri is not installed for the nightly compiler");
        return Ok(false);
    }
    tests(what, "2", &["--skip", LONGEST], |arguments| {
        let mut cargo = toolchain::nightly_cargo(&["miri"]);
        cargo.args(arguments).args(["--target-dir", "target/miri"]);
        // The properties read their number of cases from the environment.
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        cargo
    })
}

/// Runs the tests, with so many cases of each property, by what `cargo` makes of the arguments.
fn tests(what: &str, cases: &str, options: &[&str], cargo: impl Fn(&[&str]) -> Command) -> Result<bool, String> {
    step::run(&format!("{what}: unit tests"), &mut cargo(&UNIT))?;
    let mut across = cargo(&ACROSS);
    across.arg("--").args(MODULES).args(options).env("PROPTEST_CASES", cases);
    step::run(&format!("{what}: vectors, properties, typed streams"), &mut across)?;
    Ok(true)
}
