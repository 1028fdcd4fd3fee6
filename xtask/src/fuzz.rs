//! Runs the fuzz targets with `libFuzzer` and `AddressSanitizer`.

use std::{fs, process::Command};

use crate::{step, toolchain};

/// The fuzz targets, each with the folder of its seeds in `fuzz/corpus`.
const TARGETS: [(&str, &str); 4] =
    [("oracle", "streams"), ("chunks", "streams"), ("typed", "streams"), ("round_trip", "envelopes")];

/// The compiler flags for the coverage that libFuzzer needs, and for `AddressSanitizer`.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Zsanitizer=address -Ccodegen-units=1 \
    -Cdebug-assertions";

/// The seconds for which `cargo xtask test` runs each target: a minute in total.
const SHORT: u32 = 15;

/// Fuzzes each target for `seconds`.
pub(crate) fn run(seconds: &str) -> Result<(), String> {
    let seconds = seconds.parse().map_err(|_| format!("`{seconds}` is not a number of seconds; use a whole number"))?;
    let host = toolchain::nightly_host()
        .ok_or("fuzzing requires a nightly compiler; install one with `rustup toolchain install nightly`")?;
    fuzz(&host, seconds)
}

/// Fuzzes each target for [`SHORT`] seconds, or skips fuzzing if no nightly compiler is installed.
pub(crate) fn briefly() -> Result<(), String> {
    if let Some(host) = toolchain::nightly_host() {
        return fuzz(&host, SHORT);
    }
    step::skip("fuzz", "no nightly compiler is installed");
    Ok(())
}

fn fuzz(host: &str, seconds: u32) -> Result<(), String> {
    let mut build = toolchain::nightly_cargo(&["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"]);
    build.args(["--target", host, "--target-dir", "fuzz/target"]);
    step::run("build the fuzz targets", build.env("RUSTFLAGS", FLAGS))?;
    TARGETS.iter().try_for_each(|(target, seeds)| run_target(host, target, seeds, seconds))
}

/// Runs one target. New inputs are saved in the first folder, which git ignores, and the next run starts from them.
fn run_target(host: &str, target: &str, seeds: &str, seconds: u32) -> Result<(), String> {
    let found = format!("fuzz/target/corpus/{target}");
    fs::create_dir_all(&found).map_err(|error| format!("cannot create `{found}`: {error}"))?;
    let mut fuzzer = Command::new(format!("fuzz/target/{host}/release/{target}"));
    fuzzer.args([&found, &format!("fuzz/corpus/{seeds}"), &format!("-max_total_time={seconds}")]);
    fuzzer.args(["-print_final_stats=1", "-max_len=4096", "-dict=fuzz/words.dict", "-verbosity=0"]);
    fuzzer.arg(format!("-artifact_prefix=fuzz/target/{target}-"));
    step::run(&format!("fuzz {target}"), &mut fuzzer)
}
