//! All that must pass.

use crate::{
    features, fuzz, packages,
    step::{self, cargo},
};

pub(crate) fn run() -> Result<(), String> {
    packages::install()?;
    step::run("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    features::check()?;
    let no_std = ["run", "--manifest-path", "tests/no_std/Cargo.toml", "--target-dir", "target/no_std"];
    step::run("sse-core without the standard library", &mut cargo(&no_std))?;
    let lints = ["clippy", "--workspace", "--all-targets", "--features", ALL_FEATURES, "--", "-D", "warnings"];
    step::run("lints", &mut cargo(&lints))?;
    let docs = ["doc", "--workspace", "--no-deps", "--features", ALL_FEATURES];
    step::run("docs", cargo(&docs).env("RUSTDOCFLAGS", "-D warnings"))?;
    // The example programs first: the tests run them as programs.
    step::run("examples", &mut cargo(&["build", "--examples", "--package", "sse-examples"]))?;
    step::run("tests", &mut cargo(&["test", "--workspace", "--features", ALL_FEATURES]))?;
    fuzz::briefly()
}

/// Everything but TLS in the examples, which no test needs and which takes long to build.
const ALL_FEATURES: &str = "sse-axum/test,sse-axum/tracing,sse-core/stream,sse-core/tracing";
