//! Fuzzing: the decoder against the oracle, with `libFuzzer` and `AddressSanitizer`.

use std::process::Command;

use crate::step;

const TARGETS: [&str; 3] = ["oracle", "chunks", "round_trip"];

/// Coverage as libFuzzer reads it, and a sanitizer that sees a bad access before it does harm.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Zsanitizer=address -Ccodegen-units=1 \
    -Cdebug-assertions";

/// Builds the targets with a nightly compiler, and runs each for so many seconds.
pub(crate) fn run(seconds: &str) -> Result<(), String> {
    seconds.parse::<u32>().map_err(|_| format!("`{seconds}` is no number of seconds; give a whole one"))?;
    let host = "x86_64-unknown-linux-gnu";
    let mut build = Command::new("rustup");
    build.args([
        "run",
        "nightly",
        "cargo",
        "build",
        "--release",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--target",
        host,
    ]);
    step::run("build the fuzz targets", build.env("RUSTFLAGS", FLAGS))?;
    for target in TARGETS {
        let corpus = format!("fuzz/corpus/{target}");
        let mut fuzzer = Command::new(format!("fuzz/target/{host}/release/{target}"));
        fuzzer.arg(&corpus).args([&format!("-max_total_time={seconds}"), "-print_final_stats=1", "-max_len=4096"]);
        fuzzer.args(["-dict=fuzz/words.dict", "-verbosity=0", &format!("-artifact_prefix=fuzz/target/{target}-")]);
        step::run(&format!("fuzz {target}"), &mut fuzzer)?;
    }
    Ok(())
}
