//! The codec's tests under tools that see what a test does not: bad accesses, uninitialised memory, undefined behaviour.

use std::process::Command;

use crate::{
    step::{self, cargo},
    toolchain,
};

const ADDRESS: &str = "AddressSanitizer";
const MEMCHECK: &str = "valgrind's memcheck";
const MIRI: &str = "Miri";

/// The core's unit tests; and of the tests across crates the wire vectors, the properties and the typed streams.
const UNIT: [&str; 5] = ["test", "--package", "sse-core", "--all-features", "--lib"];
const ACROSS: [&str; 5] = ["test", "--package", "sse-tests", "--test", "all"];
const MODULES: [&str; 3] = ["vectors::", "properties::", "typed::"];

/// Cuts each vector at every two places: too many for the tools that interpret, which run the test at every one place.
const LONGEST: &str = "at_every_two_places";

/// Whether a tool ran, or else why not.
type Ran = Result<(), &'static str>;

/// Runs the tests under each tool that there is, and sums up. It is an error if there is none.
pub(crate) fn run() -> Result<(), String> {
    let tools = [(ADDRESS, address()?), (MEMCHECK, memcheck()?), (MIRI, miri()?)];
    println!();
    for (tool, ran) in tools {
        println!(
            "== codec under {tool}: {}",
            ran.map_or_else(|why| format!("left out, {why}"), |()| "passed".to_owned())
        );
    }
    if tools.iter().any(|(_, ran)| ran.is_ok()) {
        Ok(())
    } else {
        Err("no sanitizer is installed; `rustup toolchain install nightly` brings one".to_owned())
    }
}

/// `AddressSanitizer`, in our code and in all that it uses; the standard library comes as it is.
fn address() -> Result<Ran, String> {
    let Some(host) = toolchain::nightly_host() else { return Ok(Err("there is no nightly compiler")) };
    tests(ADDRESS, "64", &[], |arguments| {
        let mut cargo = toolchain::nightly_cargo(arguments);
        cargo.args(["--target", &host, "--target-dir", "target/sanitize"]);
        cargo.env("RUSTFLAGS", "-Zsanitizer=address -Cdebug-assertions");
        cargo
    })
}

/// Valgrind's memory checker, around the very programs that the stable compiler makes.
fn memcheck() -> Result<Ran, String> {
    if !toolchain::answers("valgrind", &["--version"]) {
        return Ok(Err("valgrind is not installed"));
    }
    // The name of the variable holds the platform; a setting given on the command line does not need to.
    let runner = "target.'cfg(all())'.runner = ['valgrind', '--quiet', '--error-exitcode=99']";
    tests(MEMCHECK, "16", &["--skip", LONGEST, "--test-threads", "1"], |arguments| {
        let mut cargo = cargo(&["--config", runner]);
        cargo.args(arguments);
        cargo
    })
}

/// Miri, which interprets, and knows the rules of the language itself.
fn miri() -> Result<Ran, String> {
    if !toolchain::answers("rustup", &["run", "nightly", "cargo", "miri", "--version"]) {
        return Ok(Err("Miri is not installed for the nightly compiler"));
    }
    tests(MIRI, "2", &["--skip", LONGEST], |arguments| {
        let mut cargo = toolchain::nightly_cargo(&["miri"]);
        cargo.args(arguments).args(["--target-dir", "target/miri"]);
        // The properties read their number of cases from the environment.
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        cargo
    })
}

/// Runs the tests, with so many cases of each property, by what `cargo` makes of the arguments.
fn tests(tool: &str, cases: &str, options: &[&str], cargo: impl Fn(&[&str]) -> Command) -> Result<Ran, String> {
    step::run(&format!("codec under {tool}: unit tests"), &mut cargo(&UNIT))?;
    let mut across = cargo(&ACROSS);
    across.arg("--").args(MODULES).args(options).env("PROPTEST_CASES", cases);
    step::run(&format!("codec under {tool}: vectors, properties, typed streams"), &mut across)?;
    Ok(Ok(()))
}
