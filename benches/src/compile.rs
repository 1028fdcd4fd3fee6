//! Compile time of the derive, compared with serde's.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Serialize;

use crate::{
    Error, cargo,
    clock::median,
    generate::{Events, Mix, Package, Side, Whole},
    report::{Table, ratio, verdict},
    target,
};

/// A way to compile a package of enums.
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

/// The user CPU time of one build with this workspace's derive and with serde's.
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

/// Returns the number of rounds for the quick builds, given the number for `--release` builds.
#[must_use]
pub const fn often(rounds: usize) -> usize {
    2 * rounds + 1
}

/// Measures the compile time of packages of `enums` enums, without their dependencies. `--release` builds run `rounds`
/// rounds, checks run [`often(rounds)`](often); in each round, the two sides take turns.
///
/// # Errors
///
/// Returns an error if a package does not compile.
pub fn enums(scratch: &Path, enums: usize, rounds: usize) -> Result<Vec<Outcome>, Error> {
    let mut outcomes = Vec::new();
    for mix in Mix::ALL {
        let mut contenders = Vec::new();
        for side in Side::ALL {
            let package = Package::of_enums(scratch, side, mix, enums)?;
            // All packages share a target directory, so that the dependencies of each side are compiled once.
            contenders.push(Contender { target: scratch.join("target"), package });
        }
        for mode in Mode::ALL {
            let name = format!("{}, {}", mix.name(), mode.name());
            eprintln!("compiling {name}");
            let rounds = if mode == Mode::Check { often(rounds) } else { rounds };
            let times = alternate(&contenders, rounds, |contender| contender.compile_again(mode.arguments()))?;
            outcomes.push(Outcome::new(name, times, Some(target::compile(mix, mode))));
        }
    }
    Ok(outcomes)
}

/// Measures the compile time of the packages of the two derive macros, with and without their dependencies, in
/// `rounds` rounds.
///
/// # Errors
///
/// Returns an error if a package does not compile.
pub fn macros(scratch: &Path, rounds: usize) -> Result<Vec<Outcome>, Error> {
    let mut contenders = Vec::new();
    for side in Side::ALL {
        let package = Package::of_macros(scratch, side)?;
        contenders.push(Contender { target: scratch.join(format!("target-{}", package.name)), package });
    }
    eprintln!("compiling the packages of the derive macros");
    let whole = alternate(&contenders, rounds, Contender::compile_all)?;
    let alone = alternate(&contenders, rounds, Contender::compile_macros_again)?;
    Ok(vec![
        Outcome::new("without dependencies".into(), alone, Some(target::MACROS)),
        Outcome::new("with dependencies".into(), whole, None),
    ])
}

/// The user CPU time of one build with all events in one enum, and with several enums flattened into one.
#[derive(Debug, Serialize)]
pub struct Flattening {
    name: String,
    plain: Duration,
    flattened: Duration,
    limit: Duration,
}

/// Measures the compile time of packages in which enums are flattened into one, and of packages whose only enum has all
/// their events, in `rounds` rounds. A generic enum is built, because its names are only then compared.
///
/// # Errors
///
/// Returns an error if a package does not compile.
pub fn flattenings(scratch: &Path, rounds: usize) -> Result<Vec<Flattening>, Error> {
    let mut flattenings = Vec::new();
    for (events, limit) in target::FLATTENED {
        for (whole, arguments) in [(Whole::Flattened, "check"), (Whole::Generic, "build")] {
            let of_whole = |whole| -> Result<Contender, Error> {
                let package = Package::of_events(scratch, whole, events)?;
                Ok(Contender { target: scratch.join("target"), package })
            };
            let contenders = [of_whole(whole)?, of_whole(Whole::Plain)?];
            let Events { parts, each } = events;
            let generic = if whole == Whole::Generic { " generic" } else { "" };
            let name = format!("{parts} x {each}{generic}, {arguments}");
            eprintln!("compiling {name}");
            let [flattened, plain] = alternate(&contenders, rounds, |contender| contender.compile_again(&[arguments]))?;
            flattenings.push(Flattening { name, plain, flattened, limit });
        }
    }
    Ok(flattenings)
}

/// Returns a table with a row per way to define the events and a column per package.
#[must_use]
pub fn table_of_flattenings(title: &str, flattenings: &[Flattening]) -> Table {
    let mut table = Table::new(title, "events");
    table.columns(flattenings.iter().map(|flattening| flattening.name.as_str()));
    table.row("in enums flattened into one", flattenings.iter().map(|flattening| seconds(flattening.flattened)));
    table.row("in one enum", flattenings.iter().map(|flattening| seconds(flattening.plain)));
    table.row("target (at most)", flattenings.iter().map(|flattening| seconds(flattening.plain + flattening.limit)));
    let is_met = |flattening: &Flattening| flattening.flattened <= flattening.plain + flattening.limit;
    table.row("target met", flattenings.iter().map(|flattening| verdict(Some(is_met(flattening)))));
    table
}

/// A package and its target directory.
struct Contender {
    package: Package,
    target: PathBuf,
}

impl Contender {
    fn cargo(&self, arguments: &[&str]) -> Result<Duration, Error> {
        cargo::run(&self.package.folder, &self.target, arguments)
    }

    /// Compiles the package without its dependencies. The time of a run with nothing to compile is subtracted.
    fn compile_again(&self, arguments: &[&str]) -> Result<Duration, Error> {
        let nothing = self.fresh(arguments)?;
        self.package.touch()?;
        subtract(self.cargo(arguments)?, nothing)
    }

    /// Compiles the package and all its dependencies from scratch.
    fn compile_all(&self) -> Result<Duration, Error> {
        if self.target.exists() {
            fs::remove_dir_all(&self.target)?;
        }
        self.cargo(&["build"])
    }

    /// Compiles the package of the derive macro without its dependencies.
    fn compile_macros_again(&self) -> Result<Duration, Error> {
        let nothing = self.fresh(&["build"])?;
        self.cargo(&["clean", "--package", self.package.derive])?;
        subtract(self.cargo(&["build"])?, nothing)
    }

    /// Runs cargo twice, and returns the time of the second run, which has nothing to compile.
    fn fresh(&self, arguments: &[&str]) -> Result<Duration, Error> {
        self.cargo(arguments)?;
        self.cargo(arguments)
    }
}

/// Subtracts the time of a run with nothing to compile. Fails if that run took longer, because it must have compiled
/// something then.
fn subtract(time: Duration, nothing: Duration) -> Result<Duration, Error> {
    time.checked_sub(nothing)
        .ok_or_else(|| "the sources of this workspace changed during the measurement; run it again".into())
}

/// Measures both packages, every second round in reverse order, and returns their medians.
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

fn seconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64())
}

/// Returns a table with a row per side and a column per outcome.
#[must_use]
pub fn table(title: &str, outcomes: &[Outcome]) -> Table {
    let mut table = Table::new(title, "derive");
    table.columns(outcomes.iter().map(|outcome| outcome.name.as_str()));
    table.row("ours", outcomes.iter().map(|outcome| seconds(outcome.ours)));
    table.row("serde's", outcomes.iter().map(|outcome| seconds(outcome.serde)));
    table.row("ours / serde's", outcomes.iter().map(|outcome| ratio(outcome.ratio)));
    table.row("target (at most)", outcomes.iter().map(|outcome| outcome.limit.map(ratio).unwrap_or_default()));
    table.row("target met", outcomes.iter().map(|outcome| verdict(outcome.limit.map(|limit| outcome.ratio <= limit))));
    table
}
