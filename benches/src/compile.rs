//! What the derive costs at compile time, beside serde's.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Serialize;

use crate::{
    Error, cargo,
    clock::median,
    generate::{Mix, Package, Side},
    report::{Table, ratio, verdict},
    target,
};

/// How a package of enums is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Mode {
    /// `cargo build --release`.
    Release,
    /// `cargo check`.
    Check,
}

impl Mode {
    const ALL: [Self; 2] = [Self::Release, Self::Check];

    const fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Check => "check",
        }
    }

    const fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Release => &["build", "--release"],
            Self::Check => &["check"],
        }
    }
}

/// User CPU time of ours and of serde's.
#[derive(Debug, Serialize)]
pub struct Outcome {
    name: String,
    ours: Duration,
    serde: Duration,
    ratio: f64,
    limit: Option<f64>,
}

impl Outcome {
    fn new(name: String, [ours, serde]: [Duration; 2], limit: Option<f64>) -> Self {
        Self { name, ours, serde, ratio: ours.as_secs_f64() / serde.as_secs_f64(), limit }
    }
}

/// How many rounds of what is quick go with so many of what is not.
#[must_use]
pub const fn often(rounds: usize) -> usize {
    2 * rounds + 1
}

/// Compiles packages of so many enums, `rounds` times each for `--release`, ours and serde's in turn. All that
/// they need is there before.
///
/// # Errors
///
/// When a package does not compile.
pub fn enums(scratch: &Path, enums: usize, rounds: usize) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    for mix in Mix::ALL {
        let mut contenders = Vec::new();
        for side in Side::ALL {
            let package = Package::of_enums(scratch, side, mix, enums)?;
            // Dependencies are compiled once for each side.
            contenders.push(Contender { target: scratch.join("target"), package });
        }
        for mode in Mode::ALL {
            let name = format!("{}, {}", mix.name(), mode.name());
            eprintln!("{name} ..");
            let rounds = if mode == Mode::Check { often(rounds) } else { rounds };
            let times = alternate(&contenders, rounds, |contender| contender.compile_again(mode))?;
            outcomes.push(Outcome::new(name, times, Some(target::compile(mix, mode))));
        }
    }
    Ok(outcomes)
}

/// Compiles the two derives' own packages, `rounds` times each and in turn: alone, and with all that they need.
///
/// # Errors
///
/// When one does not compile.
pub fn macros(scratch: &Path, rounds: usize) -> Result<Vec<Outcome>, Error> {
    let mut contenders = Vec::new();
    for side in Side::ALL {
        let package = Package::of_macros(scratch, side)?;
        contenders.push(Contender { target: scratch.join(format!("target-{}", package.name)), package });
    }
    eprintln!("the derives' own packages ..");
    let whole = alternate(&contenders, rounds, Contender::compile_all)?;
    let alone = alternate(&contenders, rounds, Contender::compile_macros_again)?;
    Ok(vec![
        Outcome::new("sources of its own".into(), alone, Some(target::MACROS)),
        Outcome::new("with all it needs".into(), whole, None),
    ])
}

/// A package and where it is compiled.
struct Contender {
    package: Package,
    target: PathBuf,
}

impl Contender {
    fn cargo(&self, arguments: &[&str]) -> Result<Duration, Error> {
        cargo::run(&self.package.folder, &self.target, arguments)
    }

    /// The package alone: what cargo takes where nothing is to be done is taken off.
    fn compile_again(&self, mode: Mode) -> Result<Duration, Error> {
        let nothing = self.fresh(mode.arguments())?;
        self.package.touch()?;
        without(self.cargo(mode.arguments())?, nothing)
    }

    fn compile_all(&self) -> Result<Duration, Error> {
        if self.target.exists() {
            fs::remove_dir_all(&self.target)?;
        }
        self.cargo(&["build"])
    }

    fn compile_macros_again(&self) -> Result<Duration, Error> {
        let nothing = self.fresh(&["build"])?;
        self.cargo(&["clean", "--package", self.package.derive])?;
        without(self.cargo(&["build"])?, nothing)
    }

    /// A run that finds everything done.
    fn fresh(&self, arguments: &[&str]) -> Result<Duration, Error> {
        self.cargo(arguments)?;
        self.cargo(arguments)
    }
}

/// A run's own time. Where a run that should find nothing to do took longer, it did find something.
fn without(time: Duration, nothing: Duration) -> Result<Duration, Error> {
    time.checked_sub(nothing).ok_or_else(|| "the sources of this workspace changed meanwhile; measure again".into())
}

/// The medians of both, every second round in reverse order.
fn alternate(
    contenders: &[Contender],
    rounds: usize,
    measure: impl Fn(&Contender) -> Result<Duration, Error>,
) -> Result<[Duration; 2], Error> {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        let mut entries: Vec<_> = contenders.iter().zip(&mut times).collect();
        if round % 2 == 1 {
            entries.reverse();
        }
        for (contender, times) in entries {
            times.push(measure(contender)?);
        }
    }
    Ok(times.map(median))
}

/// A row per side, a column per outcome.
#[must_use]
pub fn table(title: &str, outcomes: &[Outcome]) -> Table {
    let mut table = Table::new(title, "derive");
    table.columns(outcomes.iter().map(|outcome| outcome.name.as_str()));
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    table.row("ours", outcomes.iter().map(|outcome| seconds(outcome.ours)));
    table.row("serde's", outcomes.iter().map(|outcome| seconds(outcome.serde)));
    table.row("ours to serde's", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("at most", outcomes.iter().map(|outcome| outcome.limit.map(ratio).unwrap_or_default()));
    table.row("met", outcomes.iter().map(|outcome| verdict(outcome.limit.map(|limit| outcome.ratio <= limit))));
    table
}
