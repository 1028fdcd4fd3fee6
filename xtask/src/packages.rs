//! Programs that the tests need in addition to Rust.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use crate::{step, toolchain};

/// The required programs, each with the Debian package that contains it.
const NEEDED: [(&str, &str); 9] = [
    ("caddy", "caddy"),
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("curl", "curl"),
    ("haproxy", "haproxy"),
    ("nginx", "nginx"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("python3", "python3"),
];

/// Programs without which some tests are reported as not run.
const WANTED: [(&str, &str); 2] = [("faketime", "faketime"), ("redis-server", "redis-server")];

/// Installs missing programs with `apt-get`, if run as root.
///
/// # Errors
///
/// Returns an error if programs are missing and cannot be installed.
pub(crate) fn install() -> Result<(), String> {
    let mut missing = missing(&NEEDED);
    // Debian's Python has its module for environments in a package of its own.
    if !toolchain::succeeds("python3", &["-c", "import ensurepip, venv"]) {
        missing.push("python3-venv");
    }
    let can_install = is_installed("apt-get") && is_root();
    if can_install {
        missing.extend(self::missing(&WANTED));
    }
    if missing.is_empty() {
        return Ok(());
    }
    if !can_install {
        let packages = missing.join(" ");
        return Err(format!(
            "programs that the tests need are missing; install them with `sudo apt-get install {packages}`"
        ));
    }
    step::run("update the package lists", apt(&["update", "-qq"]).stdout(Stdio::null()))?;
    let install = [&["install", "-qq", "--no-install-recommends"], missing.as_slice()].concat();
    step::run("install the missing packages", apt(&install).stdout(Stdio::null()))
}

fn missing(programs: &[(&str, &'static str)]) -> Vec<&'static str> {
    programs.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| *package).collect()
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

/// Returns whether a program is in a folder of `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Returns whether this process runs as root, judged by the owner of its entry in `/proc`.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0)
}
