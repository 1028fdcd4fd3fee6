//! What the tests need beside Rust.

use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

use crate::step;

/// Programs, and the Debian packages that bring them.
const NEEDED: [(&str, &str); 6] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("curl", "curl"),
    ("nginx", "nginx"),
    ("node", "nodejs"),
    ("npm", "npm"),
];

/// Installs what is missing where that is possible without asking: as root, with `apt-get`.
pub(crate) fn install() -> Result<(), String> {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(program, _)| !is_installed(program)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_installed("apt-get") || !is_root() {
        let packages = missing.join(" ");
        return Err(format!("the tests need programs that are missing; `sudo apt-get install {packages}`"));
    }
    step::run("update the package lists", apt(&["update", "-qq"]).stdout(Stdio::null()))?;
    let install = [&["install", "-qq", "--no-install-recommends"], missing.as_slice()].concat();
    step::run("install what the tests need", apt(&install).stdout(Stdio::null()))
}

fn apt(arguments: &[&str]) -> Command {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    apt
}

fn is_installed(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// The owner of this very process, as the kernel's process files tell it.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    Path::new("/proc/self").metadata().is_ok_and(|process| process.uid() == 0)
}
