//! Fuzzing with `libFuzzer` and `AddressSanitizer`: any bytes, any chunks, any envelopes, any events.

use std::{fs, process::Command};

use crate::{step, toolchain};

/// The targets, and the seeds each begins with.
const TARGETS: [(&str, &str); 4] =
    [("oracle", "streams"), ("chunks", "streams"), ("typed", "streams"), ("round_trip", "envelopes")];

/// Coverage as libFuzzer reads it, and a sanitizer that sees a bad access before it does harm.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Zsanitizer=address -Ccodegen-units=1 \
    -Cdebug-assertions";

/// How long each target runs among the tests: a minute in all.
const SHORT: u32 = 15;

/// Fuzzes each target for `seconds`.
pub(crate) fn run(seconds: &str) -> Result<(), String> {
    let seconds = seconds.parse().map_err(|_| format!("`{seconds}` is no number of seconds; give a whole one"))?;
    let host = toolchain::nightly_host()
        .ok_or("fuzzing needs a nightly compiler; `rustup toolchain install nightly` brings one")?;
    fuzz(&host, seconds)
}

/// Fuzzes each target for a moment, where there is a nightly compiler.
pub(crate) fn briefly() -> Result<(), String> {
    if let Some(host) = toolchain::nightly_host() {
        return fuzz(&host, SHORT);
    }
    step::leave_out("fuzz", "there is no nightly compiler");
    Ok(())
}

fn fuzz(host: &str, seconds: u32) -> Result<(), String> {
    let mut build = toolchain::nightly_cargo(&["build", "--release", "--locked", "--manifest-path", "fuzz/Cargo.toml"]);
    build.args(["--target", host, "--target-dir", "fuzz/target"]);
    step::run("build the fuzz targets", build.env("RUSTFLAGS", FLAGS))?;
    TARGETS.iter().try_for_each(|(target, seeds)| run_target(host, target, seeds, seconds))
}

/// What a run finds goes into its first folder, which is none of the repository's, and is where the next run goes on.
fn run_target(host: &str, target: &str, seeds: &str, seconds: u32) -> Result<(), String> {
    let found = format!("fuzz/target/corpus/{target}");
    fs::create_dir_all(&found).map_err(|error| format!("`{found}` cannot be made: {error}"))?;
    let mut fuzzer = Command::new(format!("fuzz/target/{host}/release/{target}"));
    fuzzer.args([&found, &format!("fuzz/corpus/{seeds}"), &format!("-max_total_time={seconds}")]);
    fuzzer.args(["-print_final_stats=1", "-max_len=4096", "-dict=fuzz/words.dict", "-verbosity=0"]);
    fuzzer.arg(format!("-artifact_prefix=fuzz/target/{target}-"));
    step::run(&format!("fuzz {target}"), &mut fuzzer)
}
