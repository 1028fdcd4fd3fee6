//! The checks that must pass.

use crate::{
    clients, features, fuzz, packages, redis,
    step::{self, cargo},
};

/// Runs all checks, and stops at the first that fails.
pub(crate) fn run() -> Result<(), String> {
    packages::install()?;
    step::run("formatting", &mut cargo(&["fmt", "--all", "--check"]))?;
    features::check()?;
    let no_std = ["run", "--manifest-path", "tests/no_std/Cargo.toml", "--target-dir", "target/no_std"];
    step::run("sse-core without the standard library", &mut cargo(&no_std))?;
    let features = ["run", "--manifest-path", "tests/features/Cargo.toml", "--target-dir", "target/features"];
    step::run("sse-client with features of reqwest", &mut cargo(&features))?;
    let lints = ["clippy", "--workspace", "--all-targets", "--features", ALL_FEATURES, "--", "-D", "warnings"];
    step::run("lints", &mut cargo(&lints))?;
    let docs = ["doc", "--workspace", "--no-deps", "--features", ALL_FEATURES];
    step::run("docs", cargo(&docs).env("RUSTDOCFLAGS", "-D warnings"))?;
    // The examples are built first because the tests run them as programs.
    step::run("examples", &mut cargo(&["build", "--examples", "--package", "sse-examples"]))?;
    step::run("tests", &mut cargo(&["test", "--workspace", "--features", ALL_FEATURES]))?;
    clients::test(ALL_FEATURES)?;
    redis::test(ALL_FEATURES)?;
    fuzz::briefly()
}

/// All features except TLS in the examples, which no test needs and which is slow to build.
pub(crate) const ALL_FEATURES: &str = "sse-axum/serve,sse-axum/test,sse-axum/tracing,sse-client/tracing,\
     sse-core/stream,sse-core/tracing,sse-hub/redis,sse-hub/test,sse-hub/tracing";
