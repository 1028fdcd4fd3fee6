//! The examples as programs: built as a user builds them, and run.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

/// The binary of an example, built where this test was built, so that nothing is compiled twice.
pub(crate) fn example(name: &str) -> PathBuf {
    let profile = profile_folder();
    let release = profile.ends_with("release");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--workspace", "--example", name, "--manifest-path"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml"))
        .arg("--target-dir")
        .arg(profile.with_file_name(""))
        .args(release.then_some("--release"))
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "the example `{name}` does not build");
    profile.join("examples").join(name).with_extension(env::consts::EXE_EXTENSION)
}

/// `target/debug` of `target/debug/deps/all-0123`.
fn profile_folder() -> PathBuf {
    let this = env::current_exe().expect("a test knows its own path");
    this.ancestors().nth(2).expect("it stands two folders below").to_owned()
}
