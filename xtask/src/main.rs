//! Development tasks of the workspace. `cargo xtask test` runs every check that must pass.

mod clients;
mod features;
mod fuzz;
mod packages;
mod redis;
mod sanitize;
mod step;
mod test;
mod toolchain;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  test    run every check that must pass: formatting, features, lints, docs, tests, tests against published
          clients, tests on Redis, a minute of fuzzing (installs missing programs with `apt-get` first, if run as
          root)
  clients run only the tests against published clients
  redis   run only the tests on Redis servers
  soak --minutes MINUTES
          run the tests on Redis servers in full size, and then random faults for MINUTES minutes
  fuzz [SECONDS]
          run each fuzz target for SECONDS seconds, 60 by default; requires a nightly compiler
  sanitize
          run the codec's tests under AddressSanitizer, valgrind and Miri, whichever are installed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test::run(),
        ["clients"] => clients::test(test::ALL_FEATURES),
        ["redis"] => redis::test(test::ALL_FEATURES),
        ["soak", "--minutes", minutes] => redis::soak(test::ALL_FEATURES, minutes),
        ["fuzz"] => fuzz::run("60"),
        ["fuzz", seconds] => fuzz::run(seconds),
        ["sanitize"] => sanitize::run(),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => Err(format!("no command given\n{USAGE}")),
        [unknown, ..] => Err(format!("unknown command `{unknown}`\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
