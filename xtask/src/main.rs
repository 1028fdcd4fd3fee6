//! The project's own chores: `cargo xtask test` is the one command that passes all tests.

mod features;
mod fuzz;
mod packages;
mod sanitize;
mod step;
mod test;
mod toolchain;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test    all that must pass: format, features, lints, docs, tests, a minute of fuzzing
          (installs Chromium and its driver first, where it can)
  fuzz [SECONDS]
          each fuzz target for so many seconds, 60 unless told; needs a nightly compiler
  sanitize
          the codec's tests under AddressSanitizer, valgrind and Miri, as far as they are installed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test::run(),
        ["fuzz"] => fuzz::run("60"),
        ["fuzz", seconds] => fuzz::run(seconds),
        ["sanitize"] => sanitize::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => Err(format!("no command given\n{USAGE}")),
        [unknown, ..] => Err(format!("`{unknown}` is no command of xtask\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
