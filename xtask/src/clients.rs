//! Tests against published client packages, which are installed at pinned versions in a folder of the build.

use std::{env, fs, io, path::Path, process::Command};

use crate::step::{self, cargo};

/// The folder that the packages are installed in.
const INSTALLED: &str = "target/clients";

/// The folder of the lock files and of the programs that use the packages.
const SOURCES: &str = "tests/clients";

/// The lock file of the last installation. The packages are installed again if it changes.
const STAMP: &str = "installed.lock";

/// Installs the packages and runs the tests that use them. Without a network, the tests are reported as not run.
///
/// # Errors
///
/// Returns an error if a test fails, and in CI also if the packages cannot be installed.
pub(crate) fn test(features: &str) -> Result<(), String> {
    let what = "tests against published clients";
    match install() {
        Ok(()) => {}
        Err(why) if env::var_os("CI").is_none() => {
            step::not_run(what, &why);
            return Ok(());
        }
        Err(why) => return Err(why),
    }
    let folder = fs::canonicalize(INSTALLED).map_err(|error| failed(INSTALLED, &error))?;
    let test = ["test", "--workspace", "--features", features, "--test", "all", "--", "--ignored", "clients::"];
    step::run(what, cargo(&test).env("SSE_TEST_CLIENTS", folder))
}

fn install() -> Result<(), String> {
    let python = format!("{INSTALLED}/python");
    install_in(&python, "python", "requirements.txt", &["main.py"], || {
        step::run("create an environment for Python", Command::new("python3").args(["-m", "venv", &python]))?;
        let mut pip = Command::new(format!("{python}/bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]);
        step::run("install the clients for Python", pip.arg("--requirement").arg(format!("{python}/requirements.txt")))
    })?;
    let node = format!("{INSTALLED}/node");
    install_in(&node, "node", "package-lock.json", &["main.js", "package.json"], || {
        let mut npm = Command::new("npm");
        npm.current_dir(&node).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
        step::run("install the clients for Node.js", &mut npm)
    })
}

/// Copies the sources into `folder`, and runs `install` there if the lock file has changed.
fn install_in(
    folder: &str,
    source: &str,
    lock: &str,
    files: &[&str],
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let source = Path::new(SOURCES).join(source);
    for file in files.iter().chain([&lock]) {
        fs::copy(source.join(file), Path::new(folder).join(file)).map_err(|error| failed(file, &error))?;
    }
    let wanted = fs::read(source.join(lock)).map_err(|error| failed(lock, &error))?;
    let stamp = Path::new(folder).join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(stamp, wanted).map_err(|error| failed(STAMP, &error))
}

fn failed(path: &str, error: &io::Error) -> String {
    format!("cannot set up the published clients: `{path}`: {error}")
}
