//! Machine and compiler of the measurements, and versions of the other crates.

use std::{fs, process::Command, thread, time::SystemTime};

use serde::Serialize;

/// The lock file that the benchmark is built with.
const LOCK: &str = include_str!("../../Cargo.lock");

/// The build profile of the benchmarks, for [`Machine::sentence`].
pub const BUILD: &str = ", `lto = \"fat\"`, `codegen-units = 1`";

/// The machine, the compiler and the date of a measurement.
#[derive(Debug, Serialize)]
pub struct Machine {
    cpu: String,
    cores: usize,
    vectors: &'static str,
    rustc: String,
    date: String,
}

impl Machine {
    /// Returns this machine, with the current compiler and date.
    #[must_use]
    pub fn current() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let field = |name| {
            let line = info.lines().find(|line| line.starts_with(name))?;
            line.split_once(':').map(|(_, value)| value.trim())
        };
        let vectors = match field("flags") {
            Some(flags) if flags.contains("avx512bw") => "AVX-512",
            Some(flags) if flags.contains("avx2") => "AVX2",
            _ => "no AVX2",
        };
        let rustc = Command::new("rustc").arg("--version").output();
        let rustc = rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        Self {
            cpu: field("model name").unwrap_or("unknown CPU").into(),
            cores: thread::available_parallelism().map_or(1, usize::from),
            vectors,
            rustc: rustc.unwrap_or_else(|_| "unknown rustc".into()),
            date: humantime::format_rfc3339_seconds(SystemTime::now()).to_string().chars().take(10).collect(),
        }
    }

    /// Returns the sentence that heads a section of the results. `build` is [`BUILD`], or empty if no program of this
    /// package is measured.
    #[must_use]
    pub fn sentence(&self, build: &str) -> String {
        let Self { cpu, cores, vectors, rustc, date } = self;
        format!("Measured on {date}: {cpu}, {cores} cores ({vectors}), {rustc}{build}.")
    }
}

/// Appends the locked version to the name of a package from crates.io. Returns any other name unchanged.
#[must_use]
pub fn versioned(package: &str) -> String {
    let name = format!("name = \"{package}\"\n");
    let entry = LOCK.split("[[package]]\n").find(|entry| entry.starts_with(&name) && entry.contains("\nsource = "));
    let version = entry.and_then(|entry| entry.split_once("version = \"")?.1.split_once('"'));
    version.map_or_else(|| package.into(), |(version, _)| format!("{package} {version}"))
}
